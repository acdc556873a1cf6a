"""Schedules of productions: bars and variants. Rules: contract/rules/schedule-and-budget.md §2 and §3."""

from zou.people.rules import manages
from zou.planning.models import ProductionScheduleVersion
from zou.planning.services import schedule
from zou.platform.http import Resource, permission, returns


class ApplyScheduleResource(Resource):
    """A variant of the schedule, as the production's own."""

    @permission(manages, on=ProductionScheduleVersion, lock=True)
    @returns()
    def post(self, version):
        """Give the tasks of the production the dates and estimations of this variant."""
        return {"success": True, "task_count": schedule.apply(self.tx, version)}
