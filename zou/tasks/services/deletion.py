"""Removal of many tasks at once, with all that hangs on them. Rules: contract/rules/deletion.md §4."""

import sqlalchemy as sa

from zou.people import removal
from zou.tasks.models import Task


def remove(tx, project_id, *conditions):
    """Remove the tasks of a production that meet conditions; returns their ids. Emits task:delete and news:delete."""
    chosen = sa.select(Task.id).where(Task.project_id == project_id, *conditions).order_by(Task.id)
    ids = tx.scalars(chosen.with_for_update()).all()
    if ids:
        removal.remove(tx, "task", ids)
    return ids
