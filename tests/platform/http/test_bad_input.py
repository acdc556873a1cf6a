"""Bad input on every generic route of every domain: a 4xx JSON error, and nothing is written.

The cases are made from the routes and columns themselves, so a model that is added is tested from then on.
"""

import json
import uuid

import pytest
import sqlalchemy as sa

from tests.world import build
from zou.app import domains
from zou.people.models import Person
from zou.platform.db import Base
from zou.platform.db.payload import (
    BooleanColumn,
    DateColumn,
    DateTimeColumn,
    IntegerColumn,
    JsonColumn,
    ListColumn,
    TextColumn,
    UuidColumn,
    column_fields,
)

CRUDS = {crud.path: crud for domain in domains() for crud in domain.cruds}

DROPPED = {
    ("playlists", "task_type_id"): "one that is none is read as null (crud.md §6.3)",
    ("playlists", "created_by"): "is always the caller",
    ("comments", "editor_id"): "is always the caller",
    ("entities", "created_by"): "is always the caller (crud.md §6.2)",
    ("schedule-items", "man_days"): "text is left out",
    ("projects", "production_style"): "null gives the default",
    ("project-templates", "production_style"): "null gives the default",
}
"""Values that a route replaces instead of refusing them, and why: what the contract's server accepts, ours does."""

UNFILTERED = {"salary-scales"}
"""Lists that ignore the query string (schedule-and-budget.md §5)."""

PROTECTED = {"id", "created_at", "updated_at"}
NUL = "a\x00b"
DEEP_NUL = {"a": [{"b": NUL}]}
HUGE = 10**30
WRONG = {
    UuidColumn: ["not-a-uuid", 12, 1.5, True, ["x"], {"a": 1}, str(uuid.uuid4())[:-1], "", NUL],
    BooleanColumn: ["perhaps", 2, ["x"], {"a": 1}],
    IntegerColumn: ["many", HUGE, str(HUGE), ["x"], {"a": 1}, NUL],
    DateColumn: ["soon", "2026-02-30", "", 12, True, ["x"], {"a": 1}, NUL],
    DateTimeColumn: ["soon", "2026-02-30T10:00:00", "", 12, True, ["x"], {"a": 1}, NUL],
    TextColumn: [["x"], {"a": 1}, NUL],
    JsonColumn: [NUL, DEEP_NUL, [NUL]],
    ListColumn: [12, {"a": 1}, [NUL], [[1]]],
}
BAD_FILTERS = {
    UuidColumn: ["x", "null", '["x"]', "[broken", "[[1]]", '[{"a": 1}]'],
    BooleanColumn: ["perhaps", '["perhaps"]', "[broken"],
    IntegerColumn: ["many", str(HUGE), "[broken", '["many"]', f"[{HUGE}]"],
    DateColumn: ["soon", '["soon"]', "[broken"],
    DateTimeColumn: ["soon", '["soon"]', "[broken"],
}
ODD = ["'", "-1", "1e400", "NaN", "infinity", "[]", "[null]", "[true]", "[1.5]", "0001-01-01"]
ODD_TEXT = ["'\"", "\\", "%", "🦙", "[]", "[null]", "[1.5]", "{}", "x" * 3000]


@pytest.fixture
def world(tx):
    return build(tx)


@pytest.fixture
def written(tx):
    """written(): names of the tables that are not as they were at the last call."""
    seen = {}

    def dump():
        tx.rollback()
        for table in Base.metadata.sorted_tables:
            yield table.name, sorted(repr(tuple(row)) for row in tx.execute(sa.select(table)))

    def compare():
        now = dict(dump())
        changed = [name for name, rows in now.items() if name in seen and seen[name] != rows]
        seen.update(now)
        return changed

    return compare


class Route:
    """The generic routes of a model, with the row of the world that they serve."""

    def __init__(self, crud, world):
        self.crud, self.row = crud, world[crud.model]
        self.all, self.one = f"/data/{crud.path}", f"/data/{crud.path}/{self.row.id}"
        service = crud.service
        dropped = {name for path, name in DROPPED if path == crud.path}
        self.fields = column_fields(crud.model)
        self.relations = sorted(set(service.relations.keys()) - service.protected)
        self.created = [name for name in self.fields if name not in PROTECTED | service.protected_new | dropped]
        self.changed = [name for name in self.fields if name not in PROTECTED | service.protected | dropped]
        self.whole = {name: self.sendable(name) for name in self.fields if name not in PROTECTED | service.protected_new}

    def sendable(self, name):
        """The value of a column as a client sends it."""
        value = getattr(self.row, name)
        value = value.decode() if isinstance(value, bytes) else value
        return value if isinstance(value, bool | int | float | str | list | dict | None) else str(value)

    def writes(self, name, value):
        """(verb, path, note, request) of a creation and of a change with this value; the rest of the creation is right."""
        note = f"{name}={value!r}"[:80]
        if name in self.created or name in self.relations:
            yield "post", self.all, note, sending({**self.whole, name: value})
        if name in self.changed or name in self.relations:
            yield "put", self.one, note, sending({name: value})


def sending(value):
    """A request with this JSON; the standard library's writer knows integers of any size."""
    return {"data": json.dumps(value), "content_type": "application/json"}


def unknown_ids(route):
    """Ids that name nothing."""
    for id in ["not-a-uuid", "1", "%00", "%F0%9F%A6%99", str(uuid.uuid4())]:
        for verb, request in [("get", {}), ("put", {"json": {}}), ("delete", {})]:
            yield verb, f"{route.all}/{id}", "names nothing", request


def bodies_that_are_no_object(route):
    """Text that is no JSON, and JSON that is no object."""
    texts = ["{", "", "{'a': 1}", "\x00", '{"a": NaN}', "[1]", '"text"', "12", "null", "true", "[[]]", "[null]", "[" * 5000 + "]" * 5000]
    raw = [text.encode() for text in texts] + [b'{"name": "\xff\xfe"}', b'{"name": "\\ud800"}']
    for verb, path in [("post", route.all), ("put", route.one)]:
        for data in raw:
            yield verb, path, repr(data[:20]), {"data": data, "content_type": "application/json"}
        yield verb, path, "a form", {"data": {"name": "x"}}
        yield verb, path, "no content type", {"data": "{}"}


def unknown_fields(route):
    """A key that is no attribute: refused at creation (a change drops it)."""
    yield "post", route.all, "unknown field", sending({**route.whole, "no_such_field": 1})


def values_of_the_wrong_kind(route):
    """For every column, values that its type does not take."""
    for name, field in route.fields.items():
        kind = next((kind for kind in WRONG if isinstance(field, kind)), None)
        for value in WRONG.get(kind, ()):
            yield from route.writes(name, value)
        if not field.column.nullable:
            yield from route.writes(name, None)
        length = getattr(field.column.type, "length", None)
        if isinstance(field, TextColumn) and length:
            yield from route.writes(name, "x" * (length + 1))
        if field.column.foreign_keys:
            yield from route.writes(name, str(uuid.uuid4()))


def duplicates(route):
    """The row that is there, once more, when a column of it must be unique."""
    columns = route.crud.model.__table__.columns
    if any(column.unique and route.whole.get(column.key) is not None for column in columns):
        yield "post", route.all, "the same again", sending(route.whole)


def relations_that_are_no_ids(route):
    """What is no list of ids."""
    for name in route.relations:
        for value in ["x", 12, ["x"], [12], [[1]], [{"id": "x"}], [{}], {"id": "x"}, True, [NUL], [None]]:
            yield from route.writes(name, value)


def filters_with_bad_values(route):
    """Values of the query string that a column cannot have."""
    if route.crud.path in UNFILTERED:
        return
    for name, field in route.fields.items():
        kind = next((kind for kind in BAD_FILTERS if isinstance(field, kind)), None)
        for value in BAD_FILTERS.get(kind, ()):
            yield "get", route.all, f"{name}={value}", {"query_string": {name: value}}
        for value in [NUL, f'["{NUL}"]', '["a\\u0000b"]', '["\\ud800"]'] if name != "name" else [NUL]:
            yield "get", route.all, f"{name}={value!r}", {"query_string": {name: value}}
    for name in route.relations:
        yield "get", route.all, f"{name}=x", {"query_string": {name: "x"}}
    for query in ["page=x", "page=1.5", "limit=x", "page=1&limit=-1", "page=1&limit=x", f"page=1&limit={HUGE}", "page=%00"]:
        yield "get", f"{route.all}?{query}", "page", {}


def odd_queries(route):
    """Query strings that may be answered, but never with a fault: signs, wildcards, other alphabets, pages far away."""
    pages = [f"page={HUGE}", "page=0", f"page=-{HUGE}", "page=99999999", "fields=%00", "fields=,,", "no_such=%00", "relations=%00", "%00=x"]
    for query in pages:
        yield "get", f"{route.all}?{query}", query, {}
    for name, field in route.fields.items():
        for value in ODD_TEXT if isinstance(field, TextColumn) else ODD:
            yield "get", route.all, f"{name}={value}"[:60], {"query_string": {name: value}}


REFUSED = [
    unknown_ids,
    bodies_that_are_no_object,
    unknown_fields,
    values_of_the_wrong_kind,
    duplicates,
    relations_that_are_no_ids,
    filters_with_bad_values,
]


@pytest.mark.parametrize("path", sorted(CRUDS))
def test_bad_input_is_refused_and_writes_nothing(path, api, world, written):
    route, faults = Route(CRUDS[path], world), []
    written()
    for cases in REFUSED:
        for verb, where, note, request in cases(route):
            answer = api(world[Person], verb, where, **request)
            if not 400 <= answer.status_code < 500 or "message" not in (answer.get_json(silent=True) or {}):
                faults.append(f"{cases.__name__}: {verb} {where} {note}: {answer.status_code} {answer.get_data(as_text=True)[:100]}")
    assert not faults, "\n".join(faults)
    assert written() == []


@pytest.mark.parametrize("path", sorted(CRUDS))
def test_no_query_string_is_a_fault(path, api, world):
    route, faults = Route(CRUDS[path], world), []
    for verb, where, note, request in odd_queries(route):
        answer = api(world[Person], verb, where, **request)
        if answer.status_code not in (200, 400):
            faults.append(f"{where} {note}: {answer.status_code} {answer.get_data(as_text=True)[:100]}")
    assert not faults, "\n".join(faults)
