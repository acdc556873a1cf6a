"""Bars that the lists of a production make, copies of its schedule, hours of its tasks."""

import datetime as dt

import pytest
import sqlalchemy as sa

from tests.making import DAY
from zou.entities.models import Entity, EntityType
from zou.planning.models import Milestone, ProductionScheduleVersion, ProductionScheduleVersionTaskLink, ScheduleItem, TimeSpent
from zou.platform.events.models import ApiEvent
from zou.productions.models import Project
from zou.tasks.models import Task, TaskType

MONDAY = dt.datetime(2026, 3, 2)


@pytest.fixture
def tasks(make, project, people, tx):
    """Two tasks of the production; the artist is assigned to the first."""
    task_type, kind = make(TaskType, for_entity="Sequence"), make(EntityType, name="Sequence")
    sequences = [make(Entity, name=name, project_id=project.id, entity_type_id=kind.id) for name in ("SQ02", "SQ01")]
    made = [make(Task, project_id=project.id, entity_id=sequence.id, task_type_id=task_type.id) for sequence in sequences]
    made[0].assignees = [people["user"]]
    tx.commit()
    return made


@pytest.fixture
def versions(make, project):
    return [make(ProductionScheduleVersion, project_id=project.id) for _ in range(2)]


def items(project, rest=""):
    return f"/data/projects/{project.id}/schedule-items{rest}"


def test_missing_bars_are_made_once(api, people, project, tasks, tx):
    for _ in range(2):
        (row,) = api(people["user"], "get", items(project, "/task-types")).json
        assert row["task_type_id"] == str(tasks[0].task_type_id)
        rows = api(people["user"], "get", items(project, f"/{tasks[0].task_type_id}/sequences")).json
        assert [row["name"] for row in rows] == ["SQ01", "SQ02"]
    assert len(tx.scalars(sa.select(ScheduleItem)).all()) == 3
    assert [event.name for event in tx.scalars(sa.select(ApiEvent))] == ["schedule-item:new"] * 3


@pytest.mark.parametrize("who, status", [("manager", 200), ("user", 200), ("client", 403), ("vendor", 403), ("outsider", 403)])
def test_who_reads_the_schedule(api, people, project, tasks, make, tx, who, status):
    make(Milestone, project_id=project.id)
    for path in (items(project), items(project, "/task-types"), f"/data/projects/{project.id}/milestones"):
        assert api(people[who], "get", path).status_code == status
    assert len(tx.scalars(sa.select(ScheduleItem)).all()) == (status == 200)


def test_a_variant_takes_dates_and_people_of_the_production_and_gives_back_dates(api, people, tasks, versions, tx):
    tasks[0].start_date, tasks[0].estimation = MONDAY, 480
    tx.commit()
    first, second = (f"/actions/production-schedule-versions/{version.id}" for version in versions)
    assert api(people["manager"], "post", f"{first}/set-task-links-from-production").json == {"success": True, "task_link_count": 2}
    body = {"production_schedule_version_id": str(versions[0].id)}
    copied = api(people["manager"], "post", f"{second}/set-task-links-from-production-schedule-version", json=body)
    assert copied.json == {"success": True, "task_link_count": 2}
    links = api(people["manager"], "get", f"/data/production-schedule-versions/{versions[1].id}/task-links?relations=true").json
    assert [row["assignees"] for row in links if row["task_id"] == str(tasks[0].id)] == [[str(people["user"].id)]]
    tx.execute(sa.update(ProductionScheduleVersionTaskLink).values(start_date=None, due_date=MONDAY, estimation=60))
    tx.commit()
    assert api(people["manager"], "post", f"{second}/apply-to-production").json == {"success": True, "task_count": 2}
    tx.expire_all()
    assert (tasks[0].start_date, tasks[0].due_date, tasks[0].estimation) == (None, MONDAY, 60)
    assert tx.get(Project, tasks[0].project_id).from_schedule_version_id == versions[1].id
    assert (versions[1].locked, versions[1].production_schedule_from) == (True, versions[0].id)


def test_a_variant_is_not_copied_from_itself_nor_from_another_production(api, people, versions, make):
    path = f"/actions/production-schedule-versions/{versions[0].id}/set-task-links-from-production-schedule-version"
    foreign = make(ProductionScheduleVersion, project_id=make(Project).id)
    for id, status in ((versions[0].id, 400), (foreign.id, 400), (people["user"].id, 404), ("x", 404)):
        assert api(people["manager"], "post", path, json={"production_schedule_version_id": str(id)}).status_code == status


def hours(task, person, rest=""):
    return f"/actions/tasks/{task.id}/time-spents/2026-03-02/persons/{person.id}{rest}"


def test_hours_are_set_added_to_and_removed(api, people, tasks, tx):
    user, task = people["user"], tasks[0]
    assert api(user, "post", hours(task, user), json={"duration": 60}).status_code == 201
    assert api(user, "post", hours(task, user, "/add"), json={"duration": 30}).json["duration"] == 90.0
    tx.expire_all()
    assert (task.duration, user.last_presence) == (90.0, DAY)
    gone = api(user, "delete", hours(task, user))
    assert (gone.status_code, gone.json["duration"]) == (201, 0)
    assert api(user, "delete", hours(task, user)).status_code == 404
    tx.expire_all()
    assert (task.duration, tx.scalars(sa.select(TimeSpent)).all()) == (0, [])


@pytest.mark.parametrize("who, status", [("admin", 201), ("manager", 201), ("user", 201), ("supervisor", 403), ("outsider", 403)])
def test_who_logs_hours_of_an_assignee(api, people, tasks, tx, who, status):
    assert api(people[who], "post", hours(tasks[0], people["user"]), json={"duration": 60}).status_code == status
    assert api(people[who], "post", hours(tasks[1], people["user"]), json={"duration": 60}).status_code == 403
    assert len(tx.scalars(sa.select(TimeSpent)).all()) == (status == 201)


def test_a_vendor_sees_the_hours_of_their_own_tasks(api, people, project, tasks, make, tx):
    tasks[1].assignees = [people["vendor"]]
    tx.commit()
    for task in tasks:
        make(TimeSpent, task_id=task.id, person_id=people["user"].id)
    path = f"/data/projects/{project.id}/time-spents"
    assert [row["task_id"] for row in api(people["vendor"], "get", path).json] == [str(tasks[1].id)]
    assert len(api(people["user"], "get", path).json) == 2
    assert api(people["client"], "get", path).status_code == 403


def test_a_list_is_one_statement_besides_the_person_and_the_production(api, people, project, tasks, statements):
    with statements() as few:
        api(people["manager"], "get", items(project))
    assert len(few) == 3
    api(people["manager"], "get", items(project, "/task-types"))
    with statements() as seen:
        api(people["manager"], "get", items(project, "/task-types"))
    assert len(seen) == 4
