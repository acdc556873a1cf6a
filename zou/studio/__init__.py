"""Studio: status, health, configuration, metrics, the log of events."""

from zou.platform.events.models import ApiEvent
from zou.platform.http import Crud, Domain
from zou.studio.models import Plugin
from zou.studio.resources import EventsResource
from zou.studio.schemas import EventSchema, PluginSchema

domain = Domain("studio")
domain.crud(
    Crud(ApiEvent, EventSchema, "events", models_resource=EventsResource),
    Crud(Plugin, PluginSchema, "plugins"),
)
