"""The dispatcher: a thread that hears of every committed event and hands it on, in the order of commits.

It listens on a connection of its own. A notification holds the id of a row of `api_event`, or the whole event when it is not stored
(see `outbox`). When the connection is lost, stored events of the meantime are read from the table; those that are not stored are gone.
Each process that serves Socket.IO clients has one.
"""

import logging
import os
import select
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
import psycopg2
import psycopg2.extensions
from sqlalchemy.engine import make_url

from zou.platform.events.outbox import CHANNEL

log = logging.getLogger(__name__)

SLACK = timedelta(minutes=1)  # an event's date is a little earlier than its commit; a transaction longer than this is not made up for
FIRST_DELAY_S, LONGEST_DELAY_S = 0.1, 5
SILENCE_S = 30  # after which the connection is tried
ALIVE = {"keepalives": 1, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}

BY_ID = "SELECT id::text, name, data, project_id::text, created_at FROM api_event WHERE id = ANY(%s::uuid[])"
MISSED = "SELECT id::text, name, data, project_id::text, created_at FROM api_event WHERE created_at >= %s ORDER BY created_at, id"
NOW = "SELECT clock_timestamp() AT TIME ZONE 'UTC'"


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it is told: a name and data; `project_id` is that of its row, if it has one."""

    name: str
    data: dict
    project_id: str | None = None
    id: str | None = None
    created_at: datetime | None = None


class Dispatcher:
    """Calls `deliver([Event, ...])` for what was committed, from a thread that starts with the first client."""

    def __init__(self, url, deliver):
        """`url`: address of the database; `deliver`: called from the thread, its failures are logged."""
        self.dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self.deliver = deliver
        self.listening = threading.Event()
        self.starting = threading.Lock()
        self.thread = None
        self.started_at = None  # by the clock of the database
        self.latest = None  # date of the latest stored event handed on
        self.handed_on = {}  # {id: date} of those since `latest` less the slack

    def ensure_running(self, patience_s=5):
        """Start the thread when this process has none, and wait until it listens. Returns whether it does."""
        with self.starting:
            if self.thread is None or not self.thread.is_alive():  # a forked process has no threads of its parent
                self.stopping = False
                self.waking, self.wake = os.pipe()
                self.thread = threading.Thread(target=self.run, daemon=True, name="events")
                self.thread.start()
        return self.listening.wait(patience_s)

    def stop(self):
        """End the thread."""
        with self.starting:
            if self.thread is not None:
                self.stopping = True
                os.write(self.wake, b"x")
                self.thread.join(10)
                os.close(self.wake)
                os.close(self.waking)
                self.thread = None

    # --- the thread ---

    def run(self):
        """Listen, and again after each loss of the connection, until stopped."""
        delay = FIRST_DELAY_S
        while not self.stopping:
            connection = None
            try:
                connection = psycopg2.connect(self.dsn, application_name="zou events", connect_timeout=10, **ALIVE)
                connection.autocommit = True
                self.listen(connection)
                delay = FIRST_DELAY_S
                self.follow(connection)
            except psycopg2.Error as error:
                log.warning("Events wait for the database: %s", str(error).strip())
            except Exception:
                log.exception("The events' thread failed and starts again.")
            finally:
                self.listening.clear()
                if connection is not None:
                    connection.close()
            if not self.stopping:
                select.select([self.waking], [], [], delay)
                delay = min(delay * 2, LONGEST_DELAY_S)

    def listen(self, connection):
        """Hear of everything from now on, and make up for what was missed. In this order, so that nothing falls between."""
        with connection.cursor() as cursor:
            cursor.execute(f'LISTEN "{CHANNEL}"')
            if self.started_at is None:
                cursor.execute(NOW)
                self.started_at = self.latest = cursor.fetchone()[0]
            else:
                cursor.execute(MISSED, [max(self.started_at, self.latest - SLACK)])
                missed = [event for event in map(event_of, cursor.fetchall()) if event.id not in self.handed_on]
                self.hand_on(missed)
        self.listening.set()

    def follow(self, connection):
        """Hand on what comes, until stopped or the connection is lost."""
        while not self.stopping:
            readable, _, _ = select.select([connection, self.waking], [], [], SILENCE_S)
            if not readable:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT")
            connection.poll()
            if connection.notifies:
                payloads = [notify.payload for notify in connection.notifies]
                connection.notifies.clear()
                self.hand_on(self.read(connection, payloads))

    def read(self, connection, payloads):
        """The events that notifications speak of, in their order; rows by one statement. One that was removed meanwhile is left out."""
        ids = [payload for payload in payloads if not payload.startswith("{") and payload not in self.handed_on]
        rows = {}
        if ids:
            with connection.cursor() as cursor:
                cursor.execute(BY_ID, [ids])
                rows = {row[0]: event_of(row) for row in cursor.fetchall()}
        found = []
        for payload in payloads:
            event = Event(**orjson.loads(payload)) if payload.startswith("{") else rows.get(payload)
            if event is not None:
                found.append(event)
        return found

    def hand_on(self, found):
        """Deliver, and remember what was."""
        if not found:
            return
        try:
            self.deliver(found)
        except Exception:
            log.exception("Events could not be delivered.")
        for event in found:
            if event.id is not None:
                self.handed_on[event.id] = event.created_at
                self.latest = max(self.latest, event.created_at)
        if len(self.handed_on) > 1000:
            self.handed_on = {id: date for id, date in self.handed_on.items() if date >= self.latest - SLACK}


def event_of(row):
    """An event of a row of `api_event`."""
    id, name, data, project_id, created_at = row
    return Event(name, data or {}, project_id, id, created_at)
