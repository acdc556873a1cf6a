"""Assets and their types. Rules: contract/rules/entities.md §3."""

import sqlalchemy as sa
from flask import request

from zou.entities.answers import ASSET
from zou.entities.bodies import CRITERIA, NewAssetSchema
from zou.entities.models import Entity, EntityType
from zou.entities.queries.criteria import Viewer, in_episode, of_my_projects, seen
from zou.entities.queries.kinds import is_asset_type
from zou.entities.queries.listings import cast_in, entity_rows, full_form
from zou.entities.resources.base import EntityListing, EntityResource
from zou.entities.rules import asks_about_project
from zou.entities.schemas import AssetRowSchema, AssetTypeSchema
from zou.entities.services import creation
from zou.people.rules import anyone, manages, member, reads_entity
from zou.platform.db.copying import copied_list
from zou.platform.db.payload import is_uuid
from zou.platform.errors import NotFound
from zou.platform.http import Resource, asks, body, permission, returns
from zou.platform.http.filters import conditions
from zou.platform.http.shapes import ID, TEXT
from zou.productions.models import Project


class AssetsResource(EntityListing):
    """All assets that a person may see."""

    kind, schema, open_to_all, order = "Asset", AssetRowSchema, True, ()

    @permission(anyone, then=asks_about_project)
    @asks(**CRITERIA | {"episode_id": TEXT})
    @returns(AssetRowSchema, many=True)
    def get(self):
        """Assets, narrowed by any column; `episode_id`: those of an episode and those cast in it."""
        arguments = self.criteria()
        episode = arguments.pop("episode_id", None)
        named = arguments if "project_id" in arguments or episode in (None, "main", "all") else {"project_id": self.project_of(episode)}
        viewer, clauses = self.scope(named)
        if named is not arguments:  # an episode may cast what another production shares with it
            viewer, clauses = Viewer(self.actor), of_my_projects(self.actor)
        return self.listing(viewer, [*clauses, *episode_conditions(episode)], arguments)


def episode_conditions(episode):
    """Conditions of the criterion `episode_id` on assets. Raises NotFound for what is no id."""
    if episode in (None, "all"):
        return []
    if episode == "main":
        return [Entity.source_id.is_(None)]
    if not is_uuid(episode):
        raise NotFound()
    return [in_episode(episode)]


class ProjectAssetsResource(EntityListing):
    """Assets of a production."""

    kind, schema, order = "Asset", AssetRowSchema, ()

    @permission(member, on=Project)
    @returns(AssetRowSchema, many=True)
    def get(self, project):
        """Assets of a production, narrowed by any column."""
        return self.assets({"project_id": str(project.id)})

    def assets(self, forced):
        arguments = {**self.criteria(), **forced}
        episode = arguments.pop("episode_id", None)
        viewer, clauses = self.scope(arguments)
        return self.listing(viewer, [*clauses, *episode_conditions(episode)], arguments)


class ProjectTypeAssetsResource(ProjectAssetsResource):
    """Assets of a production, of one type."""

    @permission(member, on=Project)
    @returns(AssetRowSchema, many=True)
    def get(self, project, asset_type_id):
        """Assets of a type in a production."""
        type_ = creation.asset_type(self.tx, asset_type_id)
        return self.assets({"project_id": str(project.id), "entity_type_id": str(type_.id)})


class AssetResource(EntityResource):
    """One asset."""

    kind = "Asset"

    @permission(reads_entity, on=Entity, key="asset_id")
    @returns(ASSET)
    def get(self, asset):
        """An asset with its tasks and the episodes it is cast in."""
        return self.found(full_form(self.actor, asset.id, kind="Asset"))


class NewAssetResource(Resource):
    """Creation of assets."""

    @permission(manages, on=Project, lock=False)
    @body(NewAssetSchema)
    @returns(AssetRowSchema, 201)
    def post(self, project, asset_type_id, body):
        """Make an asset."""
        return creation.create_asset(self.tx, self.actor, project, creation.asset_type(self.tx, asset_type_id), body)


class CastAssetsResource(EntityResource):
    """Assets that are cast in an entity."""

    def cast(self, entity):
        viewer = Viewer(self.actor)
        return copied_list(self.tx, entity_rows("Asset", AssetRowSchema, viewer, [cast_in(entity.id), *seen(viewer)], ()))


class AssetAssetsResource(CastAssetsResource):
    """Assets cast in an asset."""

    kind = "Asset"

    @permission(reads_entity, on=Entity, key="asset_id")
    @returns(AssetRowSchema, many=True)
    def get(self, asset):
        """Assets cast in an asset, canceled ones included."""
        return self.cast(asset)


class ShotAssetsResource(CastAssetsResource):
    """Assets cast in a shot."""

    kind = "Shot"

    @permission(reads_entity, on=Entity, key="shot_id")
    @returns(AssetRowSchema, many=True)
    def get(self, shot):
        """Assets cast in a shot, canceled ones included."""
        return self.cast(shot)


class AssetTypesResource(Resource):
    """Types of assets."""

    @permission(anyone)
    @asks(project_id=ID, name=TEXT)
    @returns(AssetTypeSchema, relations=True, many=True)
    def get(self):
        """Types of assets with their task types; `project_id`: those that a production has assets of."""
        arguments = request.args.to_dict()
        project_id = arguments.pop("project_id", None)
        statement = sa.select(EntityType).where(is_asset_type(), *conditions(EntityType, arguments))
        if project_id is not None:
            if not is_uuid(project_id):
                raise NotFound()
            statement = statement.where(used_in(project_id))
        return statement


def used_in(project_id):
    """Condition: a production has an entity of the type."""
    return EntityType.id.in_(sa.select(Entity.entity_type_id).where(Entity.project_id == project_id))


class AssetTypeResource(Resource):
    """One type of assets."""

    @permission(anyone)
    @returns(AssetTypeSchema, relations=True)
    def get(self, asset_type_id):
        """A type of assets with its task types."""
        return creation.asset_type(self.tx, asset_type_id)


class ProjectAssetTypesResource(Resource):
    """Types of a production's assets."""

    @permission(member, on=Project)
    @returns(AssetTypeSchema, many=True)
    def get(self, project):
        """Types that the assets of a production have."""
        return sa.select(EntityType).where(is_asset_type(), used_in(project.id))


class ShotAssetTypesResource(EntityResource):
    """Types of the assets of a shot."""

    kind = "Shot"

    @permission(member, on=Entity, key="shot_id")
    @returns(AssetTypeSchema, many=True)
    def get(self, shot):
        """Types of the assets that are cast in a shot."""
        types = sa.select(Entity.entity_type_id).where(cast_in(shot.id))
        return sa.select(EntityType).where(is_asset_type(), EntityType.id.in_(types))
