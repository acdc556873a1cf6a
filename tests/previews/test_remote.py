"""Movies, tiles and films that a runner of Nomad makes, on a small Nomad and a small Swift in this process."""

import base64
import io
import json
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import sqlalchemy as sa

from tests.platform.storage.fake_swift import Swift
from tests.previews.test_commands import states_of
from zou.files.models import StoredFile
from zou.platform.errors import Unavailable
from zou.platform.jobs import nomad as client
from zou.platform.storage import from_settings
from zou.platform.storage import swift as driver
from zou.playlists.models import BuildJob, Playlist
from zou.playlists.services import builds
from zou.previews.models import PreviewFile
from zou.previews.services import extras, normalising
from zou.productions.models import Project


class FakeNomad:
    """A Nomad whose jobs are done by `runner(name, parameters)`; what that returns is written as the last words of a failed job."""

    def __init__(self):
        self.runner, self.jobs, self.said = None, [], {}
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.host = f"127.0.0.1:{self.http.server_port}"

    def stop(self):
        self.http.shutdown()
        self.http.server_close()

    def handler(nomad):
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *arguments):
                """Nothing: tests print nothing."""

            def answer(self, content, status=200):
                body = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                name = self.path.split("/")[3]
                sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if name == "unknown":
                    return self.answer(b"job not found", 404)
                parameters = json.loads(base64.b64decode(sent["Payload"]))
                id = f"{name}-dispatch-{len(nomad.jobs)}"
                nomad.jobs.append((name, parameters))
                nomad.said[id] = nomad.runner(name, parameters)
                return self.answer({"DispatchedJobID": id})

            def do_GET(self):
                parts = self.path.split("?")[0].split("/")
                if parts[2] == "client":
                    return self.answer(nomad.said[parts[5]].encode() if "type=stderr" in self.path else b"")
                if parts[3] not in nomad.said:
                    return self.answer(b"not found", 404)
                if parts[4] == "allocations":
                    return self.answer([{"ID": parts[3], "TaskStates": {"runner": {}}}])
                failed = nomad.said[parts[3]] is not None
                return self.answer({"Summary": {"group": {"Complete": int(not failed), "Failed": int(failed), "Lost": 0}}})

        return Handler


@pytest.fixture
def swift(app, tmp_path, monkeypatch):
    """A Swift that is the storage of the application."""
    server = Swift()
    settings = server.settings(tmp_path)
    for name, value in settings.items():
        monkeypatch.setitem(app.config, name, value)
    with app.app_context():
        monkeypatch.setitem(app.extensions, "storage", from_settings(settings))
        yield server
    server.stop()
    driver.pools.clear()


@pytest.fixture
def nomad(app, swift, monkeypatch):
    """A Nomad with jobs for everything."""
    server = FakeNomad()
    monkeypatch.setattr(client, "PAUSE_S", 0.05)
    monkeypatch.setitem(app.config, "JOB_QUEUE_NOMAD_NORMALIZE_JOB", "zou-normalize")
    monkeypatch.setitem(app.config, "JOB_QUEUE_NOMAD_PLAYLIST_JOB", "zou-playlist")
    monkeypatch.setitem(app.config, "JOB_QUEUE_NOMAD_TILE_JOB", "zou-tile")
    monkeypatch.setitem(app.config, "JOB_QUEUE_NOMAD_HOST", server.host)
    for name in ("ENABLE_JOB_QUEUE", "ENABLE_JOB_QUEUE_REMOTE"):
        monkeypatch.setitem(app.config, name, True)
    yield server
    server.stop()


@pytest.fixture
def sent(make, task, swift, movie, tx):
    """A movie that waits for its encoding."""
    tx.execute(sa.update(Project).values(resolution="x720", fps="24"))
    preview = make(PreviewFile, task_id=task.id, extension="mp4", original_name="shot", status="processing", data={"original_width": 160})
    swift.objects["studio-movies"][f"source-{preview.id}"] = movie
    return preview


def runner(swift, movie, pictures=("original", "thumbnails", "thumbnails-square", "previews", "tiles")):
    """A runner that leaves copies of the movie and these pictures."""

    def run(name, parameters):
        id = parameters["preview_file_id"]
        for prefix in ("previews", "lowdef"):
            swift.objects["studio-movies"][f"{prefix}-{id}"] = movie
        for prefix in pictures:
            swift.objects["studio-pictures"][f"{prefix}-{id}"] = b"a picture"

    return run


def test_a_runner_encodes_a_movie(nomad, swift, sent, movie, tx):
    nomad.runner = runner(swift, movie, pictures=("original", "thumbnails", "thumbnails-square", "previews"))
    assert normalising.encode_now(tx, sent.id) == "ready"
    (name, told), row = nomad.jobs[0], tx.get(PreviewFile, sent.id)
    assert (name, len(nomad.jobs)) == ("zou-normalize", 1)
    wanted = {
        "version": "2", "preview_file_id": str(sent.id), "width": None, "height": 720, "fps": "24.000", "skip_high_def": False,
        "skip_normalization": False, "preset": "medium", "vbv_bufsize_factor": 2, "highdef_bitrate": 28, "lowdef_bitrate": 6,
    }  # fmt: skip
    assert {key: told[key] for key in wanted} == wanted
    assert (told["FS_BACKEND"], told["FS_SWIFT_KEY"], "FS_S3_ENDPOINT" in told) == ("swift", "secret", False)
    assert (row.width, row.height, row.duration, row.file_size) == (160, 90, 1.0, len(movie))
    assert row.data == {"original_width": 160, "movie_prefixes": ["source", "previews", "lowdef"]}
    states = states_of(tx, sent)
    assert (states["movies/lowdef"], states["pictures/original"], states["pictures/tiles"]) == ("ok", "ok", "failed")
    assert f"source-{sent.id}" in swift.objects["studio-movies"]
    assert tx.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 7


def test_a_job_that_fails_breaks_the_movie_with_its_last_words(nomad, swift, sent, tx):
    nomad.runner = lambda name, parameters: "no space left in the container"
    assert normalising.encode_now(tx, sent.id) == "broken"
    assert tx.get(PreviewFile, sent.id).data["failure"] == "The remote job failed. no space left in the container"
    assert "nomad_job_id" not in tx.get(PreviewFile, sent.id).data


def test_a_job_that_nomad_does_not_take_breaks_it_too(nomad, sent, tx, app, monkeypatch):
    monkeypatch.setitem(app.config, "JOB_QUEUE_NOMAD_NORMALIZE_JOB", "unknown")
    assert normalising.encode_now(tx, sent.id) == "broken"
    assert "Nomad refused the job unknown: job not found" in tx.get(PreviewFile, sent.id).data["failure"]


def test_a_job_that_was_started_before_is_watched_further(nomad, swift, sent, movie, tx):
    """The worker that started it died. A job that Nomad has forgotten is judged by the files that it left."""
    for known in (True, False):
        tx.execute(sa.update(PreviewFile).values(status="processing", data={"nomad_job_id": "zou-normalize-dispatch-9"}))
        tx.commit()
        nomad.said = {"zou-normalize-dispatch-9": None} if known else {}
        runner(swift, movie)("", {"preview_file_id": str(sent.id)})
        assert normalising.encode_now(tx, sent.id) == "ready"
        assert nomad.jobs == []
    tx.execute(sa.update(PreviewFile).values(status="processing", data={"nomad_job_id": "zou-normalize-dispatch-9"}))
    swift.objects["studio-movies"].clear()
    assert normalising.encode_now(tx, sent.id) == "broken"


def test_a_nomad_that_is_down_is_tried_again_later(nomad, sent, tx, app, monkeypatch):
    monkeypatch.setitem(app.config, "JOB_QUEUE_NOMAD_HOST", "127.0.0.1:9")
    with pytest.raises(Unavailable):
        normalising.encode_now(tx, sent.id)


def test_a_job_that_takes_too_long_is_given_up(nomad, swift, sent, tx, app, monkeypatch):
    monkeypatch.setitem(app.config, "JOB_QUEUE_TIMEOUT", 0.2)
    nomad.runner = lambda name, parameters: None
    monkeypatch.setattr(client.Nomad, "ask", slow(client.Nomad.ask))
    assert normalising.encode_now(tx, sent.id) == "broken"
    assert "JOB_QUEUE_TIMEOUT" in tx.get(PreviewFile, sent.id).data["failure"]


def slow(ask):
    """Jobs that are never done."""

    def asked(self, method, path, **options):
        answer = ask(self, method, path, **options)
        if path.endswith("summary"):
            answer._content = b'{"Summary": {"group": {"Running": 1}}}'
        return answer

    return asked


def test_a_runner_makes_tiles(nomad, swift, make, task, tx):
    done, undone = (make(PreviewFile, task_id=task.id, extension="mp4", data={"movie_prefixes": ["lowdef"]}) for _ in range(2))

    def run(name, parameters):
        if parameters["preview_file_id"] == str(done.id):
            swift.objects["studio-pictures"][f"tiles-{done.id}"] = b"tiles"

    nomad.runner = run
    for preview in (done, undone):
        extras.tiles.function(tx, str(preview.id))
    name, told = nomad.jobs[0]
    assert (name, told["version"], told["movie_prefixes"]) == ("zou-tile", "1", ["lowdef"])
    assert states_of(tx, done) == {"pictures/tiles": "ok"}
    assert states_of(tx, undone) == {"pictures/tiles": "failed"}


def test_a_runner_makes_the_film_of_a_playlist(nomad, swift, make, task, project, tx):
    tx.execute(sa.update(Project).values(resolution="640x360", fps="24"))
    previews = [make(PreviewFile, task_id=task.id, extension="mp4") for _ in range(2)]
    shots = [{"id": str(task.entity_id), "entity_id": str(task.entity_id), "preview_file_id": str(preview.id)} for preview in previews]
    playlist = make(Playlist, project_id=project.id, shots=shots)
    for is_left in (True, False):
        job = make(BuildJob, playlist_id=playlist.id, status="running", job_type="movie")
        key = f"playlists-{job.id}"
        nomad.runner = lambda name, told, key=key, is_left=is_left: swift.objects["studio-movies"].update({key: b"film"} if is_left else {})
        builds.make(tx, job.id, True, by_worker=True)
        tx.refresh(job)
        assert (job.status, bool(job.message)) == (("succeeded", False) if is_left else ("failed", True))
    _, told = nomad.jobs[0]
    listed = json.loads(zlib.decompress(base64.b64decode(told["input"])))
    assert listed == [str(preview.id) for preview in previews]
    assert (told["width"], told["height"], told["fps"], told["full"], told["version"]) == (640, 360, "24.000", "true", "1")
    assert told["output_key"] == told["output_filename"].removeprefix("cache-").removesuffix(".mp4")


def test_in_a_local_folder_movies_are_encoded_here(app, make, task, tx, movie, monkeypatch):
    monkeypatch.setitem(app.config, "ENABLE_JOB_QUEUE_REMOTE", True)
    monkeypatch.setitem(app.config, "JOB_QUEUE_NOMAD_NORMALIZE_JOB", "zou-normalize")
    monkeypatch.setitem(app.config, "MOVIE_ENCODING_PRESET", "ultrafast")
    preview = make(PreviewFile, task_id=task.id, extension="mp4", original_name="shot", status="processing")
    with app.app_context():
        kept = from_settings(app.config)
        kept.put("movies", "source", preview.id, io.BytesIO(movie))
        assert normalising.encode_now(tx, preview.id) == "ready"
