"""What a task's comments say about it: contract/rules/tasks.md §1.2."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from zou.entities.models import Entity
from zou.entities.queries.kinds import type_named
from zou.people.rules import table
from zou.platform import events
from zou.platform.db.types import utcnow
from zou.tasks.models import Task, TaskStatus
from zou.tasks.services.statuses import default_status


def recompute(tx, task_id):
    """Set the status, dates, retakes and duration of a task from its comments and time spent; returns the task.

    Without a comment the task takes the default status, which is made when the studio has none. Emits task:update.
    """
    task = tx.scalar(sa.select(Task).where(Task.id == task_id).with_for_update().execution_options(populate_existing=True))
    found = tx.execute(summary(task_id)).one()
    task.retake_count = found.retakes
    task.real_start_date, task.end_date, task.done_date = found.started, found.sent, found.done
    task.last_comment_date = found.last
    task.duration = found.duration
    default = default_status(tx, found.is_concept)
    task.task_status_id = found.status or default.id
    task.updated_at = utcnow()
    tx.flush()
    events.emit(tx, "task:update", {"task_id": task.id}, project_id=task.project_id)
    return task


def summary(task_id):
    """Select of one row: what the comments with a status, oldest first, and the time spent add up to."""
    comment, time_spent = table("comment"), table("time_spent")
    order = (comment.c.created_at, comment.c.id)
    said = (
        sa.select(
            *order,
            comment.c.task_status_id,
            TaskStatus.is_retake,
            TaskStatus.is_wip,
            TaskStatus.is_done,
            TaskStatus.is_feedback_request,
            sa.func.lag(TaskStatus.is_retake).over(order_by=order).label("after_retake"),
        )
        .join(TaskStatus, TaskStatus.id == comment.c.task_status_id)
        .where(comment.c.object_id == task_id)
        .subquery("said")
    )
    logged = sa.select(sa.func.coalesce(sa.func.sum(time_spent.c.duration), 0)).where(time_spent.c.task_id == task_id)
    concept = sa.exists().where(Task.id == task_id, Entity.id == Task.entity_id, Entity.entity_type_id == type_named("Concept"))
    date = said.c.created_at
    statuses = sa.func.array_agg(aggregate_order_by(said.c.task_status_id, date.desc(), said.c.id.desc()))
    return sa.select(
        sa.func.count().filter(said.c.is_retake, said.c.after_retake.isnot(True)).label("retakes"),
        sa.func.min(date).filter(said.c.is_wip).label("started"),
        sa.func.min(date).filter(said.c.is_feedback_request).label("sent"),
        sa.func.max(date).filter(said.c.is_done).label("done"),
        sa.func.max(date).label("last"),
        statuses[1].label("status"),
        logged.scalar_subquery().label("duration"),
        concept.label("is_concept"),
    ).select_from(said)


def tell_status(tx, task, previous_id, person_id):
    """Tell that the status of a task is another one than before, if it is. Emits task:status-changed."""
    if str(task.task_status_id) != str(previous_id):
        data = {
            "task_id": task.id,
            "new_task_status_id": task.task_status_id,
            "previous_task_status_id": previous_id,
            "person_id": person_id,
        }
        events.emit(tx, "task:status-changed", data, project_id=task.project_id)


def tasks_of(tx, project_id):
    """Ids of the tasks of a production, or None when there is no such production."""
    project = table("project")
    if not tx.scalar(sa.select(sa.exists().where(project.c.id == project_id))):
        return None
    return tx.scalars(sa.select(Task.id).where(Task.project_id == project_id).order_by(Task.created_at, Task.id)).all()
