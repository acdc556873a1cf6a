"""The person's own hours, days off and sessions on workstations."""

import sqlalchemy as sa

from zou.people import presence
from zou.people.models import DesktopLoginLog
from zou.people.rules import person
from zou.people.schemas import DesktopLoginLogSchema
from zou.planning.answers import HOURS_WITH_TASK
from zou.planning.models import TimeSpent
from zou.planning.schemas import DayOffSchema, TimeSpentSchema
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid
from zou.platform.http import Json, Resource, body, permission, query, returns
from zou.workspace.bodies import DesktopLoginSchema, PeriodSchema
from zou.workspace.queries import time

BOTH = "If querying for a range of dates, both a `start_date` and an `end_date` must be given."


class MyTimeSpentsResource(Resource):
    """The person's hours in a period."""

    @permission(person)
    @query(PeriodSchema)
    @returns(HOURS_WITH_TASK)
    def get(self, query):
        """What one logged from `start_date` to `end_date`, with the production and type of each task; nothing without a period."""
        start, end = query["start_date"], query["end_date"]
        if start is None and end is None:
            return []
        if start is None or end is None:
            raise Invalid(BOTH)
        first, last = time.day(self.tx, start, end, message=f"Wrong date format for {start} and/or {end}")
        return Json(self.tx.scalar(time.hours_between(self.actor.id, first, last)))


class MyTimeSpentsOfDayResource(Resource):
    """The person's hours of a day."""

    @permission(person)
    @returns(TimeSpentSchema, many=True)
    def get(self, date):
        """What one logged on a day."""
        return time.hours_on(self.actor.id, time.day(self.tx, date)[0])


class MyTaskTimeSpentResource(Resource):
    """The person's hours of a day on one task."""

    @permission(person)
    @returns(TimeSpentSchema)
    def get(self, task_id, date):
        """What one logged on a task on a day, or null."""
        day = time.day(self.tx, date)[0]
        if not is_uuid(task_id):
            return None
        return self.tx.scalar(time.hours_on(self.actor.id, day).where(TimeSpent.task_id == task_id))


class MyDayOffResource(Resource):
    """The person's day off."""

    @permission(person)
    @returns(DayOffSchema)
    def get(self, date):
        """The day off of one's own that covers a day, or an empty object."""
        return self.tx.scalar(time.day_off_on(self.actor.id, time.day(self.tx, date)[0])) or {}


class MyDesktopLoginLogsResource(Resource):
    """The person's sessions on workstations."""

    @permission(person)
    @returns(DesktopLoginLogSchema, many=True)
    def get(self):
        """Sessions that one opened on workstations, newest first."""
        return sa.select(DesktopLoginLog).where(DesktopLoginLog.person_id == self.actor.id).order_by(DesktopLoginLog.date.desc())

    @permission(person)
    @body(DesktopLoginSchema)
    @returns(DesktopLoginLogSchema, status=201)
    def post(self, body):
        """Note that one opened a session on a workstation, now or at `date`."""
        return presence.log_in(self.tx, self.actor.id, body["date"])
