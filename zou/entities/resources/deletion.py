"""Change of shots, and removal of entities by their kind."""

from marshmallow import EXCLUDE

from zou.entities.answers import IDS
from zou.entities.bodies import ShotChangeSchema
from zou.entities.models import Entity
from zou.entities.resources import assets, shots
from zou.entities.resources.base import EntityResource
from zou.entities.rules import removes
from zou.entities.schemas import PlainEntitySchema
from zou.entities.services import deletion
from zou.entities.services.rows import ShotRows
from zou.people.rules import manages, member
from zou.platform.http import Resource, asks, permission, returns, takes
from zou.platform.http.filters import flag
from zou.platform.http.resource import json_ids, json_object
from zou.platform.http.shapes import FLAG
from zou.platform.rules import as_sql
from zou.productions.models import Project


class Removable(EntityResource):
    """A route by which an entity is removed."""

    @permission(removes, on=Entity)
    @asks(force=FLAG)
    @returns(None, 204)
    def delete(self, entity):
        """Cancel the entity when it has tasks, else remove it; `force` removes it with all that hangs on it."""
        deletion.delete(self.tx, entity, flag("force"))


class AssetResource(Removable, assets.AssetResource):
    """One asset."""


class SequenceResource(Removable, shots.SequenceResource):
    """One sequence."""


class EpisodeResource(Removable, shots.EpisodeResource):
    """One episode."""


class SceneResource(Removable, shots.SceneResource):
    """One scene."""


class EditResource(Removable, shots.EditResource):
    """One edit."""


class ShotResource(Removable, shots.ShotResource):
    """One shot."""

    rows = ShotRows(Entity)

    @permission(manages, on=Entity, key="shot_id")
    @takes(ShotChangeSchema)
    @returns(PlainEntitySchema)
    def put(self, shot):
        """Change a shot; keys left out stay, `data` is replaced."""
        values = json_object()
        checked = ShotChangeSchema(unknown=EXCLUDE).load(values)
        if "nb_frames" in checked:
            values["nb_frames"] = checked["nb_frames"]
        return self.rows.update(self.tx, self.actor, shot, values)


class DeleteEntitiesResource(Resource):
    """Removal of many entities."""

    @permission(member, on=Project, lock=False, then=removes)
    @takes(IDS)
    @asks(force=FLAG)
    @returns(IDS)
    def post(self, project):
        """Cancel entities that have tasks, remove the others; `force` removes all. Answers the ids of those handled."""
        verdict = as_sql(removes.clause(Entity, self.actor))
        return deletion.delete_many(self.tx, project, verdict, json_ids(), flag("force"))
