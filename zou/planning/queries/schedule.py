"""Bars of schedules as statements. Rules: contract/rules/schedule-and-budget.md §2."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou.entities.models import Entity, EntityType
from zou.entities.queries.kinds import is_kind
from zou.planning.models import ScheduleItem
from zou.planning.schemas import ScheduleItemSchema
from zou.platform.db.projection import aggregate, select_list
from zou.productions.models import ProjectTaskTypeLink
from zou.tasks.models import Task, TaskType

KEYS = ("id", "start_date", "end_date", "man_days", "project_id", "task_type_id", "object_id")
KINDS = ("Asset", "Shot", "Sequence", "Episode", "Edit")
"""What a task type must be for to have a bar."""


def task_types(project_id):
    """Select of (id): task types with a task in the production, among those that it uses, if it says so."""
    link = ProjectTaskTypeLink
    used = sa.select(link.task_type_id).where(link.project_id == project_id)
    return sa.select(TaskType.id).where(
        TaskType.for_entity.in_(KINDS),
        TaskType.id.in_(sa.select(Task.task_type_id).where(Task.project_id == project_id)),
        sa.or_(TaskType.id.in_(used), sa.not_(sa.exists().where(link.project_id == project_id))),
    )


def asset_types(project_id, episode_id):
    """Select of (id, name): types of the assets of a production; of those that come from an episode when one is given."""
    used = sa.select(Entity.entity_type_id).where(Entity.project_id == project_id, is_kind("Asset"))
    if episode_id:
        used = used.where(Entity.source_id == episode_id)
    return sa.select(EntityType.id, EntityType.name).where(EntityType.id.in_(used))


def entities(kind, project_id, episode_id):
    """Select of (id, name): the entities of a kind of a production; of an episode, or itself, when one is given."""
    found = sa.select(Entity.id, Entity.name).where(Entity.project_id == project_id, is_kind(kind))
    if kind == "Edit":
        found = found.where(Entity.canceled.isnot(True))
    if episode_id:
        found = found.where((Entity.id if kind == "Episode" else Entity.parent_id) == episode_id)
    return found


def objects(kind, project_id, episode_id):
    """Select of (id, name): what has a bar below that of its task type. `kind`: of entities, None for types of assets."""
    return entities(kind, project_id, episode_id) if kind else asset_types(project_id, episode_id)


def of_task_types(project_id, expected):
    """Select of one text: the bars of task types, by start. `expected`: select of the ids of the task types."""
    rows = sa.select(*columns()).where(ScheduleItem.project_id == project_id, ScheduleItem.object_id.is_(None))
    return aggregate(rows.where(ScheduleItem.task_type_id.in_(expected)).order_by(ScheduleItem.start_date))


def of_objects(project_id, task_type_id, expected):
    """Select of one text: the bars of objects of a task type with their names, by name. `expected`: select of (id, name)."""
    target = expected.subquery("target")
    rows = sa.select(*columns(), target.c.name).join(target, target.c.id == ScheduleItem.object_id)
    rows = rows.where(ScheduleItem.project_id == project_id, ScheduleItem.task_type_id == task_type_id)
    return aggregate(rows.order_by(target.c.name))


def columns():
    """The keys of a bar in the lists of a production."""
    return select_list(ScheduleItemSchema, ScheduleItem, only=KEYS)


def without_bar(project_id, expected, task_type_id=None):
    """Select of (id): what of `expected`, a select whose first column is an id, has no bar yet: task types, or objects of one."""
    bar, wanted = aliased(ScheduleItem), expected.subquery("wanted")
    own = [bar.project_id == project_id]
    if task_type_id is None:
        own += [bar.task_type_id == wanted.c.id, bar.object_id.is_(None)]
    else:
        own += [bar.task_type_id == task_type_id, bar.object_id == wanted.c.id]
    return sa.select(wanted.c.id).where(sa.not_(sa.exists().where(*own)))
