"""Every request that the built Kitsu was seen to send is sent by each role that sent it, and the answer has the keys that it got.

contract/kitsu-requests.json: measured in a browser, by page and role. A request that many pages send is sent once for a role.
"""

import json
import re
from pathlib import Path

import pytest

from tests.contract.sending import LIST_BODIES, PASSWORD, ROLES, body_of, comment_on, files_of, instance_of, path_of, query_of, studio
from zou.people.models import Person
from zou.tasks.models import TaskStatus

MEASURED = json.loads((Path(__file__).parent / "kitsu-requests.json").read_text())["requests"]
NOBODY = "nobody"
NAME = re.compile(r"(?!all$|total$|sequence$)[a-z][a-z_]*")  # of a key; others are ids, days and totals


def once(requests):
    """One request for each method, path, query and body, with the statuses of each role over all pages.

    `answer` and `items` are the keys that the first role of a page got; those of others are fewer and were not measured.
    """
    found = {}
    for seen in requests:
        key = seen["method"], seen["path"], tuple(sorted(seen.get("query", {}))), tuple(seen.get("body", ()))
        merged = found.setdefault(key, {**seen, "statuses": {}, "answer": {}, "items": {}})
        for status, roles in seen["status"].items():
            for role in roles:
                if status.isdigit():  # else the page was left before the answer came
                    merged["statuses"].setdefault(role, set()).add(int(status))
        for part in ("answer", "items"):
            if part in seen:
                keys, role = {name for name in seen[part] if NAME.fullmatch(name)}, seen["roles"][0]
                merged[part][role] = merged[part].get(role, keys) & keys
    return list(found.values())


REQUESTS = once(MEASURED)
BODIES = {
    ("POST", "/actions/tasks/{task_id}/comment"): lambda world: comment_on(world),
    ("PUT", "/data/projects/{project_id}/entities/casting"): lambda world: {str(world["shot"].id): []},
    ("POST", "/auth/login"): lambda world: {"email": world[Person].email, "password": PASSWORD},
}
# (role, path): status, for what is refused here on purpose (docs/differences.md).
REFUSED = {
    ("client", "/data/entities/{entity_id}/news"): 403,
    ("client", "/data/projects/{project_id}/schedule-items/task-types"): 403,
    ("client", "/data/projects/{project_id}/schedule-items/{task_type_id}/episodes"): 403,
    ("vendor", "/data/projects/{project_id}/milestones"): 403,
    (NOBODY, "/shared/playlists/{token}"): 200,  # the link that was measured was not there
}


@pytest.fixture
def world(tx):
    return studio(tx)


def as_listed(request):
    """The request in the form of clients.json."""
    template = re.sub(r"\{id\}", "{instance_id}", request["path"])
    return {
        "method": request["method"],
        "path_template": template,
        "query": list(request.get("query", {})),
        "body": list(request.get("body", [])),
        "encoding": request.get("encoding", "none"),
    }


def sent(api, world, request, person):
    """The answer to a request of a person."""
    listed = as_listed(request)
    instance = instance_of(listed["path_template"], world)
    path = path_of(listed["path_template"], world, instance)
    options = {"query_string": query_of(listed, world)}
    if listed["encoding"] == "multipart":
        options.update(data={"comment": "Look.", "task_status_id": str(world[TaskStatus].id), **files_of(listed)})
        options["content_type"] = "multipart/form-data"
    elif listed["encoding"] in ("json", "list"):
        body = BODIES.get((request["method"], request["path"]), lambda world: body_of(listed, world))(world)
        options["json"] = as_list(body, listed, world) if listed["encoding"] == "list" else body
    return api(person, request["method"], path, **options)


def as_list(body, listed, world):
    """The body of a request that is a list: of such objects, or of ids."""
    if not listed["body"]:
        return next(make_list(world) for end, make_list in LIST_BODIES if end in listed["path_template"])
    return body if isinstance(body, list) else [body]


def missing_keys(request, answer, role):
    """Keys that the measured answer had and this one has not."""
    if not answer.is_json or answer.status_code >= 300:
        return set()
    body = answer.json
    if isinstance(body, dict):
        return request["answer"].get(role, set()) - body.keys()
    if isinstance(body, list) and body and isinstance(body[0], dict):
        return request["items"].get(role, set()) - body[0].keys()
    return set()


@pytest.mark.parametrize("role", [*ROLES, NOBODY])
def test_the_pages_of_a_role_get_what_they_got(api, connection, world, role):
    wrong = []
    world = {**world, Person: world.get(role)}  # pages about a person are about oneself
    for request in REQUESTS:
        expected = request["statuses"].get(role)
        if not expected:
            continue
        around = connection.begin_nested()
        answer = sent(api, world, request, world.get(role))
        around.rollback()
        text = f"{request['method']} {request['path']} {request.get('query', {})} {request.get('body', [])}: {answer.status_code}"
        allowed = {200} if role == "vendor" and 403 in expected else set()  # the vendor who was measured works on other tasks
        if answer.status_code not in expected | allowed | {REFUSED.get((role, request["path"]))}:
            wrong.append(f"{text}, was {sorted(expected)} {answer.text[:200]}")
        elif missing := missing_keys(request, answer, role):
            wrong.append(f"{text} lacks {sorted(missing)}")
    if wrong:
        pytest.fail("\n".join(wrong))


def test_the_list_of_pages_is_the_contracts():
    contract = Path(__file__).parents[3] / "shared" / "contract" / "kitsu-requests.json"
    if contract.exists():
        assert json.loads(contract.read_text())["requests"] == MEASURED
    assert len(REQUESTS) > 140
