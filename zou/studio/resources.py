"""Routes of the studio's records where they differ from the generic ones."""

from zou.platform.http import BaseModelsResource

MAX_EVENTS = 1000


class EventsResource(BaseModelsResource):
    """The log of events."""

    def ordered(self, statement):
        """The log is long: a list without pages stops after a thousand rows."""
        return super().ordered(statement).limit(MAX_EVENTS)
