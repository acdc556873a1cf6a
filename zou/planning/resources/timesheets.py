"""HTTP of time spent by persons. Rules: contract/rules/time-and-timesheets.md §2 and §3."""

import sqlalchemy as sa
from flask import request

from zou.people.models import Person
from zou.people.rules import about_no_bot, admin, anyone, self_as, supervises_or_manages
from zou.planning.answers import HOURS, HOURS_BY_TASK, HOURS_TABLE, HOURS_WITH_TASK
from zou.planning.models import TimeSpent
from zou.planning.queries import periods, timesheets
from zou.planning.rules import about_themselves, reads_hours
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Denied, Invalid
from zou.platform.http import Json, Resource, asks, permission, returns
from zou.platform.http.shapes import DAY, ID
from zou.tasks.models import Task

FILTERS = ("project_id", "department_id", "studio_id")
BOTH_BOUNDS = "If querying for a range of dates, both a `start_date` and an `end_date` must be given."


def ids(*names):
    """{name: id} of the query string, empty ones left out. Raises Invalid for one that is no UUID."""
    found = {name: request.args[name] for name in names if request.args.get(name)}
    if not all(is_uuid(id) for id in found.values()):
        raise Invalid("One of the ID sent in parameter is not properly formatted.", shape="plain")
    return found


def check_person(person):
    """Raise Denied for a bot: its hours are nobody's timesheet."""
    if person.is_bot:
        raise Denied(rule=about_no_bot)


def cast_date(text):
    """SQL: the day that a text names, in any way of writing that PostgreSQL reads."""
    return sa.cast(sa.literal(text, sa.Text), sa.Date)


class PersonHoursResource(Resource):
    """What a person logged, row by row."""

    @permission(anyone, on=Person, then=reads_hours)
    @asks(start_date=DAY, end_date=DAY)
    @returns(HOURS_WITH_TASK)
    def get(self, person):
        """Time spent by a person with the production and task type of each; `start_date` and `end_date`, both or none, are included."""
        check_person(person)
        conditions = timesheets.of_person(self.actor, person)
        start, end = request.args.get("start_date"), request.args.get("end_date")
        if (start is None) != (end is None):
            raise Invalid(BOTH_BOUNDS)
        if start is not None:
            conditions += [TimeSpent.date >= cast_date(start), TimeSpent.date <= cast_date(end)]
        try:
            return Json(self.tx.scalar(timesheets.rows(person.id, conditions, with_task=True)))
        except (sa.exc.DataError, ValueError):
            raise Invalid(f"Wrong date format for {start} and/or {end}") from None


class PersonDayHoursResource(Resource):
    """What a person logged on a day."""

    @permission(anyone, on=Person, then=reads_hours)
    @returns(HOURS)
    def get(self, person, date):
        """Time spent by a person on a day."""
        check_person(person)
        conditions = timesheets.of_person(self.actor, person)
        return Json(self.tx.scalar(timesheets.rows(person.id, [*conditions, TimeSpent.date == periods.date(date, periods.BAD_PERIOD)])))


class PersonMonthRowsResource(Resource):
    """What a person logged in a month, row by row."""

    @permission(admin | self_as("id"), on=Person)
    @returns(HOURS)
    def get(self, person, year, month):
        """Time spent by a person in a month, for themselves and administrators."""
        check_person(person)
        return Json(self.tx.scalar(timesheets.rows(person.id, [timesheets.between(*periods.month(year, month))])))


class PersonPeriodHoursResource(Resource):
    """What a person logged in a period, by task; `period` of a subclass says which."""

    @permission(anyone, on=Person, then=reads_hours)
    @asks(project_id=ID)
    @returns(HOURS_BY_TASK)
    def get(self, person, **parts):
        """Minutes of a person in a period, summed by task; `project_id` narrows them."""
        check_person(person)
        conditions = timesheets.of_person(self.actor, person)
        project_id = ids("project_id").get("project_id")
        if project_id:
            if conditions:
                timesheets.check_project(self.tx, self.actor, project_id)
            conditions.append(Task.project_id == project_id)
        return Json(self.tx.scalar(timesheets.by_task(person.id, [*conditions, timesheets.between(*self.period(**parts))])))


class PersonYearHoursResource(PersonPeriodHoursResource):
    """What a person logged in a year."""

    def period(self, year):
        return periods.year(year, periods.BAD_DATE)


class PersonMonthHoursResource(PersonPeriodHoursResource):
    """What a person logged in a month."""

    def period(self, year, month):
        return periods.month(year, month, periods.BAD_DATE)


class PersonWeekHoursResource(PersonPeriodHoursResource):
    """What a person logged in an ISO week."""

    def period(self, year, week):
        return periods.week(year, week)


class PersonDayTotalsResource(PersonPeriodHoursResource):
    """What a person logged on a day, by task."""

    def period(self, year, month, day):
        return periods.day(year, month, day)


class HoursTableResource(Resource):
    """Minutes of all persons by a unit of time."""

    unit = "year"

    @permission(anyone, each=about_themselves | supervises_or_manages)
    @asks(project_id=ID, department_id=ID, studio_id=ID)
    @returns(HOURS_TABLE)
    def get(self, year=None, month=None):
        """{unit: {person: minutes}}, as far as the reader may see; `project_id`, `department_id`, `studio_id` narrow it."""
        days = (None, None)
        if month is not None:
            days = periods.inside(periods.month(year, month))
        elif year is not None:
            days = periods.inside(periods.iso_year(year) if self.unit == "week" else periods.year(year))
        wanted = ids(*FILTERS)
        timesheets.check_everybody(self.tx, self.actor, **wanted)
        return Json(self.tx.scalar(*timesheets.table(self.actor, wanted, *days, unit=self.unit)))


class MonthTableResource(HoursTableResource):
    """Minutes by month of a year."""

    unit = "month"


class WeekTableResource(HoursTableResource):
    """Minutes by ISO week of a year."""

    unit = "week"


class DayTableResource(HoursTableResource):
    """Minutes by day of a month."""

    unit = "day"
