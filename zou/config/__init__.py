"""Settings: read once from the environment by `load`, then kept in `app.config`."""

import os
from collections.abc import Mapping
from typing import Any

from flask import current_app
from sqlalchemy.engine import URL, make_url

from zou.config.settings import SETTINGS, SUBJECTS, Setting, Value

__all__ = ["SETTINGS", "SUBJECTS", "BadSetting", "Setting", "database_is_configured", "database_url", "load", "require_secret_key", "value"]

YES = {"1", "true", "yes", "on", "y", "t"}
NO = {"0", "false", "no", "off", "n", "f"}


class BadSetting(ValueError):
    """A variable of the environment holds something that cannot be read."""


def load(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """{name: value} of every setting, typed, defaults filled in. Raises BadSetting, which names the variable."""
    return {name: read(setting, environ.get(name)) for name, setting in SETTINGS.items()}


def value(name: str) -> Any:
    """The value of a setting in the running application: what services ask, which know no HTTP."""
    return current_app.config[name]


def read(setting: Setting, given: str | None) -> Value:
    """The value of a setting from its text. An empty text means the default for everything but text (compose files leave blanks)."""
    if given is None:
        return list(setting.default) if isinstance(setting.default, list) else setting.default
    given = given.strip()
    if setting.kind == "text":
        return given or (None if setting.default is None else "")
    if not given:
        return read(setting, None)
    try:
        return PARSERS[setting.kind](given)
    except ValueError as error:
        shown = "" if setting.secret else f", not {given!r}"
        raise BadSetting(f"{setting.name} must be {error}{shown}.") from None


def _switch(given: str) -> bool:
    if given.lower() in YES:
        return True
    if given.lower() in NO:
        return False
    raise ValueError("true or false")


def _integer(given: str) -> int:
    try:
        return int(given)
    except ValueError:
        raise ValueError("a whole number") from None


def _number(given: str) -> float:
    try:
        return float(given)
    except ValueError:
        raise ValueError("a number") from None


def _entries(given: str) -> list[str]:
    return [entry.strip() for entry in given.split(";") if entry.strip()]


PARSERS = {"switch": _switch, "integer": _integer, "number": _number, "list": _entries}


def database_is_configured(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the environment names a database; if not, commands and `zou run` use the embedded one."""
    return any(name.startswith("DB_") or name == "ZOU_DATABASE_URL" for name in environ if name in SETTINGS)


def database_url(settings: Mapping[str, Any]) -> URL:
    """Address of the database for SQLAlchemy, by psycopg2: ZOU_DATABASE_URL if set, else from DB_*."""
    if settings["ZOU_DATABASE_URL"]:
        return make_url(settings["ZOU_DATABASE_URL"]).set(drivername="postgresql+psycopg2")
    host = settings["DB_HOST"]
    folder = host.startswith("/")  # libpq takes the folder of a socket where a host is expected, a URL does not
    return URL.create(
        "postgresql+psycopg2",
        username=settings["DB_USERNAME"],
        password=settings["DB_PASSWORD"] or None,
        host=None if folder else host,
        port=int(settings["DB_PORT"]),
        database=settings["DB_DATABASE"],
        query={"host": host} if folder else {},
    )


def require_secret_key(settings: Mapping[str, Any]) -> None:
    """Raise BadSetting when the process would sign tokens with a key that everybody knows (contract/rules/auth.md, section 1)."""
    if settings["SECRET_KEY"] in ("", SETTINGS["SECRET_KEY"].default) and not settings["DEBUG"]:
        raise BadSetting("SECRET_KEY must be set to a long random text of your own (or DEBUG to true while developing).")
