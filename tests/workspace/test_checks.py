"""Tasks to check: whose they are, in which order and in which pages."""

import datetime

import pytest

from zou.entities.models import Entity, EntityType
from zou.people.models import Department
from zou.productions.models import Project
from zou.tasks.models import Task, TaskStatus, TaskType

DUE = datetime.datetime(2026, 3, 2, 15, 0)


@pytest.fixture
def crafts(make):
    return {name: make(TaskType, name=name, department_id=make(Department, name=name).id) for name in ("Modeling", "Shading")}


@pytest.fixture
def waiting(make, project, crafts):
    """A task of each craft that waits for a verdict, and one that does not."""
    asked, done = make(TaskStatus, is_feedback_request=True), make(TaskStatus, is_done=True)
    kind = make(EntityType, name="Props")
    tree = make(Entity, name="Tree", project_id=project.id, entity_type_id=kind.id)
    ids = {"project_id": project.id, "entity_id": tree.id}
    found = {
        name: make(Task, **ids, task_type_id=craft.id, task_status_id=asked.id, due_date=DUE, duration=30, estimation=60, priority=n)
        for n, (name, craft) in enumerate(crafts.items())
    }
    make(Task, **ids, name="done", task_type_id=crafts["Modeling"].id, task_status_id=done.id)
    return found


def names(api, person, query="?order_by=none"):
    answer = api(person, "get", f"/data/user/tasks-to-check{query}")
    assert answer.status_code == 200
    return [task["task_type_name"] for task in answer.json]


def test_each_role_checks_what_is_its_own(api, people, waiting, crafts, make, tx):
    supervisor = people["supervisor"]
    assert names(api, supervisor) == ["Modeling", "Shading"]
    supervisor.departments = [tx.get(Department, crafts["Shading"].department_id)]
    tx.commit()
    assert names(api, supervisor) == ["Shading"]
    assert names(api, people["manager"]) == names(api, people["admin"]) == ["Modeling", "Shading"]
    assert names(api, people["user"]) == names(api, people["client"]) == names(api, people["vendor"]) == []
    outside = make(type(people["manager"]), first_name="M", last_name="O", role="manager", email="m@studio.example")
    assert names(api, outside) == []


def test_a_closed_production_has_nothing_to_check(api, people, waiting, project, make, tx):
    from zou.productions.models import ProjectStatus

    tx.get(Project, project.id).project_status_id = make(ProjectStatus, name="Closed").id
    tx.commit()
    assert names(api, people["admin"]) == []


def test_a_day_is_included_to_its_end(api, people, waiting):
    assert len(names(api, people["manager"], "?due_date_until=2026-03-02")) == 2
    assert names(api, people["manager"], "?due_date_until=2026-03-02T14:59:59") == []
    assert len(names(api, people["manager"], "?due_date_since=2026-03-02T15:00:00")) == 2


def test_pages_count_all_of_them(api, people, waiting):
    page = api(people["manager"], "get", "/data/user/tasks-to-check?order_by=priority&page=1&limit=1").json
    assert [task["task_type_name"] for task in page.pop("data")] == ["Shading"]
    assert page == {"stats": {"total": 2, "total_duration": 60.0, "total_estimation": 120.0}, "page": 1, "limit": 1, "is_more": True}
    last = api(people["manager"], "get", "/data/user/tasks-to-check?order_by=priority&page=2&limit=1").json
    assert ([task["task_type_name"] for task in last["data"]], last["is_more"]) == (["Modeling"], False)
    beyond = api(people["manager"], "get", "/data/user/tasks-to-check?page=2000000000&limit=2000000000").json
    assert (beyond["data"], beyond["stats"]["total"]) == ([], 2)


@pytest.mark.parametrize("query", ["project_id=", "episode_id=x", "person_id=a,b", "due_date_until=soon", "page=two", "limit=x"])
def test_what_cannot_be_read_is_refused(api, people, query):
    assert api(people["manager"], "get", f"/data/user/tasks-to-check?{query}").status_code == 400


def test_the_list_is_one_statement(api, people, waiting, statements):
    with statements() as seen:
        api(people["manager"], "get", "/data/user/tasks-to-check?page=1")
    assert len(seen) == 2  # the actor's, and the list


def test_filter_values_are_those_of_the_scope(api, people, waiting, project):
    values = api(people["manager"], "get", "/data/user/tasks-to-check/filter-values").json
    assert values["project_ids"] == [str(project.id)]
    assert values["task_type_ids"] == sorted(str(task.task_type_id) for task in waiting.values())
    assert values["person_ids"] == values["episode_ids"] == []
