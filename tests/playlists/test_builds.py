"""Films and archives made of playlists."""

import io
import zipfile

import pytest
import sqlalchemy as sa

from tests.films import colours, film
from zou.files.models import StoredFile
from zou.platform import jobs
from zou.platform.events.models import ApiEvent
from zou.playlists.models import BuildJob, Playlist
from zou.playlists.services import builds


@pytest.fixture(scope="session")
def films(tmp_path_factory):
    """{colour: path of a film in it}."""
    folder = tmp_path_factory.mktemp("films")
    return {colour: film(folder / f"{colour}.mp4", colour) for colour in ("red", "green", "blue", "white")}


@pytest.fixture
def filmed(playlist, shots, stored, films):
    """The playlist, its shots filmed in red, green and blue; their second revisions in white."""
    for (_, _, previews), colour in zip(shots, ("red", "green", "blue"), strict=True):
        stored(previews[0], films[colour])
        stored(previews[1], films["white"])
    return playlist


def events_of(tx):
    return tx.scalars(sa.select(ApiEvent.name).where(ApiEvent.name.startswith("build-job")).order_by(ApiEvent.created_at)).all()


@pytest.mark.parametrize("full", [False, True])
def test_the_film_is_complete_and_in_order(api, people, filmed, shots, tx, tmp_path, full):
    extra = {"entity_id": str(shots[2][0].id), "preview_file_id": str(shots[2][2][0].id)}
    filmed.shots = [extra, *filmed.shots, {"entity_id": extra["entity_id"]}, extra]
    tx.commit()
    job = api(people["manager"], "get", f"/data/playlists/{filmed.id}/build/mp4?full={full}")
    assert (job.status_code, job.json["status"], job.json["message"]) == (200, "succeeded", None)
    answer = api(people["supervisor"], "get", f"/data/playlists/{filmed.id}/jobs/{job.json['id']}/build/mp4")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith("_dailies.mp4")
    (tmp_path / "build.mp4").write_bytes(answer.data)
    assert [name for name, _ in colours(tmp_path / "build.mp4")] == ["blue", "red", "green", "blue"]
    assert events_of(tx) == ["build-job:new", "build-job:update"]


def test_a_playlist_without_films_makes_none(api, people, playlist, tx):
    playlist.shots = None
    tx.commit()
    answer = api(people["manager"], "get", f"/data/playlists/{playlist.id}/build/mp4")
    assert answer.status_code == 400
    job = tx.scalars(sa.select(BuildJob)).one()
    assert (job.status, job.message, job.ended_at is not None) == ("failed", "The playlist has no movie.", True)
    answer = api(people["manager"], "get", f"/data/playlists/{playlist.id}/jobs/{job.id}/build/mp4")
    assert (answer.status_code, answer.json["message"]) == (400, "Build is not finished")


def test_a_film_is_never_made_without_one_of_its_movies(api, people, playlist, shots, stored, tx, films):
    stored(shots[0][2][0], films["red"])
    assert api(people["manager"], "get", f"/data/playlists/{playlist.id}/build/mp4").status_code == 400
    assert str(shots[1][2][0].id) in tx.scalars(sa.select(BuildJob.message)).one()


@pytest.mark.parametrize(
    "who, builds, downloads, reads",
    [
        ("admin", 200, 200, 200),
        ("manager", 200, 200, 200),
        ("supervisor", 403, 200, 403),
        ("user", 403, 403, 403),
        ("client", 403, 200, 200),
        ("vendor", 403, 403, 403),
        ("outsider", 403, 403, 403),
    ],
)
def test_who_may(api, people, filmed, make, who, builds, downloads, reads):
    made = api(people["manager"], "get", f"/data/playlists/{filmed.id}/build/mp4").json["id"]
    address = f"/data/playlists/{filmed.id}"
    assert api(people[who], "get", f"{address}/build/mp4").status_code == builds
    assert api(people[who], "get", f"{address}/download/zip").status_code == downloads
    assert api(people[who], "get", f"{address}/jobs/{made}/build/mp4").status_code == downloads
    assert api(people[who], "get", f"{address}/jobs/{made}").status_code == reads
    assert api(people[who], "delete", f"{address}/jobs/{made}").status_code == (204 if builds == 200 else 403)


def test_a_build_of_another_playlist_is_not_there(api, people, playlist, project, make):
    other = make(BuildJob, playlist_id=make(Playlist, project_id=project.id).id)
    for verb, path in (("get", ""), ("delete", ""), ("get", "/build/mp4")):
        assert api(people["admin"], verb, f"/data/playlists/{playlist.id}/jobs/{other.id}{path}").status_code == 404


def test_the_archive_holds_every_file_of_the_revisions_shown(api, people, filmed, shots, statements):
    with statements() as seen:
        answer = api(people["client"], "get", f"/data/playlists/{filmed.id}/download/zip")
    assert answer.mimetype == "application/zip"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert [name.split("_", 2)[2] for name in names] == ["sq01_sh00_animation_v1.mp4", "sq01_sh01_animation_v1.mp4"]
    assert len(seen) <= 6


def test_files_of_one_name_are_all_there(api, people, filmed, shots, tx):
    filmed.shots = [filmed.shots[0], filmed.shots[0]]
    tx.commit()
    names = zipfile.ZipFile(io.BytesIO(api(people["admin"], "get", f"/data/playlists/{filmed.id}/download/zip").data)).namelist()
    assert names[1] == f"0002_{names[0]}"


def test_with_the_queue_a_worker_makes_it_once(api, app, people, filmed, tx, monkeypatch):
    monkeypatch.setitem(app.config, "ENABLE_JOB_QUEUE", True)
    address = f"/data/playlists/{filmed.id}/build/mp4"
    job = api(people["manager"], "get", address)
    assert (job.status_code, job.json["status"]) == (200, "running")
    refused = api(people["manager"], "get", address)
    assert (refused.status_code, refused.json) == (409, {"error": True, "message": builds.UNDER_WAY})
    assert jobs.is_pending(tx, f"playlists.build:{filmed.id}")
    assert tx.scalars(sa.select(sa.func.count()).select_from(BuildJob)).one() == 1
    with app.app_context():
        builds.make(tx, job.json["id"], False)
        tx.commit()
    assert api(people["manager"], "get", f"/data/playlists/{filmed.id}/jobs/{job.json['id']}").json["status"] == "succeeded"
    assert events_of(tx) == ["build-job:new", "build-job:update"]


def test_a_build_that_is_gone_meanwhile_leaves_nothing(api, app, people, filmed, tx, monkeypatch):
    monkeypatch.setitem(app.config, "ENABLE_JOB_QUEUE", True)
    job = api(people["manager"], "get", f"/data/playlists/{filmed.id}/build/mp4").json["id"]
    assert api(people["manager"], "delete", f"/data/playlists/{filmed.id}/jobs/{job}").status_code == 204
    with app.app_context():
        assert builds.make(tx, job, False) is None
    assert tx.scalars(sa.select(StoredFile).where(StoredFile.file_id == job, StoredFile.deleted_at.is_(None))).all() == []


def test_a_remote_queue_wants_a_remote_store(api, app, people, filmed, tx, monkeypatch):
    for name in ("ENABLE_JOB_QUEUE", "ENABLE_JOB_QUEUE_REMOTE"):
        monkeypatch.setitem(app.config, name, True)
    assert api(people["manager"], "get", f"/data/playlists/{filmed.id}/build/mp4").status_code == 400
    assert tx.scalars(sa.select(BuildJob)).all() == []
