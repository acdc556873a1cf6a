"""Secrets that live for minutes: reset tokens, one-time codes, steps already used. Kept in `tracker.secret`."""

import secrets
import string
from datetime import timedelta

import sqlalchemy as sa

from zou.platform.db.types import utcnow

KEEP = sa.text(
    """
    WITH expired AS (DELETE FROM tracker.secret WHERE expires_at < :now AND name <> :name)
    INSERT INTO tracker.secret (name, value, expires_at) VALUES (:name, :value, :expires_at)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
    """
)
READ = sa.text("SELECT value FROM tracker.secret WHERE name = :name AND expires_at > :now")
FORGET = sa.text("DELETE FROM tracker.secret WHERE name = :name AND expires_at > :now RETURNING value")

RESET_LIFETIME_S = 2 * 3600
INVITATION_LIFETIME_S = 7 * 24 * 3600


def keep(tx, name, value, lifetime_s):
    """Remember a value under a name, in place of the one before."""
    now = utcnow()
    tx.execute(KEEP, {"name": name, "value": value, "now": now, "expires_at": now + timedelta(seconds=lifetime_s)})


def read(tx, name):
    """The value under a name, or None when there is none or its time is over."""
    return tx.scalar(READ, {"name": name, "now": utcnow()})


def take(tx, name):
    """The value under a name, which is forgotten by that, or None."""
    return tx.scalar(FORGET, {"name": name, "now": utcnow()})


def new_reset_token(tx, person, lifetime_s=RESET_LIFETIME_S):
    """A token with which the person may set a password; it replaces a pending one."""
    token = "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(64))
    keep(tx, reset_name(person), token, lifetime_s)
    return token


def reset_name(person):
    """Where the reset token of a person is kept: by id, because the e-mail may be typed in many ways."""
    return f"reset-token-{person.id}"
