"""The life of a plug-in in this installation: install or upgrade, list, remove. Rules: contract/rules/plugins.md §4 and §5.

Tables, files and the row in `plugin` change together: the migrations and the row are one transaction, which is committed after the
folder was moved into place, and the old folder comes back when that fails.
"""

import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa

from zou.platform import plugins
from zou.platform.db.types import utcnow
from zou.platform.plugins import hooks, manifest, migrations, source
from zou.platform.plugins.manifest import PluginError
from zou.studio.models import Plugin

TABLE = Plugin.__table__
COLUMNS = {
    "Plugin ID": lambda row: row.plugin_id,
    "Name": lambda row: row.name,
    "Version": lambda row: row.version,
    "Maintainer": lambda row: f"{row.maintainer_name} <{row.maintainer_email}>" if row.maintainer_email else row.maintainer_name,
    "License": lambda row: row.license,
}
MORE_COLUMNS = {
    "Description": lambda row: row.description,
    "Website": lambda row: row.website,
    "Icon": lambda row: row.icon,
    "Revision": lambda row: row.revision,
    "Installation Date": lambda row: row.created_at and f"{row.created_at:%Y-%m-%d %H:%M:%S}",
    "Last Update": lambda row: row.updated_at and f"{row.updated_at:%Y-%m-%d %H:%M:%S}",
}
FILTERS = {
    "plugin_id": (Plugin.plugin_id,),
    "name": (Plugin.name,),
    "maintainer": (Plugin.maintainer_name, Plugin.maintainer_email),
    "license": (Plugin.license,),
}


def install(engine, settings, path, warn):
    """Install or upgrade a plug-in from what `path` names; returns its manifest and its routes' first part.

    `warn(text)`: told when the version is not newer than the installed one, which is installed all the same. Raises PluginError.
    """
    folder = plugins.plugin_folder(settings)
    with source.staged(path, folder) as (staged, said):
        hooks.call(staged, hooks.PRE_INSTALL, said)
        with engine.begin() as connection:
            present = connection.scalar(sa.select(TABLE.c.version).where(TABLE.c.plugin_id == said.id).with_for_update())
            if present is not None and manifest.order(said.version) <= manifest.order(present):
                warn(f"Version {said.version} of plugin '{said.id}' is not newer than the installed version {present}.")
            revision = migrations.upgrade(connection, staged, said.id)
            write_row(connection, said, revision, present is not None)
            with replaced(folder / said.id, staged):
                connection.commit()
        hooks.call(folder / said.id, hooks.POST_INSTALL, said)
    return said


def write_row(connection, said, revision, is_upgrade):
    """Make or renew the row of a plug-in."""
    values = {**said.columns(), "revision": revision, "updated_at": utcnow()}
    if is_upgrade:
        connection.execute(TABLE.update().where(TABLE.c.plugin_id == said.id).values(values))
    else:
        connection.execute(TABLE.insert().values(values))


@contextmanager
def replaced(target, staged):
    """Put a folder in the place of another, which comes back if the block fails."""
    old = Path(tempfile.mkdtemp(prefix=".replaced-", dir=target.parent))
    if target.exists():
        os.replace(target, old / target.name)
    try:
        shutil.copytree(staged, target)  # the staged one stays until the end: hooks were imported from it
        yield
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        with suppress(FileNotFoundError):
            os.replace(old / target.name, target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def uninstall(engine, settings, id, warn):
    """Remove a plug-in: its tables, its files, its row. Raises PluginError when neither files nor row are there.

    `warn(text)`: told when the manifest cannot be read (its migrations are then left) and when the migrations cannot be undone.
    """
    path = plugins.plugin_folder(settings) / id
    is_folder = manifest.ID.fullmatch(id) is not None and path.is_dir()
    with engine.connect() as connection:
        has_row = connection.scalar(sa.select(sa.exists().where(TABLE.c.plugin_id == id)))
    if not is_folder and not has_row:
        raise PluginError(f"Plugin '{id}' is not installed.")
    if is_folder:
        said = None
        try:
            said = manifest.read(path)
        except PluginError as error:
            warn(str(error))
        hooks.call(path, hooks.PRE_UNINSTALL, said)
        try:
            with engine.begin() as connection:
                migrations.downgrade(connection, path, id)
        except Exception as error:
            warn(f"The tables of plugin '{id}' could not be removed: {error}")
        hooks.call(path, hooks.POST_UNINSTALL, said)
    with engine.begin() as connection:
        connection.execute(TABLE.delete().where(TABLE.c.plugin_id == id))
    if is_folder:
        shutil.rmtree(path)


def listing(tx, verbose=False, field=None, text=None):
    """[{title: value}] of the installed plug-ins by name. `field`, `text`: only those whose field (see FILTERS) holds the text."""
    statement = sa.select(Plugin).order_by(Plugin.name)
    if field and text:
        statement = statement.where(sa.or_(*(column.icontains(text, autoescape=True) for column in FILTERS[field])))
    columns = {**COLUMNS, **(MORE_COLUMNS if verbose else {})}
    return [{title: read(row) or "-" for title, read in columns.items()} for row in tx.scalars(statement)]
