"""Saved searches: who sees them, who may share them, what goes with a folder."""

import pytest
import sqlalchemy as sa

from zou.people.models import Department, Person
from zou.productions.models import Project, ProjectPersonLink
from zou.workspace.models import SearchFilter, SearchFilterGroup


@pytest.fixture
def other(make, project):
    """A second open production, in whose team nobody is."""
    return make(Project, project_status_id=project.project_status_id)


def save(api, person, kind="filters", **body):
    answer = api(person, "post", f"/data/user/{kind}", json={"name": "s", "query": "q", "list_type": "asset", **body})
    assert answer.status_code == 201
    return answer.json


def test_a_shared_search_is_for_the_team_of_its_production(api, people, project):
    made = save(api, people["manager"], project_id=str(project.id), is_shared=True)
    assert made["is_shared"] is True
    seen = {name: api(person, "get", "/data/user/filters").json for name, person in people.items()}
    assert [row["id"] for row in seen["user"]["asset"][str(project.id)]] == [made["id"]]
    assert [row["id"] for row in seen["admin"]["asset"][str(project.id)]] == [made["id"]]
    assert seen["outsider"] == {}
    assert api(people["outsider"], "get", "/data/user/context").json["search_filters"] == {}


def test_who_does_not_manage_the_production_saves_in_private(api, people, project):
    assert save(api, people["user"], project_id=str(project.id), is_shared=True)["is_shared"] is False
    assert save(api, people["manager"], is_shared=True)["is_shared"] is False


def test_a_search_is_not_shared_by_naming_another_production(api, people, make, tx, project, other):
    tx.add(ProjectPersonLink(project_id=other.id, person_id=people["user"].id, role="manager"))
    tx.commit()
    made = save(api, people["user"], project_id=str(project.id))
    path = f"/data/user/filters/{made['id']}"
    changed = api(people["user"], "put", path, json={"is_shared": True, "project_id": str(other.id)})
    assert (changed.status_code, changed.json["is_shared"]) == (200, False)


def test_a_shared_search_that_moves_to_a_production_of_others_becomes_private(api, people, project, other):
    made = save(api, people["manager"], project_id=str(project.id), is_shared=True)
    changed = api(people["manager"], "put", f"/data/user/filters/{made['id']}", json={"project_id": str(other.id)})
    assert (changed.json["project_id"], changed.json["is_shared"]) == (str(other.id), False)


@pytest.mark.parametrize("kind", ["filters", "filter-groups"])
@pytest.mark.parametrize("id", ["nothing", "7d1c0a52-0000-4000-8000-000000000001"])
def test_an_unknown_department_is_not_found(api, people, tx, kind, id):
    made = save(api, people["user"], kind)
    assert api(people["user"], "put", f"/data/user/{kind}/{made['id']}", json={"name": "new", "department_id": id}).status_code == 404
    model = {"filters": SearchFilter, "filter-groups": SearchFilterGroup}[kind]
    assert tx.scalars(sa.select(model.name)).all() == ["s"]


def test_folders_of_another_department_leave_an_empty_list_type(api, people, make, project):
    craft = make(Department)
    save(api, people["manager"], "filter-groups", project_id=str(project.id), is_shared=True, department_id=str(craft.id))
    assert api(people["user"], "get", "/data/user/filter-groups").json == {"asset": {}}


def test_a_folder_takes_its_searches_along_whoever_owns_them(api, people, tx, project):
    group = save(api, people["manager"], "filter-groups", project_id=str(project.id), is_shared=True)
    inside = {"project_id": str(project.id), "is_shared": True, "search_filter_group_id": group["id"]}
    save(api, people["admin"], **inside)
    kept = save(api, people["manager"])
    assert api(people["manager"], "delete", f"/data/user/filter-groups/{group['id']}").status_code == 204
    assert [str(id) for id in tx.scalars(sa.select(SearchFilter.id))] == [kept["id"]]
    assert tx.scalars(sa.select(SearchFilterGroup.id)).all() == []


def test_nobody_changes_the_search_of_another_but_an_administrator(api, people, make, tx):
    row = make(SearchFilter, name="mine", list_type="asset", search_query="q", person_id=people["user"].id)
    for verb in ("put", "delete"):
        assert api(people["manager"], verb, f"/data/user/filters/{row.id}", json={"name": "theirs"}).status_code == 404
    assert api(people["admin"], "put", f"/data/user/filters/{row.id}", json={"name": "ours"}).json["name"] == "ours"


def test_a_bot_has_no_workspace(app, make, client):
    from flask_jwt_extended import create_access_token

    with app.app_context():
        token = create_access_token(str(make(Person, is_bot=True, jti="bot").id), additional_claims={"identity_type": "bot", "jti": "bot"})
    assert client.get("/data/user/filters", headers={"Authorization": f"Bearer {token}"}).status_code == 403
