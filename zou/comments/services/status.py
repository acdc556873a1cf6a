"""What a new comment does to its task. Rules: contract/rules/tasks.md §1.1, comments.md §2.4."""

from zou.platform import events
from zou.platform.db.types import utcnow
from zou.tasks.services.history import recompute


def advance(tx, task, comment, status):
    """Give a task the status of its newest comment. Returns whether the status changed.

    `task`: locked. A comment older than the last one makes the task be recomputed instead. Emits task:update, and for a change
    task:status-changed and, when a review is asked for, task:to-review.
    """
    moment = comment.created_at.replace(microsecond=0)
    if task.last_comment_date is not None and moment < task.last_comment_date:
        tx.flush()
        recompute(tx, task.id)
        return False
    before = task.task_status_id
    is_changed = before != status.id
    if is_changed:
        change(task, status)
    task.last_comment_date = moment
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
    if status.is_wip and task.real_start_date is None:
        task.real_start_date = now
    if status.is_retake:
        task.retake_count = (task.retake_count or 0) + 1
    if status.is_feedback_request:
        task.end_date, task.done_date = now, now if status.is_done else None
    elif status.is_done:
        task.done_date = now
    else:
        task.end_date = task.done_date = None
