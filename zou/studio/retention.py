"""How long logs are kept. Rules: contract/rules/events.md §3, Retention."""

import datetime

import sqlalchemy as sa

from zou.platform.db import Base
from zou.platform.db.types import utcnow

KEPT = {"events": "api_event", "login logs": "login_log", "notifications": "notification"}


def remove_older_than(tx, days):
    """Remove what is older than so many days; yields (what, how many) for each table as it is done."""
    limit = utcnow() - datetime.timedelta(days=days)
    for label, name in KEPT.items():
        table = Base.metadata.tables[name]
        yield label, tx.execute(sa.delete(table).where(table.c.created_at < limit)).rowcount
