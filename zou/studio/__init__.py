"""Studio: status, health, configuration, metrics, the log of events."""

from zou.people.rules import anyone
from zou.platform.events.models import ApiEvent
from zou.platform.http import Crud, Domain
from zou.studio.models import Plugin
from zou.studio.resources.logs import EventNamesResource, LastEventsResource, LastLoginLogsResource
from zou.studio.resources.status import (
    ConfigCheckResource,
    ConfigResource,
    EventsResource,
    IndexResource,
    MetricsResource,
    StatsResource,
    StatusInfluxResource,
    StatusResource,
    StatusResourcesResource,
    StatusTextResource,
    TestEventResource,
)
from zou.studio.schemas import EventSchema, PluginSchema

domain = Domain("studio")
domain.crud(
    Crud(ApiEvent, EventSchema, "events", models_resource=EventsResource),
    Crud(Plugin, PluginSchema, "plugins"),
)
domain.hears("plugin", Plugin, anyone)  # every client loads them

domain.route("/", IndexResource)
domain.route("/status", StatusResource)
domain.route("/status.txt", StatusTextResource)
domain.route("/status/influx", StatusInfluxResource)
domain.route("/status/resources", StatusResourcesResource)
domain.route("/status/test-event", TestEventResource)
domain.route("/stats", StatsResource)
domain.route("/config", ConfigResource)
domain.route("/data/events/last", LastEventsResource)
domain.route("/data/events/names", EventNamesResource)
domain.route("/data/events/login-logs/last", LastLoginLogsResource)

# Registered where ADMIN_TOKEN is set.
administration = Domain("administration")
administration.route("/admin/config/check", ConfigCheckResource)

# Registered where PROMETHEUS_METRICS_ENABLED is on and the metrics are those of one process.
monitoring = Domain("monitoring")
monitoring.route("/metrics", MetricsResource)
