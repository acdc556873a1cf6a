"""The outbox: events that exist if and only if their change was committed.

`emit` remembers an event in the unit of work. Just before the commit all of them are written by one statement: rows of `api_event`,
and a PostgreSQL NOTIFY for each, which the server delivers only when the commit succeeds, in the order of commits. The payload of
a stored event is its id; an event that the contract does not store travels in the payload itself. Names, keys and what is stored:
contract/rules/events.md.
"""

import logging
import uuid

import orjson
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

CHANNEL = "tracker_events"
MAX_PAYLOAD_BYTES = 7900  # PostgreSQL refuses notifications of 8000 bytes
PENDING, DONE = "events.pending", "events.done"

log = logging.getLogger(__name__)
inside: list[tuple] = []
"""[(names, callable(tx, [data]))]; filled by `within`."""
handlers: dict[str, list] = {}
"""{event name: [callable(data)]}, called after the commit; filled by `on`."""
before_commit: list = []
"""[callable(tx, [(name, data)])], called with all events of a transaction before its commit; filled by `before`."""
after_commit: list = []
"""[callable([(name, data)])], the same after it; filled by `after`."""

# A production that the same transaction removed is named in the data only: the column refers to productions that exist.
WRITE = sa.text(
    f"""
    WITH emitted AS (
        SELECT * FROM jsonb_to_recordset(CAST(:events AS jsonb))
            AS e(n int, id uuid, name text, data jsonb, user_id uuid, project_id uuid, stored boolean, payload text)
    ), written AS (
        INSERT INTO api_event (id, name, data, user_id, project_id, created_at, updated_at)
        SELECT id, name, data, user_id, (SELECT p.id FROM project p WHERE p.id = emitted.project_id), moment, moment
        FROM emitted, (SELECT clock_timestamp() AT TIME ZONE 'UTC' AS instant OFFSET 0) AS clock,
            LATERAL (SELECT instant + n * interval '1 microsecond' AS moment) AS own  -- the log keeps the order of one request's events
        WHERE stored ORDER BY n
    )
    SELECT pg_notify('{CHANNEL}', payload) FROM emitted ORDER BY n
    """
)


def emit(tx, name, data=None, project_id=None, persist=True, by_actor=True, names_project=True):
    """Tell that something happened, when and only when the transaction commits.

    `data`: {key: value}, ids as UUID or text; `project_id`: whose team hears of it; added to the data but when `names_project` is
    False. `persist`: whether the contract stores it.
    `by_actor`: False for what the server does by itself, such as the processing of a movie; the log then names nobody.
    """
    data = {key: value if isinstance(value, bool | int | float | list | dict | None) else str(value) for key, value in (data or {}).items()}
    project_id = None if project_id is None else str(project_id)
    if project_id is not None and names_project:
        data["project_id"] = project_id
    pending = tx.info.setdefault(PENDING, [])
    pending.append(
        {"id": str(uuid.uuid4()), "name": name.lower(), "data": data, "project_id": project_id, "stored": persist, "by_actor": by_actor}
    )


def on(name):
    """Decorator: call the function with the event's data after each event of that name."""

    def register(function):
        handlers.setdefault(name, []).append(function)
        return function

    return register


def within(*names):
    """Decorator: call the function with (tx, [data of the events]) before a transaction that emitted events of these names commits.

    It writes what must be there if and only if the change is; when it fails, so does the change.
    """

    def register(function):
        inside.append((frozenset(names), function))
        return function

    return register


def before(function):
    """Decorator: call the function with (tx, [(name, data)]) before every transaction that emitted events commits."""
    before_commit.append(function)
    return function


def after(function):
    """Decorator: call the function with [(name, data)] after every transaction that emitted events was committed."""
    after_commit.append(function)
    return function


def heard(emitted):
    """What handlers get of an event: its data, and the id of its row when it is stored."""
    return {**emitted["data"], "id": emitted["id"]} if emitted["stored"] else emitted["data"]


@event.listens_for(Session, "before_commit")
def write(tx):
    """Store and announce what was emitted, in one statement."""
    pending = tx.info.pop(PENDING, None)
    if not pending:
        return
    tx.flush()
    for names, function in inside:
        found = [emitted["data"] for emitted in pending if emitted["name"] in names]
        if found:
            function(tx, found)
    for function in before_commit:
        function(tx, [(emitted["name"], heard(emitted)) for emitted in pending])
    author = tx.info.get("actor_id")
    rows = []
    for n, emitted in enumerate(pending):
        told = {key: emitted[key] for key in ("name", "data", "project_id")}
        payload = emitted["id"] if emitted["stored"] else orjson.dumps(told).decode()
        if len(payload.encode()) > MAX_PAYLOAD_BYTES:
            log.error("The event %s is too large to be announced.", emitted["name"])
            continue
        rows.append({**emitted, "n": n, "user_id": author if emitted["by_actor"] else None, "payload": payload})
    tx.execute(WRITE, {"events": orjson.dumps(rows, default=str).decode()})
    tx.info.setdefault(DONE, []).extend(pending)


@event.listens_for(Session, "after_commit")
def handle(tx):
    """Call the handlers of what was committed; their failures are logged, the change stays."""
    done = [(emitted["name"], heard(emitted)) for emitted in tx.info.pop(DONE, ())]
    for name, data in done:
        for handler in handlers.get(name, ()):
            try:
                handler(data)
            except Exception:
                log.exception("A handler of the event %s failed.", name)
    if done:
        for function in after_commit:
            function(done)


@event.listens_for(Session, "after_rollback")
def forget(tx):
    """What was not committed did not happen."""
    tx.info.pop(PENDING, None)
    tx.info.pop(DONE, None)
