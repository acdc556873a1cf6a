"""The default status of tasks: contract/rules/tasks.md §6.2."""

import sqlalchemy as sa

from zou.platform import events
from zou.tasks.models import TaskStatus

FIRST = {
    False: {"name": "Todo", "short_name": "todo", "color": "#f5f5f5"},
    True: {"name": "Neutral", "short_name": "neutral", "color": "#CCCCCC"},
}
"""The default status that is made when a studio has none: for concepts (True) and for everything else."""


def default_status(tx, for_concept=False):
    """The status of new tasks and of tasks without a comment; made when there is none. Emits task-status:new then."""
    first = FIRST[for_concept]
    chosen = sa.and_(TaskStatus.is_default, sa.func.coalesce(TaskStatus.for_concept, False) == for_concept)
    fitting = sa.or_(chosen, TaskStatus.short_name == first["short_name"])
    status = tx.scalar(sa.select(TaskStatus).where(fitting).order_by(sa.case((chosen, 0), else_=1), TaskStatus.created_at).limit(1))
    if status is None:
        status = TaskStatus(**first, is_default=True, for_concept=for_concept)
        tx.add(status)
        tx.flush()
        events.emit(tx, "task-status:new", {"task_status_id": status.id})
    return status


def keep_one_default(tx, status):
    """Take the flag `is_default` from the other statuses of the same use, when this one has it."""
    if status.is_default is True:
        same_use = sa.func.coalesce(TaskStatus.for_concept, False) == bool(status.for_concept)
        others = sa.and_(TaskStatus.id != status.id, TaskStatus.is_default, same_use)
        tx.execute(sa.update(TaskStatus).where(others).values(is_default=False).execution_options(synchronize_session=False))
