"""One archive of an installation: its database, its files, its settings. A tar file that is written and read from front to end.

    backup.json      what made it, when, and the revisions of the schema
    settings.env     the settings that differ from the defaults, secrets included
    database.dump    pg_dump's own format
    files/<bucket>/<key>

The database comes first: a file that arrives meanwhile is in the archive without its row, and no row is without its file.
"""

import gzip
import io
import json
import os
import shutil
import tarfile
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa

from zou import __version__, config
from zou.people.models import Organisation, Person
from zou.platform.db import schema, tools
from zou.platform.db.types import utcnow
from zou.platform.storage import BUCKETS
from zou.platform.storage.backends import LocalBucket
from zou.productions.models import Project

ABOUT, SETTINGS, DATABASE, FILES = "backup.json", "settings.env", "database.dump", "files"
FORMAT = 1


class BackupRefused(Exception):
    """The archive cannot be written or restored; the message says why."""


# --- the dump of the contract ---


def dump_name():
    """The name of a dump, from the local time."""
    return f"zou-db-backup-{time.strftime('%Y-%m-%dT%H:%M:%S')}.sql.gz"


def dump_database(engine, target):
    """Write the database as SQL, compressed, to a path; it is there whole or not at all. Raises ToolFailure."""
    part = target.with_name(f"{target.name}.part")
    try:
        with (
            open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw,
            gzip.GzipFile(fileobj=raw, mode="wb") as packed,
            tools.dump(engine) as reader,
        ):
            shutil.copyfileobj(reader, packed, tools.CHUNK_BYTES)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


# --- the archive ---


def write(engine, store, settings, target, progress=None):
    """Write the archive of an installation to a path; returns the number of its files. Raises ToolFailure.

    `progress(name, count)`: told of the files as they go in. The archive holds passwords and keys: only its owner may read it.
    """
    part, count = target.with_name(f"{target.name}.part"), 0
    try:
        opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(opened, "wb") as raw, tarfile.open(fileobj=raw, mode="w|") as archive:
            add_text(archive, ABOUT, json.dumps(about(engine), indent=2))
            add_text(archive, SETTINGS, settings_text(settings))
            add_database(archive, engine, target.parent)
            for bucket in BUCKETS:
                for key in store.buckets[bucket].walk():
                    count += add_file(archive, store.buckets[bucket], f"{FILES}/{bucket}/{key}", key)
                    if progress:
                        progress("files", count)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    return count


def about(engine):
    """What an archive says of itself."""
    with engine.connect() as connection:
        revisions = {line: schema.read_revision(connection, line) for line in ("public", "tracker")}
    return {"format": FORMAT, "version": __version__, "made_at": utcnow().isoformat(timespec="seconds"), "revisions": revisions}


def settings_text(settings):
    """The settings that differ from the defaults, as lines for a shell; those of this program's processes and the database are not."""
    lines = []
    for name, setting in config.SETTINGS.items():
        value = settings.get(name)
        if value != setting.default and not name.startswith(("DB_", "ZOU_DATA")):
            text = ";".join(value) if isinstance(value, list) else str(value).lower() if isinstance(value, bool) else str(value)
            lines.append(f"{name}={quoted(text)}")
    return "\n".join([*lines, ""])


def quoted(text):
    """A text as a shell and systemd's EnvironmentFile read it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$").replace("`", "\\`") + '"'


def add_database(archive, engine, folder):
    """Add the database. `folder`: where its dump is kept meanwhile, for an entry must say its size first."""
    with tempfile.TemporaryDirectory(dir=folder) as work:
        dumped = Path(work, DATABASE)
        with tools.dump(engine, "--format=custom", "--no-owner", "--no-privileges") as reader, dumped.open("wb") as file:
            shutil.copyfileobj(reader, file, tools.CHUNK_BYTES)
        archive.add(dumped, DATABASE)


def add_text(archive, name, text):
    """Add a small file."""
    content = text.encode()
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = len(content), 0o600, int(time.time())
    archive.addfile(entry, io.BytesIO(content))


def add_file(archive, bucket, name, key):
    """Add a file of the storage; returns 1, or 0 when it went away meanwhile."""
    try:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mtime = bucket.size(key), int(time.time())
        with bucket.open(key) as reader:
            archive.addfile(entry, reader)
    except FileNotFoundError:
        return 0
    return 1


def restore(engine, store, source, settings_target=None, progress=None):
    """Bring an archive into an empty installation; returns the number of its files.

    `settings_target`: where to leave the settings. Raises BackupRefused for a database or storage that holds something, and for what is
    no archive; ToolFailure when the database cannot be restored, which is then as empty as before.
    """
    with engine.connect() as connection:
        if schema.has_tables(connection) or schema.has_schema(connection, "tracker"):
            raise BackupRefused("The database is not empty. An archive is restored into an empty one only: make it with `createdb`.")
    if any(True for bucket in BUCKETS for _ in store.buckets[bucket].walk()):
        raise BackupRefused("The storage is not empty. An archive is restored into an empty one only.")
    count = 0
    try:
        with tarfile.open(source, mode="r|") as archive:
            check(archive)
            for entry in archive:
                content = archive.extractfile(entry)
                if entry.name == SETTINGS and settings_target is not None:
                    with open(os.open(settings_target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                        shutil.copyfileobj(content, file)
                elif entry.name == DATABASE:
                    options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
                    with tools.restore(engine, *options) as writer:
                        shutil.copyfileobj(content, writer, tools.CHUNK_BYTES)
                elif entry.name.startswith(f"{FILES}/"):
                    _, bucket, key = entry.name.split("/", 2)
                    store.buckets[bucket].put(key, content)
                    count += 1
                    if progress:
                        progress("files", count)
    except (tarfile.TarError, EOFError) as error:
        raise BackupRefused(f"{source} is no whole archive of an installation: {error}") from None
    return count


def check(archive):
    """Refuse what is no archive of ours, or one of a newer kind."""
    first = archive.next()
    if first is None or first.name != ABOUT:
        raise BackupRefused("This is no archive of an installation.")
    said = json.load(archive.extractfile(first))
    if said.get("format", 0) > FORMAT:
        raise BackupRefused(f"The archive was made by version {said.get('version')}, which is newer; upgrade this server first.")


# --- between the local folder and an object store ---


def local_buckets(settings):
    """The buckets of the local folder, whose names have no prefix here."""
    root = Path(settings["PREVIEW_FOLDER"] or settings["THUMBNAIL_FOLDER"] or "previews")
    return {bucket: LocalBucket(root / bucket) for bucket in BUCKETS}


def avatar_keys(tx):
    """Keys of the pictures of persons, organisations and productions."""
    rows = sa.union_all(*(sa.select(model.id).where(model.has_avatar.is_(True)) for model in (Person, Organisation, Project)))
    return {f"thumbnails-{id}" for id in tx.scalars(rows)}


def upload(tx, store, settings, days=None):
    """Copy what is in the local folder to the object store; yields a line for each file.

    Files that are there are left, but pictures of persons, organisations and productions. `days`: only files of the last days.
    """
    avatars, since = avatar_keys(tx), time.time() - days * 86400 if days is not None else None
    for bucket, local in local_buckets(settings).items():
        target = store.buckets[bucket]
        for key in local.walk():
            is_avatar = bucket == "pictures" and key in avatars
            if not is_avatar and (target.exists(key) or (since is not None and local.path(key).stat().st_mtime < since)):
                continue
            with local.open(key) as reader:
                target.put(key, reader)
            yield f"{bucket}/{key} uploaded"


def download(store, settings):
    """Copy what is in the object store to the local folder; yields a line for each file. Failures are told, the rest goes on."""
    for bucket, local in local_buckets(settings).items():
        for key in store.buckets[bucket].walk():
            if local.exists(key):
                continue
            try:
                with store.buckets[bucket].open(key) as reader:
                    local.put(key, reader)
            except Exception as error:
                yield f"{bucket}/{key} failed: {error}"
            else:
                yield f"{bucket}/{key} downloaded"
