"""Tasks of open productions across the studio."""

from flask import request

from zou.people.rules import anyone
from zou.platform.errors import Invalid
from zou.platform.http import Json, Resource, asks, permission, returns
from zou.platform.http.filters import MAX_LIMIT, integer, moment_argument, uuid_argument, uuids_argument
from zou.platform.http.shapes import WHOLE
from zou.productions.queries.lists import role_on
from zou.tasks.answers import BURNDOWN, OPEN_TASKS, PROJECT_AMOUNTS
from zou.tasks.bodies import FILTERS
from zou.tasks.queries import open_tasks
from zou.tasks.queries.open_tasks import Filters

UNASSIGNED = "unassigned"


class OpenTasksResource(Resource):
    """Open tasks."""

    @permission(anyone)
    @asks(**FILTERS, page=WHOLE, limit=WHOLE)
    @returns(OPEN_TASKS)
    def get(self):
        """A page of the tasks of open productions, or of one production, with statistics of all that match."""
        filters = self.filters()
        page = min(max(integer("page", 1), 1), MAX_LIMIT)
        limit = min(max(integer("limit", 100), 1), MAX_LIMIT)
        made = open_tasks.listing(self.actor, filters, limit, (page - 1) * limit, role=self.role(filters))
        total, stats, data = self.tx.execute(*made).one()
        is_more = "true" if total > page * limit else "false"
        return Json(f'{{"data":{data},"stats":{stats},"limit":{limit},"is_more":{is_more},"page":{page}}}')

    def role(self, filters):
        """The actor's role on the production that is asked for, or None. Raises NotFound and Denied for one that is not the actor's."""
        asks = filters.project_id is not None and not self.actor.is_admin
        return role_on(self.tx, self.actor, filters.project_id) if asks else None

    def filters(self):
        """The filters of the query string. Raises Invalid."""
        ids = {key: uuid_argument(key) for key in ("project_id", "task_type_id", "task_status_id", "studio_id", "department_id")}
        dates = {key: moment_argument(key) for key in ("start_date", "due_date")}
        unassigned = request.args.get("person_id") == UNASSIGNED
        persons = None if unassigned else uuids_argument("person_id")
        return Filters(**ids, **dates, person_ids=persons, unassigned=unassigned, priority=priority())


def priority():
    """The priority that the query string asks for."""
    text = request.args.get("priority")
    try:
        return None if text is None else int(text)
    except ValueError:
        raise Invalid("Wrong value for parameter priority.") from None


class OpenTasksBurndownResource(OpenTasksResource):
    """Progress of open tasks."""

    @permission(anyone)
    @asks(**FILTERS)
    @returns(BURNDOWN)
    def get(self):
        """How many of the tasks that match were done on which day."""
        filters = self.filters()
        return Json(self.tx.scalar(*open_tasks.burndown(self.actor, filters, role=self.role(filters))))


class OpenTasksStatsResource(OpenTasksResource):
    """Numbers of open tasks."""

    @permission(anyone)
    @returns(PROJECT_AMOUNTS)
    def get(self):
        """Number, duration and estimation of the tasks of each open production, also by type and status."""
        return Json(self.tx.scalar(*open_tasks.by_project(self.actor, Filters(), role=None)))
