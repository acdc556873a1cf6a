"""HTTP of quotas. Rules: contract/rules/time-and-timesheets.md §5.2."""

from flask import current_app, request

from zou.people.models import Person
from zou.people.rules import anyone, supervises_or_manages
from zou.planning.answers import QUOTA_SHOTS
from zou.planning.queries import periods, quotas
from zou.planning.queries.quotas import Quota
from zou.planning.resources.timesheets import check_person, ids
from zou.planning.rules import about_themselves
from zou.platform.errors import Denied, Invalid
from zou.platform.http import Json, Resource, asks, permission, returns
from zou.platform.http.shapes import ID
from zou.productions.models import Project
from zou.tasks.models import Task

MODES = ("weighted", "weighteddone", "feedback", "done")


def count_mode():
    """The mode that the query string names. Raises Invalid."""
    mode = request.args.get("count_mode") or "weighted"
    if mode not in MODES:
        raise Invalid(f"count_mode must be one of: {', '.join(MODES)}")
    return mode


class QuotaShotsResource(Resource):
    """Shots that a person worked off; `period` of a subclass says when."""

    @permission(anyone, on=Person, then=about_themselves | supervises_or_manages)
    @asks(count_mode={"type": "string", "enum": list(MODES)}, project_id=ID, task_type_id=ID)
    @returns(QUOTA_SHOTS)
    def get(self, person, **parts):
        """Shots of a person in a period, each with the part that counts; `project_id`, `task_type_id` and `count_mode` choose."""
        check_person(person)
        narrowed = ids("project_id", "task_type_id")
        self.check_reader(person, narrowed.get("project_id"))
        start, end = self.period(**parts)
        reader = self.tx.get(Person, self.actor.id)
        timezone = str(reader.timezone or current_app.config["DEFAULT_TIMEZONE"])
        conditions = tuple(getattr(Task, key) == value for key, value in narrowed.items())
        return Json(self.tx.scalar(quotas.shots(person.id, Quota(start, end, timezone, count_mode(), conditions), self.actor)))

    def check_reader(self, person, project_id):
        """Raise Denied, but for the person, administrators, and who manages or supervises the production that is asked about."""
        if self.actor.is_admin or self.actor.id == person.id:
            return
        if project_id is None:
            raise Denied(rule=about_themselves | supervises_or_manages)
        self.fetch(Project, project_id, supervises_or_manages)


class MonthQuotaShotsResource(QuotaShotsResource):
    """Shots that a person worked off in a month."""

    def period(self, year, month):
        return periods.month(year, month)


class WeekQuotaShotsResource(QuotaShotsResource):
    """Shots that a person worked off in an ISO week."""

    def period(self, year, week):
        return periods.week(year, week)


class DayQuotaShotsResource(QuotaShotsResource):
    """Shots that a person worked off on a day."""

    def period(self, year, month, day):
        return periods.day(year, month, day)
