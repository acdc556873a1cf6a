"""A WSGI application on a port of its own, for providers that the server under test calls."""

import contextlib
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server


class Quiet(WSGIRequestHandler):
    """Writes no log of requests."""

    def log_message(self, *args):
        pass


@contextlib.contextmanager
def serving(make_application):
    """The address of an application, which answers inside. `make_application(address)`."""
    server = make_server("127.0.0.1", 0, None, handler_class=Quiet)
    address = f"http://127.0.0.1:{server.server_port}"
    server.set_app(make_application(address))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        server.server_close()
