"""A world that is committed, in a database of its own, and requests each in a transaction of its own, of which nothing stays.

Thousands of savepoints in one transaction, as in the fixtures of other tests, would make PostgreSQL slow.
"""

import contextlib
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from tests.conftest import application_apart
from tests.kept import Comparison
from tests.permissions.cast import people_of, world_of
from zou.platform.db import db


@pytest.fixture(scope="package")
def stage(postgres_url, tmp_path_factory):
    """`app`, `tx`, `world`, `everybody` and `connection`, for all tests of this folder."""
    with application_apart(postgres_url, tmp_path_factory.mktemp("files")) as (app, engine):
        with app.app_context():  # not kept open: requests would share it, and its session
            engines = db.engines
            real = engines[None]
        with Session(engine, expire_on_commit=False) as tx:
            world = world_of(tx)
            everybody = people_of(app, tx, world)
            with real.connect() as connection, Comparison() as kept:
                yield SimpleNamespace(app=app, tx=tx, world=world, everybody=everybody, connection=connection, engines=engines, kept=kept)
            tx.rollback()


@contextlib.contextmanager
def rolled_back(place):
    """Inside: a request, whose transaction is on the connection of `place` and leaves nothing. `place`: has `connection` and `engines`."""
    outer = place.connection.begin()
    real, place.engines[None] = place.engines[None], place.connection
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    try:
        yield
    finally:
        place.engines[None] = real
        outer.rollback()


@pytest.fixture
def ask(stage):
    """`ask(verb, path, who, **request)`: the answer to a request of that person; what it wrote is rolled back."""

    def call(verb, path, who, headers=None, **request):
        with rolled_back(stage):
            return stage.app.test_client().open(path, method=verb, headers=headers or who.headers, **request)

    return call
