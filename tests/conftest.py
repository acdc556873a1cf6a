"""Fixtures: one migrated database for each worker, one transaction for each test, and people who ask.

A test and the requests it sends share a connection, whose outer transaction is rolled back at the end; they never share a session, so
that a test cannot see rows that were not committed. Tests run in any order, in parallel.
"""

import contextlib
import functools

import pytest
import sqlalchemy as sa
from flask_jwt_extended import create_access_token
from sqlalchemy.orm import Session

from tests.databases import close, database_url, fresh_database, postgres_url, pytest_configure, pytest_unconfigure  # noqa: F401  (fixtures and hooks)
from tests.making import join_team, make, open_status
from zou.app import create_app
from zou.people.models import Person
from zou.platform.db import db
from zou.productions.models import Project

SETTINGS = {
    "SECRET_KEY": "a secret of the tests, long enough for HS256",
    "BCRYPT_LOG_ROUNDS": 4,
    "MAIL_CHECK_DELIVERABILITY": False,
    "MAIL_ENABLED": False,  # mails leave by threads, which must not use the connection of a test; tests/inbox has none
    "TESTING": True,
}
ROLES = ("admin", "manager", "supervisor", "user", "client", "vendor")


@pytest.fixture(scope="session")
def application(database_url, tmp_path_factory):  # noqa: F811
    """The application on the worker's database; tests use `app`."""
    folder = tmp_path_factory.mktemp("files")
    folders = {"PREVIEW_FOLDER": str(folder / "previews"), "TMP_DIR": str(folder / "tmp")}
    app = create_app({**SETTINGS, **folders, "SQLALCHEMY_DATABASE_URI": database_url})
    yield app
    close(app)


@contextlib.contextmanager
def application_apart(postgres_url, folder):  # noqa: F811
    """(application, engine) on a database of its own: here the transactions are real, and seen by each other. `folder`: for its files."""
    folders = {"PREVIEW_FOLDER": str(folder / "previews"), "TMP_DIR": str(folder / "tmp")}
    with fresh_database(postgres_url) as url:
        app, engine = create_app({**SETTINGS, **folders, "SQLALCHEMY_DATABASE_URI": url}), sa.create_engine(url)
        yield app, engine
        engine.dispose()
        close(app)


@pytest.fixture
def own_application(postgres_url, tmp_path):  # noqa: F811
    """An `application_apart` for one test."""
    with application_apart(postgres_url, tmp_path) as found:
        yield found


@pytest.fixture
def connection(application):
    """The connection of the test and of its requests, in a transaction that is rolled back."""
    with application.app_context():
        engines = db.engines
        engine = engines[None]
    with engine.connect() as connection:
        outer = connection.begin()
        connection.execute(sa.text("delete from tracker.secret where name like 'config:%'"))  # of servers that a test started
        engines[None] = connection
        db.session.session_factory.configure(join_transaction_mode="create_savepoint")
        try:
            yield connection
        finally:
            engines[None] = engine
            outer.rollback()


@pytest.fixture
def app(application, connection):
    """The application, on the connection of this test."""
    return application


@pytest.fixture
def client(app):
    """A client without a token."""
    return app.test_client()


@pytest.fixture
def runner(app):
    """Runs commands of the application."""
    return app.test_cli_runner()


@pytest.fixture
def tx(connection):
    """The test's own session."""
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        yield session


@pytest.fixture(name="make")
def make_rows(tx):
    """`make(Model, **columns)` inserts a row."""
    return functools.partial(make, tx)


@pytest.fixture
def project(tx, make):
    """An open production."""
    return make(Project, project_status_id=open_status(tx).id)


@pytest.fixture
def people(tx, make, project):
    """A person of each role in the team of `project`, by role; and `outsider`, an artist who is not in it."""
    found = {role: make(Person, role=role) for role in ROLES}
    join_team(tx, project, *found.values())
    found["outsider"] = make(Person, role="user")
    return found


@pytest.fixture
def api(app):
    """`api(person, verb, path, **request)`: the answer to a request of that person."""

    def call(person, verb, path, **request):
        headers = dict(request.pop("headers", {}))
        if person is not None:
            headers["Authorization"] = f"Bearer {token_of(app, person)}"
        return app.test_client().open(path, method=verb.upper(), headers=headers, **request)

    return call


def token_of(app, person):
    """An access token of a person."""
    with app.app_context():
        return create_access_token(str(person.id), additional_claims={"identity_type": "person"})


@pytest.fixture
def statements(connection):
    """`with statements() as seen:` collects the SQL statements that the requests inside send."""

    @contextlib.contextmanager
    def collect():
        seen = []

        def note(conn, cursor, statement, parameters, context, executemany):
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK TO")):
                seen.append(statement)

        sa.event.listen(connection, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            sa.event.remove(connection, "before_cursor_execute", note)

    return collect
