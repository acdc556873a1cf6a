"""The generic routes, on milestones: what holds for every model."""

import uuid

import orjson
import pytest
import sqlalchemy as sa

from zou.planning.models import Milestone
from zou.platform.events.models import ApiEvent


@pytest.fixture
def milestone(make, project):
    return make(Milestone, project_id=project.id, name="Lock")


def rows(tx, model=Milestone):
    tx.expire_all()
    return tx.scalars(sa.select(model)).all()


def test_a_list_is_one_statement_besides_the_persons_own(api, people, make, project, statements):
    for _ in range(3):
        make(Milestone, project_id=project.id)
    with statements() as few:
        assert len(api(people["admin"], "get", "/data/milestones").json) == 3
    for _ in range(30):
        make(Milestone, project_id=project.id)
    with statements() as many:
        assert len(api(people["admin"], "get", "/data/milestones").json) == 33
    assert len(few) == len(many) == 2


def test_an_item_is_at_most_three_statements(api, people, milestone, statements):
    with statements() as seen:
        answer = api(people["user"], "get", f"/data/milestones/{milestone.id}")
    assert answer.status_code == 200
    assert answer.json["name"] == "Lock"
    assert len(seen) <= 3


def test_creating_tells(api, people, project, tx):
    answer = api(people["manager"], "post", "/data/milestones", json={"project_id": str(project.id), "name": "Go", "date": "2026-05-04"})
    assert answer.status_code == 201
    assert answer.json["type"] == "Milestone"
    [event] = rows(tx, ApiEvent)
    assert event.name == "milestone:new"
    assert event.data == {"milestone_id": answer.json["id"], "project_id": str(project.id)}
    assert (event.project_id, event.user_id) == (project.id, people["manager"].id)


@pytest.mark.parametrize("who, status", [("admin", 201), ("manager", 201), ("supervisor", 403), ("user", 403), ("client", 403), ("outsider", 403)])
def test_who_may_create(api, people, project, tx, who, status):
    answer = api(people[who], "post", "/data/milestones", json={"project_id": str(project.id), "name": "Go", "date": "2026-05-04"})
    assert answer.status_code == status
    assert len(rows(tx)) == (1 if status == 201 else 0)
    assert len(rows(tx, ApiEvent)) == (1 if status == 201 else 0)


def test_a_creation_in_an_unknown_production_is_not_found(api, people):
    sent = {"project_id": str(uuid.uuid4()), "name": "Go", "date": "2026-05-04"}
    assert api(people["manager"], "post", "/data/milestones", json=sent).status_code == 404


def test_a_change_keeps_what_is_left_out(api, people, milestone, tx):
    answer = api(people["manager"], "put", f"/data/milestones/{milestone.id}", json={"date": "2026-06-01", "id": "x", "nonsense": 1})
    assert answer.status_code == 200
    assert (answer.json["date"], answer.json["name"], answer.json["id"]) == ("2026-06-01", "Lock", str(milestone.id))


def test_a_refused_change_writes_nothing(api, people, milestone, tx):
    for who, sent, status in [("user", {"name": "x"}, 403), ("manager", {"name": None}, 400), ("manager", {"date": "soon"}, 400)]:
        assert api(people[who], "put", f"/data/milestones/{milestone.id}", json=sent).status_code == status
    assert [row.name for row in rows(tx)] == ["Lock"]
    assert rows(tx, ApiEvent) == []


def test_removing_tells(api, people, milestone, tx):
    answer = api(people["manager"], "delete", f"/data/milestones/{milestone.id}")
    assert (answer.status_code, answer.data) == (204, b"")
    assert rows(tx) == []
    assert [event.name for event in rows(tx, ApiEvent)] == ["milestone:delete"]


def test_pages_have_the_true_total(api, people, make, project):
    for _ in range(5):
        make(Milestone, project_id=project.id)
    page = api(people["admin"], "get", "/data/milestones?page=2&limit=2").json
    assert {key: page[key] for key in ("total", "nb_pages", "limit", "offset", "page")} == {
        "total": 5, "nb_pages": 3, "limit": 2, "offset": 2, "page": 2}  # fmt: skip
    assert len(page["data"]) == 2
    beyond = api(people["admin"], "get", "/data/milestones?page=9&limit=2").json
    assert (beyond["data"], beyond["total"]) == ([], 5)


@pytest.mark.parametrize("query, found", [
    ("name=lock", 1), ("name=l%25", 1), ("name=loc", 0), ("date=2026-03-02", 1), ("date=2026-03-03", 0),
    ('date=["2026-03-02","2020-01-01"]', 1), ("nonsense=1", 1), ("task_type_id=[null]", 0),
])  # fmt: skip
def test_filters(api, people, milestone, query, found):
    assert len(api(people["admin"], "get", f"/data/milestones?{query}").json) == found


@pytest.mark.parametrize("query", ["project_id=nonsense", "project_id=", "date=nonsense", "date=[broken", "page=x", "page=1&limit=-1"])
def test_bad_filters_are_refused(api, people, query):
    answer = api(people["admin"], "get", f"/data/milestones?{query}")
    assert answer.status_code == 400
    assert answer.json["error"] is True


def test_fields_keeps_those_and_id_and_type(api, people, milestone):
    [row] = api(people["admin"], "get", "/data/milestones?fields=name,%20nonsense").json
    assert set(row) == {"id", "type", "name"}


def test_an_answer_that_the_client_has_is_not_sent_again(api, people, milestone):
    path = f"/data/milestones/{milestone.id}"
    first = api(people["admin"], "get", path)
    again = api(people["admin"], "get", path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_large_answers_are_compressed(api, people, make, project):
    for _ in range(20):
        make(Milestone, project_id=project.id)
    answer = api(people["admin"], "get", "/data/milestones", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"


def test_security_headers_are_on_every_answer(client):
    for path in ("/nonsense", "/openapi.json"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "frame-ancestors 'self'"


def test_no_token_is_401(client):
    assert client.get("/data/milestones").status_code == 401


def test_trailing_slashes_do_not_matter(api, people, milestone):
    assert api(people["admin"], "get", "/data/milestones/").status_code == 200
    assert api(people["admin"], "get", f"/data/milestones/{milestone.id}/").status_code == 200


def test_the_description_names_every_route(app, client):
    described = orjson.loads(client.get("/openapi.json").data)["paths"]
    assert {"get", "post"} <= set(described["/data/milestones"])
    assert {"get", "put", "delete"} <= set(described["/data/milestones/{instance_id}"])
    assert "manager in the team" in described["/data/milestones"]["post"]["description"]
