"""Rules of contract/rules/playlists.md that the recordings do not reach, by paragraph."""

import sqlalchemy as sa

from zou.comments.models import Comment
from zou.entities.models import Entity, EntityType
from zou.inbox.models import Notification
from zou.people.models import Person
from zou.platform.events.models import ApiEvent
from zou.playlists.models import BuildJob, Playlist, PlaylistShareLink
from zou.previews.models import PreviewFile
from zou.productions.models import ProjectTaskStatusLink
from zou.tasks.models import Task, TaskStatus, TaskType

NOBODY = "01a47552-81f3-47b8-84ca-e8acf63af886"


def names(tx):
    tx.expire_all()
    return tx.scalars(sa.select(ApiEvent.name).order_by(ApiEvent.created_at)).all()


def test_a_new_playlist(api, people, project, shots, tx):
    """§3: pseudo episodes and unknown types are none; entries stay as sent, but for previews that are not their entity's."""
    (first, _, (one, two)), (second, *_), *_ = shots
    entries = [
        {"entity_id": str(first.id), "preview_file_id": str(one.id).upper(), "note": 1},
        {"entity_id": str(second.id), "preview_file_id": str(two.id)},
        {"entity_id": str(first.id), "preview_file_id": NOBODY},
        {"entity_id": str(first.id), "preview_file_id": "no id"},
        {"entity_id": str(first.id)},
    ]
    base = {"project_id": str(project.id), "created_by": str(people["user"].id), "shots": entries}
    lead = people["supervisor"]
    for number, episode in enumerate(("all", "main", None)):
        made = api(lead, "post", "/data/playlists", json={**base, "name": f"P{number}", "episode_id": episode, "task_type_id": "x"})
        assert (made.status_code, made.json["episode_id"], made.json["task_type_id"]) == (201, None, None)
        assert (made.json["created_by"], made.json["build_jobs"]) == (str(lead.id), [])
    kept = made.json["shots"]
    assert kept[0] == {"entity_id": str(first.id), "preview_file_id": str(one.id), "note": 1}
    assert [entry.get("preview_file_id", "") for entry in kept[1:]] == [None, None, None, ""]
    path = f"/data/playlists/{made.json['id']}"
    changed = api(lead, "put", path, json={"shots": [*entries, {"foo": 1}], "project_id": NOBODY}).json
    assert [set(entry) for entry in changed["shots"]] == [{"entity_id", "preview_file_id"}] * 5
    assert [entry["preview_file_id"] for entry in changed["shots"]] == [str(one.id), None, None, None, None]
    assert "build_jobs" not in changed and changed["project_id"] == str(project.id)
    assert api(lead, "post", "/data/playlists", json={"name": "x"}).json == {"message": "'project_id'"}
    assert names(tx) == ["playlist:new"] * 3 + ["playlist:update"]


def test_lists_of_playlists(api, people, project, make, shots):
    """§2.2: 20 a page, newest change first; by type, kind and pseudo episode; without entries but with the first preview."""
    (shot, _, (one, _)), *_ = shots
    kind, of = make(TaskType), {"project_id": project.id}
    episode = make(Entity, name="E", entity_type_id=make(EntityType, name="Episode").id, **of)
    entry = {"entity_id": str(shot.id), "preview_file_id": str(one.id)}
    make(Playlist, name="b main", task_type_id=kind.id, shots=[entry], **of)
    make(Playlist, name="a all", is_for_all=True, for_entity="asset", for_client=True, **of)
    make(Playlist, name="c episode", episode_id=episode.id, for_entity=None, **of)
    path, reader = f"/data/projects/{project.id}/playlists", people["user"]
    rows = api(reader, "get", f"{path}?sort_by=name").json
    assert [row["name"] for row in rows] == ["a all", "b main", "c episode"]
    assert "shots" not in rows[0] and "first_preview_file_id" not in rows[0] and rows[1]["first_preview_file_id"] == str(one.id)
    for query, count in ((f"task_type_id={kind.id}", 1), ("task_type_id=", 3), ("page=2", 0), ("page=0", 3), ("sort_by=nonsense", 3)):
        assert len(api(reader, "get", f"{path}?{query}").json) == count, query
    assert api(reader, "get", f"{path}?task_type_id=x").status_code == 400
    assert [row["name"] for row in api(people["client"], "get", path).json] == ["a all"]
    assert api(people["vendor"], "get", path).status_code == 403
    episodes = f"/data/projects/{project.id}/episodes"
    for part, found in (("main", ["b main"]), ("all", ["a all"]), (str(episode.id), ["c episode"])):
        assert [row["name"] for row in api(reader, "get", f"{episodes}/{part}/playlists").json] == found
    assert [api(reader, "get", f"{episodes}/{part}/playlists").status_code for part in (NOBODY, "x")] == [404, 404]
    assert len(api(reader, "get", f"{episodes}/{episode.id}/playlists?for_entity=shot").json) == 1
    assert api(reader, "get", f"{episodes}/{episode.id}/playlists?for_entity=asset").json == []
    assert api(reader, "get", f"{path}/all").status_code == 403
    assert len(api(people["admin"], "get", f"{path}/all").json) == 3


def test_entries_that_are_added(api, people, playlist, shots, tx, make):
    """§3: without preview, or with one of another entity, the latest one; of the playlist's type only; no couple twice."""
    (first, task, (one, two)), _, (third, _, (_, last)) = shots
    path, boss = f"/actions/playlists/{playlist.id}/add-entity", people["manager"]
    for preview in (None, str(last.id), NOBODY, ""):
        answer = api(boss, "post", path, json={"entity_id": str(first.id), "preview_file_id": preview})
    assert [entry["preview_file_id"] for entry in answer.json["shots"] if entry["entity_id"] == str(first.id)] == [str(one.id), str(two.id)]
    assert names(tx) == ["playlist:add_entity"]
    playlist.task_type_id = make(TaskType).id
    tx.commit()
    shown = api(boss, "post", path, json={"entity_id": str(third.id)}).json["shots"][-1]
    assert shown == {"entity_id": str(third.id)}
    assert api(people["supervisor"], "post", path, json={"entity_id": str(third.id)}).status_code == 200  # nobody's playlist
    assert api(people["user"], "post", path, json={"entity_id": str(third.id)}).status_code == 403
    assert api(boss, "post", path.replace("entity", "entities"), json={"entities": []}).status_code == 400


def test_builds(api, people, playlist, make, tx):
    """§2.1, §4: who sees builds, the one that is not finished, those of other playlists, and what a removal tells."""
    job, other = (
        make(BuildJob, playlist_id=playlist.id, status="running"),
        make(BuildJob, playlist_id=make(Playlist, project_id=playlist.project_id).id),
    )
    path = f"/data/playlists/{playlist.id}/jobs"
    for who, status in (("manager", 200), ("client", 200), ("supervisor", 403), ("user", 403), ("vendor", 403)):
        assert api(people[who], "get", f"{path}/{job.id}").status_code == status, who
    assert [api(people["manager"], "get", f"{path}/{id}").status_code for id in (other.id, NOBODY)] == [404, 404]
    unfinished = api(people["supervisor"], "get", f"{path}/{job.id}/build/mp4")
    assert (unfinished.status_code, unfinished.json) == (400, {"error": True, "message": "Build is not finished"})
    assert api(people["user"], "get", f"/data/playlists/{playlist.id}/download/zip").status_code == 403
    assert api(people["supervisor"], "get", f"/data/playlists/{playlist.id}/build/mp4").status_code == 403
    assert api(people["manager"], "delete", f"{path}/{job.id}").status_code == 204
    assert names(tx) == ["build-job:delete"]
    assert api(people["manager"], "get", f"/data/projects/{playlist.project_id}/build-jobs").status_code == 403
    assert len(api(people["admin"], "get", f"/data/projects/{playlist.project_id}/build-jobs").json) == 1


def test_share_links(api, people, playlist, make, tx):
    """§5: a day lasts to its end, a moment is as given; a password is kept as a hash; a revoked link is kept, and is of its playlist."""
    path, boss = f"/data/playlists/{playlist.id}/share", people["manager"]
    dates = {"2030-01-31": "2030-01-31T23:59:59", "2030-01-31T10:00:00": "2030-01-31T10:00:00", "": None, None: None}
    for sent, stored in dates.items():
        link = api(boss, "post", path, json={"expiration_date": sent, "password": "secret"})
        assert (link.status_code, link.json["expiration_date"], link.json["has_password"]) == (201, stored, True)
    assert "password" not in link.json and link.json["type"] == "PlaylistShareLink" and link.json["can_comment"] is True
    refused = api(boss, "post", path, json={"expiration_date": "soon"})
    assert (refused.status_code, refused.json["message"]) == (400, "soon is not a valid ISO 8601 date")
    assert tx.scalars(sa.select(PlaylistShareLink.password)).first().startswith("$2")
    token = link.json["token"]
    other = make(Playlist, project_id=playlist.project_id)
    assert api(boss, "delete", f"/data/playlists/{other.id}/share/{token}").status_code == 404
    assert api(boss, "delete", f"{path}/{token}").json["is_active"] is False
    assert (len(api(boss, "get", path).json), tx.scalar(sa.select(sa.func.count()).select_from(PlaylistShareLink))) == (3, 4)
    assert api(boss, "post", f"{path}/{token}/invite", json={"emails": ["a@studio.example"]}).status_code == 404
    good = api(boss, "get", path).json[0]["token"]
    bad = api(boss, "post", f"{path}/{good}/invite", json={"emails": ["a@studio.example", "none"]})
    assert (bad.status_code, list(bad.json)) == (400, ["error"])
    assert [api(people[who], "get", path).status_code for who in ("supervisor", "user", "client")] == [403] * 3


def test_what_guests_may_say(app, project, playlist, shots, link, make, tx):
    """§7: guests of this link, on tasks of the page, with statuses that the production lets clients give."""
    client, shared = app.test_client(), link()
    base = f"/shared/playlists/{shared.token}"
    guest = client.post(f"{base}/guest", json={"first_name": " Ann ", "last_name": ""})
    assert guest.status_code == 201 and guest.json["first_name"] == "Ann"
    assert client.post(f"{base}/guest", json={"first_name": "Ann"}).json["id"] == guest.json["id"]
    assert client.post(f"{base}/guest", json={"guest_id": guest.json["id"]}).status_code == 200
    assert client.post(f"{base}/guest", json={}).json["first_name"] == "Guest"
    (_, task, _), *_, (_, hidden, _) = shots
    closed, open_ = make(TaskStatus, is_client_allowed=True), make(TaskStatus, is_client_allowed=False)
    make(ProjectTaskStatusLink, project_id=project.id, task_status_id=closed.id, is_client_allowed=False)
    make(ProjectTaskStatusLink, project_id=project.id, task_status_id=open_.id, is_client_allowed=True)
    body = {"guest_id": guest.json["id"], "task_id": str(task.id), "task_status_id": str(open_.id), "text": "ok"}
    for more, status, error in (
        ({"guest_id": NOBODY}, 403, "Guest not part of this shared playlist"),
        ({"task_id": str(hidden.id)}, 403, "Task not part of this shared playlist"),
        ({"task_status_id": NOBODY}, 400, "Task status not found"),
        ({"task_status_id": str(closed.id)}, 400, "Task status not allowed for guests"),
    ):
        answer = client.post(f"{base}/comments", json={**body, **more})
        assert (answer.status_code, answer.json) == (status, {"error": error})
    said = client.post(f"{base}/comments", json=body)
    assert (said.status_code, said.json["for_client"], said.json["person_id"]) == (201, False, guest.json["id"])
    assert tx.get(Task, task.id, populate_existing=True).task_status_id == open_.id
    url = f"{base}/comments/{said.json['id']}"
    changed = client.put(url, json={"guest_id": guest.json["id"], "checklist": [{"text": "x"}]})
    assert (changed.status_code, changed.json["text"], changed.json["editor_id"]) == (200, "ok", guest.json["id"])
    other = client.post(f"{base}/guest", json={"first_name": "Bob"}).json["id"]
    for target, status in ((url, 403), (f"{base}/comments/{NOBODY}", 404)):
        assert client.put(target, json={"guest_id": other}).status_code == status
    assert [client.delete(url, json={"guest_id": id}).status_code for id in (other, guest.json["id"])] == [403, 204]
    shared.can_comment = False
    tx.commit()
    assert client.post(f"{base}/comments", json=body).json == {"error": "Comments are disabled for this link"}
    drawn = client.put(f"{base}/annotations", json={"guest_id": guest.json["id"], "preview_file_id": NOBODY})
    assert drawn.json == {"error": "Annotations are disabled"}
    tx.execute(sa.delete(PlaylistShareLink))
    tx.commit()
    guests = tx.scalar(sa.select(sa.func.count()).select_from(Person).where(Person.is_guest))
    assert (guests, tx.scalar(sa.select(sa.func.count()).select_from(Comment))) == (3, 0)


def test_a_playlist_goes_with_its_own(api, people, playlist, link, make, tx):
    """§3, deletion.md §7: notifications, builds and links go; previews stay."""
    link()
    make(BuildJob, playlist_id=playlist.id)
    make(Notification, type="playlist-ready", playlist_id=playlist.id, person_id=people["client"].id, author_id=people["manager"].id)
    previews = tx.scalar(sa.select(sa.func.count()).select_from(PreviewFile))
    assert api(people["manager"], "delete", f"/data/playlists/{playlist.id}").status_code == 204
    for model in (Playlist, BuildJob, Notification, PlaylistShareLink):
        assert tx.scalar(sa.select(sa.func.count()).select_from(model)) == 0
    assert tx.scalar(sa.select(sa.func.count()).select_from(PreviewFile)) == previews
    assert names(tx) == ["build-job:delete", "playlist:delete"]
