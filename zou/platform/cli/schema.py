"""Commands on the schema. Texts and exits: contract/rules/cli.md."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from zou.platform.cli import database
from zou.platform.db import schema


@contextmanager
def engine() -> Iterator[Engine]:
    """The engine; a refusal or an unreachable database ends the command with its reason."""
    with database.engine() as made:
        try:
            yield made
        except schema.SchemaRefused as refusal:
            raise click.ClickException(str(refusal)) from None
        except OperationalError as error:
            raise click.ClickException(f"The database cannot be reached: {error.orig}") from None


@click.command("init-db")
def init_db() -> None:
    """Create the schema."""
    click.echo("Creating database and tables...")
    with engine() as made:
        schema.create(made)
    click.echo("Database and tables created.")


@click.command("is-db-ready")
def is_db_ready() -> None:
    """Tell whether the schema and the initial data are there; exit 1 when they are not."""
    with engine() as made:
        ready = schema.is_ready(made)
    if not ready:
        click.echo("Database is not initialized. Run 'zou init-db' and 'zou init-data'.")
        raise SystemExit(1)
    click.echo("Database is initialized.")


@click.command("upgrade-db")
@click.option("--no-telemetry", is_flag=True, help="Accepted; nothing is ever sent.")
def upgrade_db(no_telemetry: bool) -> None:
    """Bring the schema to the newest revision; adopts the database of an existing installation."""
    with engine() as made:
        schema.upgrade(made)


@click.command("downgrade-db")
@click.option("--revision", default="-1", show_default=True)
def downgrade_db(revision: str) -> None:
    """Take the schema back to a revision."""
    with engine() as made:
        schema.downgrade(made, revision)


@click.command("migrate-db")
@click.option("--message", default="")
def migrate_db(message: str) -> None:
    """Write a revision file from the difference between models and database (for development)."""
    from alembic import command

    from zou.domains import import_models

    import_models()
    with engine() as made, made.begin() as connection:
        command.revision(schema.configuration(connection), message=message, autogenerate=True)


@click.command("stamp-db")
@click.option("--revision")
def stamp_db(revision: str | None) -> None:
    """Record a revision without running it."""
    with engine() as made:
        schema.stamp(made, revision)


@click.command("reset-migrations")
def reset_migrations() -> None:
    """Record that no revision has run."""
    with engine() as made:
        schema.reset_migrations(made)


@click.command("clear-db")
def clear_db() -> None:
    """Drop every table."""
    click.echo("Deleting database and tables...")
    with engine() as made:
        schema.clear(made)
    click.echo("Database and tables deleted.")


@click.command("reset-db")
def reset_db() -> None:
    """Drop every table and create them again, empty."""
    click.echo("Deleting database and tables...")
    with engine() as made:
        schema.clear(made)
        click.echo("Database and tables deleted.")
        schema.create(made)
    click.echo("Database and tables created.")
