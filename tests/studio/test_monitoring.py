"""Metrics for Prometheus and reports to Sentry."""

import functools
import time
import urllib.request

import pytest
import sentry_sdk
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families
from sentry_sdk.transport import Transport

from tests.conftest import SETTINGS, token_of
from tests.processes import free_port, spawn  # noqa: F401  (fixtures)
from zou.app import create_app
from zou.people.models import Person
from zou.platform import reporting
from zou.platform.db import db
from zou.platform.storage import store

METRICS = {"PROMETHEUS_METRICS_ENABLED": True}


@pytest.fixture
def made(database_url, tmp_path):
    """made(**settings) -> (application, its client with an administrator's token, and without)."""
    started = []

    def make(**settings):
        app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": database_url, "PREVIEW_FOLDER": str(tmp_path), **settings})
        started.append(app)
        with app.app_context():
            person = Person(first_name="Ada", last_name="M", email=f"monitor{len(started)}@studio.example", role="admin", password=b"")
            db.session.add(person)
            db.session.commit()
            headers = {"Authorization": f"Bearer {token_of(app, person)}"}
        return app, functools.partial(app.test_client().get, headers=headers), app.test_client().get

    yield make
    for app in started:
        with app.app_context():
            db.session.execute(sa.delete(Person).where(Person.email.like("monitor%")))
            db.session.commit()
            db.engine.dispose()


def values(text):
    """{(name, labels without order): value} of a page of metrics."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_storage_and_queue_are_measured_for_administrators(made, tmp_path):
    app, admin, anybody = made(**METRICS)
    assert anybody("/metrics").status_code == 401
    assert admin("/data/projects/nonsense").status_code == 400
    with app.app_context():
        db.session.execute(sa.text("insert into tracker.procrastinate_workers default values"))
        db.session.commit()
        (tmp_path / "source").write_bytes(b"12345")
        store().put("pictures", "originals", "0" * 8 + "-0000-4000-8000-000000000000", tmp_path / "source")
    found = values(admin("/metrics").text)
    route = {"method": "GET", "url_rule": "/data/projects/<instance_id>", "status": "400"}
    assert found["zou_http_request_total", frozenset(route.items())] == 1
    assert found["zou_http_request_duration_seconds_count", frozenset(route.items())] == 1
    assert found["zou_info", frozenset({("version", "1.0.97")})] == 1
    assert found["zou_http_request_inflight", frozenset({("method", "GET"), ("path", "/metrics")})] == 1
    place = {("op", "put"), ("bucket", "pictures")}
    assert found["zou_storage_operations_total", frozenset(place | {("status", "ok")})] == 1
    assert found["zou_storage_bytes_total", frozenset(place)] == 5
    seen = found["zou_rq_scheduler_last_seen_timestamp_seconds", frozenset({("queue", "default")})]
    assert abs(seen - time.time()) < 60
    with app.app_context():
        db.session.execute(sa.text("delete from tracker.procrastinate_workers"))
        db.session.commit()


def test_there_are_no_metrics_without_the_setting(client):
    assert client.get("/metrics").status_code == 404


def test_several_processes_are_measured_together(spawn, database_url, free_port, tmp_path):  # noqa: F811
    with_metrics = free_port + 1 if free_port < 65000 else free_port - 1
    process = spawn(
        "-m", "gunicorn", "-c", "config/gunicorn.conf.py", "zou.app:app",
        ZOU_DATABASE_URL=database_url.render_as_string(hide_password=False), SECRET_KEY=SETTINGS["SECRET_KEY"],
        BIND=f"127.0.0.1:{free_port}",
        WEB_CONCURRENCY="2", PROMETHEUS_METRICS_ENABLED="true", PROMETHEUS_MULTIPROC_DIR=str(tmp_path / "metrics"),
        METRICS_BIND=f"127.0.0.1:{with_metrics}", ZOU_LOG_LEVEL="error",
    )  # fmt: skip
    deadline = time.monotonic() + 40
    answered = 0
    while answered < 20:
        assert time.monotonic() < deadline and process.poll() is None
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{free_port}/", timeout=10) as answer:
                answered += answer.status == 200
        except OSError:
            time.sleep(0.1)
    with urllib.request.urlopen(f"http://127.0.0.1:{with_metrics}/", timeout=10) as answer:
        found = values(answer.read().decode())
    assert found["zou_http_request_total", frozenset({("method", "GET"), ("url_rule", "/"), ("status", "200")})] >= 20
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"http://127.0.0.1:{free_port}/metrics", timeout=10)
    process.terminate()
    assert process.wait(40) == 0


class Kept(Transport):
    """A transport that keeps the events."""

    events = []

    def capture_envelope(self, envelope):
        self.events.extend(item.payload.json for item in envelope.items if item.type == "event")


@pytest.fixture
def reported(made, monkeypatch):
    """The client of an application that reports, and the reports."""
    monkeypatch.setattr(Kept, "events", [])
    monkeypatch.setattr(reporting, "start", functools.partial(reporting.start, transport=Kept))
    _app, admin, anybody = made(
        SENTRY_ENABLED=True, SENTRY_DSN="http://key@127.0.0.1:1/1", SENTRY_SR=0.0, SENTRY_DEBUG_URL="/sentry-debug", TESTING=False
    )
    yield admin, anybody, Kept.events
    sentry_sdk.init()


def test_a_fault_is_reported_without_secrets(reported):
    admin, _anybody, events = reported
    answer = admin("/sentry-debug?token=topsecret", headers={"Cookie": "access_token_cookie=topsecret"})
    assert answer.status_code == 500
    assert answer.json == {"error": True, "message": "Internal server error."}
    [event] = events
    assert event["exception"]["values"][-1]["type"] == "TriedReport"
    assert event["transaction"] == "/sentry-debug"
    assert event["release"] == "zou@1.0.97"
    assert "topsecret" not in str(event)


def test_refusals_are_not_reported(reported):
    admin, anybody, events = reported
    for ask, path, status in ((anybody, "/data/projects", 401), (admin, "/nothing", 404), (admin, "/data/projects/nonsense", 400)):
        assert ask(path).status_code == status
    assert events == []


def test_without_the_setting_there_is_no_page_that_fails(client):
    assert client.get("/sentry-debug").status_code == 404
