"""A list is one statement besides the person's own row, an item at most three in all: for every generic route and every role."""

import pytest

from tests.making import join_team, make
from tests.world import build
from zou.app import domains
from zou.people.models import Person
from zou.productions.models import Project

CRUDS = [crud for domain in domains() for crud in domain.cruds]
# The list of salary scales looks first whether rows are missing, and makes them once (contract/rules/crud.md §6.5).
BESIDE = {"salary-scales": 1}


@pytest.fixture
def world(tx):
    return build(tx)


@pytest.mark.parametrize("role", ["admin", "manager", "user", "client", "vendor"])
@pytest.mark.parametrize("crud", CRUDS, ids=lambda crud: crud.path)
def test_statements_of_a_read(api, tx, world, statements, crud, role):
    person = make(tx, Person, role=role)
    join_team(tx, world[Project], person)
    api(person, "get", f"/data/{crud.path}")
    for query in ("", "?relations=true", "?page=1"):
        with statements() as seen:
            answer = api(person, "get", f"/data/{crud.path}{query}")
        assert answer.status_code in (200, 403)
        assert len(seen) <= 2 + BESIDE.get(crud.path, 0), seen
    with statements() as seen:
        answer = api(person, "get", f"/data/{crud.path}/{world[crud.model].id}")
    assert answer.status_code in (200, 403)
    assert len(seen) <= 3, seen
