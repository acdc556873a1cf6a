"""Budgets of productions and their entries."""

import pytest
import sqlalchemy as sa

from tests.making import DAY, join_team
from zou.entities.models import Entity, EntityType
from zou.people.models import Department
from zou.planning.models import Budget, BudgetEntry, TimeSpent
from zou.platform.events.models import ApiEvent
from zou.productions.models import Project
from zou.tasks.models import Task, TaskType


@pytest.fixture
def budget(make, project):
    return make(Budget, project_id=project.id)


@pytest.fixture
def entry(make, budget):
    columns = {"start_date": DAY, "months_duration": 3, "daily_salary": 100, "position": "lead", "exceptions": {"1": 5}}
    return make(BudgetEntry, budget_id=budget.id, department_id=make(Department).id, **columns)


def path(project, budget=None, entry=None):
    return f"/data/projects/{project.id}/budgets" + (f"/{budget.id}" if budget else "") + (f"/entries/{entry.id}" if entry else "")


def test_revisions_count_up(api, people, project):
    answers = [api(people["manager"], "post", path(project), json={"name": "Plan"}) for _ in range(2)]
    assert [(answer.status_code, answer.json["revision"], answer.json["currency"]) for answer in answers] == [
        (200, 1, "USD"),
        (200, 2, "USD"),
    ]


def test_a_manager_of_another_production_finds_no_budget_under_it(api, people, project, budget, entry, make, tx):
    other = make(Project)
    join_team(tx, other, people["manager"])
    for verb, request in (("get", {}), ("put", {"json": {"name": "Mine"}}), ("delete", {})):
        assert api(people["manager"], verb, path(other, budget), **request).status_code == 404
        assert api(people["manager"], verb, path(other, budget, entry), **request).status_code == 404
    assert api(people["manager"], "get", path(project, budget, entry)).json["id"] == str(entry.id)
    assert tx.scalars(sa.select(ApiEvent)).all() == []


def test_an_entry_is_written_whole_but_keeps_what_it_needs(api, people, project, budget, entry):
    sent = {"months_duration": "4", "exceptions": {"1": 5.9, "2": None, "3": 0, "4": -2}}
    row = api(people["manager"], "put", path(project, budget, entry), json=sent).json
    assert [row[key] for key in ("months_duration", "start_date", "daily_salary", "position", "exceptions")] == [
        4, "2026-03-02", 100.0, None, {"1": 5},
    ]  # fmt: skip


@pytest.mark.parametrize(
    "sent",
    [{"position": "king"}, {"department_id": "x"}, {"start_date": "soon"}, {"exceptions": {"1": "much"}}, {"exceptions": {"1": [1]}}],
)
def test_what_an_entry_cannot_hold_changes_nothing(api, people, project, budget, entry, tx, sent):
    assert api(people["manager"], "put", path(project, budget, entry), json=sent).status_code == 400
    tx.refresh(entry)
    assert (entry.position, entry.exceptions) == ("lead", {"1": 5})


def test_an_entry_needs_a_start_a_duration_and_a_salary(api, people, project, budget, make, tx):
    body = {"department_id": str(make(Department).id)}
    assert api(people["manager"], "post", path(project, budget) + "/entries", json=body).status_code == 400
    assert tx.scalars(sa.select(BudgetEntry)).all() == []


def test_a_budget_goes_with_its_entries(api, people, project, budget, entry, tx):
    assert api(people["manager"], "delete", path(project, budget)).status_code == 204
    assert (tx.scalars(sa.select(Budget)).all(), tx.scalars(sa.select(BudgetEntry)).all()) == ([], [])


def test_hours_by_department_person_and_month(api, people, project, make):
    craft, kind = make(Department), make(EntityType)
    task_types = [make(TaskType, department_id=craft.id), make(TaskType)]
    entity = make(Entity, project_id=project.id, entity_type_id=kind.id)
    tasks = [make(Task, project_id=project.id, entity_id=entity.id, task_type_id=task_type.id) for task_type in task_types]
    for task, date, minutes in (
        (tasks[0], "2026-03-02", 60),
        (tasks[0], "2026-03-03", 30),
        (tasks[0], "2026-04-01", 10),
        (tasks[1], DAY, 5),
    ):
        make(TimeSpent, task_id=task.id, person_id=people["user"].id, date=date, duration=minutes)
    answer = api(people["admin"], "get", path(project) + "/time-spents")
    months = {"2026-03": 90, "2026-04": 10, "total": 100}
    assert answer.json == {str(craft.id): {"total": 100, str(people["user"].id): months}}
    assert api(people["manager"], "get", path(project) + "/time-spents").status_code == 403
