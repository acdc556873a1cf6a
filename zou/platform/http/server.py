"""The HTTP server of `zou run`: gunicorn with one process of many threads, the same as `gunicorn zou.app:app` would run."""

from collections.abc import Callable

from flask import Flask
from gunicorn.app.base import BaseApplication

from zou.platform.cli import lifeline


class Server(BaseApplication):
    """gunicorn, set up here instead of on its command line. One process: Socket.IO keeps its clients in memory."""

    def __init__(self, make_app: Callable[[], Flask], options: dict):
        self.make_app = make_app
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.make_app()


def serve(make_app: Callable[[], Flask], host: str, port: int, threads: int) -> None:
    """Answer until told to stop. Ends with the process that started it, if that one holds a lifeline."""
    lifeline.follow()
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    options = {
        "bind": address,
        "workers": 1,
        "worker_class": "gthread",
        "threads": threads,
        "worker_connections": 2000,
        "keepalive": 30,
        "timeout": 120,
        "graceful_timeout": 5,  # an open WebSocket would hold the end back for ever
        "loglevel": "warning",
        "control_socket_disable": True,
    }
    Server(make_app, options).run()
