"""Settings that all processes share, in `tracker.secret`: changed with `zou reload-config`, without a restart.

They are written from the environment when a web process starts and by `zou reload-config`, and read first; where one is missing, the
environment of the process holds. Keys: contract/rules/errors-and-index.md §5.
"""

import logging
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

SHARED = {
    "user_limit": "USER_LIMIT",
    "default_timezone": "DEFAULT_TIMEZONE",
    "default_locale": "DEFAULT_LOCALE",
    "nomad_host": "JOB_QUEUE_NOMAD_HOST",
    "nomad_normalize_job": "JOB_QUEUE_NOMAD_NORMALIZE_JOB",
    "nomad_playlist_job": "JOB_QUEUE_NOMAD_PLAYLIST_JOB",
    "nomad_tile_job": "JOB_QUEUE_NOMAD_TILE_JOB",
}
PREFIX = "config:"

secret = sa.table("secret", sa.column("name"), sa.column("value"), sa.column("expires_at"), schema="tracker")
WRITE = sa.text(
    """
    INSERT INTO tracker.secret (name, value, expires_at) VALUES (:name, :value, NULL)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value, expires_at = NULL WHERE secret.value IS DISTINCT FROM excluded.value
    """
)


def write(tx: Session | sa.Connection, settings: Mapping[str, Any]) -> dict[str, str]:
    """Make the shared values those of `settings`; returns them by key."""
    values = {key: written(settings[name]) for key, name in SHARED.items()}
    for key, value in values.items():
        tx.execute(WRITE, {"name": PREFIX + key, "value": value})
    return values


def share(engine: sa.Engine, settings: Mapping[str, Any]) -> None:
    """Write the shared values when a process starts; a database that is away or has no schema yet is no reason not to start."""
    try:
        with engine.begin() as connection:
            write(connection, settings)
    except sa.exc.SQLAlchemyError as error:
        log.warning("the shared settings could not be written: %s", str(error).splitlines()[0])
    finally:
        engine.dispose()  # connections must not be shared with the processes that are forked from this one


def written(value: Any) -> str:
    """A setting as it is kept and compared."""
    return "" if value is None else str(value)


def stored(tx: Session | sa.Connection) -> dict[str, str]:
    """The shared values by key, those never written absent."""
    rows = tx.execute(sa.select(secret.c.name, secret.c.value).where(secret.c.name.in_([PREFIX + key for key in SHARED])))
    return {name.removeprefix(PREFIX): value for name, value in rows}


def text_of(key: str, settings: Mapping[str, Any]) -> sa.ColumnElement[str]:
    """SQL: the shared value of a key, else that of `settings`."""
    found = sa.select(secret.c.value).where(secret.c.name == PREFIX + key).scalar_subquery()
    return sa.func.coalesce(found, written(settings[SHARED[key]]))


def user_limit(settings: Mapping[str, Any]) -> sa.ColumnElement[int]:
    """SQL: most active persons."""
    return sa.cast(text_of("user_limit", settings), sa.Integer)
