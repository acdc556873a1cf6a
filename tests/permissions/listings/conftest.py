"""The studio of these tests, in a database of its own, and who asks."""

import pytest
from sqlalchemy.orm import Session

from tests.conftest import application_apart
from tests.permissions.conftest import rolled_back
from tests.permissions.listings.studio import mixed_studio
from zou.platform.db import db


@pytest.fixture(scope="package")
def studio(postgres_url, tmp_path_factory):
    """The mixed studio, and a connection for requests."""
    with application_apart(postgres_url, tmp_path_factory.mktemp("files")) as (app, engine):
        with app.app_context():
            engines = db.engines
            real = engines[None]
        with Session(engine, expire_on_commit=False) as tx:
            found = mixed_studio(app, tx)
        with real.connect() as connection:
            found.connection, found.engines = connection, engines
            yield found


@pytest.fixture
def ask(studio):
    """`ask(who, url, verb="GET", **request)`: the answer to a request of that person; what it wrote is rolled back."""

    def call(who, url, verb="GET", **request):
        with rolled_back(studio):
            answer = studio.app.test_client().open(url, method=verb, headers=who.headers, **request)
            answer.get_data()
            return answer

    return call
