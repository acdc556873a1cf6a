"""The database of a command: the one that the environment names, else the embedded one of the data folder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, Engine
from sqlalchemy.pool import NullPool

from zou import config
from zou.platform.cli import make_app


def data_folder(settings: dict[str, Any]) -> Path:
    """The data folder: ZOU_DATA, else `zou` among the user's application data."""
    if settings["ZOU_DATA"]:
        return Path(settings["ZOU_DATA"]).expanduser().resolve()
    import platformdirs

    return Path(platformdirs.user_data_dir("zou"))


@contextmanager
def database() -> Iterator[URL]:
    """Address of the database, running inside. What is wrong with it ends the command with a message."""
    settings = load_settings()
    if config.database_is_configured():
        yield config.database_url(settings)
        return
    from zou.platform.db.embedded import EmbeddedError, attached_or_owned

    try:
        with attached_or_owned(data_folder(settings), settings["DB_DATABASE"]) as url:
            yield url
    except EmbeddedError as error:
        raise click.ClickException(str(error)) from None


def load_settings() -> dict[str, Any]:
    """The settings; one that cannot be read ends the command with a message that names it."""
    from zou.platform import log

    try:
        settings = config.load()
    except config.BadSetting as error:
        raise click.ClickException(str(error)) from None
    log.configure("warning" if settings["ZOU_LOG_LEVEL"] == "info" else settings["ZOU_LOG_LEVEL"], settings["ZOU_LOG_FORMAT"])
    return settings


@contextmanager
def engine() -> Iterator[Engine]:
    """An engine on the command's database, for what needs no application."""
    with database() as url:
        made = create_engine(url, poolclass=NullPool)
        try:
            yield made
        finally:
            made.dispose()


@contextmanager
def application() -> Iterator[None]:
    """Inside, the application is there, on the command's database."""
    with database() as url:
        from zou.platform.db import db

        app = make_app({"SQLALCHEMY_DATABASE_URI": url})
        with app.app_context():
            try:
                yield
            finally:
                db.session.remove()
                db.engine.dispose()


def with_transaction(command: Callable) -> Callable:
    """Run a command in the application and commit what it did; an exit or an error rolls it back."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> Any:
        with application():
            from zou.platform.db import db

            result = command(*arguments, **options)
            db.session.commit()
            return result

    return run
