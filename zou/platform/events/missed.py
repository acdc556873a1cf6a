"""What a client missed while it was away: it asks when it is back, and is told again, in the order of the log.

    client.call("main:missed", {"since": "2026-11-25T10:00:00"}, namespace="/events")
        -> {"count": 12, "until": "2026-11-25T10:01:07.123456", "complete": true}

Only stored events can be told again. Those of a transaction that was committed late bear an earlier date: `since` is taken a little earlier
than asked, so a client may hear of a change twice, as it may after a short break of the dispatcher.
"""

import datetime

import sqlalchemy as sa

from zou.platform.events.dispatcher import SLACK, event_of
from zou.platform.events.models import ApiEvent

MOST = 1000  # events of one answer; a client that missed more asks again from `until` on


def moment_of(data):
    """The moment that a client names under `since`, in UTC; None for anything else."""
    text = data.get("since") if isinstance(data, dict) else None
    try:
        moment = datetime.datetime.fromisoformat(text)
        return moment.astimezone(datetime.UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (TypeError, ValueError, OverflowError):
        return None


def since(tx, moment):
    """(events stored since a moment less the slack, oldest first, at most MOST; whether these are all)."""
    start = moment - SLACK if moment - datetime.datetime.min > SLACK else moment
    ids = [sa.cast(column, sa.Text) for column in (ApiEvent.id, ApiEvent.project_id)]
    columns = (ids[0], ApiEvent.name, ApiEvent.data, ids[1], ApiEvent.created_at)
    rows = sa.select(*columns).where(ApiEvent.created_at >= start).order_by(ApiEvent.created_at, ApiEvent.id)
    found = tx.execute(rows.limit(MOST + 1)).all()
    return [event_of(row) for row in found[:MOST]], len(found) <= MOST
