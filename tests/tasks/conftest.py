"""Fixtures of tasks: one of an asset of the production."""

import pytest
import sqlalchemy as sa

from zou.entities.models import Entity, EntityType
from zou.people.models import Department
from zou.platform.events.models import ApiEvent
from zou.tasks.models import Task, TaskStatus, TaskType


@pytest.fixture
def modeling(make):
    """A task type of a department."""
    return make(TaskType, name="Modeling", for_entity="Asset", department_id=make(Department, name="Modeling").id)


@pytest.fixture
def working(make):
    return make(TaskStatus, name="Work in progress", short_name="inwork", is_wip=True)


@pytest.fixture
def asset(make, project):
    return make(Entity, name="Tree", project_id=project.id, entity_type_id=make(EntityType, name="Props").id)


@pytest.fixture
def task(make, project, asset, modeling, working):
    ids = {"project_id": project.id, "entity_id": asset.id, "task_type_id": modeling.id, "task_status_id": working.id}
    return make(Task, **ids, estimation=480, priority=2, data={"engine": "cycles"})


@pytest.fixture
def told(tx):
    """`told()`: (name, data) of the events stored so far, oldest first."""

    def read():
        tx.expire_all()
        return [(event.name, event.data) for event in tx.scalars(sa.select(ApiEvent).order_by(ApiEvent.created_at))]

    return read
