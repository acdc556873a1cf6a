"""Making and changing many entities in a few statements, for imports. Rules: contract/rules/entities.md §3 to §8, imports.md §2 to §4."""

import uuid

import sqlalchemy as sa

from zou.entities.models import Entity
from zou.entities.queries.kinds import slug
from zou.entities.services.creation import type_id
from zou.platform import events
from zou.platform.db.types import utcnow

PLAIN = {"description": None, "nb_frames": None, "parent_id": None, "source_id": None, "ready_for": None}
CHANGED = ("description", "data", "nb_frames", "source_id", "ready_for")


def array(ids):
    """SQL: an array of UUIDs, for `any_`; one parameter however many they are."""
    return sa.cast([str(id) for id in ids], sa.ARRAY(sa.Uuid(as_uuid=False)))


def create_all(tx, actor, project, kind, rows):
    """New entities of a temporal kind, which the caller knows not to be there. Returns them, detached. Emits <kind>:new.

    `rows`: lists of columns with `name`; `event`: further keys of the event. Names are locked (see `creation.lock_names`).
    """
    kind_id = type_id(tx, kind)
    made = insert_all(tx, actor, project, [{**row, "entity_type_id": kind_id} for row in rows])
    name = slug(kind)
    for entity, row in zip(made, rows, strict=True):
        events.emit(tx, f"{name}:new", {f"{name}_id": entity.id, **row.get("event", {})}, project_id=project.id)
    return made


def create_assets(tx, actor, project, rows):
    """New assets, with their `entity_type_id`. Returns them, detached. Emits asset:new."""
    made = insert_all(tx, actor, project, rows)
    for asset in made:
        events.emit(tx, "asset:new", {"asset_id": asset.id, "asset_type": asset.entity_type_id}, project_id=project.id)
    return made


def insert_all(tx, actor, project, rows):
    """Insert entities; returns them, detached, so that what the caller does with them costs no statements."""
    if not rows:
        return []
    own = {"project_id": project.id, "created_by": actor.id}
    values = [{"id": uuid.uuid4(), "data": {}, **PLAIN, **{k: v for k, v in row.items() if k != "event"}, **own} for row in rows]
    tx.execute(sa.insert(Entity), values)
    return [Entity(**value) for value in values]


def update_all(tx, changes):
    """Write changed columns of entities. `changes`: [(detached entity, {column: value})]. The caller tells."""
    if not changes:
        return
    now = utcnow()
    values = []
    for entity, changed in changes:
        for key, value in changed.items():
            setattr(entity, key, value)
        entity.updated_at = now
        values.append({"id": entity.id, "updated_at": now, **{key: getattr(entity, key) for key in CHANGED}})
    tx.execute(sa.update(Entity), values)


def locked(tx, *conditions):
    """Entities that meet conditions, locked in the order of their ids and detached from the unit of work."""
    found = tx.scalars(sa.select(Entity).where(*conditions).order_by(Entity.id).with_for_update(key_share=True)).all()
    for entity in found:
        tx.expunge(entity)
    return found
