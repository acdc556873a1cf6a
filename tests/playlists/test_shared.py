"""Shared pages: what a link shows, to whom, and what guests do there."""

import datetime
import io
import uuid

import pytest
import sqlalchemy as sa

from zou.comments.models import AttachmentFile, Comment
from zou.people.accounts import hash_password
from zou.people.models import Person
from zou.platform.events.models import ApiEvent
from zou.playlists import domain
from zou.playlists.models import PlaylistShareLink
from zou.previews.models import PreviewFile

ROUTES = [
    (verb, path)
    for path, resource in domain.routes
    if path.startswith("/shared/")
    for verb in ("GET", "POST", "PUT", "DELETE")
    if hasattr(resource, verb.lower())
]
UNKNOWN = "01a47552-81f3-47b8-84ca-e8acf63af886"
PASSWORD = "Schöne Aussicht"
DRAWING = [{"time": 1.5, "drawing": {"objects": [{"id": "o1", "type": "path"}]}}]


@pytest.fixture
def shared(client, link):
    """`shared(verb, path, **request)`: the answer of the page of a link that is good; `on`: another link."""
    good = link()

    def ask(verb, path="", on=good, **request):
        return client.open(f"/shared/playlists/{on.token}{path}", method=verb.upper(), **request)

    return ask


@pytest.fixture
def guest(shared):
    """A guest of the good link."""
    return shared("post", "/guest", json={"first_name": "Gina"}).json["id"]


@pytest.fixture
def said(shots, status, guest):
    """The body of a comment of the guest on the first shot."""
    return {"guest_id": guest, "task_id": str(shots[0][1].id), "task_status_id": str(status.id), "text": "More light"}


def filled(path, **ids):
    """A path with the ids in it."""
    for key in ("preview_file_id", "person_id", "comment_id", "attachment_file_id"):
        path = path.replace(f"<{key}>", str(ids.get(key) or uuid.uuid4()))
    return path.replace("/shared/playlists/<token>", "").replace("<extension>", "pdf").replace("<file_name>", "a.txt")


@pytest.mark.parametrize("verb, path", ROUTES)
def test_a_link_that_is_not_good_gives_nothing_away(app, shared, link, shots, make, people, verb, path):
    with app.app_context():
        locked = link(password=hash_password(PASSWORD).decode())
    comment = make(
        Comment, object_id=shots[0][1].id, person_id=people["client"].id, for_client=True, task_status_id=shots[0][1].task_status_id
    )
    address = filled(path, preview_file_id=shots[0][2][0].id, person_id=people["client"].id, comment_id=comment.id)
    past = datetime.datetime(2020, 1, 1)
    answers = [
        shared(verb, address, on=link(is_active=False)),
        shared(verb, address, on=link(expiration_date=past)),
        shared(verb, address, on=PlaylistShareLink(token=str(uuid.uuid4()))),
        shared(verb, address, on=locked),
        shared(verb, f"{address}?password=wrong", on=locked),
        shared(verb, address, on=locked, headers={"X-Share-Password": "wrong"}),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert {answer.data for answer in answers} == {answers[0].data}
    assert b"not found on the server" in answers[0].data


@pytest.mark.parametrize("verb, path", ROUTES)
def test_the_right_password_opens_every_route(app, shared, link, shots, tx, verb, path):
    with app.app_context():
        locked = link(password=hash_password(PASSWORD).decode())
    address = filled(path, preview_file_id=shots[0][2][0].id)
    good = shared(verb, address)
    opened = shared(verb, address, on=locked, query_string={"password": PASSWORD})
    assert (opened.status_code, opened.mimetype) == (good.status_code, good.mimetype)
    by_header = shared(verb, address, on=locked, headers={"X-Share-Password": PASSWORD.encode().decode("latin-1")})
    assert (by_header.status_code, by_header.mimetype) == (good.status_code, good.mimetype)


def test_a_locked_link_works_in_full(app, shared, link, shots, status):
    with app.app_context():
        locked = link(password=hash_password(PASSWORD).decode())
    key = {"query_string": {"password": PASSWORD}, "on": locked}
    guest = shared("post", "/guest", json={"first_name": "Gina"}, **key).json["id"]
    body = {"guest_id": guest, "task_id": str(shots[0][1].id), "task_status_id": str(status.id), "text": "Lovely"}
    assert shared("post", "/comments", json=body, **key).status_code == 201
    drawn = {"guest_id": guest, "preview_file_id": str(shots[0][2][0].id), "additions": DRAWING}
    assert shared("put", "/annotations", json=drawn, **key).json["annotations"] == DRAWING
    assert [comment["text"] for comment in shared("get", "/comments", **key).json] == ["Lovely"]


def test_only_the_revisions_on_the_page_are_shown(shared, shots, make):
    _, task, (first, second) = shots[0]
    side = make(PreviewFile, task_id=task.id, revision=1, position=2)
    other = make(PreviewFile, task_id=shots[2][1].id, revision=1)
    for preview, status in ((first, 200), (side, 200), (second, 403), (shots[2][2][0], 403), (other, 403)):
        assert shared("get", f"/preview-files/{preview.id}").status_code == status
        for path in ("pictures/thumbnails/preview-files/{}.png", "movies/originals/preview-files/{}.mp4", "preview-files/{}/download"):
            found = shared("get", "/" + path.format(preview.id)).status_code
            assert found == (404 if status == 200 else 403)  # no file was stored
    page = shared("get").json
    assert [entry["preview_file_id"] for entry in page["shots"]] == [str(first.id), str(shots[1][2][0].id)]
    assert [entry["preview_files"] for entry in page["shots"]] == [{}, {}]
    assert str(second.id) not in str(page)


def test_an_entry_cannot_borrow_a_preview_or_task_of_another_entity(shared, playlist, shots, tx, said):
    stranger = {"entity_id": str(shots[0][0].id), "preview_file_id": str(shots[2][2][0].id)}
    playlist.shots = [stranger, {"entity_id": str(shots[1][0].id), "preview_file_task_id": str(shots[2][1].id)}]
    tx.commit()
    assert shared("get", f"/preview-files/{shots[2][2][0].id}").status_code == 403
    refused = shared("post", "/comments", json={**said, "task_id": str(shots[2][1].id)})
    assert (refused.status_code, refused.json) == (403, {"error": "Task not part of this shared playlist"})


def test_the_page_shows_what_is_for_clients_and_what_guests_said(shared, shots, said, make, people):
    task = shots[0][1]
    for text, for_client in (("inside", False), ("outside", True)):
        make(
            Comment, object_id=task.id, person_id=people["user"].id, for_client=for_client, text=text, task_status_id=task.task_status_id,
            created_at=datetime.datetime(2020, 1, 1),
        )  # fmt: skip
    assert shared("post", "/comments", json=said).status_code == 201
    listed = shared("get", "/comments").json
    assert [(comment["text"], comment["person"]["is_guest"]) for comment in listed] == [("More light", True), ("outside", False)]
    assert "email" not in listed[0]["person"]


def test_the_picture_of_an_author_only(shared, shots, make, people, tx, stored, tmp_path):
    for person in (people["user"], people["supervisor"]):
        person.has_avatar = True
        (tmp_path / "face.png").write_bytes(b"face")
        stored(person, tmp_path / "face.png", "pictures", "thumbnails")
    tx.commit()
    task = shots[0][1]
    comment = make(Comment, object_id=task.id, person_id=people["user"].id, for_client=True, task_status_id=task.task_status_id)
    statuses = [shared("get", f"/pictures/thumbnails/persons/{people[who].id}.png").status_code for who in ("user", "supervisor", "client")]
    assert statuses == [200, 404, 404]
    comment.replies = [{"id": str(uuid.uuid4()), "person_id": str(people["supervisor"].id), "text": "Yes"}]
    tx.commit()
    assert shared("get", f"/pictures/thumbnails/persons/{people['supervisor'].id}.png").status_code == 200


def test_a_guest_is_known_again(shared, link, guest, tx):
    again = shared("post", "/guest", json={"guest_id": guest, "first_name": "Somebody"})
    assert (again.status_code, again.json["id"], "password" in again.json) == (200, guest, False)
    by_name = shared("post", "/guest", json={"first_name": " Gina "})
    assert (by_name.status_code, by_name.json["id"]) == (201, guest)
    elsewhere = shared("post", "/guest", on=link(), json={"guest_id": guest, "first_name": "Gina"})
    assert (elsewhere.status_code, elsewhere.json["id"] != guest) == (201, True)
    person = tx.get(Person, guest)
    assert (person.role, person.is_guest, person.password) == ("client", True, None)
    assert tx.scalars(sa.select(ApiEvent.name)).all().count("person:new") == 2


@pytest.mark.parametrize("name", ["", "   ", None, "x" * 81, 3, [], {"a": 1}, "\x00", "Zoë <b>"])
def test_odd_names_of_guests(shared, name):
    answer = shared("post", "/guest", json={"first_name": name})
    assert answer.status_code == (201 if name in ("", "   ", None, "Zoë <b>") else 400)
    if name is None or not str(name).strip():
        assert answer.json["first_name"] == "Guest"


def test_a_guest_changes_and_removes_their_own_comment_only(shared, said, tx):
    mine = shared("post", "/comments", json=said).json["id"]
    other = shared("post", "/guest", json={"first_name": "Otto"}).json["id"]
    assert shared("put", f"/comments/{mine}", json={"guest_id": other, "text": "Less"}).status_code == 403
    assert shared("delete", f"/comments/{mine}", json={"guest_id": other}).status_code == 403
    changed = shared("put", f"/comments/{mine}", json={"guest_id": said["guest_id"], "text": "Less light"})
    assert (changed.status_code, changed.json["text"], changed.json["editor_id"]) == (200, "Less light", said["guest_id"])
    assert shared("delete", f"/comments/{mine}", query_string={"guest_id": said["guest_id"]}).status_code == 204
    assert tx.get(Comment, mine) is None


def test_a_guest_attaches_files(shared, said, tx):
    mine = shared("post", "/comments", json=said).json["id"]
    sent = {"guest_id": said["guest_id"], "file-0": (io.BytesIO(b"a list"), "notes.txt")}
    attached = shared("post", f"/comments/{mine}/attachments", data=sent)
    (file,) = attached.json["attachment_files"]
    assert (attached.status_code, file["name"]) == (201, "notes.txt")
    assert shared("get", f"/attachment-files/{file['id']}/file/notes.txt").data == b"a list"
    other = shared("post", "/guest", json={"first_name": "Otto"}).json["id"]
    address = f"/comments/{mine}/attachments/{file['id']}"
    assert shared("delete", address, json={"guest_id": other}).status_code == 403
    assert shared("delete", address, json={"guest_id": said["guest_id"]}).status_code == 204
    assert tx.scalars(sa.select(AttachmentFile)).all() == []


def test_a_link_without_comments_takes_none(shared, link, shots, said):
    silent = link(can_comment=False)
    said["guest_id"] = shared("post", "/guest", on=silent, json={}).json["id"]
    assert shared("post", "/comments", on=silent, json=said).status_code == 403
    drawn = {"guest_id": said["guest_id"], "preview_file_id": str(shots[0][2][0].id), "additions": DRAWING}
    assert shared("put", "/annotations", on=silent, json=drawn).json == {"error": "Annotations are disabled"}


@pytest.mark.parametrize("key", ["guest_id", "task_id", "task_status_id", "checklist", "text"])
@pytest.mark.parametrize("value", [None, 3, "x", [], {"a": 1}, "\x00", UNKNOWN], ids=repr)
def test_odd_comments_are_no_fault(shared, said, key, value):
    assert shared("post", "/comments", json={**said, key: value}).status_code in (201, 400, 403)


@pytest.mark.parametrize("value", [3, "x", [3], [None], [{}], [{"time": None}], [{"time": {}}], [{"time": 0, "drawing": 3}]], ids=repr)
@pytest.mark.parametrize("key", ["additions", "updates", "deletions"])
def test_odd_drawings_are_no_fault(shared, shots, guest, key, value):
    drawn = {"guest_id": guest, "preview_file_id": str(shots[0][2][0].id), key: value}
    assert shared("put", "/annotations", json=drawn).status_code in (200, 400)


def test_an_invitation_reaches_each_once(api, people, playlist, link, make):
    good = link()
    asked = {"emails": ["a@example.com", "A@Example.com"], "person_ids": [str(people["client"].id), str(uuid.uuid4())], "message": "Please"}
    address = f"/data/playlists/{playlist.id}/share/{good.token}/invite"
    assert api(people["manager"], "post", address, json=asked).json == {"sent": ["a@example.com", people["client"].email]}
    bad = api(people["manager"], "post", address, json={"emails": ["a@example.com", "nobody"]})
    assert (bad.status_code, list(bad.json)) == (400, ["error"])
    for row in (link(is_active=False), link(expiration_date=datetime.datetime(2020, 1, 1))):
        gone = api(people["manager"], "post", f"/data/playlists/{playlist.id}/share/{row.token}/invite", json=asked)
        assert gone.status_code == 404
