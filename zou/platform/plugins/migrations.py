"""The revisions of a plug-in's tables, recorded in `alembic_version_<id>`. The environment and the template are the server's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import MetaData, text
from sqlalchemy.engine import Connection

from zou.platform.db import schema
from zou.platform.plugins.manifest import PluginError


def folder_of(plugin: Path) -> Path:
    """Where a plug-in keeps its revision files."""
    return plugin / "migrations" / "versions"


def configuration(plugin: Path, id: str, connection: Connection | None = None, metadata: MetaData | None = None) -> Config:
    """The settings with which Alembic runs the revisions of a plug-in."""
    config = Config()
    config.set_main_option("script_location", escaped(schema.folder("plugin")))
    config.set_main_option("version_locations", escaped(folder_of(plugin)))
    config.set_main_option("path_separator", "newline")  # a path may hold spaces and colons
    config.attributes.update(connection=connection, plugin_id=id, metadata=metadata)
    return config


def escaped(path: Path) -> str:
    """A path as ConfigParser takes it, for which a percent sign starts an interpolation."""
    return str(path).replace("%", "%%")


def upgrade(connection: Connection, plugin: Path, id: str) -> str | None:
    """Run the revisions that are missing; returns the newest one, None without any. Raises PluginError."""
    with told(id):
        config = configuration(plugin, id, connection)
        newest = ScriptDirectory.from_config(config).get_current_head() if folder_of(plugin).is_dir() else None
        if newest is not None:
            command.upgrade(config, "head")
        return newest


def downgrade(connection: Connection, plugin: Path, id: str) -> None:
    """Undo all revisions and forget the plug-in's version table. Raises PluginError."""
    with told(id):
        if folder_of(plugin).is_dir():
            command.downgrade(configuration(plugin, id, connection), "base")
        connection.execute(text(f'DROP TABLE IF EXISTS public."alembic_version_{id}"'))


def generate(connection: Connection, plugin: Path, id: str, metadata: MetaData, message: str) -> list[Any]:
    """Write a revision file from the difference between the plug-in's models and the database; returns it in a list."""
    folder_of(plugin).mkdir(parents=True, exist_ok=True)
    with told(id):
        made = command.revision(
            configuration(plugin, id, connection, metadata), message=message, autogenerate=True, version_path=str(folder_of(plugin))
        )
    return [made] if made is not None and not isinstance(made, list) else list(made or [])


@contextmanager
def told(id: str) -> Iterator[None]:
    """Turn Alembic's complaints about the revision files into ours."""
    try:
        yield
    except CommandError as error:
        raise PluginError(f"The migrations of plugin '{id}' cannot run: {error}") from error
