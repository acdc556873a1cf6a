"""Making tasks for entities. Rules: contract/rules/tasks.md §2."""

import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from zou.entities.models import Entity, EntityType
from zou.entities.queries.kinds import TEMPORAL_KINDS, is_kind, kind_of_row
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid, NotFound
from zou.productions.models import ProjectTaskTypeLink
from zou.tasks.models import Task, TaskType
from zou.tasks.services.statuses import default_status


def task_type_of(tx, id):
    """A task type by its id. Raises NotFound."""
    found = tx.get(TaskType, id) if is_uuid(id) else None
    if found is None:
        raise NotFound()
    return found


def for_task_type(tx, actor, project, task_type, entities):
    """A task of this type on each entity that has none of it yet. Returns the ids of those made. Emits task:new."""
    done = set(tx.scalars(sa.select(Task.entity_id).where(Task.task_type_id == task_type.id, Task.entity_id.in_([e.id for e in entities]))))
    pairs = [(entity, task_type) for entity in entities if entity.id not in done]
    return insert_tasks(tx, actor, project, pairs, bool(entities) and kind_of_row(tx, entities[0]) == "Concept")


def insert_tasks(tx, actor, project, pairs, for_concept):
    """Write a task `main` for each (entity, task type), unless somebody made it meanwhile; returns their ids.

    One statement for any number of pairs. Emits task:new.
    """
    if not pairs:
        return []
    status = default_status(tx, for_concept)
    columns = [uuid.uuid4() for _ in pairs], [entity.id for entity, _ in pairs], [task_type.id for _, task_type in pairs]
    arrays = [sa.cast([str(id) for id in column], sa.ARRAY(sa.Uuid(as_uuid=False))) for column in columns]
    pair = sa.func.unnest(*arrays).table_valued("id", "entity_id", "task_type_id").render_derived("pair")
    same = {"name": "main", "project_id": project.id, "task_status_id": status.id, "assigner_id": actor.id}
    values = [sa.literal(value, Task.__table__.c[name].type) for name, value in same.items()]
    rows = sa.select(pair.c.id, pair.c.entity_id, pair.c.task_type_id, *values)
    statement = insert(Task).from_select(["id", "entity_id", "task_type_id", *same], rows)
    made = set(tx.scalars(statement.on_conflict_do_nothing().returning(Task.id)))
    ids = [id for id in columns[0] if id in made]
    for id in ids:
        events.emit(tx, "task:new", {"task_id": id}, project_id=project.id)
    return ids


def entities_of(tx, project, kind, ids):
    """The entities that ids name, in their order. Raises NotFound for one that does not exist as this kind; others' are left out."""
    rows = {str(e.id): e for e in tx.scalars(sa.select(Entity).where(Entity.id.in_(ids), *([is_kind(kind)] if kind else [])))}
    if not all(is_uuid(id) and id.lower() in rows for id in ids):
        raise NotFound()
    return [entity for id in ids if (entity := rows[id.lower()]).project_id == project.id]


def all_entities(tx, project, kind, clauses):
    """The entities of a kind of a production for which the conditions hold."""
    return tx.scalars(sa.select(Entity).where(Entity.project_id == project.id, is_kind(kind), *clauses)).all()


def all_of_type(tx, project, name, episode_id):
    """The entities of an entity type, by its name, in a production, or of an episode. Raises NotFound without such a type."""
    type_id = tx.scalar(sa.select(EntityType.id).where(sa.func.lower(EntityType.name) == name.lower()))
    if type_id is None:
        raise NotFound()
    statement = sa.select(Entity).where(Entity.project_id == project.id, Entity.entity_type_id == type_id)
    if episode_id:
        statement = statement.where(Entity.parent_id == episode_id)
    return tx.scalars(statement).all()


def for_entity(tx, actor, project, entity, task_type_ids):
    """Tasks of several types for one entity: those asked for, else all that fit. Returns the ids of those made."""
    kind = kind_of_row(tx, entity)
    types = [task_type_of(tx, id) for id in task_type_ids]
    linked = set(tx.scalars(sa.select(ProjectTaskTypeLink.task_type_id).where(ProjectTaskTypeLink.project_id == project.id)))
    type_ = tx.get(EntityType, entity.entity_type_id)
    workflow = {task_type.id for task_type in type_.task_types} if type_.name not in TEMPORAL_KINDS else set()
    for task_type in types:
        if task_type.for_entity and task_type.for_entity != kind:
            raise Invalid(f"Task type {task_type.id} is for {task_type.for_entity} entities, got {kind}.")
        if task_type.id not in linked:
            raise Invalid(f"Task type {task_type.id} is not enabled in project {project.id}.")
        if workflow and task_type.id not in workflow:
            raise Invalid(f"Task type {task_type.id} is not in the workflow of asset type {type_.id}.")
    if not task_type_ids:
        fitting = sa.or_(TaskType.for_entity.is_(None), TaskType.for_entity == kind)
        types = [t for t in tx.scalars(sa.select(TaskType).where(TaskType.id.in_(linked), fitting)) if not workflow or t.id in workflow]
    done = set(tx.scalars(sa.select(Task.task_type_id).where(Task.entity_id == entity.id, Task.name == "main")))
    pairs = [(entity, task_type) for task_type in dict.fromkeys(types) if task_type.id not in done]
    return insert_tasks(tx, actor, project, pairs, kind == "Concept")
