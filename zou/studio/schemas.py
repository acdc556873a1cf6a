"""Payloads of the studio's own records."""

from zou.platform.db.payload import RowSchema
from zou.platform.events.models import ApiEvent
from zou.studio.models import Plugin


class EventSchema(RowSchema):
    """Something that happened."""

    class Meta(RowSchema.Meta):
        model = ApiEvent


class PluginSchema(RowSchema):
    """An installed plug-in."""

    class Meta(RowSchema.Meta):
        model = Plugin
