"""Databases for the tests: one server a session, one migrated database a worker, cheap copies for tests that commit."""

import os
import shutil
import tempfile
from itertools import count

import pytest
from sqlalchemy import URL, create_engine, make_url, text

from zou.platform.db import schema


@pytest.fixture(scope="session")
def database_server():
    """The URL of a server we may create databases on: TEST_DATABASE_URL, else an embedded one for this session."""
    if "TEST_DATABASE_URL" in os.environ:
        yield make_url(os.environ["TEST_DATABASE_URL"]).set(drivername="postgresql+psycopg2")
        return
    from zou.platform.db.embedded import EmbeddedServer

    folder = tempfile.mkdtemp(prefix="zou-test-")
    try:
        with EmbeddedServer(folder) as server:
            yield server.url("postgres")
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def make_database(database_server):
    """make_database(template=None) -> URL of a new database, empty or a copy of the database `template` names (a URL).

    All of them are dropped at the end of the session.
    """
    admin = create_engine(database_server, isolation_level="AUTOCOMMIT")
    names = (f"test_{os.getpid()}_{number}" for number in count(1))
    made = []

    def make(template: URL | None = None) -> URL:
        name = next(names)
        with admin.connect() as connection:
            copied = f"TEMPLATE {template.database}" if template else "TEMPLATE template0"
            connection.execute(text(f"CREATE DATABASE {name} {copied}"))
        made.append(name)
        return database_server.set(database=name)

    yield make
    with admin.connect() as connection:
        for name in made:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def template_database(make_database):
    """The URL of a migrated database that nobody connects to, to be copied."""
    url = make_database()
    engine = create_engine(url)
    schema.create(engine)
    engine.dispose()
    return url


@pytest.fixture(scope="session")
def database_url(make_database, template_database):
    """The URL of this worker's migrated database. Tests roll back what they do in it."""
    return make_database(template_database)


@pytest.fixture
def empty_database(make_database):
    """An engine on a new database without tables."""
    engine = create_engine(make_database())
    yield engine
    engine.dispose()


@pytest.fixture
def fresh_database(make_database, template_database):
    """An engine on a new migrated database, for tests that commit."""
    engine = create_engine(make_database(template_database))
    yield engine
    engine.dispose()
