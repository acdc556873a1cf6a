"""No route of tasks, comments and the inbox fails on odd input: it is told what is wrong, and nothing is written."""

import json
import uuid

import pytest

from tests.world import build
from zou.comments.models import Comment
from zou.entities.models import Entity
from zou.people.models import Person
from zou.previews.models import PreviewFile
from zou.productions.models import Project
from zou.tasks.models import Task, TaskType

KNOWN = {
    "task_id": Task, "comment_id": Comment, "project_id": Project, "person_id": Person, "entity_id": Entity, "task_type_id": TaskType,
    "preview_file_id": PreviewFile,
}  # fmt: skip
PATHS = [
    ("put", "/actions/tasks/<task_id>/assign"), ("put", "/actions/persons/<person_id>/assign"), ("put", "/actions/tasks/clear-assignation"),
    ("put", "/actions/tasks/set-priority"), ("put", "/actions/tasks/set-main-preview"),
    ("put", "/actions/tasks/<task_id>/set-main-preview"),
    ("post", "/actions/projects/<project_id>/delete-tasks"), ("post", "/data/entities/<entity_id>/tasks"),
    ("post", "/actions/projects/<project_id>/task-types/<task_type_id>/assets/create-tasks"),
    ("post", "/actions/projects/<project_id>/task-types/<task_type_id>/create-tasks/Props"),
    ("post", "/actions/tasks/<task_id>/comment"), ("post", "/actions/projects/<project_id>/tasks/comment-many"),
    ("post", "/actions/projects/<project_id>/tasks/copy-client-comments"), ("post", "/actions/tasks/batch-comment"),
    ("post", "/actions/tasks/<task_id>/comments/<comment_id>/move"), ("post", "/actions/tasks/<task_id>/comments/<comment_id>/add-preview"),
    ("post", "/actions/tasks/<task_id>/comments/<comment_id>/preview-files/<preview_file_id>"),
    ("post", "/data/tasks/<task_id>/comments/<comment_id>/reply"), ("post", "/data/tasks/<task_id>/comments/<comment_id>/ack"),
]  # fmt: skip
ODD_BODIES = [
    None, [], {}, "text", 3, True, [None], [[]], [{}], {"task_ids": None}, {"task_ids": [None, 3, {}]}, {"task_ids": "x", "priority": "y"},
    {"task_ids": ["\x00"], "priority": 10**30}, {"person_id": 3}, {"person_id": [], "task_ids": ["x"]}, {"target_task_id": {}},
    {"target_task_id": "\x00"}, {"task_status_id": "\x00", "comment": "\x00"}, {"task_status_id": [], "comment": {}, "checklist": "{"},
    {"comments": [{"task_id": 3}]}, {"comments": "x"}, {"task_ids": [3], "prefix": []}, {"revision": 10**30}, {"revision": "x"},
    {"text": {"a": 1}}, {"text": "\x00"}, {"task_type_ids": [3]}, [{"object_id": 3, "task_status_id": [], "comment": None}],
    [{"object_id": str(uuid.uuid4()), "task_status_id": [], "comment": {}}], {"created_at": "x" * 300, "task_status_id": "x"},
]  # fmt: skip
LISTS = [
    "/data/tasks/open-tasks", "/data/tasks/open-tasks/stats", "/data/tasks/open-tasks/burndown", "/data/persons/task-dates",
    "/data/persons/<person_id>/tasks", "/data/persons/<person_id>/related-tasks/<task_type_id>", "/data/projects/<project_id>/tasks",
    "/data/projects/<project_id>/comments", "/data/projects/<project_id>/notifications", "/data/projects/<project_id>/preview-files",
    "/data/projects/<project_id>/subscriptions", "/data/projects/<project_id>/news", "/data/projects/news",
    "/data/tasks/<task_id>/comments",
    "/data/tasks/<task_id>/previews", "/data/tasks/<task_id>/full", "/data/entities/<entity_id>/task-types/<task_type_id>/tasks",
    "/data/entities/<entity_id>/news", "/data/tasks/<task_id>/comments/<comment_id>",
]  # fmt: skip
ODD_QUERIES = [
    "page=x", "page=-1", "page=0", "page=99999999999999999999&limit=99999999999999999999", "limit=-1", "limit=0", "page=1&limit=0",
    "task_type_id=x", "task_status_id=%00", "person_id=,", "episode_id=", "project_id=%00", "project_id=[]", "after=9999-99-99",
    "before=0000-01-01", "start_date=0001-01-01", "due_date=9999-12-31T23:59:59", "priority=99999999999999999999", "priority=1.5",
    "studio_id=null", "department_id=undefined", "only_preview=%00", "relations=maybe", "group_by=x", "after=%00",
]  # fmt: skip


@pytest.fixture
def world(tx):
    return build(tx)


def filled(path, world, odd=None):
    """The path with ids of rows that are there, or with something odd for each."""
    for name, model in KNOWN.items():
        path = path.replace(f"<{name}>", odd or str(world[model].id))
    return path


@pytest.mark.parametrize("verb, path", PATHS)
def test_odd_bodies(api, world, verb, path):
    for body in ODD_BODIES:
        answer = api(world[Person], verb, filled(path, world), data=json.dumps(body), content_type="application/json")
        assert answer.status_code < 500, (body, answer.text)
    for odd in ("x", "%00", str(uuid.uuid4()), "null"):
        answer = api(world[Person], verb, filled(path, world, odd), json={"task_ids": [odd], "priority": 1, "target_task_id": odd})
        assert answer.status_code < 500, (odd, answer.text)


@pytest.mark.parametrize("path", LISTS)
def test_odd_queries(api, world, path):
    for query in ODD_QUERIES:
        answer = api(world[Person], "get", f"{filled(path, world)}?{query}")
        assert answer.status_code < 500, (query, answer.text)
    for odd in ("x", "%00", "null") if "<" in path else ():
        assert api(world[Person], "get", filled(path, world, odd)).status_code in (400, 404)
