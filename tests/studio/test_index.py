"""Status, configuration and totals."""

import socket

import pytest
import sqlalchemy as sa

from tests.making import make
from zou.comments.models import Comment
from zou.people.models import Organisation
from zou.previews.models import PreviewFile
from zou.studio import services
from zou.tasks.models import Task

FLAGS = ("database-up", "key-value-store-up", "event-stream-up", "job-queue-up", "indexer-up")


@pytest.fixture
def silent(app, monkeypatch):
    """No Socket.IO process of its own: a port on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setitem(app.config, "EVENT_STREAM_HOST", "127.0.0.1")
        monkeypatch.setitem(app.config, "EVENT_STREAM_PORT", free.getsockname()[1])
        yield
    app.extensions["stream"].dispatcher.stop()


def test_the_root_tells_the_version_also_to_head(client):
    assert client.get("/").json == {"api": "Zou", "version": "1.0.97"}
    assert client.head("/").status_code == 200


def test_the_status_tells_what_is_up(client, silent, tx):
    found = client.get("/status").json
    assert "zou worker" in found.pop("causes")["job-queue-up"]
    assert found == {"name": "Zou", "version": "1.0.97", **{flag: flag != "job-queue-up" for flag in FLAGS}}
    tx.execute(sa.text("INSERT INTO tracker.procrastinate_workers DEFAULT VALUES"))
    tx.commit()
    assert client.get("/status").json == {"name": "Zou", "version": "1.0.97", **dict.fromkeys(FLAGS, True)}
    tx.execute(sa.text("UPDATE tracker.procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'"))
    tx.commit()
    assert client.get("/status").json["job-queue-up"] is False


def test_the_status_for_people_and_for_time_series(client, silent):
    answer = client.get("/status.txt")
    assert answer.content_type == "text"
    *lines, cause = answer.text.splitlines()
    assert cause.startswith("cause of job-queue-up: ")
    assert lines == [
        "name: Zou",
        "version: 1.0.97",
        "database-up: up",
        "event-stream-up: up",
        "key-value-store-up: up",
        "job-queue-up: down",
        "indexer-up: up",
    ]
    numbers = client.get("/status/influx").json
    assert {flag: numbers[flag] for flag in FLAGS} == {flag: int(flag != "job-queue-up") for flag in FLAGS}
    assert isinstance(numbers["time"], float)


def test_without_database_all_is_down_and_the_status_still_answers(app):
    class Broken:
        def execute(self, *arguments):
            raise sa.exc.OperationalError("probe", {}, Exception("gone"))

        def rollback(self):
            pass

    settings = {"EVENT_STREAM_HOST": "127.0.0.1", "EVENT_STREAM_PORT": 1}
    found = services.status(Broken(), settings, app.extensions["stream"])
    assert {flag: found[flag] for flag in FLAGS} == dict.fromkeys(FLAGS, False)
    assert set(found["causes"]) == set(FLAGS)


def test_a_socket_io_process_of_its_own_is_found(served_port):
    assert services.answers("127.0.0.1", served_port) is True


@pytest.fixture
def served_port(app):
    """The port of a server that answers something."""
    import threading

    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    yield server.server_port
    thread.join(10)
    server.server_close()


def test_the_machine_tells_its_load(client):
    answer = client.get("/status/resources").json
    assert answer.keys() == {"date", "cpu", "memory", "jobs"}
    assert answer["cpu"]["loadavg"].keys() == {"last 1 min", "last 5 min", "last 10 min"}
    assert answer["memory"].keys() == {"total", "used", "available", "percent"}
    assert answer["jobs"] == {"running_jobs": 0}


def test_totals_are_for_administrators(api, people, tx, project):
    task = make(tx, Task, project_id=project.id)
    for extension in ("mp4", "mp4", "png", "obj", "pdf"):
        make(tx, PreviewFile, task_id=task.id, extension=extension)
    make(tx, Comment, object_id=task.id, person_id=people["user"].id)
    assert api(people["admin"], "get", "/stats").json == {
        "number_of_video_previews": 2,
        "number_of_picture_previews": 1,
        "number_of_model_previews": 1,
        "number_of_comments": 1,
    }
    assert api(people["manager"], "get", "/stats").status_code == 403


def test_the_configuration_follows_settings_and_organisation(client, app, make, monkeypatch):
    assert client.get("/config").json["dark_theme_by_default"] is False
    make(Organisation, dark_theme_by_default=True)
    monkeypatch.setitem(app.config, "AUTH_STRATEGY", "auth_remote_ldap")
    monkeypatch.setitem(app.config, "SENTRY_KITSU_ENABLED", True)
    monkeypatch.setitem(app.config, "SENTRY_KITSU_DSN", "https://key@sentry.example/1")
    found = client.get("/config").json
    assert (found["dark_theme_by_default"], found["preview_accounts_enabled"]) == (True, False)
    assert found["sentry"] == {"dsn": "https://key@sentry.example/1", "sampleRate": 0.1}
