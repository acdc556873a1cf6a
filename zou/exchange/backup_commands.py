"""Commands that back up, restore, move files and adopt an installation. Source: contract/rules/sync-and-backup.md §8 and §9."""

import tempfile
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from sqlalchemy.exc import OperationalError

from zou.exchange import adoption, backup
from zou.platform import storage
from zou.platform.cli import database
from zou.platform.cli.progress import bars
from zou.platform.db import db, schema
from zou.platform.db.tools import ToolFailure
from zou.search import services as search

FILE = click.Path(dir_okay=False, path_type=Path)


@contextmanager
def refusals():
    """End the command with the reason of a refusal."""
    try:
        yield
    except (backup.BackupRefused, ToolFailure, schema.SchemaRefused) as error:
        raise click.ClickException(str(error)) from None
    except OperationalError as error:
        raise click.ClickException(f"The database cannot be reached: {error.orig}") from None


@click.command("dump-database")
@click.option("--store", is_flag=True, help="Put the dump into the file storage instead of the current folder.")
def dump_database(store):
    """Write the database as compressed SQL; files are not in it (see backup)."""
    with refusals(), database.application():
        name = backup.dump_name()
        if not store:
            target = Path(name).resolve()
            backup.dump_database(db.engine, target)
            click.echo(f"Postgres dump created ({target}).")
            return
        with tempfile.TemporaryDirectory() as folder:
            backup.dump_database(db.engine, Path(folder, name))
            storage.store().put("files", "dbbackup", name, Path(folder, name))
        click.echo(f"Postgres dump added to store (dbbackup/{name}).")


@click.command("backup")
@click.argument("archive", type=FILE)
def write_backup(archive):
    """Write one archive of database, files and settings; it holds passwords and keys."""
    with refusals(), database.application(), bars() as progress:
        count = backup.write(db.engine, storage.store(), current_app.config, archive.resolve(), progress)
    click.echo(f"{archive}: database, settings and {count} files.")


@click.command("restore")
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--settings", type=FILE, help="Where to write the settings of the archive; without it they are left out.")
def restore(archive, settings):
    """Bring an archive into an empty database and an empty storage."""
    with refusals(), database.application(), bars() as progress:
        count = backup.restore(db.engine, storage.store(), archive, settings, progress)
        schema.upgrade(db.engine)
    click.echo(f"{archive}: database and {count} files restored.")
    if settings:
        click.echo(f"Its settings are in {settings}.")


@click.command("upload-files-to-cloud-storage")
@click.option("--days", help="Only files of the last days.")
@database.with_transaction
def upload_files_to_cloud_storage(days):
    """Copy the files of the local folder to the object store that the settings name."""
    if days is not None and not days.isdigit():
        raise click.UsageError("--days must be a whole number.")
    check_backend()
    for line in backup.upload(db.session, storage.store(), current_app.config, None if days is None else int(days)):
        click.echo(line)


@click.command("download-storage-files")
@database.with_transaction
def download_storage_files():
    """Copy the files of the object store to the local folder, those that are not there."""
    check_backend()
    for line in backup.download(storage.store(), current_app.config):
        click.echo(line)


def check_backend():
    """End the command when the files are in the local folder anyway."""
    if (current_app.config["FS_BACKEND"] or "local") == "local":
        raise click.ClickException("FS_BACKEND is local: the files are in the local folder already.")


@click.command("adopt")
@click.option("--yes", is_flag=True, help="Do it; without it the command only says what it would do.")
def adopt(yes):
    """Take over the database and the preview folder of an existing installation of Zou 1.0.97."""
    with refusals(), database.application():
        found = adoption.examine(db.engine, storage.store())
        for line in adoption.lines(found):
            click.echo(line)
        if not yes:
            click.echo("\nNothing was changed. `zou adopt --yes` does it.")
            return
        adoption.adopt(db.engine, found)
        for kind, count in search.reset(db.session).items():
            click.echo(f"{count} {kind} indexed")
        db.session.commit()
    click.echo("The installation is taken over. Start the server; the original one can still run on the same database.")
