"""The databases of the tests: one PostgreSQL server for the run, one database for each worker.

TEST_DATABASE_URL names a server on which databases may be created; without it the run brings an embedded one.
"""

import contextlib
import os
import shutil
import tempfile
import uuid

import pytest
import sqlalchemy as sa

from zou.platform.db import db, schema
from zou.platform.db.embedded import EmbeddedServer

started = {}


def pytest_configure(config):
    """Start the embedded server in the process that leads the run; its workers inherit the address."""
    if hasattr(config, "workerinput") or os.environ.get("TEST_DATABASE_URL") or config.option.collectonly:
        return
    started["folder"] = tempfile.mkdtemp(prefix="zou-tests-")
    started["server"] = EmbeddedServer(started["folder"], database="postgres").start()
    os.environ["TEST_DATABASE_URL"] = started["server"].url().render_as_string(hide_password=False)


def pytest_unconfigure(config):
    """Stop the server that this run started."""
    if started:
        del os.environ["TEST_DATABASE_URL"]
        started.pop("server").stop()
        shutil.rmtree(started.pop("folder"), ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url():
    """Address of a PostgreSQL server on which tests may create databases."""
    return sa.engine.make_url(os.environ["TEST_DATABASE_URL"]).set(drivername="postgresql+psycopg2")


@pytest.fixture(scope="session")
def database_url(postgres_url):
    """Address of a fresh database, made by the migrations, of this worker alone."""
    with fresh_database(postgres_url) as url:
        yield url


@contextlib.contextmanager
def fresh_database(postgres_url):
    """The address of a new database, made by the migrations, which is dropped at the end."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    server = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    engine = sa.create_engine(postgres_url.set(database=name))
    schema.upgrade(engine)
    engine.dispose()
    try:
        yield postgres_url.set(database=name)
    finally:
        with server.connect() as connection:
            connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        server.dispose()


def close(app):
    """End what an application holds of its database: its session, its connections, and the thread that hears of events."""
    app.extensions["stream"].dispatcher.stop()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
