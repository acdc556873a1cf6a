"""How far the episodes of a production are: tasks of their shots and scenes by task type and status, and by retake.

Rules: contract/rules/entities.md §10.
"""

import sqlalchemy as sa

from zou.entities.models import Entity
from zou.entities.queries.kinds import is_kind
from zou.tasks.models import Task, TaskStatus
from zou.tasks.queries.lists import assigned_to

ALL = "all"


def counted(project_id, columns, vendor_id=None):
    """Select of groups of tasks with `count`, `frames` and `drawings`, by episode, task type and further columns.

    `vendor_id`: only tasks that this person is assigned to.
    """
    sequence, episode = Entity.__table__.alias("sequence"), Entity.__table__.alias("episode")
    keys = [episode.c.id.label("episode_id"), Task.task_type_id, *columns]
    statement = (
        sa.select(
            *keys,
            sa.func.count().label("count"),
            sa.func.coalesce(sa.func.sum(Entity.nb_frames), 0).label("frames"),
            sa.func.coalesce(sa.func.sum(Task.nb_drawings), 0).label("drawings"),
        )
        .select_from(Task)
        .join(Entity, Entity.id == Task.entity_id)
        .join(sequence, sequence.c.id == Entity.parent_id)
        .join(episode, episode.c.id == sequence.c.parent_id)
        .join(TaskStatus, TaskStatus.id == Task.task_status_id)
        .where(Task.project_id == project_id, sa.or_(is_kind("Shot"), is_kind("Scene")), is_kind("Episode", episode.c))
        .group_by(*keys)
    )
    return statement if vendor_id is None else statement.where(assigned_to(vendor_id))


def cells(row):
    """The keys of the cells that a group counts in: its episode and all, its task type and all."""
    episode, task_type = str(row.episode_id), str(row.task_type_id)
    return ((episode, task_type), (episode, ALL), (ALL, task_type), (ALL, ALL))


def add(bucket, row):
    """Count a group of tasks in a bucket."""
    for key in ("count", "frames", "drawings"):
        bucket[key] = bucket.get(key, 0) + getattr(row, key)


def by_status(tx, project_id, vendor_id=None):
    """{episode id or "all": {task type id or "all": {status id: {name, color, count, frames, drawings}}}}; {} without tasks."""
    stats = {}
    status = [TaskStatus.id.label("status_id"), TaskStatus.short_name.label("name"), TaskStatus.color]
    for row in tx.execute(counted(project_id, status, vendor_id)):
        for episode, task_type in cells(row):
            statuses = stats.setdefault(episode, {}).setdefault(task_type, {})
            add(statuses.setdefault(str(row.status_id), {"name": row.name, "color": row.color}), row)
    return stats


def by_retake(tx, project_id, vendor_id=None):
    """{episode id or "all": {task type id or "all": {max_retake_count, done, retake, other, evolution}}}.

    A bucket is {count, frames, drawings}. `evolution`, of episodes only: {"1": {done, retake, other}, ...}, where the tasks stood
    after each take.
    """
    state = [TaskStatus.is_done, TaskStatus.is_retake, sa.func.coalesce(Task.retake_count, 0).label("retakes")]
    groups = {(ALL, ALL): []}
    for row in tx.execute(counted(project_id, state, vendor_id)):
        for cell in cells(row):
            groups.setdefault(cell, []).append(row)
    stats = {}
    for (episode, task_type), rows in groups.items():
        stats.setdefault(episode, {})[task_type] = retakes(rows, with_evolution=episode != ALL)
    return stats


def retakes(rows, with_evolution):
    """The retakes of one cell."""
    highest = max((row.retakes for row in rows), default=0)
    current, evolution = buckets(), {}
    for row in rows:
        add(current["done" if row.is_done else "retake" if row.is_retake else "other"], row)
    for take in range(1, highest + 1 if with_evolution else 1):
        evolution[str(take)] = standing = buckets()
        for row in rows:
            add(standing["retake" if take <= row.retakes else "done" if row.is_done else "other"], row)
    return {"max_retake_count": highest, "evolution": evolution, **current}


def buckets():
    """A fresh bucket for each state."""
    return {state: {"count": 0, "frames": 0, "drawings": 0} for state in ("done", "retake", "other")}
