"""Bars of a schedule and variants of it."""

import pytest
import sqlalchemy as sa

from zou.entities.models import Entity, EntityType
from zou.people.models import Department
from zou.planning.models import ProductionScheduleVersion, ProductionScheduleVersionTaskLink, ScheduleItem
from zou.platform.events.models import ApiEvent
from zou.productions.models import Project
from zou.tasks.models import Task, TaskType

VERSIONS, LINKS = "/data/production-schedule-versions", "/data/production-schedule-version-task-links"


@pytest.fixture
def version(make, project):
    return make(ProductionScheduleVersion, project_id=project.id)


def test_one_bar_for_a_task_type(api, people, make, project, tx):
    body = {"project_id": str(project.id), "task_type_id": str(make(TaskType).id), "start_date": "2026-03-02", "end_date": "2026-03-03"}
    assert api(people["manager"], "post", "/data/schedule-items", json=body).status_code == 201
    assert api(people["manager"], "post", "/data/schedule-items", json=body).status_code == 400
    assert len(tx.scalars(sa.select(ScheduleItem)).all()) == 1


@pytest.mark.parametrize("own, status", [(True, 200), (False, 403)])
def test_a_supervisor_moves_the_bars_of_their_department(api, people, make, project, tx, own, status):
    departments = [make(Department), make(Department)]
    people["supervisor"].departments = departments[:1]
    tx.commit()
    task_type = make(TaskType, department_id=departments[0 if own else 1].id)
    bar = make(ScheduleItem, project_id=project.id, task_type_id=task_type.id, man_days=3)
    answer = api(people["supervisor"], "put", f"/data/schedule-items/{bar.id}", json={"start_date": "2026-03-05", "man_days": "9"})
    assert answer.status_code == status
    tx.expire_all()
    assert (tx.get(ScheduleItem, bar.id).start_date is not None, tx.get(ScheduleItem, bar.id).man_days) == (own, 3)


@pytest.mark.parametrize(
    "who, status", [("admin", 200), ("user", 200), ("supervisor", 200), ("client", 403), ("vendor", 403), ("outsider", 403)]
)
def test_the_variants_of_a_production_are_for_its_team(api, people, project, version, make, who, status):
    make(ProductionScheduleVersion, project_id=make(Project).id)
    for path in (VERSIONS, LINKS):
        assert api(people[who], "get", f"{path}?project_id={project.id}").status_code == status
    assert api(people[who], "get", VERSIONS).status_code == (200 if who == "admin" else 403)
    assert api(people[who], "get", f"{VERSIONS}/{version.id}").status_code == status
    if status == 200:
        assert [row["id"] for row in api(people[who], "get", f"{VERSIONS}?project_id={project.id}").json] == [str(version.id)]


def test_a_variant_takes_tasks_of_its_own_production_only(api, people, make, version, tx):
    other = make(Project)
    task = make(Task, project_id=other.id, entity_id=make(Entity, project_id=other.id, entity_type_id=make(EntityType).id).id)
    body = {"production_schedule_version_id": str(version.id), "task_id": str(task.id)}
    assert api(people["manager"], "post", LINKS, json=body).status_code == 400
    assert api(people["user"], "post", LINKS, json=body).status_code == 403
    assert tx.scalars(sa.select(ProductionScheduleVersionTaskLink)).all() == []


def test_a_variant_that_goes_is_left_by_what_followed_it(api, people, make, project, version, tx):
    derived = make(ProductionScheduleVersion, project_id=project.id, production_schedule_from=version.id)
    project.from_schedule_version_id = version.id
    tx.commit()
    assert api(people["manager"], "delete", f"{VERSIONS}/{version.id}").status_code == 204
    tx.expire_all()
    assert tx.get(ProductionScheduleVersion, derived.id).production_schedule_from is None
    assert tx.get(Project, project.id).from_schedule_version_id is None
    assert [event.name for event in tx.scalars(sa.select(ApiEvent).order_by(ApiEvent.created_at))] == [
        "project:update",
        "production-schedule-version:delete",
    ]
