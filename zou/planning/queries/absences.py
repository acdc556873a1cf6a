"""Days off and presence, as statements that yield JSON. Rules: contract/rules/time-and-timesheets.md §4, persons.md §4."""

import sqlalchemy as sa

from zou.people.models import DesktopLoginLog, Person
from zou.people.schemas import full_name
from zou.planning.models import DayOff
from zou.planning.rules import reads_day_off, reads_reason
from zou.planning.schemas import DayOffDatesSchema, DayOffSchema
from zou.platform.db.projection import aggregate_values, json_row
from zou.platform.rules import as_sql


def meets(start, end):
    """Condition: the day off overlaps the days from `start` up to the one before `end`."""
    return sa.and_(DayOff.date < end, DayOff.end_date >= start)


def covers(day):
    """Condition: the day off covers a day."""
    return sa.and_(DayOff.date <= day, DayOff.end_date >= day)


def day_offs(actor, *conditions):
    """Select of one text: the days off that the actor may read, with their reason where they may."""
    return aggregate_values(sa.select(form(actor)).where(as_sql(reads_day_off.clause(DayOff, actor)), *conditions))


def one(actor, *conditions):
    """Select of one text: a day off that the actor may read, or no row."""
    row = sa.cast(form(actor), sa.Text)
    return sa.select(row).where(as_sql(reads_day_off.clause(DayOff, actor)), *conditions).limit(1)


def form(actor):
    """JSON of a day off as the actor sees it."""
    whole = as_sql(reads_reason.clause(DayOff, actor))
    return sa.case((whole, json_row(DayOffSchema, DayOff)), else_=json_row(DayOffDatesSchema, DayOff))


def presence(start, end):
    """Select of (full name, days of the month on which they opened a session), by name: active persons but guests and preview accounts."""
    logged = sa.select(sa.func.array_agg(sa.distinct(sa.cast(sa.extract("day", DesktopLoginLog.date), sa.Integer))))
    logged = logged.where(DesktopLoginLog.person_id == Person.id, DesktopLoginLog.date >= start, DesktopLoginLog.date < end)
    counted = (Person.active.is_(True), Person.is_guest.is_not(True), Person.preview_project_id.is_(None))
    return sa.select(full_name(Person), logged.scalar_subquery()).where(*counted).order_by(Person.first_name, Person.last_name)
