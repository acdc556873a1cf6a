"""The logs of events and sign-ins."""

from flask import request

from zou.people.rules import admin, anyone, in_team, leads, manager, manages_studio
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid
from zou.platform.events.models import ApiEvent
from zou.platform.http import Json, Resource, asks, permission, query, returns
from zou.platform.http.resource import read_query
from zou.platform.rules import Draft
from zou.studio import queries
from zou.studio.answers import EVENT_NAMES, EVENTS, LOGINS
from zou.studio.bodies import EVENT_FILTERS, EventsSchema, LoginsSchema


class LastEventsResource(Resource):
    """The newest events."""

    @permission(anyone, then=admin | manages_studio | leads)
    @asks(**EVENT_FILTERS)
    @returns(EVENTS)
    def get(self):
        """The newest events, for managers: of the productions that one is in; administrators see all."""
        project_id = request.args.get("project_id")
        if project_id is not None and not is_uuid(project_id):
            raise Invalid("The project_id parameter is not a valid id")
        self.allow(project_id)
        return Json(self.tx.scalar(queries.events(self.tx, self.actor, read_query(EventsSchema))))

    def allow(self, project_id):
        """Raise Denied for who manages nothing, and for a manager outside the team of the production asked for."""
        if self.actor.is_admin:
            return
        if project_id is None:
            self.need(manages_studio)
            return
        event = Draft(ApiEvent, {"project_id": project_id})
        rule = leads if self.actor.role != "manager" else in_team
        self.need(rule, event)


class EventNamesResource(Resource):
    """Names of events."""

    @permission(manager)
    @returns(EVENT_NAMES)
    def get(self):
        """The names of events that ever happened, sorted."""
        return Json(self.tx.scalar(queries.event_names()))


class LastLoginLogsResource(Resource):
    """The newest sign-ins."""

    @permission(admin)
    @query(LoginsSchema)
    @returns(LOGINS)
    def get(self, query):
        """The newest sign-ins, with where they came from."""
        return Json(self.tx.scalar(queries.logins(self.tx, query)))
