"""Tasks by person, and when persons are at work. Rules: contract/rules/tasks.md §5.3 and §5.6."""

import datetime

import pytest
import sqlalchemy as sa

from tests.making import open_status
from zou.entities.models import Entity
from zou.productions.models import Project, ProjectPersonLink
from zou.tasks.models import Task, TaskStatus, TaskType


def day(number):
    return datetime.datetime(2024, 3, number)


@pytest.fixture
def work(tx, task, people):
    """`task` is the artist's, from the 4th to the 8th."""
    task.assignees, task.start_date, task.due_date = [people["user"]], day(4), day(8)
    tx.commit()
    return task


@pytest.fixture
def elsewhere(tx, make, people, asset, work):
    """`elsewhere(start, due)`: a task of the artist in an open production of which the team at hand knows nothing."""
    project = make(Project, project_status_id=open_status(tx).id)
    entity = make(Entity, name="Secret", project_id=project.id, entity_type_id=asset.entity_type_id)
    ids = {"project_id": project.id, "entity_id": entity.id, "task_type_id": work.task_type_id, "task_status_id": work.task_status_id}

    def add(start, due):
        row = make(Task, **ids, name=f"{start}-{due}", start_date=day(start), due_date=day(due))
        row.assignees = [people["user"]]
        tx.commit()
        return row

    return add


def ids_of(answer):
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json]


def test_a_to_do_list_is_for_the_team(api, people, work, elsewhere):
    secret = elsewhere(1, 2)
    path = f"/data/persons/{people['user'].id}/tasks"
    assert ids_of(api(people["manager"], "get", path)) == [str(work.id)]
    assert set(ids_of(api(people["admin"], "get", path))) == {str(work.id), str(secret.id)}
    assert ids_of(api(people["outsider"], "get", path)) == []
    assert ids_of(api(people["client"], "get", path)) == []
    assert api(people["vendor"], "get", path).status_code == 403
    assert api(people["manager"], "get", "/data/persons/nobody/tasks").status_code == 404


def test_a_vendor_of_a_production_knows_their_own_work_only(api, tx, people, work):
    link = tx.scalars(sa.select(ProjectPersonLink).where(ProjectPersonLink.person_id == people["supervisor"].id)).one()
    link.role = "vendor"
    tx.commit()
    path = f"/data/persons/{people['user'].id}/tasks"
    assert ids_of(api(people["supervisor"], "get", path)) == []
    work.assignees = [people["user"], people["supervisor"], people["vendor"]]
    tx.commit()
    assert ids_of(api(people["supervisor"], "get", path)) == [str(work.id)]
    assert ids_of(api(people["vendor"], "get", f"/data/persons/{people['vendor'].id}/tasks")) == [str(work.id)]


def test_bots_have_no_to_do_list(api, tx, people, work):
    people["user"].is_bot = True
    tx.commit()
    assert api(people["manager"], "get", f"/data/persons/{people['user'].id}/tasks").status_code == 403


def test_done_tasks_are_apart(api, tx, make, people, work):
    work.task_status_id = make(TaskStatus, name="Done", short_name="done", is_done=True).id
    tx.commit()
    path = f"/data/persons/{people['user'].id}"
    assert ids_of(api(people["manager"], "get", f"{path}/tasks")) == []
    assert ids_of(api(people["manager"], "get", f"{path}/done-tasks")) == [str(work.id)]


def test_related_tasks_are_those_around_a_persons_work(api, make, tx, people, work):
    rigging = make(TaskType, name="Rigging", for_entity="Asset")
    ids = {"project_id": work.project_id, "entity_id": work.entity_id, "task_status_id": work.task_status_id}
    around = make(Task, **ids, task_type_id=rigging.id)
    tx.commit()
    path = f"/data/persons/{people['user'].id}/related-tasks/{rigging.id}"
    assert ids_of(api(people["manager"], "get", path)) == [str(around.id)]
    assert ids_of(api(people["outsider"], "get", path)) == []
    assert api(people["manager"], "get", f"/data/persons/{people['user'].id}/related-tasks/x").status_code == 404


def test_dates_tell_what_is_shown_and_when_the_rest_keeps_busy(api, people, work, elsewhere):
    for start, due in ((1, 3), (2, 5), (5, 6), (10, 11)):
        elsewhere(start, due)
    (found,) = api(people["manager"], "get", "/data/persons/task-dates").json
    assert found == {
        "person_id": str(people["user"].id), "min_date": "2024-03-04T00:00:00", "max_date": "2024-03-08T00:00:00",
        "busy_periods": [
            {"start_date": "2024-03-01 00:00:00", "end_date": "2024-03-06 00:00:00"},
            {"start_date": "2024-03-10 00:00:00", "end_date": "2024-03-11 00:00:00"},
        ],
    }  # fmt: skip
    (found,) = api(people["admin"], "get", "/data/persons/task-dates").json
    assert (found["min_date"], found["max_date"], found["busy_periods"]) == ("2024-03-01T00:00:00", "2024-03-11T00:00:00", [])


def test_dates_of_one_production(api, tx, make, people, work, elsewhere, project):
    path = "/data/persons/task-dates?project_id="
    (found,) = api(people["admin"], "get", path + str(project.id)).json
    assert found["min_date"] == "2024-03-04T00:00:00"
    secret = elsewhere(1, 2)
    assert api(people["manager"], "get", path + str(secret.project_id)).status_code == 403
    assert api(people["manager"], "get", path + "nonsense").status_code == 400
    assert api(people["user"], "get", path + str(project.id)).status_code == 403
    people["user"].active = False
    tx.commit()
    assert api(people["manager"], "get", path).json == []


def test_a_supervisor_who_is_a_client_there_learns_only_busy_periods(api, tx, people, work, project):
    link = tx.scalars(sa.select(ProjectPersonLink).where(ProjectPersonLink.person_id == people["supervisor"].id)).one()
    link.role = "client"
    tx.commit()
    (found,) = api(people["supervisor"], "get", "/data/persons/task-dates").json
    assert (found["min_date"], len(found["busy_periods"])) == (None, 1)
    assert api(people["supervisor"], "get", f"/data/persons/task-dates?project_id={project.id}").status_code == 403
