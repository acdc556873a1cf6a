"""An existing installation of Zou becomes ours: what is there, what will be done, and doing it.

Done is little: our own tables are made, in the schema `tracker`; e-mail addresses get small letters, as both servers compare them. The
tables of the original keep their form and their revision, so that it can go on on the same database.
"""

from dataclasses import dataclass, field

import sqlalchemy as sa

from zou.platform.db import Base, schema
from zou.platform.db.types import TIMEZONES
from zou.platform.storage import BUCKETS
from zou.previews.models import PreviewFile
from zou.previews.services import states

COUNTED = ("person", "project", "entity", "task", "comment", "preview_file", "playlist", "api_event", "plugin")
MIXED = "SELECT id, email FROM person p WHERE email <> lower(email)"
CLASHES = (
    "SELECT email FROM person WHERE lower(email) IN (SELECT lower(email) FROM person GROUP BY 1 HAVING count(*) > 1) ORDER BY lower(email)"
)
SAMPLE = 200


@dataclass
class Found:
    """What an installation is like."""

    database: str
    revision: str
    is_ours: bool  # taken over before
    counts: dict = field(default_factory=dict)  # {table: rows}
    missing: list = field(default_factory=list)  # tables and columns that the schema of that revision has
    foreign: list = field(default_factory=list)  # tables of others
    emails: list = field(default_factory=list)  # [(id, address)] that will get small letters
    clashes: list = field(default_factory=list)  # addresses that differ in their letters' case only
    zones: list = field(default_factory=list)  # [(time zone that nobody knows, persons)]
    files: dict = field(default_factory=dict)  # {bucket: files}
    sampled: int = 0  # newest previews looked at
    absent: int = 0  # of them without their file


def examine(engine, store):
    """What is there; nothing is written. Raises SchemaRefused for a database that cannot be taken over."""
    with engine.connect() as connection:
        revision = schema.check(connection)
        if revision is None:
            raise schema.SchemaRefused("The database is empty: there is nothing to take over. `zou init-db` makes a new installation.")
        found = Found(engine.url.database, revision, schema.has_schema(connection, "tracker"))
        compare(connection, found)
        if found.missing:
            shown = ", ".join(found.missing[:10])
            raise schema.SchemaRefused(
                f"The database says revision {revision} but lacks {shown}. Upgrade it with the original server first."
            )
        found.counts = {table: connection.scalar(sa.text(f'SELECT count(*) FROM public."{table}"')) for table in COUNTED}
        found.clashes = list(connection.scalars(sa.text(CLASHES)))
        found.emails = [tuple(row) for row in connection.execute(sa.text(MIXED)) if row.email not in found.clashes]
        zones = connection.execute(sa.text("SELECT timezone, count(*) FROM person WHERE timezone IS NOT NULL GROUP BY 1 ORDER BY 1"))
        found.zones = [tuple(row) for row in zones if row.timezone not in TIMEZONES]
        newest = sa.select(PreviewFile.id, PreviewFile.extension).where(PreviewFile.status == "ready")
        previews = connection.execute(newest.order_by(PreviewFile.created_at.desc()).limit(SAMPLE)).all()
    found.files = {bucket: sum(1 for _ in store.buckets[bucket].walk()) for bucket in BUCKETS}
    found.sampled = len(previews)
    found.absent = sum(not store.exists(*states.expected(preview)[0], preview.id) for preview in previews)
    return found


def compare(connection, found):
    """Note what the schema lacks, and what is of others."""
    inspector = sa.inspect(connection)
    there = set(inspector.get_table_names("public"))
    for name, table in Base.metadata.tables.items():
        if name.startswith("plugin_"):
            continue
        if name not in there:
            found.missing.append(f"table {name}")
            continue
        columns = {column["name"] for column in inspector.get_columns(name, "public")}
        found.missing += [f"column {name}.{column.name}" for column in table.columns if column.name not in columns]
    found.foreign = sorted(there - set(Base.metadata.tables) - {"alembic_version"})


def lines(found):
    """What is there and what will be done, for the administrator."""
    yield f"Database {found.database}: schema revision {found.revision}, known{'; taken over before' if found.is_ours else ''}."
    yield "Rows: " + ", ".join(f"{count} {table}" for table, count in found.counts.items()) + "."
    yield "Files: " + ", ".join(f"{count} {bucket}" for bucket, count in found.files.items()) + "."
    if found.sampled:
        yield f"Of the {found.sampled} newest previews {found.absent} have no file in this storage."
        if found.absent == found.sampled:
            yield "  Does PREVIEW_FOLDER (or FS_*) name the storage of the original server?"
    if found.foreign:
        yield f"Tables that are not the original server's and are left alone: {', '.join(found.foreign)}."
    for zone, count in found.zones:
        yield f"{count} persons have the time zone {zone!r}, which nobody knows; it is kept."
    for email in found.clashes:
        yield f"The address {email} exists in other letters too; both are kept, and only the one in small letters can sign in."
    yield ""
    yield "Will be done:"
    yield "  - make or upgrade this server's own tables, in the schema `tracker`"
    yield f"  - write {len(found.emails)} e-mail addresses in small letters"
    yield "  - make the search index"
    yield "Stays as it is: every table of the schema `public`, its revision, every file."


def adopt(engine, found):
    """Do it. May be done again at any time. Raises SchemaRefused."""
    schema.upgrade(engine)
    if found.emails:
        with engine.begin() as connection:
            change = sa.text("UPDATE person SET email = lower(email) WHERE id = :id")
            connection.execute(change, [{"id": id} for id, _ in found.emails])
