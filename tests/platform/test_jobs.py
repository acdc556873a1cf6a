"""A job exists if and only if the change that asked for it does, and a worker runs it in a transaction of its own."""

import uuid

import pytest
from sqlalchemy import text

from zou.app import create_app
from zou.platform import jobs
from zou.platform.db import db
from zou.platform.jobs import upkeep, worker

SETTINGS = {"SECRET_KEY": "a secret of the tests, long enough for HS256"}


@jobs.task("tests.note")
def note(tx, secret_id):
    """Leave a row that tells that the job ran."""
    tx.execute(text("insert into tracker.secret (name, value) values (:name, 'ran')"), {"name": secret_id})


@jobs.task("tests.fail")
def fail(tx, secret_id):
    """Write a row, then fail."""
    tx.execute(text("insert into tracker.secret (name, value) values (:name, 'half')"), {"name": secret_id})
    raise RuntimeError("on purpose")


@pytest.fixture
def served(database_url):
    """An application whose commits are real, unlike those of `app`: a worker must see them."""
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": database_url})
    with app.app_context():
        yield app
        db.session.rollback()
        for table in ("procrastinate_jobs", "secret", "revoked_token"):
            db.session.execute(text(f"truncate tracker.{table} cascade"))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def queued():
    """(task, arguments) of the jobs that are waiting, as another session sees them."""
    with db.engine.connect() as connection:
        rows = connection.execute(text("select task_name, args from tracker.procrastinate_jobs where status = 'todo'"))
        return [tuple(row) for row in rows]


def secrets():
    """{name: value} of the rows that jobs left."""
    with db.engine.connect() as connection:
        return dict(map(tuple, connection.execute(text("select name, value from tracker.secret"))))


def test_a_job_exists_once_its_transaction_commits(served):
    name = uuid.uuid4()
    jobs.defer(db.session, note, secret_id=name)
    assert queued() == []
    db.session.commit()
    assert queued() == [("tests.note", {"secret_id": str(name)})]


def test_a_rolled_back_job_never_was(served):
    jobs.defer(db.session, note, secret_id="never")
    db.session.rollback()
    assert queued() == []
    worker.run(served, wait=False)
    assert secrets() == {}


def test_a_worker_runs_what_is_queued_and_commits_it(served):
    jobs.defer(db.session, note, secret_id="one")
    jobs.defer(db.session, note, secret_id="two")
    db.session.commit()
    worker.run(served, wait=False)
    assert secrets() == {"one": "ran", "two": "ran"}
    assert queued() == []


def test_a_job_that_fails_leaves_nothing(served):
    jobs.defer(db.session, fail, secret_id="half")
    db.session.commit()
    worker.run(served, wait=False)
    assert secrets() == {}
    with db.engine.connect() as connection:
        assert connection.scalars(text("select status from tracker.procrastinate_jobs")).all() == ["failed"]


def test_a_job_may_wait(served):
    jobs.defer(db.session, note, schedule_in={"hours": 1}, secret_id="later")
    db.session.commit()
    worker.run(served, wait=False)
    assert secrets() == {}


def test_only_what_has_expired_is_purged(served):
    for table, key in (("revoked_token", "jti"), ("secret", "name")):
        insert = text(
            f"insert into tracker.{table} ({key}, expires_at) values (:key, now() at time zone 'utc' + make_interval(hours => :hours))"
        )
        db.session.execute(insert, [{"key": "past", "hours": -1}, {"key": "future", "hours": 1}])
    db.session.execute(text("insert into tracker.secret (name) values ('kept')"))
    db.session.commit()
    jobs.defer(db.session, upkeep.purge_expired)
    db.session.commit()
    worker.run(served, wait=False)
    assert set(secrets()) == {"future", "kept"}
    with db.engine.connect() as connection:
        assert connection.scalars(text("select jti from tracker.revoked_token")).all() == ["future"]
