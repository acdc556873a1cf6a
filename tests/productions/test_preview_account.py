"""The preview account of a production."""

import pytest
import sqlalchemy as sa

from zou.people.models import Person
from zou.platform.db.types import utcnow
from zou.productions.models import ProjectPersonLink


@pytest.fixture
def path(project):
    return f"/data/projects/{project.id}/preview-account"


def accounts(tx, project):
    tx.expire_all()
    return tx.scalars(sa.select(Person).where(Person.preview_project_id == project.id)).all()


def test_the_account_is_made_once_and_its_password_shown_once(api, people, project, path, tx):
    first, second = (api(people["manager"], "post", path) for _ in range(2))
    assert (first.status_code, first.json["id"]) == (201, second.json["id"])
    assert len(first.json["password"]) == 16 and first.json["password"] != second.json["password"]
    assert "password" not in api(people["manager"], "get", path).json
    (account,) = accounts(tx, project)
    assert (account.role, account.last_name) == ("client", project.name)
    assert tx.get(ProjectPersonLink, (project.id, account.id)) is not None


def test_it_opens_for_an_hour_and_a_new_password_closes_it(api, people, project, path, tx):
    api(people["manager"], "post", path)
    assert api(people["manager"], "put", path, json={"is_open": True}).json["preview_open_until"] > utcnow().isoformat()
    (account,) = accounts(tx, project)
    opened = account.preview_opened_at
    api(people["manager"], "put", path, json={"is_open": True})
    assert accounts(tx, project)[0].preview_opened_at == opened
    api(people["manager"], "post", path)
    (account,) = accounts(tx, project)
    assert (account.preview_opened_at, account.preview_open_until) == (None, None)


def test_there_may_be_none(api, people, project, path, tx):
    assert (api(people["manager"], "get", path).json, api(people["manager"], "delete", path).status_code) == (None, 204)
    assert api(people["manager"], "put", path, json={"is_open": True}).status_code == 404
    api(people["manager"], "post", path)
    assert api(people["manager"], "delete", path).status_code == 204
    assert accounts(tx, project) == []


@pytest.mark.parametrize("who", ["supervisor", "user", "client", "vendor", "outsider"])
def test_it_is_for_managers(api, people, project, path, tx, who):
    for verb, request in (("get", {}), ("post", {}), ("put", {"json": {"is_open": True}}), ("delete", {})):
        assert api(people[who], verb, path, **request).status_code == 403
    assert accounts(tx, project) == []
