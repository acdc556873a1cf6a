"""What is left of processes that were killed, disks that are full, rows that went: no stuck state, no file and no row without the other."""

import contextlib
import errno
import io
import os
import resource
import signal
import subprocess
import threading
import time
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.commanding import zou  # noqa: F401  (fixture)
from tests.conftest import token_of
from tests.previews.test_commands import jobs_named, kept, small, status_of  # noqa: F401  (fixtures)
from zou.comments.models import AttachmentFile, Comment
from zou.entities.models import Entity
from zou.files.models import StoredFile, WorkingFile
from zou.people import removal
from zou.people.models import Person
from zou.platform.http import slots
from zou.platform.media import mortal, movies
from zou.platform.storage import workspaces
from zou.playlists.models import BuildJob, Playlist
from zou.previews.models import PreviewFile
from zou.previews.services import normalising
from zou.productions.models import Project

AN_HOUR_S = 3600


def age(path, seconds=AN_HOUR_S):
    """Make a file or folder older."""
    moment = time.time() - seconds
    os.utime(path, (moment, moment))


# --- workers that were killed ---


def test_ffmpeg_ends_with_a_worker_that_is_killed(spawn, tmp_path):
    pid = tmp_path / "pid"
    program = f"['/bin/sh', '-c', 'echo $$ > {pid}; exec sleep 60']"
    work = f"import subprocess; from zou.platform.media.mortal import mortal; subprocess.run(mortal({program}))"
    parent = spawn("-c", work)
    deadline = time.monotonic() + 20
    while not (pid.exists() and pid.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    child = psutil.Process(int(pid.read_text()))
    assert child.is_running()
    os.kill(parent.pid, signal.SIGKILL)  # the parent only, not its group
    parent.wait()
    child.wait(10)


def test_a_program_gets_its_arguments_and_its_status_back():
    command = mortal.mortal(["/bin/sh", "-c", 'echo "$0 $1"; exit 3', "a b", "c"])
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "a b c\n")


def test_folders_of_killed_processes_are_removed_and_those_in_use_stay(tmp_path):
    left, young, cache = tmp_path / "work-left", tmp_path / "work-young", tmp_path / "cache-thumbnails-1.png"
    for folder in (left, young):
        folder.mkdir()
        (folder / "high.mp4").write_bytes(b"half a movie")
    age(left)
    cache.write_bytes(b"kept")
    part = tmp_path / "cache-1.mp4.0.part"
    part.write_bytes(b"half")
    age(part, 2 * 24 * AN_HOUR_S)
    age(cache, 90 * 24 * AN_HOUR_S)
    with workspaces.workspace(tmp_path) as used:
        age(used)
        assert workspaces.clear(tmp_path) == 2
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted([Path(used).name, young.name, cache.name])
    assert not Path(used).exists()


# --- previews whose job is lost ---


@pytest.fixture
def waiting(make, task, kept, movie, small):  # noqa: F811
    """A movie that was uploaded an hour ago, and whose job is lost."""
    preview = make(PreviewFile, task_id=task.id, extension="mp4", original_name="shot", status="processing")
    kept.put("movies", "source", preview.id, io.BytesIO(movie))
    return preview


def an_hour_passes(tx):
    tx.execute(sa.update(PreviewFile).values(updated_at=sa.func.now() - sa.text("interval '1 hour'")))
    tx.commit()


def take_up(tx):
    found = normalising.lost(tx)
    normalising.take_up.function(tx)
    tx.commit()
    return found


def test_a_movie_whose_job_is_lost_is_taken_up_again(app, tx, waiting):
    assert take_up(tx) == []  # it may have just been sent
    an_hour_passes(tx)
    assert take_up(tx) == [waiting.id]
    assert [job["preview_file_id"] for job in jobs_named(tx, "previews.encode")] == [str(waiting.id)]
    an_hour_passes(tx)
    assert take_up(tx) == []  # the job is there
    with app.app_context():
        assert normalising.encode_now(tx, waiting.id) == "ready"
    assert "taken_up" not in tx.get(PreviewFile, waiting.id).data


def test_a_movie_is_not_taken_up_for_ever(app, tx, waiting):
    for _ in range(normalising.MOST_TAKEN_UP + 1):
        an_hour_passes(tx)
        assert take_up(tx) == [waiting.id]
        tx.execute(sa.text("delete from tracker.procrastinate_jobs"))
        tx.commit()
    assert status_of(tx, waiting) == "broken"
    assert tx.get(PreviewFile, waiting.id).data["failure"] == normalising.WORKERS_DIED


def test_what_lost_its_file_too_is_missing(app, tx, make, task, kept, picture):  # noqa: F811
    movie, still, lost = (
        make(PreviewFile, task_id=task.id, extension=e, original_name="a", status="processing") for e in ("mp4", "png", "png")
    )
    unsent = make(PreviewFile, task_id=task.id, extension="mp4", status="processing")
    kept.put("pictures", "original", still.id, io.BytesIO(picture))
    an_hour_passes(tx)
    take_up(tx)
    assert [status_of(tx, row) for row in (movie, still, lost, unsent)] == ["missing", "ready", "missing", "processing"]


# --- files of rows that went ---


def marked(tx):
    return set(tx.scalars(sa.select(StoredFile.key).where(StoredFile.deleted_at.is_not(None))))


def registered(make, *files):
    """Let the register know files, as their upload does. `files`: (bucket, prefix, row)."""
    for bucket, prefix, row in files:
        make(StoredFile, bucket=bucket, key=f"{prefix}-{row.id}", prefix=prefix, file_id=str(row.id))


def test_the_files_of_removed_rows_are_marked(app, api, people, tx, make, task, project):
    scene = make(WorkingFile, task_id=task.id, entity_id=task.entity_id)
    bare = make(WorkingFile, task_id=task.id, entity_id=task.entity_id)
    comment = make(Comment, object_id=task.id, person_id=people["user"].id)
    attached, unknown = (make(AttachmentFile, name="a.txt", extension="txt", comment_id=comment.id) for _ in range(2))
    playlist = make(Playlist, project_id=project.id)
    job = make(BuildJob, playlist_id=playlist.id, status="succeeded", job_type="movie")
    person = make(Person, has_avatar=True)
    registered(make, ("files", "working", scene), ("files", "attachments", attached), ("pictures", "thumbnails", person))
    gone = {"working-files": (scene, bare), "attachment-files": (attached, unknown), "persons": (person,)}
    for model, rows in gone.items():
        for row in rows:
            assert api(people["admin"], "delete", f"/data/{model}/{row.id}").status_code == 204
    assert api(people["admin"], "delete", f"/data/playlists/{playlist.id}/jobs/{job.id}").status_code == 204
    assert marked(tx) == {f"working-{scene.id}", f"attachments-{attached.id}", f"thumbnails-{person.id}", f"playlists-{job.id}"}


def test_the_files_of_a_removed_production_are_marked(app, tx, make, task, project):
    tx.execute(sa.update(Project).where(Project.id == project.id).values(has_avatar=True))
    scene = make(WorkingFile, task_id=task.id, entity_id=task.entity_id)
    registered(make, ("files", "working", scene), ("pictures", "thumbnails", project))
    job = make(BuildJob, playlist_id=make(Playlist, project_id=project.id).id, status="succeeded", job_type="movie")
    with app.app_context():
        removal.remove(tx, "project", [project.id])
        tx.commit()
    assert marked(tx) == {f"working-{scene.id}", f"thumbnails-{project.id}", f"playlists-{job.id}"}


# --- a full disk ---


@contextlib.contextmanager
def at_most(size_bytes):
    """No file of this process, or of those that it starts, can be larger: what a full disk or a quota is to a write."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def everything(app):
    return [path for name in ("PREVIEW_FOLDER", "TMP_DIR") for path in Path(app.config[name]).rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["scene.zip", "shot.mov"])
def test_an_upload_that_does_not_fit_is_told_and_leaves_neither_row_nor_file(app, add_preview, upload, tx, name):
    id, before = add_preview().json["id"], everything(app)
    with at_most(300_000):
        answer = upload(id, os.urandom(400_000), name)
    assert (answer.status_code, answer.json["error"]) == (507, True)
    assert answer.json["message"] == "The server has no space left for this; nothing of it was kept."
    assert answer.json["data"]["reason"] in {os.strerror(number) for number in (errno.EFBIG, errno.ENOSPC)}
    assert tx.scalars(sa.select(PreviewFile)).all() == []
    assert set(tx.scalars(sa.select(StoredFile.key).where(StoredFile.purged_at.is_(None)))) == set()
    assert everything(app) == before


def test_an_upload_that_does_not_even_arrive_is_told(app, add_preview, people, tx):
    id, before = add_preview().json["id"], everything(app)
    sent = {"file": (io.BytesIO(os.urandom(1_000_000)), "scene.zip")}
    headers = {"Authorization": f"Bearer {token_of(app, people['user'])}"}
    environ = EnvironBuilder(f"/pictures/preview-files/{id}", method="POST", data=sent, headers=headers).get_environ()
    with at_most(800_000):
        body, status, _ = run_wsgi_app(app, environ, buffered=True)
    assert (status.split()[0], b"no space left" in b"".join(body)) == ("507", True)
    assert tx.scalars(sa.select(PreviewFile)).all() == []
    assert everything(app) == before


def test_a_movie_that_cannot_be_encoded_for_lack_of_space_is_told_so(app, add_preview, upload, tx, movie, small):  # noqa: F811
    id, before = add_preview().json["id"], everything(app)
    with at_most(len(movie) + 100):  # the upload fits, its versions do not
        answer = upload(id, movie, "shot.mov")
    assert answer.status_code == 507
    assert tx.scalars(sa.select(PreviewFile)).all() == []
    assert everything(app) == before


def test_a_picture_whose_last_size_does_not_fit_leaves_nothing(app, add_preview, upload, tx, picture):
    id, before = add_preview().json["id"], everything(app)
    with at_most(3000):
        answer = upload(id, picture)
    assert answer.status_code == 507
    assert tx.scalars(sa.select(PreviewFile)).all() == []
    assert everything(app) == before


def test_an_attachment_and_an_avatar_that_do_not_fit_are_told(app, api, people, tx, task, comment, picture):
    before = everything(app)
    path = f"/actions/tasks/{task.id}/comments/{comment.id}/add-attachment"
    with at_most(300_000):
        answer = api(people["user"], "post", path, data={"file": (io.BytesIO(os.urandom(400_000)), "notes.zip")})
    assert (answer.status_code, answer.json["error"]) == (507, True)
    with at_most(500):
        answer = api(
            people["user"], "post", f"/pictures/thumbnails/persons/{people['user'].id}", data={"file": (io.BytesIO(picture), "a.png")}
        )
    assert answer.status_code == 507
    assert tx.scalars(sa.select(AttachmentFile)).all() == []
    assert tx.scalar(sa.select(Person.has_avatar).where(Person.id == people["user"].id)) is not True
    assert everything(app) == before


def test_ffmpeg_without_space_is_no_fault_of_the_movie(tmp_path, movie):
    (tmp_path / "a.mov").write_bytes(movie)
    with at_most(1000), pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        movies.run("-i", tmp_path / "a.mov", "-c", "copy", tmp_path / "b.mov")


# --- a bound on media requests ---


def test_media_requests_wait_for_their_turn_and_hear_when_it_does_not_come(app, api, people, make, task, kept, picture, monkeypatch):  # noqa: F811
    preview = make(PreviewFile, task_id=task.id, extension="png", file_size=len(picture))
    kept.put("pictures", "original", preview.id, io.BytesIO(picture))
    path = f"/pictures/originals/preview-files/{preview.id}.png"
    for name in ("before_request_funcs", "after_request_funcs", "teardown_request_funcs"):
        monkeypatch.setattr(app, name, {None: list(getattr(app, name)[None])})
    monkeypatch.setattr(app, "_got_first_request", False)
    monkeypatch.setitem(app.config, "MEDIA_MAX_CONCURRENT_REQUESTS", 2)
    monkeypatch.setitem(app.config, "MEDIA_SLOT_WAIT_TIMEOUT", 1)
    slots.register(app)
    held = [api(people["user"], "get", path, buffered=False) for _ in range(2)]
    assert [answer.status_code for answer in held] == [200, 200]
    refused = api(people["user"], "get", path)
    assert (refused.status_code, refused.json) == (503, {"error": True, "message": "Too many media requests, retry later."})
    assert (refused.headers["Retry-After"], refused.headers["Cache-Control"]) == ("5", "no-store")
    assert api(people["user"], "get", f"/data/tasks/{task.id}").status_code == 200  # others do not wait
    threading.Timer(0.3, held[0].close).start()
    waited = api(people["user"], "get", path)
    assert waited.status_code == 200
    waited.close()
    held[1].close()
    for _ in range(3):  # whatever the answer, the slot comes back
        for asked, person, status in ((path.replace("originals", "nowhere"), people["user"], 404), (path, None, 401)):
            answer = api(person, "get", asked)
            assert answer.status_code == status
            answer.close()
    api(people["user"], "get", path).close()


# --- orphans ---


def test_orphans_are_told_and_removed_on_demand_only(app, zou, tx, make, task, kept, picture, people):  # noqa: F811
    there, lost = (make(PreviewFile, task_id=task.id, extension="png") for _ in range(2))
    kept.put("pictures", "original", there.id, io.BytesIO(picture))
    tx.execute(sa.update(Person).where(Person.id == people["user"].id).values(has_avatar=True))
    tx.commit()
    nobody = "63e453f1-9655-4000-8000-00000000000a"
    kept.put("pictures", "thumbnails-square", nobody, io.BytesIO(picture))
    kept.put("movies", "previews", nobody, io.BytesIO(b"young"))
    kept.put("files", "odd", nobody, io.BytesIO(b"whatever"))
    kept.put("files", "dbbackup", "zou-db-backup-2026-02-24T09:42:21.sql.gz", io.BytesIO(b"dump"))
    half = kept.buckets["pictures"].folder / "original" / ".incoming-abc"
    half.write_bytes(b"half")
    old = [kept.local_path("pictures", "thumbnails-square", nobody, "png"), half]
    for path in old:
        age(path, 48 * AN_HOUR_S)
    mine = (nobody, str(lost.id), str(people["user"].id), ".incoming-abc")

    def told(*arguments):
        return [line.split(" (")[0] for line in zou("find-orphans", *arguments).stdout.splitlines() if any(name in line for name in mine)]

    expected = [
        f"file without row: pictures/thumbnails-square-{nobody}",
        f"write that was broken off: {half}",
        f"file of no known kind: files/odd-{nobody}",
        f"row without file: preview_file {lost.id}",
        f"row without file: person {people['user'].id}",
    ]
    assert told() == expected
    assert all(path.exists() for path in old)
    assert f"movies/previews-{nobody}" in "".join(told("--days", "0"))
    assert told("--remove") == expected
    assert not any(path.exists() for path in old)
    assert told() == expected[2:]
    assert kept.exists("pictures", "original", there.id)
    assert kept.exists("movies", "previews", nobody)
    assert kept.exists("files", "odd", nobody)
    for prefix, id in (("odd", nobody), ("dbbackup", "zou-db-backup-2026-02-24T09:42:21.sql.gz")):
        kept.delete("files", prefix, id)
    kept.delete("movies", "previews", nobody)


def test_entities_keep_their_files(tx, make, task):
    """The hooks hear of the tables they name only."""
    row = tx.get(Entity, task.entity_id)
    row.name = "Renamed"
    tx.commit()
    assert marked(tx) == set()
