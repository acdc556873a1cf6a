"""Pictures of persons, productions and the studio."""

import io

import pytest
import sqlalchemy as sa
from PIL import Image

from zou.files.models import StoredFile
from zou.people.models import Organisation, Person
from zou.platform.events.models import ApiEvent


def send(api, person, path, content):
    return api(person, "post", path, data={"file": (io.BytesIO(content), "face.png")})


def test_a_person_gets_a_picture_and_loses_it_again(api, people, picture, tx):
    artist = people["user"]
    path = f"/pictures/thumbnails/persons/{artist.id}"
    assert api(artist, "get", path).status_code == 404
    answer = send(api, artist, path, picture)
    assert (answer.status_code, answer.json) == (201, {"thumbnail_path": f"pictures/thumbnails/persons/{artist.id}.png"})
    got = api(people["client"], "get", f"{path}.png")
    assert (got.status_code, Image.open(io.BytesIO(got.data)).size) == (200, (400, 400))
    assert set(tx.scalars(sa.select(ApiEvent.name))) == {"person:update", "person:set-thumbnail"}
    assert api(people["manager"], "delete", f"/actions/persons/{artist.id}/clear-avatar").status_code == 403
    assert api(artist, "delete", "/actions/user/clear-avatar").status_code == 204
    assert api(artist, "get", path).status_code == 404
    kept = tx.scalars(sa.select(StoredFile)).one()
    assert (kept.deleted_at is not None, [entry["op"] for entry in kept.journal]) == (True, ["create", "delete"])


@pytest.mark.parametrize("role, code", [("admin", 201), ("user", 201), ("manager", 403), ("outsider", 403)])
def test_who_may_send_the_picture_of_the_artist(api, people, picture, tx, role, code):
    assert send(api, people[role], f"/pictures/thumbnails/persons/{people['user'].id}", picture).status_code == code
    assert tx.scalar(sa.select(Person.has_avatar).where(Person.id == people["user"].id)) is (code == 201)


@pytest.mark.parametrize("content", [b"", b"<svg/>"])
def test_what_is_no_picture_changes_nothing(api, people, tx, content):
    answer = send(api, people["user"], f"/pictures/thumbnails/persons/{people['user'].id}", content)
    assert (answer.status_code, answer.json["message"]) == (400, "Uploaded file is not a readable picture.")
    assert tx.scalars(sa.select(StoredFile)).all() == []


def test_the_picture_of_a_production_is_its_managers_affair(api, people, picture, project):
    path = f"/pictures/thumbnails/projects/{project.id}"
    codes = {role: send(api, people[role], path, picture).status_code for role in ("user", "manager")}
    assert codes == {"user": 403, "manager": 201}
    assert send(api, people["manager"], f"{path}.png", picture).status_code == 405
    codes = {role: api(people[role], "get", f"{path}.png").status_code for role in ("client", "outsider")}
    assert codes == {"client": 200, "outsider": 403}


def test_the_logo_of_the_studio_is_the_administrators_affair(api, people, picture, make):
    path = f"/pictures/thumbnails/organisations/{make(Organisation).id}"
    codes = {role: send(api, people[role], path, picture).status_code for role in ("manager", "admin")}
    assert codes == {"manager": 403, "admin": 201}
    assert api(people["outsider"], "get", path).status_code == 200
