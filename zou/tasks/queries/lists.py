"""Tasks of an entity, of a production, and single ones with all around them, as statements that yield JSON."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou.entities.models import Entity, EntityType
from zou.entities.queries.criteria import json_seen
from zou.entities.queries.kinds import is_kind, type_named
from zou.entities.schemas import EntitySchema, EntityTypeSchema, PlainEntitySchema
from zou.people.models import Person
from zou.people.rules import table
from zou.people.schemas import schema_for
from zou.platform.db.prepared import prepared
from zou.platform.db.projection import aggregate, json_row, select_list
from zou.productions.models import Project
from zou.productions.schemas import ProjectSchema
from zou.tasks.models import Task, TaskStatus, TaskType, task_person_link
from zou.tasks.schemas import ClientTaskSchema, TaskSchema, TaskStatusSchema, TaskTypeSchema


def form(role):
    """The schema of tasks for an effective role."""
    return ClientTaskSchema if role == "client" else TaskSchema


def assigned_to(person_id):
    """Condition: a person is assigned to the task."""
    return Task.id.in_(sa.select(task_person_link.c.task_id).where(task_person_link.c.person_id == person_id))


@prepared
def detailed(actor, entity_id, *, place, role, relations=False):
    """Select of one text: tasks with the names of what they are about, sorted by them. Tasks without a status are not among them.

    `place`: function of an id that yields the condition on tasks; a vendor (`role`) sees those that they are assigned to.
    """
    condition = place(entity_id)
    if role == "vendor":
        condition = sa.and_(condition, assigned_to(actor.id))
    names = [Task.name, Project.name, TaskType.name, EntityType.name, Entity.name]
    columns = [
        *select_list(form(role), Task, relations),
        Project.name.label("project_name"), TaskType.name.label("task_type_name"), TaskStatus.name.label("task_status_name"),
        EntityType.name.label("entity_type_name"), Entity.name.label("entity_name"),
    ]  # fmt: skip
    statement = (
        sa.select(*columns)
        .select_from(Task)
        .join(Project, Project.id == Task.project_id)
        .join(TaskType, TaskType.id == Task.task_type_id)
        .join(TaskStatus, TaskStatus.id == Task.task_status_id)
        .join(Entity, Entity.id == Task.entity_id)
        .join(EntityType, EntityType.id == Entity.entity_type_id)
        .where(condition)
        .order_by(*[sa.func.lower(name) for name in names])
    )
    return aggregate(statement)


def on_entity(entity_id):
    """Condition: the task is on this entity."""
    return Task.entity_id == entity_id


def below(entity_id, kind="Shot", levels=1):
    """Condition: the task is on an entity of this kind below another one. `levels`: 1 for a sequence, 2 for an episode."""
    child = aliased(Entity)
    parents = entity_id
    if levels == 2:
        middle = aliased(Entity)
        inner = sa.select(child.id).where(child.parent_id.in_(sa.select(middle.id).where(middle.parent_id == parents)))
    else:
        inner = sa.select(child.id).where(child.parent_id == parents)
    return Task.entity_id.in_(inner.where(is_kind(kind, child)) if kind else inner)


def of_episode_assets(episode_id):
    """Condition: the task is on an asset whose main episode this is."""
    asset = aliased(Entity)
    return Task.entity_id.in_(sa.select(asset.id).where(asset.source_id == episode_id, is_kind("Asset", asset)))


def task_types_of(condition):
    """The task types of tasks."""
    return sa.select(TaskType).where(TaskType.id.in_(sa.select(Task.task_type_id).where(condition)))


@prepared
def of_project(actor, project_id, task_type_id, episode_id, *, role):
    """The tasks of a production, newest change first; a vendor sees those assigned to them."""
    statement = sa.select(Task).where(Task.project_id == project_id).order_by(Task.updated_at.desc(), Task.id)
    if task_type_id is not None:
        statement = statement.where(Task.task_type_id == task_type_id)
    if episode_id is not None:
        statement = statement.where(below(episode_id, levels=2))
    if role == "vendor":
        statement = statement.where(assigned_to(actor.id))
    return statement


@prepared
def whole(actor, id, entity_id, assigner_id, *, role):
    """Select of one text: a task with the rows that it refers to, its persons, and whether the actor follows it."""
    subscription = table("subscription")
    follows = sa.exists().where(subscription.c.task_id == Task.id, subscription.c.person_id == actor.id)
    hidden = role == "client"
    columns = [
        *select_list(form(role), Task, relations=True),
        json_seen(PlainEntitySchema, actor).label("entity"), json_row(EntityTypeSchema, EntityType).label("entity_type"),
        json_row(ProjectSchema, Project).label("project"), json_row(TaskTypeSchema, TaskType).label("task_type"),
        json_row(TaskStatusSchema, TaskStatus).label("task_status"),
        (sa.literal_column("'[]'::json") if hidden else persons(actor)).label("persons"), follows.label("is_subscribed"),
    ]  # fmt: skip
    rows = (
        sa.select(*columns)
        .select_from(Task)
        .join(Entity, Entity.id == Task.entity_id)
        .join(EntityType, EntityType.id == Entity.entity_type_id)
        .join(Project, Project.id == Task.project_id)
        .outerjoin(TaskType, TaskType.id == Task.task_type_id)
        .outerjoin(TaskStatus, TaskStatus.id == Task.task_status_id)
        .where(Task.id == id)
        .subquery("r")
    )
    around_it = sa.func.jsonb_each(sa.func.jsonb_build_object(*around(actor, entity_id, assigner_id, hidden))).table_valued("key", "value")
    present = sa.select(sa.func.jsonb_object_agg(around_it.c.key, around_it.c.value))
    present = present.where(sa.func.jsonb_typeof(around_it.c.value) != "null").scalar_subquery()
    extra = sa.func.coalesce(present, sa.text("'{}'::jsonb"))
    return sa.select(sa.cast(sa.func.to_jsonb(sa.literal_column("r")).op("||")(extra), sa.Text)).select_from(rows)


def persons(actor):
    """Scalar subquery: who is assigned to the task, in the form in which the actor reads a person."""
    link = task_person_link
    rows = sa.select(sa.func.json_agg(json_row(schema_for(actor), Person))).select_from(Person).join(link, link.c.person_id == Person.id)
    return sa.func.coalesce(rows.where(link.c.task_id == Task.id).correlate(Task).scalar_subquery(), sa.text("'[]'::json"))


def around(actor, entity_id, assigner_id, hidden):
    """Yield keys and values that are there only when they are not null: the sequence and episode above the entity, the assigner."""
    own, sequence, above, episode = (aliased(Entity) for _ in range(4))
    leaf = own.entity_type_id.in_([type_named("Shot"), type_named("Scene")])
    group = own.entity_type_id == type_named("Sequence")
    named = sa.select(sa.case((group, own.id), (leaf, own.parent_id))).where(own.id == entity_id, own.parent_id.is_not(None))
    yield "sequence"
    yield json_seen(EntitySchema, actor, sequence, where=sequence.id == named.scalar_subquery())
    yield "episode"
    parent = sa.select(above.parent_id).where(above.id == named.scalar_subquery()).scalar_subquery()
    yield json_seen(EntitySchema, actor, episode, where=episode.id == parent)
    if not hidden and assigner_id is not None:
        yield "assigner"
        yield json_row(schema_for(actor), Person, relations=True, where=Person.id == assigner_id)
