"""Bars of the schedule of a production. Rules: contract/rules/crud.md §6.5, schedule-and-budget.md §2."""

import datetime as dt

import sqlalchemy as sa

from zou.planning.models import ScheduleItem
from zou.planning.queries import schedule as queries
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.db.types import utcnow
from zou.platform.errors import Invalid
from zou.platform.rows import Rows
from zou.productions.models import Project

KEY = ("project_id", "task_type_id", "object_id")


class ScheduleItemRows(Rows):
    """Bars: one for a task type, and one for each object of it."""

    def check_new(self, tx, actor, values):
        """Refuse a second bar of the same thing. The table's own constraint does not see it when a key is null."""
        key = [values.get(name) for name in KEY]
        if all(value is None or is_uuid(value) for value in key):
            same = [getattr(ScheduleItem, name).is_not_distinct_from(value) for name, value in zip(KEY, key, strict=True)]
            lock_project(tx, values.get("project_id"))
            if tx.scalar(sa.select(sa.exists().where(*same))):
                raise Invalid("A similar schedule item already exists")

    def check_change(self, tx, actor, row, values):
        """Clients send the days of work as text when they did not change; such text is left out."""
        if isinstance(values.get("man_days"), str):
            del values["man_days"]


def lock_project(tx, project_id):
    """Let bars of one production be added one after the other, so that two requests cannot add the same one."""
    if project_id is not None:
        tx.execute(sa.select(Project.id).where(Project.id == project_id).with_for_update(key_share=True))


def add_missing(tx, project, expected, task_type_id=None):
    """Insert the bars that are missing, from today to tomorrow. Emits schedule-item:new for each.

    `expected`: select whose first column is the id of what has a bar: a task type, or with `task_type_id` an object of it. The production
    is locked only when something is missing, so that two readers at once do not add the same bar.
    """
    missing = queries.without_bar(project.id, expected, task_type_id)
    if not tx.scalars(missing.limit(1)).first():
        return
    lock_project(tx, project.id)
    today = utcnow().date()
    dates = {"project_id": project.id, "start_date": today, "end_date": today + dt.timedelta(days=1)}
    ids = tx.scalars(missing).all()
    bars = [
        ScheduleItem(**dates, task_type_id=id) if task_type_id is None else ScheduleItem(**dates, task_type_id=task_type_id, object_id=id)
        for id in ids
    ]
    tx.add_all(bars)
    tx.flush()
    for bar in bars:
        events.emit(tx, "schedule-item:new", {"schedule_item_id": bar.id}, project_id=project.id)
