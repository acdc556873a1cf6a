"""A world that is committed, in a database of its own, and requests each in a transaction of its own, of which nothing stays.

Thousands of savepoints in one transaction, as in the fixtures of other tests, would make PostgreSQL slow.
"""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.conftest import SETTINGS
from tests.databases import close, fresh_database
from tests.kept import Comparison
from tests.permissions.cast import people_of, world_of
from zou.app import create_app
from zou.platform.db import db


@pytest.fixture(scope="package")
def stage(postgres_url, tmp_path_factory):
    """`app`, `tx`, `world`, `everybody` and `connection`, for all tests of this folder."""
    folder = tmp_path_factory.mktemp("files")
    with fresh_database(postgres_url) as url:
        folders = {"PREVIEW_FOLDER": str(folder / "previews"), "TMP_DIR": str(folder / "tmp")}
        app = create_app({**SETTINGS, **folders, "SQLALCHEMY_DATABASE_URI": url})
        engine = sa.create_engine(url)
        with app.app_context():  # not kept open: requests would share it, and its session
            engines = db.engines
            real = engines[None]
        with Session(engine, expire_on_commit=False) as tx:
            world = world_of(tx)
            everybody = people_of(app, tx, world)
            with real.connect() as connection, Comparison() as kept:
                yield SimpleNamespace(app=app, tx=tx, world=world, everybody=everybody, connection=connection, engines=engines, kept=kept)
            tx.rollback()
        engine.dispose()
        close(app)


@pytest.fixture
def ask(stage):
    """`ask(verb, path, who, **request)`: the answer to a request of that person; what it wrote is rolled back."""

    def call(verb, path, who, headers=None, **request):
        outer = stage.connection.begin()
        real, stage.engines[None] = stage.engines[None], stage.connection
        db.session.session_factory.configure(join_transaction_mode="create_savepoint")
        try:
            return stage.app.test_client().open(path, method=verb, headers=headers or who.headers, **request)
        finally:
            stage.engines[None] = real
            outer.rollback()

    return call
