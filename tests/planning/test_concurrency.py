"""Many requests at the same moment: no minute is lost, no revision and no bar comes twice."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.concurrency import at_once
from tests.conftest import token_of
from tests.making import join_team, make, open_status
from zou.entities.models import Entity, EntityType
from zou.people.models import Person
from zou.planning.models import Budget, ScheduleItem, TimeSpent
from zou.productions.models import Project
from zou.tasks.models import Task, TaskType

AT_ONCE = 10


def test_nothing_is_lost_or_doubled(own_application):
    app, engine = own_application
    with Session(engine, expire_on_commit=False) as tx:
        project, manager = make(tx, Project, project_status_id=open_status(tx).id), make(tx, Person, role="manager")
        join_team(tx, project, manager)
        entity = make(tx, Entity, project_id=project.id, entity_type_id=make(tx, EntityType).id)
        task = make(tx, Task, project_id=project.id, entity_id=entity.id, task_type_id=make(tx, TaskType).id)
        task.assignees = [manager]
        tx.commit()
    headers = {"Authorization": f"Bearer {token_of(app, manager)}"}
    log = ("POST", f"/actions/tasks/{task.id}/time-spents/2026-03-02/persons/{manager.id}/add", {"duration": 10}, headers)
    plan = ("POST", f"/data/projects/{project.id}/budgets", {"name": "Plan"}, headers)
    bars = ("GET", f"/data/projects/{project.id}/schedule-items/task-types", None, headers)
    assert at_once(app, [log] * AT_ONCE) == {201: AT_ONCE}
    assert at_once(app, [plan] * AT_ONCE) == {200: AT_ONCE}
    assert at_once(app, [bars] * AT_ONCE) == {200: AT_ONCE}
    with Session(engine) as tx:
        assert (tx.scalar(sa.select(TimeSpent.duration)), tx.get(Task, task.id).duration) == (10 * AT_ONCE, 10 * AT_ONCE)
        assert sorted(tx.scalars(sa.select(Budget.revision))) == list(range(1, AT_ONCE + 1))
        assert len(tx.scalars(sa.select(ScheduleItem)).all()) == 1
