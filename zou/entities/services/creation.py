"""Making entities. Rules: contract/rules/entities.md §3 to §7."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from zou.entities.models import ENTITY_STATUSES, Entity, EntityType
from zou.entities.queries.kinds import TEMPORAL_KINDS, is_kind, slug
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.errors import NotFound


def type_id(tx, kind):
    """The id of a temporal entity type, which is made when it is missing."""
    id = tx.scalar(sa.select(EntityType.id).where(EntityType.name == kind))
    if id is None:
        tx.execute(insert(EntityType).values(name=kind).on_conflict_do_nothing(index_elements=["name"]))
        id = tx.scalar(sa.select(EntityType.id).where(EntityType.name == kind))
    return id


def asset_type(tx, id):
    """An entity type that is a type of assets. Raises NotFound."""
    found = tx.get(EntityType, id) if is_uuid(id) else None
    if found is None or found.name in TEMPORAL_KINDS:
        raise NotFound()
    return found


def asset_type_named(tx, name):
    """The type of assets of that name, which is made when it is missing. Emits asset-type:new then."""
    find = sa.select(EntityType).where(EntityType.name == name)
    found = tx.scalar(find)
    if found is None:
        made = tx.scalar(insert(EntityType).values(name=name).on_conflict_do_nothing(index_elements=["name"]).returning(EntityType.id))
        if made is not None:
            events.emit(tx, "asset-type:new", {"asset_type_id": made})
        found = tx.scalar(find)
    return found


def parent_of_kind(tx, kind, project, id):
    """An entity of the production that is to be a parent. Raises NotFound for one of another kind or production."""
    found = tx.scalar(sa.select(Entity).where(Entity.id == id, Entity.project_id == project.id, is_kind(kind)))
    if found is None:
        raise NotFound()
    return found


def create_asset(tx, actor, project, type_, body):
    """A new asset of a type; assets may share their name. Emits asset:new."""
    asset = Entity(
        name=body["name"], description=body["description"], data=body["data"] or {}, is_shared=bool(body["is_shared"]),
        source_id=body["episode_id"], project_id=project.id, entity_type_id=type_.id, created_by=actor.id,
    )  # fmt: skip
    tx.add(asset)
    tx.flush()
    events.emit(tx, "asset:new", {"asset_id": asset.id, "asset_type": type_.id}, project_id=project.id)
    return asset


def create(tx, actor, project, kind, values, match_parent=True, **event_keys):
    """A new entity of a temporal kind, or the one that has the name already: see `find_or_make`."""
    return find_or_make(tx, actor, project, kind, values, match_parent, **event_keys)[0]


def find_or_make(tx, actor, project, kind, values, match_parent=True, **event_keys):
    """(entity of a temporal kind, whether it is new): the one that has the name already stays as it is. Emits <kind>:new.

    `values`: columns, with `name`. `match_parent`: whether the name is unique below its parent or in the whole production.
    """
    lock_name(tx, project.id, kind, values["name"])
    kind_id = type_id(tx, kind)
    same = sa.select(Entity).where(Entity.name == values["name"], Entity.project_id == project.id, Entity.entity_type_id == kind_id)
    if match_parent:
        same = same.where(Entity.parent_id.is_not_distinct_from(values.get("parent_id")))
    found = tx.scalars(same.limit(1)).first()
    if found is not None:
        return found, False
    entity = Entity(**values, project_id=project.id, entity_type_id=kind_id, created_by=actor.id)
    tx.add(entity)
    tx.flush()
    key = slug(kind).replace("-", "_")
    events.emit(tx, f"{slug(kind)}:new", {f"{key}_id": entity.id, **event_keys}, project_id=project.id)
    return entity, True


def lock_name(tx, owner_id, kind, name):
    """Let two requests that make the same name wait for each other: the table's unique key does not hold without a parent.

    They wait for imports too, which hold the names of a whole production (`lock_names`).
    """
    names = sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(f"{owner_id}/{kind}/{name}", 0))
    tx.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(names_of(owner_id)), names))


def lock_names(tx, owner_id):
    """Let nobody else make a name below this owner until the transaction ends."""
    tx.execute(sa.select(sa.func.pg_advisory_xact_lock(names_of(owner_id))))


def names_of(owner_id):
    """SQL: the key of the lock on all names below an owner."""
    return sa.func.hashtextextended(f"{owner_id}/names", 0)


def create_shot(tx, actor, project, body):
    """A new shot below a sequence of the production, or the one that is there. Raises NotFound for another parent."""
    sequence = parent_of_kind(tx, "Sequence", project, body["sequence_id"]) if body["sequence_id"] else None
    values = {
        "name": body["name"], "description": body["description"], "data": body["data"] or {}, "nb_frames": body["nb_frames"],
        "parent_id": sequence and sequence.id,
    }  # fmt: skip
    episode_id = sequence.parent_id if sequence else None
    return create(tx, actor, project, "Shot", values, episode_id=episode_id)


def create_sequence(tx, actor, project, body):
    """A new sequence, below an episode of the production if one is given."""
    episode = parent_of_kind(tx, "Episode", project, body["episode_id"]) if body["episode_id"] else None
    values = {"name": body["name"], "description": body["description"], "data": body["data"] or {}, "parent_id": episode and episode.id}
    return create(tx, actor, project, "Sequence", values)


def create_episode(tx, actor, project, body):
    """A new episode; an unknown status is read as running."""
    status = body["status"] if body["status"] in ENTITY_STATUSES else "running"
    values = {"name": body["name"], "description": body["description"], "data": body["data"] or {}, "status": status}
    return create(tx, actor, project, "Episode", values, match_parent=False)


def create_scene(tx, actor, project, body):
    """A new scene below a sequence of the production."""
    sequence = parent_of_kind(tx, "Sequence", project, body["sequence_id"]) if body["sequence_id"] else None
    values = {"name": body["name"], "data": {}, "parent_id": sequence and sequence.id}
    return create(tx, actor, project, "Scene", values)


def create_edit(tx, actor, project, body):
    """A new edit, of an episode if one is given."""
    values = {"name": body["name"], "description": body["description"], "data": body["data"] or {}, "parent_id": body["episode_id"]}
    return create(tx, actor, project, "Edit", values, parent_id=body["episode_id"])
