"""Every request that Kitsu and gazu send to a route of its own is sent, with its parameters and keys, and answered.

The requests are those of contract/clients.json; those to the generic routes are in test_client_requests.py. A request runs in a
savepoint that is rolled back, so that all of a group share one studio.
"""

import json

import pytest

from tests.contract.sending import body_of, expected_of, files_of, instance_of, path_of, query_of, studio
from tests.contract.test_client_requests import REQUESTS, SENT
from tests.contract.test_routes import ROUTES, shape
from zou.people.models import Person


def key_of(request):
    return request["method"], request["path_template"], tuple(request["query"]), tuple(map(str, request["body"])), request["encoding"]


def group_of(request):
    """The first folder of the path, and the second where the first holds most."""
    first, _, rest = request["path_template"].lstrip("/").partition("/")
    return f"{first}/{rest.partition('/')[0]}" if first in ("data", "import") else first


GENERIC = {key_of(request) for request in SENT}
# Paths of `{collection}` are those of the generic routes, which are all sent; one of gazu 1.1 asks a path that no server has.
OWN = [
    request
    for request in {key_of(request): request for request in REQUESTS if key_of(request) not in GENERIC}.values()
    if "{collection}" not in request["path_template"]
]
CONTRACT = {shape(route["method"], route["path"]) for route in ROUTES}
GROUPS = sorted({group_of(request) for request in OWN})


def send(api, world, request, person):
    """The answer to a request of a client."""
    path = path_of(request.get("sent_path") or request["path_template"], world, instance_of(request["path_template"], world))
    options = {"query_string": query_of(request, world)}
    body = body_of(request, world)
    if request["encoding"] == "multipart":
        plain = {key: value for key, value in (body or {}).items() if not key.startswith("file") and value is not None}
        texts = {key: json.dumps(value) if isinstance(value, list | dict) else str(value) for key, value in plain.items()}
        options.update(data={**texts, **files_of(request)}, content_type="multipart/form-data")
    elif body is not None:
        options["json"] = body
    return api(person, request["method"], path, **options)


@pytest.fixture
def world(tx):
    return studio(tx)


@pytest.mark.parametrize("group", GROUPS)
def test_requests_of_clients_are_answered(api, connection, world, group):
    wrong = []
    for request in OWN:
        if group_of(request) != group:
            continue
        around = connection.begin_nested()
        answer = send(api, world, request, world[Person])
        around.rollback()
        if answer.status_code not in expected_of(request, CONTRACT):
            sent = f"{request['method']} {request['path_template']} {request['query']} {request['body']}"
            wrong.append(f"{sent}: {answer.status_code} {answer.text[:300]}")
    if wrong:
        pytest.fail("\n".join(wrong))


def test_all_requests_are_sent():
    assert len(OWN) + len(GENERIC) > 750
