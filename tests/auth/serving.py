"""Providers on ports of their own, which the server under test calls."""

import contextlib
import subprocess
import sys
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


@contextlib.contextmanager
def directory(ldif):
    """The port of an LDAP directory with these entries, a process of its own: Twisted is not for the process of the tests."""
    process = subprocess.Popen([sys.executable, "-m", "tests.auth.ldap_server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        process.stdin.write(ldif.encode() + b"\n\n")  # the last entry ends where another line begins
        process.stdin.close()
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
