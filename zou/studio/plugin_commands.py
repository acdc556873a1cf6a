"""Commands on plug-ins. Texts and exits: contract/rules/plugins.md."""

import json
import logging
import sys
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from rich.console import Console
from rich.table import Table

from zou.platform.cli import database
from zou.platform.db import db
from zou.platform.plugins import authoring, loading, plugin_folder
from zou.platform.plugins.manifest import PluginError
from zou.studio import plugins

log = logging.getLogger(__name__)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@contextmanager
def refusals():
    """End the command with the reason of a refusal."""
    try:
        yield
    except PluginError as error:
        raise click.ClickException(str(error)) from None


def warn(text):
    click.echo(f"⚠️ [Plugins] {text}")


@click.command("install-plugin")
@click.option("--path", required=True, help="A folder, a zip archive, or the address of an archive or of a git repository.")
@click.option("--force", is_flag=True, help="Do not warn when the version is not newer than the installed one.")
def install_plugin(path, force):
    """Install or upgrade a plug-in: its tables, its files. Its code runs in the server: install only what you trust."""
    with refusals(), database.application():
        settings = current_app.config
        said = plugins.install(db.engine, settings, path, (lambda text: None) if force else warn)
        for route in routes(plugin_folder(settings) / said.id):
            click.echo(f"/api/plugins/{said.id}{route}")
    click.echo(f"✅ [Plugins] Plugin {said.id} installed. Restart the server to apply changes.")


def routes(path):
    """The paths that an installed plug-in adds; none when it cannot be imported, which the server will tell when it starts."""
    loading.forget(path.name)
    try:
        return [route for route, _ in loading.routes_of(loading.import_plugin(path))]
    except Exception:
        log.warning("The plugin %s cannot be imported.", path.name, exc_info=True)
        return []


@click.command("uninstall-plugin")
@click.option("--id", required=True, help="Its id.")
def uninstall_plugin(id):
    """Remove a plug-in with its tables and their rows."""
    with refusals(), database.application():
        plugins.uninstall(db.engine, current_app.config, id, warn)
    click.echo(f"✅ [Plugins] Plugin {id} uninstalled. Restart the server to apply changes.")


@click.command("list-plugins")
@click.option("--format", "output_format", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--verbose", is_flag=True, help="All columns.")
@click.option("--filter-field", type=click.Choice(list(plugins.FILTERS)), help="Column to search in.")
@click.option("--filter-value", help="Part of its text, in any case.")
@database.with_transaction
def list_plugins(output_format, verbose, filter_field, filter_value):
    """List the installed plug-ins."""
    found = plugins.listing(db.session, verbose, filter_field, filter_value)
    if not found:
        click.echo("No plugins found matching the criteria.")
    elif output_format == "json":
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        table = Table(*found[0])
        for row in found:
            table.add_row(*row.values())
        Console(width=None if sys.stdout.isatty() else 400, highlight=False, markup=False).print(table)


@click.command("create-plugin-skeleton")
@click.option("--path", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder in which the plug-in's is made.")
@click.option("--id", required=True, help="Its id: module, folder and part of its URLs.")
@click.option("--name", default="MyPlugin", show_default=True)
@click.option("--description", default="My plugin description.", show_default=True)
@click.option("--version", default="0.1.0", show_default=True, help="Semantic version.")
@click.option("--maintainer", default="Author <author@author.com>", show_default=True)
@click.option("--website", default="mywebsite.com", show_default=True)
@click.option("--license", default="GPL-3.0-only", show_default=True, help="SPDX identifier.")
@click.option("--icon", help="Name of a lucide icon.")
@click.option("--force", is_flag=True, help="Replace a folder that is there.")
def create_plugin_skeleton(path, force, **said):
    """Make the files of a new plug-in, with a route, a table and a page."""
    with refusals():
        target = authoring.create_skeleton(path, said, force)
    click.echo(f"Plugin file tree skeleton created in '{target}'.")


@click.command("create-plugin-package")
@click.option("--path", required=True, type=FOLDER, help="Folder of the plug-in.")
@click.option("--output-path", required=True, type=click.Path(path_type=Path), help="The archive, or the folder for <id>-<version>.zip.")
@click.option("--force", is_flag=True, help="Replace an archive that is there.")
def create_plugin_package(path, output_path, force):
    """Pack a plug-in as the archive that install-plugin takes."""
    with refusals():
        target = authoring.create_package(path.resolve(), output_path, force)
    click.echo(f"Plugin package created in '{target}'.")


@click.command("migrate-plugin-db")
@click.option("--path", required=True, type=FOLDER, help="Folder of the plug-in.")
@click.option("--message", default="", help="What the revision is for.")
def migrate_plugin_db(path, message):
    """Write a revision file from the difference between a plug-in's models and the database."""
    with refusals(), database.application(), db.engine.begin() as connection:
        authoring.migrate(connection, path.resolve(), message)
    click.echo(f"Plugin {path} database migrated.")
