"""Review rooms: people who watch a playlist together over Socket.IO, each player doing what the others do.

Protocol: contract/rules/events.md §6. A room is named after its playlist; its state lives in the memory of one process and is gone
with the last who watches. Whoever sends an event must be able to read the playlist at that moment.
"""

import copy
import threading

import sqlalchemy as sa
from flask import request

from zou.platform.db import db
from zou.platform.db.payload import is_uuid
from zou.platform.events.realtime import NAMESPACE
from zou.platform.rules import as_sql
from zou.playlists.models import Playlist
from zou.playlists.rules import reads_playlist

PREFIX = "preview-room:"
RELAYED = (
    "add-annotation",
    "remove-annotation",
    "update-annotation",
    "change-version",
    "panzoom-changed",
    "comparison-panzoom-changed",
)
COMPARING = {"enable": False, "task_type": None, "revision": None, "mode": "sidebyside", "comparison_preview_index": 0}
PLAIN = {
    "user_id": None,
    "local_id": None,
    "is_playing": False,
    "current_entity_id": None,
    "current_entity_index": None,
    "current_preview_file_id": None,
    "current_preview_file_index": None,
    "is_repeating": None,
    "is_annotations_displayed": False,
    "is_zoom_enabled": False,
    "is_waveform_displayed": False,
    "is_laser_mode": None,
    "handle_in": None,
    "handle_out": None,
}
"""Keys of the state that a payload replaces, each with what it becomes when the payload is silent about it."""


class Room:
    """The state of one review, and by which connections its people are there."""

    def __init__(self, id):
        self.id = id
        self.state = {**PLAIN, "current_frame": 0, "speed": None, "comparing": dict(COMPARING)}
        self.connections = {}  # {sid: person id}

    @property
    def people(self):
        """Ids of who is in the review, each once however many tabs they have, in the order of their coming."""
        return list(dict.fromkeys(self.connections.values()))

    def apply(self, data):
        """Take over the state that a client sent."""
        self.state |= {key: data.get(key, default) for key, default in PLAIN.items()}
        if "current_frame" in data:
            self.state["current_frame"] = data["current_frame"]
        if isinstance(data.get("comparing"), dict):
            self.state["comparing"] = {key: data["comparing"].get(key, default) for key, default in COMPARING.items()}
        if isinstance(data.get("speed"), int | float) and not isinstance(data["speed"], bool):
            self.state["speed"] = data["speed"]

    def whole(self):
        """The state as clients read it."""
        return {"playlist_id": self.id, **copy.deepcopy(self.state), "people": self.people}


class Rooms:
    """The review rooms of this process."""

    def __init__(self, stream):
        self.stream = stream
        self.rooms = {}  # {playlist id: Room}, of those that somebody is in
        self.hearing = {}  # {playlist id: {sid: person id}}, of the connections that hear of a review
        self.changing = threading.RLock()  # held until all were told, so that nobody hears of an older state last
        for name, handler in (("close-playlist", self.close), ("leave", self.leave)):
            stream.on(PREFIX + name, named(handler))  # whoever goes need not be allowed to stay
        for name, handler in (("open-playlist", self.open), ("join", self.join)):
            stream.on(PREFIX + name, named(watching(handler)))
        stream.on(PREFIX + "room-updated", named(watching(driving(self.update))))
        for name in RELAYED:
            stream.on(PREFIX + name, named(watching(driving(self.relay_of(name)))))
        stream.farewells.append(self.gone)
        stream.watchers.append(self.judge_again)

    # --- what clients send ---

    def open(self, client, id, data, *more):
        """Let a connection hear of a review, whose people are told to all."""
        with self.changing:
            self.hearing.setdefault(id, {})[request.sid] = client.actor.id
            self.stream.socketio.server.enter_room(request.sid, channel(id), namespace=NAMESPACE)
            self.tell_people(id)

    def close(self, client, id, data, *more):
        """Let a connection hear no more of a review."""
        with self.changing:
            self.deafen(id, request.sid)

    def join(self, client, id, data, *more):
        """Let a person take part; the first one brings the state along."""
        with self.changing:
            room = self.rooms.setdefault(id, Room(id))
            if not room.connections:
                room.apply(data)
            room.connections[request.sid] = str(client.actor.id)
            self.tell_people(id)
            self.send(id, "room-updated", room.whole())

    def leave(self, client, id, data, *more):
        """Let a person go; the last one takes the state along."""
        self.forget(id, request.sid)

    def update(self, client, id, data, only_newcomer=False, *more):
        """Change the state of a review and tell it to all."""
        with self.changing:
            room = self.rooms.get(id) or Room(id)
            room.apply(data)
            self.send(id, "room-updated", {"only_newcomer": only_newcomer, **room.whole()})

    def relay_of(self, name):
        """A handler that passes on what it gets, as it is."""

        def relay(client, id, data, *more):
            self.send(id, name, data)

        return relay

    def gone(self, sid, client):
        """Take a lost connection out of every review."""
        with self.changing:
            for id in [id for id, sids in self.hearing.items() if sid in sids]:
                self.deafen(id, sid)
            for id in [id for id, room in self.rooms.items() if sid in room.connections]:
                self.forget(id, sid)

    def judge_again(self, event, person_ids):
        """Put those out who may not watch any more: persons whose access an event changed, and all of a playlist that it is about."""
        about = event.data.get("playlist_id") if event.name.startswith("playlist:") else None
        with self.changing:
            asked = [
                (id, sid, person_id)
                for id, sids in self.hearing.items()
                for sid, person_id in sids.items()
                if person_id in person_ids or id == about
            ]
            if not asked:
                return
            with self.stream.app.app_context():
                audience = self.stream.app.extensions["audience"]
                actors = {actor.id: actor for actor in audience.listeners(db.session(), {person_id for *_, person_id in asked})}
                out = [(id, sid) for id, sid, person in asked if person not in actors or not may_watch(actors[person], id)]
            for id, sid in out:
                self.deafen(id, sid)
                self.forget(id, sid)

    # --- parts ---

    def deafen(self, id, sid):
        """Let a connection hear no more of a review."""
        sids = self.hearing.get(id, {})
        if sids.pop(sid, None) is not None:
            self.stream.socketio.server.leave_room(sid, channel(id), namespace=NAMESPACE)
        if not sids:
            self.hearing.pop(id, None)

    def forget(self, id, sid):
        """Take a connection out of a review, if it is in, and tell; an empty review is dropped."""
        with self.changing:
            room = self.rooms.get(id)
            if room is not None and room.connections.pop(sid, None) is not None:
                if not room.connections:
                    del self.rooms[id]
                self.tell_people(id)

    def tell_people(self, id):
        """Tell who is in a review."""
        with self.changing:
            room = self.rooms.get(id)
            people = room.people if room else []
            self.send(id, "room-people-updated", {"people": people, "playlist_id": id, "id": id})

    def send(self, id, name, data):
        """One event to every connection that hears of a review, the sender's included."""
        self.stream.socketio.server.emit(PREFIX + name, data, room=channel(id), namespace=NAMESPACE)


def channel(id):
    """The Socket.IO room of a review; its name cannot be one of the audience's."""
    return f"review:{id}"


def named(handler):
    """A handler of the stream: `handler(client, playlist id, data, *more)`; what names no playlist is ignored."""

    def receive(client, *sent):
        data = sent[0] if sent else None
        id = data.get("playlist_id") if isinstance(data, dict) else None
        if is_uuid(id):
            handler(client, id.lower(), data, *sent[1:])

    return receive


def watching(handler):
    """The handler, for who may read the playlist now; of others nothing is heard."""

    def receive(client, id, data, *more):
        if may_watch(client.actor, id):
            handler(client, id, data, *more)

    return receive


def driving(handler):
    """The handler, but for read-only accounts."""

    def receive(client, id, data, *more):
        if client.actor.preview_project_id is None:
            handler(client, id, data, *more)

    return receive


def may_watch(actor, playlist_id):
    """Whether an actor may read a playlist now."""
    verdict = as_sql(reads_playlist.clause(Playlist, actor))
    return bool(db.session.scalar(sa.select(verdict).select_from(Playlist).where(Playlist.id == playlist_id)))


def register(app):
    """Serve review rooms from an application that serves Socket.IO."""
    app.extensions["review_rooms"] = Rooms(app.extensions["stream"])
