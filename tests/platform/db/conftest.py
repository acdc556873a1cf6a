"""Databases for tests that change the schema or commit: empty ones, and cheap copies of a migrated one."""

import uuid

import pytest
from sqlalchemy import URL, create_engine, text

from zou.platform.db import schema


@pytest.fixture(scope="session")
def make_database(postgres_url):
    """make_database(template=None) -> URL of a new database, empty or a copy of the database `template` names (a URL).

    All of them are dropped at the end of the session.
    """
    admin = create_engine(postgres_url, isolation_level="AUTOCOMMIT")

    made = []

    def make(template: URL | None = None) -> URL:
        name = f"test_{uuid.uuid4().hex[:12]}"
        with admin.connect() as connection:
            copied = (
                f"TEMPLATE {template.database}" if template else "TEMPLATE template0"
            )
            connection.execute(text(f"CREATE DATABASE {name} {copied}"))
        made.append(name)
        return postgres_url.set(database=name)

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
