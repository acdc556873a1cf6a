"""Generic routes of planning where they differ from those of other models. Rules: contract/rules/crud.md §6."""

import sqlalchemy as sa

from zou.people.rules import manages, member, not_restricted
from zou.planning.models import ProductionScheduleVersion, TimeSpent
from zou.planning.services.costs import add_missing_scales
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Denied, Invalid, NotFound
from zou.platform.http import BaseModelsResource
from zou.platform.rules import Draft, as_sql

reads_version = member & not_restricted


class TimeSpentsResource(BaseModelsResource):
    """Time spent, of a period when both its ends are given."""

    def narrow(self, statement, arguments):
        start, end = arguments.pop("start_date", None), arguments.pop("end_date", None)
        if start is None and end is None:
            return statement
        if not start or not end:
            raise Invalid("If querying for a range of dates, both a `start_date` and an `end_date` must be given.")
        return statement.where(TimeSpent.date >= sa.cast(start, sa.Date), TimeSpent.date <= sa.cast(end, sa.Date))


class SalaryScalesResource(BaseModelsResource):
    """All salary scales, whatever the query string says; those that are missing are added first."""

    def get(self):
        """List the salary scales; missing ones are created with salary 0."""
        self.allow_list({})
        add_missing_scales(self.tx)
        return self.ordered(sa.select(self.crud.model))


class ScheduleVersionsResource(BaseModelsResource):
    """Variants of a schedule: those of a production for its team, all of them for administrators."""

    def allow_list(self, arguments):
        project_id = arguments.get("project_id")
        if project_id is None:
            super().allow_list(arguments)
        elif not self.actor.is_admin:
            self.allow_project(project_id, reads_version)

    def allow_project(self, project_id, rule):
        """Raise Denied when the rule refuses the actor on a production, NotFound when it is not there."""
        if not is_uuid(project_id):
            raise NotFound()
        clause = rule.clause(Draft(ProductionScheduleVersion, {"project_id": project_id}), self.actor)
        if not self.tx.scalar(sa.select(as_sql(clause))):
            self.find_project({"project_id": project_id})
            raise Denied(rule=rule)


class ScheduleVersionTaskLinksResource(ScheduleVersionsResource):
    """Dates of tasks in variants of a schedule."""

    def allow_list(self, arguments):
        if "project_id" in arguments and not is_uuid(arguments["project_id"]):
            raise Invalid("Invalid project_id.")
        super().allow_list(arguments)

    def narrow(self, statement, arguments):
        project_id = arguments.pop("project_id", None)
        if project_id is None:
            return statement
        versions = sa.select(ProductionScheduleVersion.id).where(ProductionScheduleVersion.project_id == project_id)
        return statement.where(self.crud.model.production_schedule_version_id.in_(versions))

    def allow_creation(self, values):
        """Judged by the production of the variant that the link is for."""
        id = values.get("production_schedule_version_id")
        if "production_schedule_version_id" not in values:
            raise Invalid("'production_schedule_version_id'", shape="bare")
        self.fetch(ProductionScheduleVersion, id, manages)
