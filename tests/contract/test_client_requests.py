"""Every request that Kitsu and gazu send to a generic route is answered as the client needs it.

The requests are those of contract/clients.json (copied here); see contract/clients.md for what the clients read of the answers.
"""

import datetime
import json
from pathlib import Path

import orjson
import pytest
import sqlalchemy as sa

from tests.making import make
from tests.world import build
from zou.app import domains
from zou.entities.models import Entity, EntityLink
from zou.people.models import Person
from zou.planning.models import ProductionScheduleVersion, ProductionScheduleVersionTaskLink, SalaryScale, ScheduleItem
from zou.previews.models import PreviewBackgroundFile
from zou.productions.models import Project, ProjectStatus
from zou.tasks.models import Task, TaskType

REQUESTS = json.loads((Path(__file__).parent / "clients.json").read_text())
GENERIC = {"/data/" + crud.path: crud for domain in domains() for crud in domain.cruds}
SAMPLES = {
    "force": "True",
    "relations": "true",
    "fields": "id,status",
    "is_default": "True",
    "is_bot": "false",
    "full_name": "Ada Admin",
    "choices": [],
    "currency": "USD",
    "password": "mypassword",
    "in_field_type": "status",
    "notifications_discord_enabled": False,
    "shots": [],
    "project_template_id": None,
    "expiration_date": "2099-01-01",
}


def generic(request):
    """The generic rows that a request is about, or None."""
    return GENERIC.get(request["path_template"].rstrip("/").removesuffix("/{instance_id}"))


def label(request):
    return f"{request['client']}-{request['method']}-{request['path_template']}-{request['page_or_function']}".replace(" ", "_")


SENT = [request for request in REQUESTS if generic(request) and request["path_template"].count("{") <= 1]


@pytest.fixture
def world(tx):
    """The small studio."""
    return build(tx)


def other_values(model, row):
    """{column: value} for a second row like this one, with other values where rows must differ."""
    unique = {
        column.name for constraint in model.__table__.constraints if isinstance(constraint, sa.UniqueConstraint) for column in constraint
    }
    unique |= {column.name for index in model.__table__.indexes if index.unique for column in index.columns}
    values = {}
    for attribute in sa.inspect(model).column_attrs:
        name, value = attribute.key, getattr(row, attribute.key)
        if name in ("id", "created_at", "updated_at"):
            continue
        if name in UNIQUE_BY_RULE.get(model, ()):
            unique.add(name)
        if name in unique and isinstance(value, bool):
            pass
        elif name in unique and isinstance(value, str) and name != "entity_type":
            value = f"{value[:6]}-2" if name == "short_name" else f"second.{value}"
        elif name in unique and isinstance(value, int):
            value += 1
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            value += datetime.timedelta(days=30)
        values[name] = value
    return values


# Where the service, and no key of the table, keeps values apart.
UNIQUE_BY_RULE = {PreviewBackgroundFile: {"name"}}

# Where only links tell rows apart, a new row needs another one to link to.
OTHERS = {
    Task: ("entity_id", Entity),
    ScheduleItem: ("task_type_id", TaskType),
    ProductionScheduleVersionTaskLink: ("production_schedule_version_id", ProductionScheduleVersion),
    EntityLink: ("entity_out_id", Entity),
}


def second_row(tx, world, model):
    """A row like the world's, to which nothing refers."""
    values = other_values(model, world[model])
    if model is Project:
        values["project_status_id"] = make(tx, ProjectStatus, name="Closed").id
    if model is SalaryScale:
        values["position"] = "lead"
    if model in OTHERS:
        column, linked = OTHERS[model]
        values[column] = make(tx, linked, **other_values(linked, world[linked])).id
    return make(tx, model, **values)


def sent_body(tx, world, request, model, shown):
    """The JSON body: the whole row as it was read, or the keys that the client sends."""
    if not request["body"]:
        return None
    fresh = orjson.loads(
        orjson.dumps({k: v for k, v in other_values(model, world[model]).items() if not isinstance(v, bytes)}, default=str)
    )
    if request["method"] == "POST" and model in OTHERS:
        column, linked = OTHERS[model]
        fresh[column] = str(make(tx, linked, **other_values(linked, world[linked])).id)
    if request["body"] == ["*"]:
        return fresh if request["method"] == "POST" else shown
    source = {**SAMPLES, **shown, **fresh} if request["method"] == "POST" else {**SAMPLES, **shown}
    body = {key: source.get(key) for key in request["body"] if key in source or request["method"] == "PUT"}
    if model is Person and request["method"] == "POST":
        body.update(email="new.comer@gmail.com")
    return body


def query_value(request, name, shown):
    """A parameter as the client writes it."""
    if name == "id" and "preview-files" in request["path_template"]:
        return json.dumps([shown["id"]])
    if name == "episode_id" and name not in shown:
        return None
    value = SAMPLES.get(name, shown.get(name))
    if isinstance(value, bool):
        return str(value)
    return value


@pytest.mark.parametrize("request_", SENT, ids=label)
def test_what_the_clients_send_works(api, tx, world, request_):
    crud = generic(request_)
    model, method, admin = crud.model, request_["method"], world[Person]
    row = second_row(tx, world, model) if method == "DELETE" else world[model]
    shown = api(admin, "get", f"/data/{crud.path}/{row.id}").json
    path = (request_.get("sent_path") or request_["path_template"]).replace("{instance_id}", str(row.id))
    query = {name.rstrip("?"): query_value(request_, name.rstrip("?"), shown) for name in request_["query"]}
    query = {name: value for name, value in query.items() if value is not None}
    answer = api(admin, method, path, query_string=query, json=sent_body(tx, world, request_, model, shown))
    expected = {"GET": 200, "POST": 201, "PUT": 200, "DELETE": 204}[method]
    assert answer.status_code == expected, answer.text
    if method == "DELETE":
        assert answer.data == b""
    elif method == "POST":
        assert answer.json["id"] != str(row.id)
    elif "{instance_id}" in request_["path_template"]:
        assert answer.json["id"] == str(row.id)
    else:
        rows = answer.json["data"] if isinstance(answer.json, dict) else answer.json
        assert str(row.id) in {found["id"] for found in rows} or "page" in query


def test_the_list_of_requests_is_the_contracts():
    contract = Path(__file__).parents[3] / "shared" / "contract" / "clients.json"
    if contract.exists():
        assert json.loads(contract.read_text()) == REQUESTS
    assert len(SENT) > 200


def test_head_of_the_root_is_answered(client):
    assert client.head("/").status_code == 200
