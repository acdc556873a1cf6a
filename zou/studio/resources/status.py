"""Routes of the studio: its log, its state, its configuration."""

import hmac

from flask import Response, current_app, request

from zou import API_VERSION
from zou.people.rules import admin
from zou.platform import events, metrics
from zou.platform.errors import Denied
from zou.platform.events import realtime
from zou.platform.http import BaseModelsResource, Resource, permission, public, returns
from zou.studio import services
from zou.studio.answers import CLIENT_SETTINGS, EVENT_SENT, INDEX, MACHINE, SHARED_SETTINGS, STATUS, STATUS_NUMBERS, TOTALS

MAX_EVENTS = 1000


class EventsResource(BaseModelsResource):
    """The log of events."""

    def ordered(self, statement):
        """The log is long: a list without pages stops after a thousand rows."""
        return super().ordered(statement).limit(MAX_EVENTS)


class IndexResource(Resource):
    @permission(public)
    @returns(INDEX)
    def get(self):
        """What answers here, and the version of its API."""
        return {"api": services.NAME, "version": API_VERSION}


class StatusBase(Resource):
    """A form of the status."""

    def status(self):
        """The state of every part."""
        return services.status(self.tx, current_app.config, realtime.stream())


class StatusResource(StatusBase):
    @permission(public)
    @returns(STATUS)
    def get(self):
        """Whether each part of the server is up."""
        return self.status()


class StatusTextResource(StatusBase):
    @permission(public)
    @returns(content="text")
    def get(self):
        """Whether each part of the server is up, a line for each."""
        return Response(services.status_lines(self.status()), content_type="text")


class StatusInfluxResource(StatusBase):
    @permission(public)
    @returns(STATUS_NUMBERS)
    def get(self):
        """Whether each part of the server is up, as numbers for a time series."""
        return services.status_numbers(self.status())


class StatusResourcesResource(Resource):
    @permission(public)
    @returns(MACHINE)
    def get(self):
        """Load of the machine."""
        return services.machine(self.tx)


class TestEventResource(Resource):
    @permission(public)
    @returns(EVENT_SENT)
    def get(self):
        """Send the event `main:test`, to try the way from here to the clients."""
        events.emit(self.tx, "main:test", persist=False)
        return {"success": True}


class StatsResource(Resource):
    @permission(admin)
    @returns(TOTALS)
    def get(self):
        """How many previews and comments there are."""
        return services.totals(self.tx)


class MetricsResource(Resource):
    @permission(admin)
    @returns(content="text/plain")
    def get(self):
        """Metrics of this process for Prometheus; several processes are measured together, on a port of their own."""
        return Response(metrics.text(current_app.config["SQLALCHEMY_DATABASE_URI"]), mimetype="text/plain")


class ConfigCheckResource(Resource):
    @permission(public)
    @returns(SHARED_SETTINGS)
    def get(self):
        """The settings that processes share, here and as they are kept, for who holds the ADMIN_TOKEN."""
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {current_app.config['ADMIN_TOKEN']}".encode()):
            raise Denied("The ADMIN_TOKEN is not right.")
        return services.shared_configuration(self.tx, current_app.config)


class ConfigResource(Resource):
    @permission(public)
    @returns(CLIENT_SETTINGS)
    def get(self):
        """What a client must know before anybody signs in."""
        return services.client_settings(self.tx, current_app.config)
