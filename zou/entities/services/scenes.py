"""Shots and the scenes they come from. Rules: contract/rules/entities.md §7."""

import sqlalchemy as sa

from zou.entities.models import Entity
from zou.entities.queries.kinds import is_kind
from zou.platform import events
from zou.platform.errors import NotFound


def shot_of(tx, scene, shot_id):
    """A shot of the production of a scene, locked. Raises NotFound."""
    statement = sa.select(Entity).where(Entity.id == shot_id, is_kind("Shot"), Entity.project_id == scene.project_id)
    shot = tx.scalar(statement.with_for_update())
    if shot is None:
        raise NotFound()
    return shot


def attach(tx, scene, shot_id):
    """Let a shot come from a scene. Raises NotFound for a shot of another production. Emits shot:update, shot:add-to-scene."""
    shot = shot_of(tx, scene, shot_id)
    shot.source_id = scene.id
    tell(tx, scene, shot, "add-to-scene")
    return shot


def detach(tx, scene, shot_id):
    """Let a shot come from no scene; one that comes from another scene stays. Emits shot:update, shot:remove-from-scene."""
    shot = shot_of(tx, scene, shot_id)
    if shot.source_id == scene.id:
        shot.source_id = None
    tell(tx, scene, shot, "remove-from-scene")


def tell(tx, scene, shot, verb):
    """Emit what happened to the shot."""
    tx.flush()
    events.emit(tx, "shot:update", {"shot_id": shot.id}, project_id=shot.project_id)
    events.emit(tx, f"shot:{verb}", {"scene_id": scene.id, "shot_id": shot.id}, project_id=shot.project_id)
