"""Assets that productions share. Rules: contract/rules/entities.md §3."""

import sqlalchemy as sa

from zou.entities.bodies import SharingSchema
from zou.entities.models import Entity
from zou.entities.queries.criteria import viewer_of
from zou.entities.queries.listings import shared_with
from zou.entities.resources.base import EntityListing
from zou.entities.schemas import AssetRowSchema
from zou.entities.services import creation, sharing
from zou.people.rules import anyone, manages, member
from zou.platform.db.payload import is_uuid
from zou.platform.errors import NotFound
from zou.platform.http import Resource, body, permission, returns
from zou.productions.models import Project


def shared(ids):
    """The assets with these ids, by name."""
    return sa.select(Entity).where(Entity.id.in_(ids)).order_by(Entity.name, Entity.id)


class ShareAssetsResource(Resource):
    """Sharing of assets of any production."""

    @permission(anyone, then=manages)
    @body(SharingSchema)
    @returns(AssetRowSchema, many=True)
    def post(self, body):
        """Share assets with other productions, or no more, as the manager of all of them."""
        return shared(sharing.share(self.tx, self.actor, body["asset_ids"] or [], bool(body["is_shared"])))


class ShareProjectAssetsResource(Resource):
    """Sharing of the assets of a production."""

    @permission(manages, on=Project, lock=False)
    @body(SharingSchema)
    @returns(AssetRowSchema, many=True)
    def post(self, project, body):
        """Share assets of a production with others, or no more: those listed, else all."""
        listed = [] if body["asset_ids"] is None else [Entity.id.in_(body["asset_ids"])]
        return shared(sharing.mark(self.tx, [Entity.project_id == project.id, *listed], bool(body["is_shared"])))


class ShareTypeAssetsResource(Resource):
    """Sharing of the assets of a type in a production."""

    @permission(manages, on=Project, lock=False)
    @body(SharingSchema)
    @returns(AssetRowSchema, many=True)
    def post(self, project, asset_type_id, body):
        """Share all assets of a type in a production with others, or no more."""
        type_ = creation.asset_type(self.tx, asset_type_id)
        of_type = [Entity.project_id == project.id, Entity.entity_type_id == type_.id]
        return shared(sharing.mark(self.tx, of_type, bool(body["is_shared"])))


class SharedUsedResource(EntityListing):
    """Assets of other productions that a production uses."""

    kind, schema = "Asset", AssetRowSchema

    @permission(member, on=Project)
    @returns(AssetRowSchema, many=True)
    def get(self, project):
        """Shared assets of other productions that are cast in shots of this one."""
        return self.used(project)

    def used(self, project, episode_id=None):
        viewer = viewer_of(self.tx, self.actor, str(project.id))
        return self.listing(viewer, shared_with(project.id, episode_id), {})


class EpisodeSharedUsedResource(SharedUsedResource):
    """Assets of other productions that an episode uses."""

    @permission(member, on=Project)
    @returns(AssetRowSchema, many=True)
    def get(self, project, episode_id):
        """Shared assets of other productions that are cast in shots of an episode; `main` and `all`: of any shot."""
        if episode_id in ("main", "all"):
            return self.used(project)
        if not is_uuid(episode_id):
            raise NotFound()
        return self.used(project, episode_id)
