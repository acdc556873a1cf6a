"""Movies that workers encode: whatever dies or fails on the way, the preview ends ready or broken with a reason, and its source is kept."""

import errno
import io
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import pytest
import sqlalchemy as sa
from flask_jwt_extended import create_access_token
from sqlalchemy.orm import Session

from tests.making import join_team, make, open_status
from zou.comments.models import Comment
from zou.entities.models import Entity, EntityType
from zou.people.models import Person
from zou.platform import jobs
from zou.platform.db import db
from zou.platform.errors import Unavailable
from zou.platform.jobs import upkeep, worker
from zou.platform.storage.backends import LocalBucket
from zou.previews.models import PreviewFile
from zou.previews.services import normalising
from zou.productions.models import Project
from zou.tasks.models import Task, TaskStatus, TaskType


@pytest.fixture
def studio(own_application):
    """(application with a job queue, engine, its artist's headers, a task, a comment) on a database of its own."""
    app, engine = own_application
    app.config["ENABLE_JOB_QUEUE"] = True
    app.config["MOVIE_ENCODING_PRESET"] = "ultrafast"
    with Session(engine, expire_on_commit=False) as tx:
        project = make(tx, Project, project_status_id=open_status(tx).id, resolution="320x180")
        artist = make(tx, Person, role="admin")
        join_team(tx, project, artist)
        entity = make(tx, Entity, project_id=project.id, entity_type_id=make(tx, EntityType).id)
        status = make(tx, TaskStatus, is_default=True)
        task = make(tx, Task, project_id=project.id, task_type_id=make(tx, TaskType).id, entity_id=entity.id, task_status_id=status.id)
        comment = make(tx, Comment, object_id=task.id, person_id=artist.id, task_status_id=status.id)
    with app.app_context():
        token = create_access_token(str(artist.id), additional_claims={"identity_type": "person"})
    return app, engine, {"Authorization": f"Bearer {token}"}, task, comment


def send(studio, content, name="shot.mov"):
    """The row that the upload of a movie answers."""
    app, _, headers, task, comment = studio
    client = app.test_client()
    added = client.post(f"/actions/tasks/{task.id}/comments/{comment.id}/add-preview", json={}, headers=headers).json
    answer = client.post(f"/pictures/preview-files/{added['id']}", data={"file": (io.BytesIO(content), name)}, headers=headers)
    assert answer.status_code == 201
    return answer.json


def row_of(engine, id):
    with Session(engine) as tx:
        return tx.scalar(sa.select(PreviewFile).where(PreviewFile.id == id))


def movie_files(app):
    folder = Path(app.config["PREVIEW_FOLDER"]) / "movies"
    return sorted(str(path.relative_to(folder)).split("/")[0] for path in folder.rglob("*") if path.is_file())


def test_a_worker_encodes_what_was_uploaded_and_the_source_goes(studio, movie):
    app, engine, headers, *_ = studio
    sent = send(studio, movie)
    assert (sent["status"], sent["extension"], sent["original_name"]) == ("processing", "mp4", "shot")
    assert movie_files(app) == ["source"]
    worker.run(app, wait=False)
    row = row_of(engine, sent["id"])
    assert (row.status, row.width, row.height, row.data["movie_prefixes"]) == ("ready", 320, 180, ["previews", "lowdef"])
    assert movie_files(app) == ["lowdef", "previews"]
    got = app.test_client().get(f"/movies/originals/preview-files/{sent['id']}.mp4", headers=headers)
    assert (got.status_code, len(got.data)) == (200, row.file_size)


def test_what_is_no_movie_is_broken_at_once_and_not_stored(studio):
    app, engine, *_ = studio
    sent = send(studio, b"just a text\n" * 50)
    assert (sent["status"], movie_files(app)) == ("broken", [])
    assert sent["data"] == {"failure": "The movie cannot be read: Invalid data found when processing input"}


def test_a_job_whose_worker_was_killed_is_taken_up_again(studio, movie, spawn, tmp_path):
    app, engine, *_ = studio
    slow = tmp_path / "bin" / "ffmpeg"
    slow.parent.mkdir()
    slow.write_text(f"#!/bin/sh\ntouch {tmp_path}/began\nexec sleep 60\n")
    slow.chmod(0o755)
    sent = send(studio, movie)
    url = engine.url.render_as_string(hide_password=False)
    folders = {name: app.config[name] for name in ("PREVIEW_FOLDER", "TMP_DIR")}
    path = f"{slow.parent}:{os.environ['PATH']}"
    process = spawn("-m", "zou", "worker", ZOU_DATABASE_URL=url, SECRET_KEY="x" * 40, ENABLE_JOB_QUEUE="True", PATH=path, **folders)
    deadline = time.monotonic() + 30
    while not (tmp_path / "began").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert (tmp_path / "began").exists()
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert (row_of(engine, sent["id"]).status, movie_files(app)) == ("processing", ["source"])
    with psycopg2.connect(url.replace("+psycopg2", "")) as connection, connection.cursor() as cursor:  # two minutes pass
        cursor.execute("update tracker.procrastinate_workers set last_heartbeat = now() - interval '10 minutes'")
    with app.app_context():
        jobs.defer(db.session, upkeep.retry_stalled, timestamp=0)
        db.session.commit()
        assert jobs.is_pending(db.session, normalising.lock_of(sent["id"]))
        db.session.remove()
    worker.run(app, wait=False)
    worker.run(app, wait=False)
    assert row_of(engine, sent["id"]).status == "ready"
    assert movie_files(app) == ["lowdef", "previews"]


def test_a_full_disk_breaks_the_preview_with_a_reason_and_keeps_the_source(studio, movie, monkeypatch):
    app, engine, *_ = studio
    sent = send(studio, movie)
    put = LocalBucket.put

    def full(self, key, source):
        if key.startswith("lowdef"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return put(self, key, source)

    monkeypatch.setattr(LocalBucket, "put", full)
    worker.run(app, wait=False)
    row = row_of(engine, sent["id"])
    assert (row.status, "No space left" in row.data["failure"]) == ("broken", True)
    assert movie_files(app) == ["source"]


def test_a_storage_that_is_down_is_tried_again_later(studio, movie, monkeypatch):
    app, engine, *_ = studio
    sent = send(studio, movie)

    def down(self, key, source):
        raise Unavailable()

    with monkeypatch.context() as patched:
        patched.setattr(LocalBucket, "put", down)
        worker.run(app, wait=False)
    assert row_of(engine, sent["id"]).status == "processing"
    with engine.begin() as connection:
        connection.execute(sa.text("set local search_path to tracker, public"))  # for the queue's own triggers
        again = "update procrastinate_jobs set scheduled_at = now() where status = 'todo' returning attempts"
        changed = connection.execute(sa.text(again))
        assert changed.scalars().all() == [1]
    worker.run(app, wait=False)
    assert row_of(engine, sent["id"]).status == "ready"


def test_an_encoding_that_takes_too_long_is_stopped(studio, movie, tmp_path, monkeypatch):
    app, engine, *_ = studio
    slow = tmp_path / "ffmpeg"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr("zou.platform.media.movies.ffmpeg", lambda: str(slow))
    app.config["JOB_QUEUE_TIMEOUT"] = 1
    sent = send(studio, movie)
    began = time.monotonic()
    worker.run(app, wait=False)
    assert time.monotonic() - began < 20
    row = row_of(engine, sent["id"])
    assert (row.status, "JOB_QUEUE_TIMEOUT" in row.data["failure"]) == ("broken", True)


def test_fifty_uploads_at_once_end_ready_or_refused_with_a_reason(studio, picture, movie):
    app, engine, headers, task, comment = studio
    sent = [(picture, "still.png", 201)] * 30 + [(movie, "shot.mov", 201)] * 10 + [(b"text" * 99, "a.png", 400), (b"MZ", "a.exe", 400)] * 5
    adding = f"/actions/tasks/{task.id}/comments/{comment.id}/add-preview"
    client = app.test_client()
    ids = [client.post(adding, json={}, headers=headers).json["id"] for _ in sent]

    def post(id, content, name, _):
        answer = app.test_client().post(f"/pictures/preview-files/{id}", data={"file": (io.BytesIO(content), name)}, headers=headers)
        return answer.status_code, answer.json

    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(lambda item: post(item[0], *item[1]), zip(ids, sent, strict=True)))
    assert [status for status, _ in answers] == [status for *_, status in sent]
    assert all(answer["message"] for status, answer in answers if status == 400)
    assert [answer["status"] for status, answer in answers if status == 201] == ["ready"] * 30 + ["processing"] * 10
    assert list(Path(app.config["TMP_DIR"]).iterdir()) == []
    assert movie_files(app) == ["source"] * 10
    with Session(engine) as tx:
        assert normalising.lost(tx) == []  # every movie that waits has its job
