"""Odd bodies, ids and query strings on the routes that are not generic: an answer below 500, with a JSON error when it is a refusal.

The cases are made from what the routes declare. A domain joins by its name in `DOMAINS`.
"""

import itertools
import json
import uuid

import pytest

from tests.world import build
from zou.app import domains
from zou.people.models import Person
from zou.platform.db import Base
from zou.platform.http.resource import instance, route_of

DOMAINS = {"productions", "planning", "files"}
ODD = [None, 1.5, 10**30, "", "a\x00b", "x" * 3000, ["x"], [{"a": 1}], {"a": 10**30}]
BODIES = [None, [1], ["x"], {}, {"a\x00": 1}]
ALIASES = {"asset_type": "entity_type", "entry": "budget_entry", "version": "production_schedule_version"}
ROUTES = [
    (path, resource)
    for domain in domains()
    if domain.name in DOMAINS
    for path, resource in domain.routes
    if not hasattr(resource, "crud") and "{" not in path
]


@pytest.fixture
def world(tx):
    """{table name: id} of a row of every model."""
    return {model.__tablename__: row.id for model, row in build(tx).items() if isinstance(model, type) and issubclass(model, Base)}


@pytest.fixture
def admin(tx, world):
    """An administrator who stays when other persons are removed."""
    person = Person(first_name="Ada", last_name="Admin", role="admin", email="stays@studio.example")
    tx.add(person)
    tx.commit()
    return person


def parts_of(path):
    """The names of the parameters of a path."""
    return [part[1:-1] for part in path.strip("/").split("/") if part.startswith("<")]


def paths(path, world):
    """The path with ids that exist; then with each of them odd."""
    names = parts_of(path)
    good = {name: good_value(name, world) for name in names}
    yield fill(path, good)
    for name, odd in itertools.product(names, ("x", str(uuid.UUID(int=0)), "9" * 30)):
        yield fill(path, good | {name: odd})


def good_value(name, world):
    table = name.removesuffix("_id")
    return world.get(
        ALIASES.get(table, table), {"date": "2026-03-02", "year": "2026", "month": "3", "week": "9", "day": "2"}.get(name, "x")
    )


def fill(path, values):
    for name, value in values.items():
        path = path.replace(f"<{name}>", str(value))
    return path


def bodies(schema):
    """Odd bodies for a route: odd as a whole, and with one odd value each."""
    yield from (sent(body) for body in BODIES)
    yield {"data": "{broken", "content_type": "application/json"}
    if schema is not None:
        names = list(instance(schema).fields)
        for name, odd in itertools.product(names, ODD):
            yield sent({**dict.fromkeys(names, str(uuid.UUID(int=0))), name: odd})


def sent(body):
    """The body as JSON of the standard library, which also writes what orjson refuses."""
    return {"data": json.dumps(body), "content_type": "application/json"}


def queries(schema):
    names = list(instance(schema).fields) if schema is not None else ["relations", "page", "limit", "project_id", "name", "entity_type"]
    return [{"query_string": {name: odd}} for name in names for odd in ("", "x", "9" * 30, "a\x00b")]


@pytest.mark.parametrize("path, resource", ROUTES, ids=[path for path, _ in ROUTES])
def test_odd_requests_are_answered_below_500(api, admin, world, path, resource):
    good, *odd = paths(path, world)
    for verb in ("get", "post", "put"):
        route = route_of(resource, verb)
        if route is None:
            continue
        requests = queries(route.query) if verb == "get" else list(bodies(route.body))
        for url, request in [*((good, request) for request in requests), *((url, {}) for url in odd)]:
            check(api(admin, verb, url, **request), f"{verb} {url} {request}"[:300])
    if route_of(resource, "delete") is not None:
        for url in (*odd, good):
            check(api(admin, "delete", url), f"delete {url}")


def check(answer, note):
    assert answer.status_code < 500, f"{note}: {answer.text}"
    if answer.status_code >= 400:
        assert "message" in answer.json or "error" in answer.json, note
