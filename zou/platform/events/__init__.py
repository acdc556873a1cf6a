"""Events: what happened, told to Socket.IO clients, to handlers and to the log. See `outbox` and `dispatcher`."""

from zou.platform.events.outbox import CHANNEL, emit, handlers, on, within

__all__ = ["CHANNEL", "emit", "handlers", "on", "within"]
