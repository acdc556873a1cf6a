"""HTTP of days off and presence. Rules: contract/rules/time-and-timesheets.md §4, persons.md §4."""

import datetime as dt

import sqlalchemy as sa
from marshmallow import Schema, ValidationError, fields

from zou.people import presence
from zou.people.models import DesktopLoginLog, Person
from zou.people.rules import admin, anyone, manager, self_as
from zou.people.schemas import DesktopLoginLogSchema
from zou.planning.answers import DAY_OFF_OR_NONE, DAY_OFFS
from zou.planning.models import DayOff
from zou.planning.queries import absences, periods
from zou.planning.resources.timesheets import check_person
from zou.planning.rules import reads_day_off
from zou.platform.http import Json, Resource, body, permission, returns
from zou.platform.http.csv import csv_answer
from zou.platform.rules import Draft


class PersonDayOffsResource(Resource):
    """Days off of a person."""

    def conditions(self, **parts):
        """Conditions over `DayOff` that the path names."""
        return []

    @permission(anyone, on=Person, then=reads_day_off)
    @returns(DAY_OFFS)
    def get(self, person, **parts):
        """Days off of a person; supervisors do not see why."""
        self.check(person)
        return Json(self.tx.scalar(absences.day_offs(self.actor, DayOff.person_id == person.id, *self.conditions(**parts))))

    def check(self, person):
        """Raise Denied for a bot, and for an actor who may not know when the person is off."""
        check_person(person)
        self.need(reads_day_off, Draft(DayOff, {"person_id": person.id}))


class PersonYearDayOffsResource(PersonDayOffsResource):
    """Days off of a person in a year."""

    def conditions(self, year):
        return [absences.meets(*periods.year(year))]


class PersonMonthDayOffsResource(PersonDayOffsResource):
    """Days off of a person in a month."""

    def conditions(self, year, month):
        return [absences.meets(*periods.month(year, month))]


class PersonWeekDayOffsResource(PersonDayOffsResource):
    """Days off of a person in an ISO week."""

    def conditions(self, year, week):
        return [absences.meets(*periods.week(year, week))]


class PersonDayOffResource(PersonDayOffsResource):
    """The day off of a person on a day."""

    @permission(anyone, on=Person, then=reads_day_off)
    @returns(DAY_OFF_OR_NONE)
    def get(self, person, date):
        """The day off of a person that covers a day, or an empty object."""
        self.check(person)
        day = periods.date(date)
        return Json(self.tx.scalar(absences.one(self.actor, DayOff.person_id == person.id, absences.covers(day))) or "{}")


class DayOffsResource(Resource):
    """Days off of everybody."""

    @permission(anyone)
    @returns(DAY_OFFS)
    def get(self, year, month=None):
        """Days off in a year, or a month, of the persons whose days off the reader may see."""
        period = periods.year(year) if month is None else periods.month(year, month)
        return Json(self.tx.scalar(absences.day_offs(self.actor, absences.meets(*period))))


class SessionDate(fields.Field):
    """A moment or a day, without zone."""

    def _deserialize(self, value, attr, data, **kwargs):
        for form in ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"):
            try:
                return dt.datetime.strptime(value, form)
            except (TypeError, ValueError):
                continue
        raise ValidationError("Wrong date format. Expected: 2020-01-05T13:23:10 or 2020-01-05")


class WorkstationSessionSchema(Schema):
    """A session that somebody opened on a workstation."""

    date = SessionDate(load_default=None, allow_none=True)


class DesktopLoginLogsResource(Resource):
    """Sessions of a person on workstations."""

    @permission(manager | self_as("id"), on=Person)
    @returns(DesktopLoginLogSchema, many=True)
    def get(self, person):
        """When a person opened sessions on workstations, newest first."""
        return sa.select(DesktopLoginLog).where(DesktopLoginLog.person_id == person.id).order_by(DesktopLoginLog.date.desc())

    @permission(admin | self_as("id"), on=Person)
    @body(WorkstationSessionSchema)
    @returns(DesktopLoginLogSchema, status=201)
    def post(self, person, body):
        """Note that a person opened a session on a workstation, now or at `date`."""
        return presence.log_in(self.tx, person.id, body["date"])


class PresenceLogsResource(Resource):
    """Who was there on which days."""

    @permission(admin)
    @returns(content="text/csv")
    def get(self, month_date):
        """Desktop sessions of a month as a table: a row for each active person, a column for each day."""
        year, _, month = month_date.partition("-")
        start, end = periods.month(year, month)
        days = range(1, (end - start).days + 1)
        rows = [[start.year, *days]]
        for name, present in self.tx.execute(absences.presence(start, end)):
            rows.append([name, *["X" if day in (present or ()) else "" for day in days]])
        return csv_answer(rows, "export")
