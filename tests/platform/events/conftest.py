"""A real server with its clients, on a database of its own: what is committed here stays until the test has ended."""

import contextlib
import functools
import socket
import threading
import time

import pytest
import socketio
import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from tests.conftest import SETTINGS, token_of
from tests.databases import fresh_database
from tests.making import join_team, make, open_status
from zou import event_stream
from zou.app import create_app
from zou.people.models import Person
from zou.platform import events
from zou.platform.db import db
from zou.productions.models import Project

PATIENCE_S = 10


@pytest.fixture(scope="module")
def stream_database(postgres_url):
    """Address of the database of this module's tests."""
    with fresh_database(postgres_url) as url:
        yield url


@contextlib.contextmanager
def serving(app):
    """The address at which the application answers."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(PATIENCE_S)
        app.extensions["stream"].dispatcher.stop()


@pytest.fixture(scope="module")
def served(stream_database):
    """(application, its address)."""
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": stream_database})
    with serving(app) as address:
        yield app, address
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="module")
def served_alone(stream_database):
    """(application, its address) of the process that serves Socket.IO and nothing else."""
    app = event_stream.create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": stream_database})
    with serving(app) as address:
        yield app, address
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def world(served, stream_database):
    """A session that commits for all to see; every row is gone after the test."""
    engine = sa.create_engine(stream_database)
    with Session(engine) as session:
        yield session
        session.rollback()
        tables = ", ".join(f'"{table.name}"' for table in Person.metadata.sorted_tables)
        session.execute(sa.text(f"TRUNCATE {tables} CASCADE"))
        session.commit()
    engine.dispose()


@pytest.fixture
def team(world):
    """A production, an administrator, an artist of its team and one who is not in it: (project, {name: person})."""
    add = functools.partial(make, world)
    project = add(Project, project_status_id=open_status(world).id)
    found = {"admin": add(Person, role="admin"), "member": add(Person), "outsider": add(Person)}
    join_team(world, project, found["member"])
    return project, found


@pytest.fixture
def tell(served):
    """tell(name, data, commit=True, **emit): emit an event in a unit of work of its own and commit it, or not."""
    app, _ = served

    def emit(name, data=None, commit=True, **options):
        with app.app_context():
            tx = db.session()
            events.emit(tx, name, data, **options)
            if commit:
                tx.commit()
            else:
                tx.rollback()

    return emit


class Listener:
    """A Socket.IO client and what it heard, as (name, data)."""

    def __init__(self, address, **connect):
        self.heard = []
        self.refusal = None
        self.client = socketio.Client(reconnection=False)
        self.client.on("*", lambda name, data=None: self.heard.append((name, data)), namespace="/events")
        self.client.on("connect_error", self.note_refusal, namespace="/events")
        self.client.connect(address, **{"transports": ["websocket"], "namespaces": ["/events"], "wait": False, **connect})
        wait_for(lambda: self.refusal is not None or "/events" in self.client.namespaces)

    def note_refusal(self, data):
        self.refusal = data["message"]

    def hang_up(self):
        """Break the connection. (The client's own way waits three seconds for the server's half of the farewell.)"""
        if self.client.connected and self.client.transport() == "websocket":
            with contextlib.suppress(OSError):  # the server was quicker
                self.client.eio.ws.sock.shutdown(socket.SHUT_RDWR)
        else:
            self.client.disconnect()

    def until(self, name):
        """The events heard before the first of that name, which is waited for."""
        assert self.refusal is None
        wait_for(lambda: name in [heard for heard, _ in self.heard])
        names = [heard for heard, _ in self.heard]
        return self.heard[: names.index(name)]


def wait_for(condition, patience_s=PATIENCE_S):
    """Wait until the condition holds; fail when it never does."""
    end = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < end, "It never happened."
        time.sleep(0.01)


@pytest.fixture
def listen(served):
    """listen(person): a connected Listener; `at`: another address; other keywords go to the client's connect."""
    app, here = served
    listeners = []

    def connect(person=None, at=None, **options):
        if person is not None:
            options["auth"] = {"token": token_of(app, person)}
        listeners.append(Listener(at or here, **options))
        return listeners[-1]

    yield connect
    for listener in listeners:
        listener.hang_up()
    wait_for(lambda: not app.extensions["stream"].clients)
