"""The commands on previews, on real movies and pictures."""

import datetime
import io

import pytest
import sqlalchemy as sa
from PIL import Image

from tests.commanding import zou  # noqa: F401  (fixture)
from tests.making import open_status
from zou.entities.models import Entity, EntityType
from zou.platform.errors import Unavailable
from zou.platform.events.models import ApiEvent
from zou.platform.storage import store
from zou.platform.storage.backends import LocalBucket
from zou.previews.models import PreviewFile, PreviewFileStorageState
from zou.previews.services import times
from zou.productions.models import Project
from zou.tasks.models import Task, TaskType

NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def kept(app):
    """The store; what a test leaves in it goes afterwards."""
    with app.app_context():
        yield store()


@pytest.fixture
def small(app, tx, monkeypatch):
    """Productions have small movies, soon encoded."""
    monkeypatch.setitem(app.config, "MOVIE_ENCODING_PRESET", "ultrafast")
    tx.execute(sa.update(Project).values(resolution="320x180", fps="10"))
    tx.commit()


@pytest.fixture
def broken_movie(make, task, kept, movie, small):
    """A movie that could not be encoded; its source is stored."""
    preview = make(PreviewFile, task_id=task.id, extension="mp4", original_name="shot", status="broken", data={"failure": "no memory"})
    kept.put("movies", "source", preview.id, io.BytesIO(movie))
    return preview


def status_of(tx, preview):
    tx.expire_all()
    return tx.get(PreviewFile, preview.id).status


def states_of(tx, preview):
    rows = tx.execute(sa.select(PreviewFileStorageState).where(PreviewFileStorageState.preview_file_id == preview.id)).scalars()
    return {f"{row.bucket}/{row.prefix}": row.state for row in rows}


def told(tx, name="preview-file:update"):
    return [event.data for event in tx.scalars(sa.select(ApiEvent).where(ApiEvent.name == name).order_by(ApiEvent.created_at))]


def jobs_named(tx, name):
    found = "SELECT args FROM tracker.procrastinate_jobs WHERE task_name = :name AND status = 'todo' ORDER BY id"
    return list(tx.scalars(sa.text(found), {"name": name}))


def test_a_broken_movie_is_encoded_again_from_its_source(zou, tx, broken_movie, kept):  # noqa: F811
    done = zou("renormalize-movie-preview-files", "--all-broken")
    assert (done.exit_code, done.stdout) == (0, f"Renormalizing preview file {broken_movie.id} (1/1).\n")
    assert status_of(tx, broken_movie) == "ready"
    row = tx.get(PreviewFile, broken_movie.id)
    assert (row.width, row.height, "failure" in row.data, row.data["movie_prefixes"]) == (320, 180, False, ["previews", "lowdef"])
    assert [kept.exists("movies", prefix, row.id) for prefix in ("previews", "lowdef", "source")] == [True, True, False]
    assert [event["status"] for event in told(tx)] == ["processing", "ready"]


def test_the_source_that_a_studio_keeps_stays(zou, tx, broken_movie, kept):  # noqa: F811
    tx.execute(sa.update(PreviewFile).values(status="ready", data={"movie_prefixes": ["source", "previews"]}))
    tx.commit()
    assert zou("renormalize-movie-preview-files", "--preview-file-id", str(broken_movie.id)).exit_code == 0
    assert kept.exists("movies", "source", broken_movie.id)
    assert status_of(tx, broken_movie) == "ready"
    assert tx.get(PreviewFile, broken_movie.id).data["movie_prefixes"] == ["source", "previews", "lowdef"]


def test_with_the_queue_a_worker_encodes_it(zou, app, tx, broken_movie, monkeypatch):  # noqa: F811
    monkeypatch.setitem(app.config, "ENABLE_JOB_QUEUE", True)
    assert zou("renormalize-movie-preview-files", "--all-broken").exit_code == 0
    assert status_of(tx, broken_movie) == "processing"
    assert jobs_named(tx, "previews.encode") == [{"preview_file_id": str(broken_movie.id), "normalize": True}]


def test_a_movie_without_source_is_missing(zou, tx, make, task):  # noqa: F811
    preview = make(PreviewFile, task_id=task.id, extension="mp4", status="broken")
    done = zou("renormalize-movie-preview-files", "--all-broken")
    assert done.exit_code == 0
    assert done.stderr == f"Preview file {preview.id} is missing: The uploaded movie is not in the storage.\n"
    assert status_of(tx, preview) == "missing"


def test_a_storage_that_is_down_changes_nothing(zou, tx, broken_movie, monkeypatch):  # noqa: F811
    def down(self, key):
        raise Unavailable("The file storage cannot be reached, retry later.")

    monkeypatch.setattr(LocalBucket, "exists", down)
    done = zou("renormalize-movie-preview-files", "--all-broken")
    assert (done.exit_code, "cannot be reached" in done.stderr) == (1, True)
    assert status_of(tx, broken_movie) == "broken"


@pytest.mark.parametrize("arguments", [[], ["--all-broken"], ["--preview-file-id", NOBODY], ["--preview-file-id", "nonsense"]])
def test_something_must_be_chosen(zou, arguments):  # noqa: F811
    done = zou("renormalize-movie-preview-files", *arguments)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr


def test_previews_are_chosen_by_status_production_and_age(zou, tx, make, task):  # noqa: F811
    old = datetime.datetime(2026, 1, 1)
    rows = {
        "broken": make(PreviewFile, task_id=task.id, extension="mp4", status="broken"),
        "missing": make(PreviewFile, task_id=task.id, extension="mp4", status="missing"),
        "old": make(PreviewFile, task_id=task.id, extension="mp4", status="broken", created_at=old),
        "png": make(PreviewFile, task_id=task.id, extension="png", status="broken"),
    }

    def chosen(*arguments):
        done = zou("renormalize-movie-preview-files", *arguments).stdout
        return [name for name, row in rows.items() if str(row.id) in done]

    assert chosen("--all-broken", "--minutes", "10") == ["broken"]
    assert chosen("--all-broken", "--project-id", str(task.project_id)) == ["old"]
    assert chosen("--all-missing") == ["broken", "missing", "old"]
    assert chosen("--preview-file-id", str(rows["png"].id)) == ["png"]
    assert zou("renormalize-movie-preview-files", "--all-broken", "--project-id", NOBODY).exit_code == 1


def test_probing_notes_what_is_there_and_tells_what_is_missing(zou, tx, make, task, kept):  # noqa: F811
    movie, picture = (make(PreviewFile, task_id=task.id, extension=extension, status="ready") for extension in ("mp4", "png"))
    kept.put("movies", "previews", movie.id, io.BytesIO(b"a movie"))
    kept.put("pictures", "original", picture.id, io.BytesIO(b"a picture"))
    counted = zou("probe-preview-files", "--dry-run", "--progress").stdout.splitlines()
    assert (counted[0], counted[1], counted[-1]) == ("pictures/tiles: 1 missing", "movies/lowdef: 1 missing", "2 preview files checked.")
    assert states_of(tx, movie) == {}
    assert zou("probe-preview-files", "--limit", "1").stdout.splitlines()[-1] == "1 preview files checked."
    assert states_of(tx, movie)["movies/previews"] == "ok"
    assert zou("probe-preview-files", "--only-unknown").stdout.splitlines() == [
        "pictures/previews: 1 missing",
        "pictures/thumbnails: 1 missing",
        "pictures/thumbnails-square: 1 missing",
        "1 preview files checked.",
    ]
    assert states_of(tx, picture)["pictures/original"] == "ok"
    assert zou("probe-preview-files", "--project-id", NOBODY).exit_code == 1


def test_a_question_that_the_storage_does_not_answer_changes_nothing(zou, tx, make, task, monkeypatch):  # noqa: F811
    picture = make(PreviewFile, task_id=task.id, extension="png", status="ready")

    def down(self, key):
        raise Unavailable("down")

    monkeypatch.setattr(LocalBucket, "exists", down)
    assert zou("probe-preview-files").stdout == "1 preview files checked.\n"
    assert states_of(tx, picture) == {}


def sheet(time, *ids):
    return {"time": time, "drawing": {"objects": [{"id": id} for id in ids]}}


def test_annotations_come_on_the_frames_that_are_shown():
    found = times.snapped([sheet(0, "a"), sheet("0.0401", "b"), sheet(0.0399, "b", "c"), sheet(-3, "d"), sheet("soon", "e")], "25.000")
    assert found == [sheet(0, "a", "d"), sheet(0.04, "b", "c"), sheet("soon", "e")]
    # A frame of 24 takes 0.0417 s on the grid of the player: the tenth begins at 0.4170 and not at 0.4167.
    assert times.snapped([sheet(10 / 24, "a")], "24.000") == [sheet(0.417, "a")]
    strange = [sheet(value, "a") for value in (None, True, "nan", float("inf"), "1e999999", [1])]
    assert times.snapped(strange, "25.000") == strange


def test_annotation_times_are_normalised(zou, tx, make, task, small):  # noqa: F811
    off = make(PreviewFile, task_id=task.id, extension="mp4", annotations=[sheet(0.11, "a"), sheet(0.09, "b")])
    on = make(PreviewFile, task_id=task.id, extension="mp4", annotations=[sheet(0.1, "a")])
    make(PreviewFile, task_id=task.id, extension="mp4", annotations=[])
    line = f"{off.id}: 2 annotations, 1 on their frames."
    tried = zou("normalize-annotation-times", "--dry-run")
    assert tried.stdout.splitlines() == [line, "1/2 annotated preview files need normalization."]
    tx.expire_all()
    assert len(tx.get(PreviewFile, off.id).annotations) == 2
    done = zou("normalize-annotation-times", "--project-id", str(task.project_id))
    assert done.stdout.splitlines() == [line, "1/2 annotated preview files normalized."]
    tx.expire_all()
    assert tx.get(PreviewFile, off.id).annotations == [sheet(0.1, "a", "b")]
    assert tx.get(PreviewFile, on.id).annotations == [sheet(0.1, "a")]
    assert [event["preview_file_id"] for event in told(tx, "preview-file:annotation-update")] == [str(off.id)]
    assert zou("normalize-annotation-times").stdout == "0/2 annotated preview files normalized.\n"


def test_movies_and_pictures_are_measured_anew(zou, tx, make, task, kept, movie, picture):  # noqa: F811
    film = make(PreviewFile, task_id=task.id, extension="mp4", width=1, height=1, duration=7, file_size=1)
    still = make(PreviewFile, task_id=task.id, extension="png", width=1, height=1, file_size=1)
    lost = make(PreviewFile, task_id=task.id, extension="png", width=1, height=1, file_size=1)
    kept.put("movies", "lowdef", film.id, io.BytesIO(movie))
    kept.put("pictures", "original", still.id, io.BytesIO(picture))
    done = zou("reset-movie-files-metadata")
    assert (done.exit_code, done.stdout) == (0, f"{film.id}: 160x90, {len(movie)} bytes\n")
    done = zou("reset-picture-files-metadata")
    assert (done.exit_code, done.stdout) == (0, f"{still.id}: 320x180, {len(picture)} bytes\n")
    assert done.stderr.startswith(f"Warning: {lost.id}: ")
    tx.expire_all()
    assert tx.get(PreviewFile, film.id).duration == 1.0
    assert [tx.get(PreviewFile, row.id).width for row in (film, still, lost)] == [160, 320, 1]
    assert told(tx) == [{"preview_file_id": str(row.id), "project_id": str(task.project_id)} for row in (film, still)]


def test_pictures_tiles_and_measures_are_made_again(zou, tx, make, task, kept, movie, picture):  # noqa: F811
    film = make(PreviewFile, task_id=task.id, extension="mp4")
    still = make(PreviewFile, task_id=task.id, extension="png")
    kept.put("movies", "previews", film.id, io.BytesIO(movie))
    kept.put("pictures", "original", still.id, io.BytesIO(picture))
    done = zou("generate-preview-extra", "--with-tiles", "--with-metadata", "--with-thumbnails", "--progress")
    assert (done.exit_code, done.stdout) == (0, "2 preview files: 2 thumbnails, 2 metadata, 1 tiles.\n")
    for row in (film, still):
        assert Image.open(kept.local_path("pictures", "thumbnails", row.id, "png")).size == (150, 100)
    assert Image.open(kept.local_path("pictures", "original", film.id, "png")).size == (160, 90)
    assert Image.open(kept.local_path("pictures", "tiles", film.id, "png")).width == 178 * 8
    assert zou("generate-preview-extra", "--with-tiles").stdout == "2 preview files: 0 tiles.\n"
    assert zou("generate-preview-extra", "--with-tiles", "--force-regenerate-tiles").stdout == "2 preview files: 1 tiles.\n"


def test_previews_are_narrowed_by_production_entity_episode_and_kind(zou, tx, make, project):  # noqa: F811
    kinds = {name: make(EntityType, name=name).id for name in ("Shot", "Sequence", "Episode", "Props")}
    episode = make(Entity, name="E01", project_id=project.id, entity_type_id=kinds["Episode"])
    sequence = make(Entity, name="SQ", project_id=project.id, entity_type_id=kinds["Sequence"], parent_id=episode.id)
    shot = make(Entity, project_id=project.id, entity_type_id=kinds["Shot"], parent_id=sequence.id)
    asset = make(Entity, project_id=project.id, entity_type_id=kinds["Props"], source_id=episode.id)
    elsewhere = make(Project, project_status_id=open_status(tx).id)
    other = make(Entity, project_id=elsewhere.id, entity_type_id=kinds["Shot"])
    kind = make(TaskType).id
    for entity in (shot, asset, other):
        made = make(Task, project_id=entity.project_id, entity_id=entity.id, task_type_id=kind)
        make(PreviewFile, task_id=made.id, extension="png")

    def count(*arguments):
        done = zou("generate-preview-extra", "--with-tiles", *map(str, arguments))
        return int(done.stdout.split()[0]) if done.exit_code == 0 else done.stderr or done.exception

    assert count() == 3
    assert count("--project", project.name) == count("--project", project.id) == 2
    assert count("--entity-id", shot.id) == 1
    assert count("--episode", episode.id) == count("--project", project.id, "--episode", "E01") == 2
    assert count("--only-shots") == 2
    assert count("--only-assets") == 1
    assert count("--only-assets", "--only-shots") == 3
    assert "--project" in count("--episode", "E01")
    assert count("--project", "no such") == "Error: There is no project no such.\n"
    assert count("--entity-id", NOBODY) == f"Error: There is no entity {NOBODY}.\n"
    assert count("--project", elsewhere.id, "--episode", "E01") == "Error: There is no episode E01.\n"


def test_missing_tiles_are_left_to_the_workers(zou, app, tx, make, task, kept, movie, monkeypatch):  # noqa: F811
    old, new, done = (make(PreviewFile, task_id=task.id, extension="mp4") for _ in range(3))
    kept.put("pictures", "tiles", done.id, io.BytesIO(b"tiles"))
    refused = zou("generate-preview-extra", "--only-missing-tiles")
    assert (refused.exit_code, "ENABLE_JOB_QUEUE" in refused.stderr) == (1, True)
    monkeypatch.setitem(app.config, "ENABLE_JOB_QUEUE", True)
    assert zou("generate-preview-extra", "--only-missing-tiles", "--with-tiles").exit_code == 2
    assert zou("generate-preview-extra").exit_code == 2
    answer = "{} movies checked: {} queued, {} already there, {} skipped (attempt within the hour), 0 storage errors\n"
    assert zou("generate-preview-extra", "--only-missing-tiles", "--limit", "1").stdout == answer.format(2, 1, 1, 0)
    assert jobs_named(tx, "previews.tiles") == [{"preview_file_id": str(new.id)}]
    assert zou("generate-preview-extra", "--only-missing-tiles").stdout == answer.format(3, 1, 1, 1)
    assert zou("generate-preview-extra", "--only-missing-tiles").stdout == answer.format(3, 0, 1, 2)
    assert zou("generate-preview-extra", "--only-missing-tiles", "--force").stdout == answer.format(3, 2, 1, 0)
    assert states_of(tx, done) == {"pictures/tiles": "ok"}


def test_missing_tiles_are_made_once_they_are_asked_for(app, api, people, tx, make, task, monkeypatch):
    preview = make(PreviewFile, task_id=task.id, extension="mp4")
    path = f"/movies/tiles/preview-files/{preview.id}.png"
    assert api(people["user"], "get", path).status_code == 404
    assert jobs_named(tx, "previews.tiles") == []
    monkeypatch.setitem(app.config, "ENABLE_JOB_QUEUE", True)
    for _ in range(2):
        assert api(people["user"], "get", path).status_code == 404
    assert jobs_named(tx, "previews.tiles") == [{"preview_file_id": str(preview.id)}]
