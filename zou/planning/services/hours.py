"""Days off and time spent. Rules: contract/rules/time-and-timesheets.md §1 and §4, crud.md §6.5."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from zou.people import presence
from zou.people.models import Person
from zou.planning.models import DayOff, TimeSpent
from zou.platform import events
from zou.platform.db.types import utcnow
from zou.platform.errors import Invalid, NotFound
from zou.platform.rows import Rows
from zou.tasks.models import Task

PERIOD = ("person_id", "date", "end_date")
NOT_LOADED = {"synchronize_session": False}


class DayOffRows(Rows):
    """Days off of a person never overlap, and no hours are left on them."""

    def check_new(self, tx, actor, values):
        for key in PERIOD:
            if key not in values:
                raise Invalid(f"'{key}'", shape="bare")
        check_free(tx, *[self.read(key, values[key]) for key in PERIOD])

    def check_change(self, tx, actor, row, values):
        period = [self.read(key, values[key]) if key in values else getattr(row, key) for key in PERIOD]
        check_free(tx, *period, own_id=row.id)

    def created(self, tx, actor, row, values):
        remove_hours(tx, row)

    def changed(self, tx, actor, row, before):
        remove_hours(tx, row)


def check_free(tx, person_id, start, end, own_id=None):
    """Raise Invalid when a day off of the person, other than `own_id`, meets these days. Locks the person against a second request."""
    tx.execute(sa.select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    meets = [DayOff.person_id == person_id, DayOff.date <= sa.cast(end, sa.Date), DayOff.end_date >= sa.cast(start, sa.Date)]
    if own_id is not None:
        meets.append(DayOff.id != own_id)
    if tx.scalar(sa.select(sa.exists().where(*meets))):
        raise Invalid("Day off already exists for this period")


def remove_hours(tx, day_off):
    """Remove what the person logged on the days of a day off. Emits time-spent:delete for each, and task:update for each task."""
    days = sa.select(DayOff.date, DayOff.end_date).where(DayOff.id == day_off.id).subquery()
    covered = sa.delete(TimeSpent).where(
        TimeSpent.person_id == day_off.person_id, TimeSpent.date >= days.c.date, TimeSpent.date <= days.c.end_date
    )
    removed = tx.execute(covered.returning(TimeSpent.id, TimeSpent.task_id), execution_options=NOT_LOADED).all()
    for row in removed:
        events.emit(tx, "time-spent:delete", {"time_spent_id": row.id})
    sum_durations(tx, {row.task_id for row in removed})


class TimeSpentRows(Rows):
    """Time spent; the duration of a task is the sum of it."""

    def changed(self, tx, actor, row, before):
        """A row that moved to another task leaves the first one; `tell` counts the second."""
        sum_durations(tx, {before.get("task_id", row.task_id)} - {row.task_id})

    def tell(self, tx, row, verb):
        """The row's own event, then that of its task."""
        super().tell(tx, row, verb)
        sum_durations(tx, {row.task_id})


def sum_durations(tx, task_ids):
    """Set the duration of tasks to the minutes logged on them. Emits task:update for each.

    The tasks are locked first: of two requests that log hours at once, the second then sees what the first wrote.
    """
    ids = [id for id in task_ids if id is not None]
    if not ids:
        return
    tx.execute(sa.select(Task.id).where(Task.id.in_(ids)).order_by(Task.id).with_for_update(key_share=True))
    minutes = sa.select(sa.func.coalesce(sa.func.sum(TimeSpent.duration), 0)).where(TimeSpent.task_id == Task.id).scalar_subquery()
    summed = sa.update(Task).where(Task.id.in_(ids)).values(duration=minutes).returning(Task.id, Task.project_id)
    for task in tx.execute(summed, execution_options=NOT_LOADED).all():
        events.emit(tx, "task:update", {"task_id": task.id}, project_id=task.project_id)


def day(text):
    """The calendar day that a URL names, `YYYY-MM-DD`. Raises Invalid."""
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise Invalid("Invalid date format.") from None


def log(tx, task, person, date, minutes, add=False):
    """Set, or add to, what a person worked on a task on a day; returns the entry.

    One statement writes it, so of two requests at once none is lost. Emits person:update and time-spent:new for a first entry, else
    time-spent:update; then task:update.
    """
    now = utcnow()
    entry = insert(TimeSpent).values(task_id=task.id, person_id=person.id, date=date, duration=minutes)
    duration = TimeSpent.duration + minutes if add else minutes
    entry = entry.on_conflict_do_update(
        index_elements=["person_id", "task_id", "date"], set_={"duration": duration, "updated_at": now}
    ).returning(TimeSpent.id, sa.literal_column("xmax = 0").label("is_new"))  # a row that was updated has a deleting transaction
    written = tx.execute(entry, execution_options=NOT_LOADED).one()
    if written.is_new:
        presence.refresh(tx, person.id)
    events.emit(tx, f"time-spent:{'new' if written.is_new else 'update'}", {"time_spent_id": written.id}, project_id=task.project_id)
    sum_durations(tx, {task.id})
    return tx.get(TimeSpent, written.id)


def find(tx, task, person, date):
    """The entry of a person on a task on a day, locked. Raises NotFound."""
    entries = sa.select(TimeSpent).where(TimeSpent.task_id == task.id, TimeSpent.person_id == person.id, TimeSpent.date == date)
    found = tx.scalar(entries.with_for_update())
    if found is None:
        raise NotFound()
    return found


def clear(tx, task, entry):
    """Remove an entry. Emits time-spent:delete and task:update."""
    tx.delete(entry)
    tx.flush()
    events.emit(tx, "time-spent:delete", {"time_spent_id": entry.id}, project_id=task.project_id)
    sum_durations(tx, {task.id})
