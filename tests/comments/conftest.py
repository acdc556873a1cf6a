"""A task with a team around it."""

import pytest

from zou.entities.models import Entity, EntityType
from zou.people.models import Department
from zou.tasks.models import Task, TaskStatus, TaskType


@pytest.fixture
def statuses(make):
    """Task statuses by short name: what follows from each is on its flags."""
    flags = {
        "todo": {"is_default": True},
        "wip": {"is_wip": True},
        "wfa": {"is_feedback_request": True},
        "retake": {"is_retake": True},
        "done": {"is_done": True, "is_artist_allowed": False},
    }
    return {name: make(TaskStatus, name=name.title(), short_name=name, **values) for name, values in flags.items()}


@pytest.fixture
def task(tx, make, project, people, statuses):
    """A task to do, of the team's artist and vendor."""
    kind = make(EntityType, name="Props")
    task_type = make(TaskType, name="Modeling", department_id=make(Department, name="Modeling").id)
    entity = make(Entity, name="Tree", project_id=project.id, entity_type_id=kind.id)
    task = make(Task, project_id=project.id, task_type_id=task_type.id, entity_id=entity.id, task_status_id=statuses["todo"].id)
    task.assignees = [people["user"], people["vendor"]]
    tx.commit()
    return task
