"""The life of the schema: create, adopt, upgrade, stamp, clear.

Two lines of revisions, so that the other server can run on the same database:

    public.alembic_version    `migrations/`          exactly the contract's tables
    tracker.alembic_version   `migrations/tracker/`  the tables of our own, in the schema `tracker`

Every function takes an engine, works in one transaction and holds a lock on it, so that processes started together wait for each other.
"""

from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import text

CONTRACT_REVISION = "b8e3d1f6a2c9"
# Any number will do, as long as nothing else on the server locks the same.
LOCK = 0x7A6F75


class SchemaRefused(Exception):
    """The database is not one that this server can take over; the message says what to do."""


def create(engine):
    """Bring an empty database to the newest schema. Raises SchemaRefused as `upgrade` does."""
    upgrade(engine)


def upgrade(engine):
    """Bring a database to the newest schema: an empty one from nothing, one of the contract's server by adding `tracker`.

    Raises SchemaRefused when the database holds tables of another revision, or of none.
    """
    with locked(engine) as connection:
        check(connection)
        command.upgrade(configuration(connection), "head")
        if not has_schema(connection, "tracker"):
            connection.execute(text("CREATE SCHEMA tracker"))
        command.upgrade(configuration(connection, "tracker"), "head")


def check(connection):
    """The recorded revision of the contract's schema, None for an empty database. Raises SchemaRefused for one of another kind."""
    revision = read_revision(connection)
    if revision is None and has_tables(connection):
        raise SchemaRefused(
            "The database holds tables but no schema revision. Give an empty database, or, when its schema is the one of "
            f"version 1.0.97, record that with `zou stamp-db --revision {CONTRACT_REVISION}`."
        )
    if revision is not None and revision not in known_revisions():
        raise SchemaRefused(
            f"The database is at revision {revision}, which this server does not know. "
            "Upgrade it with the original server 1.0.97 (`zou upgrade-db`) first, then come back."
        )
    if revision is not None and not has_table(connection, "person"):
        raise SchemaRefused(f"The database says revision {revision} but has no table person. `zou reset-db` makes it anew.")
    return revision


def clear(engine):
    """Drop everything in the schemas `public` and `tracker`, and leave them empty."""
    with locked(engine) as connection:
        for schema in ("public", "tracker"):
            connection.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
            connection.execute(text(f"CREATE SCHEMA {schema}"))
        connection.execute(text("GRANT USAGE ON SCHEMA public TO PUBLIC"))
        command.stamp(configuration(connection), "base")


def stamp(engine, revision=None):
    """Record a revision of the contract's schema without running it; the newest when none is given."""
    with locked(engine) as connection, refusals():
        command.stamp(configuration(connection), revision or "head")


def downgrade(engine, revision="-1"):
    """Go back to a revision of the contract's schema. Raises SchemaRefused for one that is older than this server knows."""
    with locked(engine) as connection, refusals():
        command.downgrade(configuration(connection), revision)


def reset_migrations(engine):
    """Forget the revision of the contract's schema; the tables stay."""
    stamp(engine, "base")


def current_revision(engine):
    """The recorded revision of the contract's schema, or None."""
    with engine.connect() as connection:
        return read_revision(connection)


def is_ready(engine):
    """Whether the server can work: newest schema on both lines and the project statuses of `zou init-data`."""
    with engine.connect() as connection:
        return (
            read_revision(connection) == head()
            and read_revision(connection, "tracker") == head("tracker")
            and has_table(connection, "person")
            and connection.scalar(text("SELECT count(*) >= 2 FROM public.project_status"))
        )


def folder(line=None):
    """The folder of a line of revisions: beside the package in a checkout, the package `zou_migrations` when installed."""
    beside = Path(__file__).resolve().parents[3] / "migrations"
    if not (beside / "versions" / f"{CONTRACT_REVISION}_contract.sql").exists():
        import zou_migrations  # exists only in an installed distribution

        beside = Path(zou_migrations.__path__[0])
    return beside / line if line else beside


def configuration(connection=None, line=None):
    """The settings Alembic needs to run a line of revisions on a connection."""
    config = Config()
    # Alembic reads the value through ConfigParser, where a percent sign starts an interpolation.
    config.set_main_option("script_location", str(folder(line)).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def head(line=None):
    """The newest revision of a line."""
    return ScriptDirectory.from_config(configuration(line=line)).get_current_head()


def known_revisions():
    """Ids of the revisions of the contract's line."""
    return {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}


def execute_script(connection, sql, search_path="public"):
    """Run a file of SQL statements as it is, on the connection and inside its transaction.

    It goes to the driver without parameters, because its percent signs and colons mean nothing to us.
    """
    before = connection.scalar(text("SELECT current_setting('search_path')"))
    set_search_path = text("SELECT set_config('search_path', :path, true)")
    connection.execute(set_search_path, {"path": search_path})
    with connection.connection.cursor() as cursor:
        cursor.execute(sql)
    connection.execute(set_search_path, {"path": before})


@contextmanager
def locked(engine):
    """A connection in a transaction that no other process changing the schema can enter at the same time."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        connection.execute(text("SET LOCAL search_path = public"))
        yield connection


@contextmanager
def refusals():
    """Turn Alembic's complaint about a revision into ours."""
    try:
        yield
    except CommandError as error:
        raise SchemaRefused(str(error)) from error


def read_revision(connection, schema="public"):
    """The revision recorded in a schema, or None."""
    if not has_table(connection, "alembic_version", schema):
        return None
    return connection.scalar(text(f"SELECT version_num FROM {schema}.alembic_version"))


def has_table(connection, table, schema="public"):
    """Whether a schema has a table of that name."""
    return connection.scalar(text("SELECT to_regclass(:name) IS NOT NULL"), {"name": f"{schema}.{table}"})


def has_schema(connection, schema):
    """Whether the database has a schema of that name."""
    return connection.scalar(text("SELECT to_regnamespace(:name) IS NOT NULL"), {"name": schema})


def has_tables(connection):
    """Whether `public` holds tables other than Alembic's and those of extensions."""
    return connection.scalar(
        text("""
            SELECT EXISTS (
                SELECT 1 FROM pg_class
                WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> 'alembic_version'
                AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
            )
        """)
    )
