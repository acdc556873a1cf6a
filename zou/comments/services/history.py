"""What a comment does to its task, and the task's data from all its comments. Rules: contract/rules/tasks.md §1, comments.md §2.4."""

import sqlalchemy as sa

from zou.comments.models import Comment
from zou.entities.models import Entity, EntityType
from zou.platform import events
from zou.platform.db.types import utcnow
from zou.tasks.models import TaskStatus


def advance(tx, task, comment, status):
    """Give a task the status of its newest comment. Returns whether the status changed.

    `task`: locked. A comment older than the last one makes the task be recomputed instead. Emits task:update, and for a change
    task:status-changed and, when a review is asked for, task:to-review.
    """
    moment = comment.created_at.replace(microsecond=0)
    if task.last_comment_date is not None and moment < task.last_comment_date:
        tx.flush()
        recompute(tx, task)
        return False
    before = task.task_status_id
    is_changed = before != status.id
    if is_changed:
        change(task, status)
    task.last_comment_date = moment
    if status.is_wip and task.real_start_date is None:
        task.real_start_date = utcnow()
    events.emit(tx, "task:update", {"task_id": task.id}, task.project_id)
    if is_changed:
        data = {
            "task_id": task.id, "new_task_status_id": status.id, "previous_task_status_id": before, "person_id": comment.person_id,
        }  # fmt: skip
        events.emit(tx, "task:status-changed", data, task.project_id)
        if status.is_feedback_request:
            events.emit(tx, "task:to-review", {**data, "comment_id": comment.id}, task.project_id)
    return is_changed


def change(task, status):
    """Write a new status and what follows from it at once."""
    now = utcnow()
    task.task_status_id = status.id
    if status.is_retake:
        task.retake_count = (task.retake_count or 0) + 1
    if status.is_feedback_request:
        task.end_date, task.done_date = now, now if status.is_done else None
    elif status.is_done:
        task.done_date = now
    else:
        task.end_date = task.done_date = None


def recompute(tx, task):
    """Rebuild a task's status, dates and retakes from its comments, and its duration from the hours logged. Emits task:update."""
    rows = tx.execute(
        sa.select(Comment.created_at, TaskStatus)
        .join(TaskStatus, TaskStatus.id == Comment.task_status_id)
        .where(Comment.object_id == task.id)
        .order_by(Comment.created_at, Comment.id)
    ).all()
    task.retake_count = sum(status.is_retake and not (index and rows[index - 1][1].is_retake) for index, (_, status) in enumerate(rows))
    task.real_start_date = next((date for date, status in rows if status.is_wip), None)
    task.end_date = next((date for date, status in rows if status.is_feedback_request), None)
    task.done_date = next((date for date, status in reversed(rows) if status.is_done), None)
    if rows:
        task.last_comment_date, status = rows[-1]
        task.task_status_id = status.id
    else:
        task.last_comment_date, task.task_status_id = None, default_status(tx, task)
    hours = Comment.metadata.tables["time_spent"]
    task.duration = tx.scalar(sa.select(sa.func.coalesce(sa.func.sum(hours.c.duration), 0.0)).where(hours.c.task_id == task.id))
    events.emit(tx, "task:update", {"task_id": task.id}, task.project_id)


def default_status(tx, task):
    """The id of the status of a task without comments; the present one when the studio has no default."""
    kind = sa.select(EntityType.name).join(Entity, Entity.entity_type_id == EntityType.id).where(Entity.id == task.entity_id)
    is_concept = kind.scalar_subquery() == "Concept"
    found = tx.scalar(
        sa.select(TaskStatus.id)
        .where(TaskStatus.is_default.is_(True), sa.func.coalesce(TaskStatus.for_concept, False) == is_concept)
        .limit(1)
    )
    return found or task.task_status_id
