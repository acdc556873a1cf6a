"""Rows of playlists."""

import datetime as dt

import pytest
import sqlalchemy as sa

from zou.entities.models import Entity, EntityType
from zou.files.models import StoredFile
from zou.inbox.models import Notification
from zou.platform.events.models import ApiEvent
from zou.playlists.models import BuildJob, Playlist, PlaylistShareLink
from zou.previews.models import PreviewFile
from zou.productions.models import Project
from zou.tasks.models import Task


@pytest.fixture
def shots(make, project):
    """[(entity, its preview)] of two entities."""
    found = []
    for _ in range(2):
        entity = make(Entity, project_id=project.id, entity_type_id=make(EntityType).id)
        task = make(Task, project_id=project.id, entity_id=entity.id)
        found.append((str(entity.id), str(make(PreviewFile, task_id=task.id).id)))
    return found


def test_an_entry_never_shows_a_preview_of_another_entity(api, people, project, shots):
    (first, preview), (second, _) = shots
    sent = [{"entity_id": first, "preview_file_id": preview}, {"entity_id": second, "preview_file_id": preview}]
    body = {"name": "Dailies", "project_id": str(project.id), "shots": sent}
    made = api(people["manager"], "post", "/data/playlists", json=body)
    assert made.status_code == 201
    assert [entry["preview_file_id"] for entry in made.json["shots"]] == [preview, None]
    changed = api(
        people["manager"], "put", f"/data/playlists/{made.json['id']}", json={"shots": [{"id": second, "preview_file_id": preview}, {}]}
    )
    assert changed.json["shots"] == [{"entity_id": second, "preview_file_id": None}]


@pytest.mark.parametrize(
    "who, status", [("admin", 201), ("manager", 201), ("supervisor", 201), ("user", 403), ("client", 403), ("outsider", 403)]
)
def test_who_creates(api, people, project, tx, who, status):
    body = {"name": "Dailies", "project_id": str(project.id), "created_by": str(people["client"].id)}
    assert api(people[who], "post", "/data/playlists", json=body).status_code == status
    creators = tx.scalars(sa.select(Playlist.created_by)).all()
    assert creators == ([people[who].id] if status == 201 else [])


@pytest.mark.parametrize("creator, status", [("supervisor", 204), (None, 204), ("manager", 403)])
def test_a_supervisor_removes_their_own_and_nobodys(api, people, project, make, tx, creator, status):
    playlist = make(Playlist, project_id=project.id, created_by=people[creator].id if creator else None)
    assert api(people["supervisor"], "delete", f"/data/playlists/{playlist.id}").status_code == status
    assert len(tx.scalars(sa.select(Playlist.id)).all()) == (0 if status == 204 else 1)


def test_what_belongs_to_a_playlist_goes_with_it(api, people, project, make, tx):
    playlist = make(Playlist, project_id=project.id)
    job = make(BuildJob, playlist_id=playlist.id, ended_at=dt.datetime(2026, 3, 2))
    make(PlaylistShareLink, playlist_id=playlist.id, created_by=people["manager"].id, token="t" * 20)
    make(Notification, playlist_id=playlist.id, person_id=people["user"].id, author_id=people["manager"].id, type="playlist-ready")
    assert api(people["manager"], "delete", f"/data/playlists/{playlist.id}").status_code == 204
    for model in (Playlist, BuildJob, PlaylistShareLink, Notification):
        assert tx.scalars(sa.select(model.id)).all() == []
    [stored] = tx.scalars(sa.select(StoredFile)).all()
    assert (stored.bucket, stored.key) == ("movies", f"playlists-{job.id}")
    assert stored.deleted_at is not None and stored.purged_at is None
    told = [event.name for event in tx.scalars(sa.select(ApiEvent).order_by(ApiEvent.created_at))]
    assert told == ["build-job:delete", "playlist:delete"]


def test_lists_hold_what_the_item_route_shows(api, people, project, make):
    mine, for_client = make(Playlist, project_id=project.id), make(Playlist, project_id=project.id, for_client=True)
    foreign = make(Playlist, project_id=make(Project).id)
    shown = {"admin": {mine, for_client, foreign}, "user": {mine, for_client}, "client": {for_client}, "outsider": set(), "vendor": set()}
    for who, playlists in shown.items():
        answer = api(people[who], "get", "/data/playlists")
        assert answer.status_code == (403 if who == "vendor" else 200)
        if who != "vendor":
            assert {row["id"] for row in answer.json} == {str(playlist.id) for playlist in playlists}
        for playlist in (mine, for_client, foreign):
            status = api(people[who], "get", f"/data/playlists/{playlist.id}").status_code
            assert status == (200 if playlist in playlists else 403)


def test_statements(api, people, project, make, statements):
    playlist = make(Playlist, project_id=project.id)
    for path, most in [("/data/playlists", 2), (f"/data/playlists/{playlist.id}", 3)]:
        with statements() as seen:
            assert api(people["user"], "get", path).status_code == 200
        assert len(seen) <= most
