"""What happened on the other server, done here: from its log of events, or as it happens.

Rules: contract/rules/sync-and-backup.md §3 and §4.
"""

import datetime
import logging
import threading
import time

import socketio
import sqlalchemy as sa

from zou.comments.models import Comment
from zou.comments.services.rows import CommentRows
from zou.exchange.sync.remote import RemoteFailure
from zou.exchange.sync.tables import CHANGED, LATE
from zou.exchange.sync.writing import write_page
from zou.people import removal
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.db.types import utcnow
from zou.platform.events import outbox
from zou.tasks.models import Task

log = logging.getLogger(__name__)

ACTIONS = ("new", "update", "delete")
FORWARDED = ("preview-file:set-main", "shot:casting-update", "task:unassign", "task:assign")
OLDER_KEYS = {"metadata-descriptor": "descriptor_id"}
PAUSE_S = 5


# --- one event ---


def apply(tx, remote, name, data, tables=CHANGED):
    """Do here what an event tells of; returns whether there was something to do. The row is what it is there now.

    Raises RemoteFailure when it cannot be read; a row that is gone meanwhile is logged. Commits; emits nothing.
    """
    prefix, _, action = name.partition(":")
    if prefix not in tables or action not in ACTIONS:
        return False
    path, kind = tables[prefix]
    id = row_id(prefix, data)
    if id is None:
        log.warning("The event %s names no row.", name)
        return False
    if action == "delete":
        remove(tx, kind.model, id)
        return True
    try:
        entry = remote.get(f"data/{path}/{id}", **({"with_pass_hash": "true"} if prefix == "person" else {}))
    except RemoteFailure as failure:
        if failure.status != 404:
            raise
        log.warning("%s %s is not on the source any more.", prefix, id)
        return False
    return write_page(tx, kind, [entry]).refused == 0


def row_id(prefix, data):
    """The id of the row that an event is about, or None."""
    keys = (f"{prefix.replace('-', '_')}_id", OLDER_KEYS.get(prefix))
    return next((data[key] for key in keys if is_uuid(data.get(key))), None)


def remove(tx, model, id):
    """Remove a row with all that hangs on it; of a comment, the task is then what the remaining ones say."""
    table = model.__tablename__
    comment = tx.get(Comment, id) if model is Comment else None
    task_id, person_id = (comment.object_id, comment.person_id) if comment else (None, None)
    if tx.scalar(sa.select(model.id).where(model.id == id)) is None:
        return
    if table in removal.GRAPH:
        removal.remove(tx, table, [id])
    else:
        tx.execute(sa.delete(model).where(model.id == id))
    if task_id is not None and tx.get(Task, task_id) is not None:
        CommentRows(Comment).recompute(tx, task_id, person_id)
    tx.info.pop(outbox.PENDING, None)  # the event of the other server is what is told of this
    tx.commit()


# --- the log ---


def take_last(tx, remote, minutes, page_size, progress=None):
    """Apply the latest events of the other server, oldest first; returns how many were applied and how many failed.

    `minutes`: of this window all of them, 0: one page.
    """
    applied = failed = 0
    for event in reversed(list(window(remote, minutes, page_size))):
        try:
            applied += apply(tx, remote, event["name"], event.get("data") or {}, LATE)
        except Exception:
            tx.rollback()
            failed += 1
            log.exception("The event %s %s could not be applied.", event["name"], event["id"])
        if progress:
            progress("events", applied)
    return applied, failed


def window(remote, minutes, page_size, **more):
    """Yield events of the other server, newest first: one page, or all of the last minutes."""
    parameters = {"limit": page_size, **more}
    if minutes and minutes > 0:
        now = utcnow().replace(microsecond=0) + datetime.timedelta(seconds=1)  # the bound is exclusive, and has no fraction
        parameters |= {"before": now.isoformat(), "after": (now - datetime.timedelta(minutes=minutes)).isoformat()}
    while True:
        page = remote.get("data/events/last", **parameters)
        yield from page
        if not minutes or len(page) < page_size:
            return
        parameters["cursor_event_id"] = page[-1]["id"]


# --- as it happens ---


def follow(remote, address, names, deliver, stop=None):
    """Call `deliver(name, data)` for the events of these names, for ever; returns when `stop` is set. `address`: of the realtime server.

    Events that a synchronisation made are left out, so that two servers that follow each other do not go round in circles.
    """
    stop = stop or threading.Event()
    while not stop.is_set():
        client = socketio.Client(logger=False, reconnection=False, request_timeout=30)
        for name in names:
            client.on(name, receiver(name, deliver), namespace="/events")
        try:
            remote.sign_in()
            headers = {"Authorization": f"Bearer {remote.token}"}
            client.connect(address, headers=headers, auth={"token": remote.token}, namespaces=["/events"], wait_timeout=30)
            log.info("Listening to %s.", address)
            while client.connected and not stop.wait(0.2):
                pass
        except (socketio.exceptions.ConnectionError, RemoteFailure) as error:
            log.warning("%s cannot be followed: %s", address, error)
        finally:
            client.disconnect()
        if not stop.is_set():
            time.sleep(PAUSE_S)


def receiver(name, deliver):
    """What is called with the data of an event."""

    def receive(data=None):
        data = data or {}
        if not data.get("sync"):
            try:
                deliver(name, data)
            except Exception:
                log.exception("The event %s could not be applied.", name)

    return receive


def names_followed():
    """Names of the events that change rows here, and of those that are only told on."""
    return [f"{prefix}:{action}" for prefix in CHANGED for action in ACTIONS] + list(FORWARDED)


def take_change(tx, remote, name, data):
    """Apply an event and tell it here, marked so that nobody takes it back."""
    try:
        if name not in FORWARDED and not apply(tx, remote, name, data):
            return
        tell(tx, name, data, persist=name not in FORWARDED)
    except Exception:
        tx.rollback()
        raise


def tell(tx, name, data, persist):
    """Emit the event of the other server here, with the mark of a synchronisation, and commit."""
    project_id = data.get("project_id") if is_uuid(data.get("project_id")) else None
    events.emit(tx, name, {**data, "sync": True}, project_id=project_id, persist=persist)
    tx.commit()
