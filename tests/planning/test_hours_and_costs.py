"""Time spent and salary scales."""

import datetime as dt

import pytest
import sqlalchemy as sa

from zou.entities.models import Entity, EntityType
from zou.people.models import Department
from zou.planning.models import SalaryScale, TimeSpent
from zou.platform.events.models import ApiEvent
from zou.tasks.models import Task


@pytest.fixture
def tasks(make, project, people, tx):
    entity = make(Entity, project_id=project.id, entity_type_id=make(EntityType).id)
    made = [make(Task, project_id=project.id, entity_id=entity.id, name=f"task {n}") for n in range(2)]
    made[0].assignees = [people["user"]]
    tx.commit()
    return made


def durations(tx, tasks):
    tx.expire_all()
    return [tx.get(Task, task.id).duration for task in tasks]


def test_hours_that_move_are_summed_on_both_tasks(api, people, tasks, make, tx):
    for task, minutes in [(tasks[0], 30), (tasks[1], 45)]:
        make(TimeSpent, task_id=task.id, person_id=people["client"].id, duration=minutes)
    row = make(TimeSpent, task_id=tasks[0].id, person_id=people["user"].id, duration=60)
    answer = api(people["admin"], "put", f"/data/time-spents/{row.id}", json={"task_id": str(tasks[1].id)})
    assert answer.status_code == 200
    assert durations(tx, tasks) == [30, 105]


def test_hours_without_duration_are_refused(api, people, tasks, tx):
    body = {"task_id": str(tasks[0].id), "person_id": str(people["user"].id), "date": "2026-03-02", "duration": 0}
    assert api(people["admin"], "post", "/data/time-spents", json=body).status_code == 400
    assert tx.scalars(sa.select(TimeSpent)).all() == []
    assert tx.scalars(sa.select(ApiEvent)).all() == []


@pytest.mark.parametrize("who, status", [("admin", 204), ("manager", 204), ("user", 204), ("supervisor", 403), ("outsider", 403)])
def test_who_removes_hours(api, people, tasks, make, tx, who, status):
    row = make(TimeSpent, task_id=tasks[0].id, person_id=people["user"].id)
    assert api(people[who], "delete", f"/data/time-spents/{row.id}").status_code == status
    assert len(tx.scalars(sa.select(TimeSpent.id)).all()) == (0 if status == 204 else 1)


def test_hours_of_a_person_who_is_not_assigned_stay(api, people, tasks, make):
    row = make(TimeSpent, task_id=tasks[1].id, person_id=people["user"].id)
    assert api(people["user"], "delete", f"/data/time-spents/{row.id}").status_code == 403


def test_a_period_needs_both_ends(api, people, tasks, make):
    for day in (1, 2, 3):
        make(TimeSpent, task_id=tasks[0].id, person_id=people["user"].id, date=dt.date(2026, 3, day))
    found = api(people["admin"], "get", "/data/time-spents?start_date=2026-03-02&end_date=2026-03-03").json
    assert sorted(row["date"] for row in found) == ["2026-03-02", "2026-03-03"]
    for query in ["start_date=2026-03-02", "end_date=2026-03-02", "start_date=2026-03-02&end_date=soon"]:
        assert api(people["admin"], "get", f"/data/time-spents?{query}").status_code == 400


def test_missing_salary_scales_are_added_once(api, people, make, tx):
    department = make(Department)
    make(SalaryScale, department_id=department.id, position="lead", seniority="mid", salary=300)
    for _ in range(2):
        found = api(people["admin"], "get", "/data/salary-scales?salary=300").json
        assert len(found) == 9
    assert sorted(row["salary"] for row in found) == [0] * 8 + [300]


def test_reading_salary_scales_is_for_administrators_and_writes_nothing_else(api, people, make, tx):
    make(Department)
    assert api(people["manager"], "get", "/data/salary-scales").status_code == 403
    assert tx.scalars(sa.select(SalaryScale)).all() == []
