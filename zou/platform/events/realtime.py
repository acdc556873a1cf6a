"""Socket.IO: committed events for the clients that are connected to this process, in the namespace `/events`.

Who may connect, and which rooms are theirs, is said by the domains (see `create_app`):

    app.extensions["admit"](tx, auth) -> actor            raises Unauthorized with the reason for the client
    app.extensions["audience"].rooms_of(tx, person_ids)   -> {person id: {room}}, nobody who may not hear anything
    app.extensions["audience"].rooms_for(event)           -> ([room], [room in which each listener is judged])
    app.extensions["audience"].listeners(tx, person_ids)  -> [listener] of those of these persons who are active
    app.extensions["audience"].hearing(tx, event, [...])  -> {ids of those of these listeners who hear of it}
    app.extensions["audience"].trimmed(event)             -> its data as those who are judged read it
    app.extensions["audience"].moved_by(event, person_ids) -> those whose rooms may be other ones after it
    app.extensions["audience"].lets_go(event)             -> whether who has no room left is to be disconnected

Protocol: contract/rules/events.md §5.
"""

import functools
import logging
import threading
from dataclasses import dataclass
from typing import Any

from flask import current_app, request
from sqlalchemy.exc import SQLAlchemyError

from zou.platform.db import db
from zou.platform.errors import TrackerError
from zou.platform.events import missed
from zou.platform.events.dispatcher import Dispatcher
from zou.platform.events.sockets import ConnectionRefusedError, SocketIO, disconnect

NAMESPACE = "/events"
PING_INTERVAL_S, PING_TIMEOUT_S = 25, 20
NO_DATABASE = "The server cannot reach its database, retry later."
log = logging.getLogger(__name__)


@dataclass
class Client:
    """A connected client: who it is, the auth payload that it came with, and its rooms."""

    actor: Any
    auth: Any
    rooms: set


class Stream:
    """The clients of this process and the dispatcher that serves them."""

    def __init__(self, app):
        self.app = app
        self.clients = {}  # {sid: Client}
        self.farewells = []  # called with (sid, client) after a client is gone
        self.watchers = []  # called with (event, ids of persons who may hear of more or less since) after an event was told
        self.moving = threading.Lock()  # one change of rooms at a time
        self.dispatcher = Dispatcher(app.config["SQLALCHEMY_DATABASE_URI"], self.deliver)
        # An empty list: no headers for other origins and no check of the proxy's idea of ours. Cookies are SameSite=Lax.
        self.socketio = SocketIO(
            app,
            async_mode="threading",
            cors_allowed_origins=[],
            manage_session=False,
            async_handlers=False,  # what a client sends is handled in the order in which it was sent
            ping_interval=PING_INTERVAL_S,
            ping_timeout=PING_TIMEOUT_S,
        )
        self.socketio.on_event("connect", self.connect, NAMESPACE)
        self.socketio.on_event("disconnect", self.disconnect, NAMESPACE)
        self.on("main:missed", self.tell_again)
        self.on("*", lambda client, *data: None)  # an unknown event is ignored; its token is checked all the same

    # --- clients ---

    def connect(self, auth=None):
        """Let a client in and put it in its rooms. Refuses with the reason."""
        if not self.dispatcher.ensure_running():
            raise ConnectionRefusedError(NO_DATABASE)
        tx = db.session()
        try:
            actor = self.app.extensions["admit"](tx, auth)
            with self.moving:
                client = Client(actor, auth, set())
                self.move(request.sid, client, self.rooms_of(tx, [actor.id]).get(actor.id, set()))
                self.clients[request.sid] = client
        except TrackerError as error:
            raise ConnectionRefusedError(error.message)
        except SQLAlchemyError:
            log.exception("A client could not be let in.")
            raise ConnectionRefusedError(NO_DATABASE)

    def disconnect(self, reason=None):
        """Forget a client, and let those know who keep something about it."""
        client = self.clients.pop(request.sid, None)
        if client is not None:
            for farewell in self.farewells:
                farewell(request.sid, client)

    def on(self, name, handler):
        """Answer an event that clients send: `handler(client, *data)`, called when the client's token is still good.

        A client whose token is not is disconnected, and its event ignored.
        """

        @functools.wraps(handler)
        def checked(*data):
            client = self.clients.get(request.sid)
            try:
                if client is None:
                    raise TrackerError("This client did not connect.")
                client.actor = self.app.extensions["admit"](db.session(), client.auth)
            except TrackerError:
                disconnect()
                return None
            return handler(client, *data)

        self.socketio.on_event(name, checked, NAMESPACE)

    # --- rooms ---

    def rooms_of(self, tx, person_ids):
        return self.app.extensions["audience"].rooms_of(tx, person_ids)

    def move(self, sid, client, rooms):
        """Put a client in these rooms and in no others of the audience's."""
        server = self.socketio.server
        for room in rooms - client.rooms:
            server.enter_room(sid, room, namespace=NAMESPACE)
        for room in client.rooms - rooms:
            server.leave_room(sid, room, namespace=NAMESPACE)
        client.rooms = rooms

    def move_all(self, person_ids):
        """Give the clients of these persons the rooms that are theirs now. Returns the clients whose person may hear nothing any more."""
        with self.app.app_context(), self.moving:
            rooms = self.rooms_of(db.session(), list(person_ids))
            gone = []
            for sid, client in dict(self.clients).items():
                if client.actor.id in rooms:
                    self.move(sid, client, rooms[client.actor.id])
                elif client.actor.id in person_ids:
                    gone.append(sid)
            return gone

    # --- events ---

    def deliver(self, found):
        """Send events to who may hear of them. Called by the dispatcher, in its thread."""
        if not self.clients:
            return
        audience = self.app.extensions["audience"]
        for event in found:
            rooms, judged = audience.rooms_for(event)
            moved = audience.moved_by(event, {client.actor.id for client in list(self.clients.values())})
            leaving, gone = [], []
            if moved:  # Joined before, so that newcomers hear of it; left after, so that those who go do too.
                leaving = [sid for sid, client in list(self.clients.items()) if client.rooms & set(rooms)]
                gone = self.move_all(moved)
            self.send(event, event.data, [*rooms, *leaving])
            if judged:
                self.send_judged(audience, event, set(rooms), set(judged))
            for sid in gone if audience.lets_go(event) else ():
                self.socketio.server.disconnect(sid, namespace=NAMESPACE)
            for watcher in self.watchers:
                watcher(event, moved)

    def send(self, event, data, rooms):
        """One event to the clients in any of these rooms, once each."""
        self.socketio.server.emit(event.name, data, room=rooms, namespace=NAMESPACE)

    def send_judged(self, audience, event, told, judged):
        """One event to those clients in rooms where each is judged who may hear of it. `told`: the rooms that have heard already."""
        asking = {sid: client for sid, client in list(self.clients.items()) if client.rooms & judged and not client.rooms & told}
        if not asking:
            return
        try:
            with self.app.app_context():
                tx = db.session()
                allowed = audience.hearing(tx, event, audience.listeners(tx, {client.actor.id for client in asking.values()}))
        except SQLAlchemyError:
            log.exception("Nobody was found who may hear of %s.", event.name)
            return
        hearing = [sid for sid, client in asking.items() if client.actor.id in allowed]
        if hearing:
            self.send(event, audience.trimmed(event), hearing)

    def tell_again(self, client, data=None, *more):
        """Send a client the stored events that it may hear of and missed; returns how many, and up to when (see `missed`)."""
        moment = missed.moment_of(data)
        if moment is None:
            return {"error": 'Say since when: {"since": "2026-11-25T10:00:00"}, in UTC.'}
        audience, tx, count = self.app.extensions["audience"], db.session(), 0
        found, complete = missed.since(tx, moment)
        listener = audience.listeners(tx, [client.actor.id])
        for event in found:
            rooms, judged = audience.rooms_for(event)
            if not client.rooms.isdisjoint(rooms):
                told = event.data
            elif not client.rooms.isdisjoint(judged) and audience.hearing(tx, event, listener):
                told = audience.trimmed(event)
            else:
                continue
            self.send(event, told, request.sid)
            count += 1
        return {"count": count, "until": found[-1].created_at.isoformat() if found else data["since"], "complete": complete}

    def is_up(self):
        """Whether events reach clients of this process: its dispatcher listens."""
        return self.dispatcher.ensure_running(patience_s=1)


def register(app):
    """Serve Socket.IO from an application."""
    app.extensions["stream"] = Stream(app)


def stream():
    """The stream of the current application."""
    return current_app.extensions["stream"]
