"""How often something may be tried: counters in `tracker.secret`, which all processes share."""

from datetime import timedelta

import sqlalchemy as sa

from zou.platform.db.types import utcnow

COUNT = sa.text(
    """
    INSERT INTO tracker.secret (name, value, expires_at) VALUES (:name, '1', :expires_at)
    ON CONFLICT (name) DO UPDATE SET
        value = CASE WHEN secret.expires_at > :now THEN (CAST(secret.value AS int) + 1)::text ELSE '1' END,
        expires_at = CASE WHEN secret.expires_at > :now THEN secret.expires_at ELSE excluded.expires_at END
    RETURNING CAST(value AS int)
    """
)
READ = sa.text("SELECT CAST(value AS int) FROM tracker.secret WHERE name = :name AND expires_at > :now")


def count(tx, name, window_s):
    """How often this happened since the first time, this one included; forgotten `window_s` after the first. Waits for who counts now."""
    now = utcnow()
    return tx.scalar(COUNT, {"name": name, "now": now, "expires_at": now + timedelta(seconds=window_s)})


def counted(tx, name):
    """How often it happened so far."""
    return tx.scalar(READ, {"name": name, "now": utcnow()}) or 0
