"""The studio of these tests, in a database of its own, and who asks."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.conftest import SETTINGS
from tests.databases import fresh_database
from tests.permissions.listings.studio import mixed_studio
from zou.app import create_app
from zou.platform.db import db


@pytest.fixture(scope="package")
def studio(postgres_url, tmp_path_factory):
    """The mixed studio, and a connection for requests."""
    folder = tmp_path_factory.mktemp("files")
    with fresh_database(postgres_url) as url:
        folders = {"PREVIEW_FOLDER": str(folder / "previews"), "TMP_DIR": str(folder / "tmp")}
        app = create_app({**SETTINGS, **folders, "SQLALCHEMY_DATABASE_URI": url})
        engine = sa.create_engine(url)
        with app.app_context():
            engines = db.engines
            real = engines[None]
        with Session(engine, expire_on_commit=False) as tx:
            found = mixed_studio(app, tx)
        with real.connect() as connection:
            found.connection, found.engines = connection, engines
            yield found
        real.dispose()
        engine.dispose()


@pytest.fixture
def ask(studio):
    """`ask(who, url, verb="GET", **request)`: the answer to a request of that person; what it wrote is rolled back."""

    def call(who, url, verb="GET", **request):
        outer = studio.connection.begin()
        real, studio.engines[None] = studio.engines[None], studio.connection
        db.session.session_factory.configure(join_transaction_mode="create_savepoint")
        try:
            answer = studio.app.test_client().open(url, method=verb, headers=who.headers, **request)
            answer.get_data()
            return answer
        finally:
            studio.engines[None] = real
            outer.rollback()

    return call
