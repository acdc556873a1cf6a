"""Removal of many tasks. Rules: contract/rules/deletion.md §4."""

import pytest
import sqlalchemy as sa

from tests.making import open_status
from zou.comments.models import Comment
from zou.entities.models import Entity
from zou.inbox.models import News
from zou.previews.models import PreviewFile
from zou.productions.models import Project
from zou.tasks.models import Task, TaskType


@pytest.fixture
def second(tx, make, task, people):
    """Another task of the same entity and type, with a comment, its news and a preview that stands for the entity."""
    ids = {"project_id": task.project_id, "entity_id": task.entity_id, "task_type_id": task.task_type_id}
    row = make(Task, **ids, name="second", task_status_id=task.task_status_id)
    comment = make(Comment, object_id=row.id, object_type="Task", person_id=people["user"].id, task_status_id=row.task_status_id)
    make(News, task_id=row.id, comment_id=comment.id, author_id=people["user"].id)
    shown = {"status": "ready", "extension": "png", "position": 1}
    preview = make(PreviewFile, task_id=row.id, name="second", **shown)
    make(PreviewFile, task_id=task.id, name="first", **shown)
    tx.get(Entity, task.entity_id).preview_file_id = preview.id
    tx.execute(sa.update(Project).values(is_set_preview_automated=True))
    tx.commit()
    return row


@pytest.fixture
def foreign(tx, make, task, asset):
    """A task of the same type in another production."""
    project = make(Project, project_status_id=open_status(tx).id)
    entity = make(Entity, name="Far", project_id=project.id, entity_type_id=asset.entity_type_id)
    ids = {"project_id": project.id, "entity_id": entity.id, "task_type_id": task.task_type_id, "task_status_id": task.task_status_id}
    return make(Task, **ids)


def left(tx):
    return set(tx.scalars(sa.select(Task.id)))


def test_what_hangs_on_tasks_goes_with_them_and_another_preview_stands_for_the_entity(api, tx, people, task, second, foreign, told):
    sent = [str(second.id), str(foreign.id), "6d6c9c36-77a6-4b3b-8a4b-0e6d5a1c1234"]
    answer = api(people["manager"], "post", f"/actions/projects/{task.project_id}/delete-tasks", json=sent)
    assert (answer.status_code, answer.json) == (200, [str(second.id)])
    assert left(tx) == {task.id, foreign.id}
    assert tx.scalars(sa.select(Comment)).all() == tx.scalars(sa.select(News)).all() == []
    first = tx.scalars(sa.select(PreviewFile)).one()
    assert tx.get(Entity, task.entity_id, populate_existing=True).preview_file_id == first.id
    names = [name for name, _ in told()]
    assert names == ["news:delete", "task:delete", "preview-file:set-main", "asset:update"]


@pytest.mark.parametrize("role", ["supervisor", "user", "client", "vendor", "outsider"])
def test_only_managers_remove_tasks(api, tx, people, task, role):
    path = f"/actions/projects/{task.project_id}"
    assert api(people[role], "post", f"{path}/delete-tasks", json=[str(task.id)]).status_code == 403
    assert api(people["manager"], "delete", f"{path}/task-types/{task.task_type_id}/delete-tasks").status_code == 403
    assert left(tx) == {task.id}


@pytest.mark.parametrize("body", ["text", {}, [None], ["x"], [3]])
def test_odd_lists_are_refused(api, tx, people, task, body):
    assert api(people["manager"], "post", f"/actions/projects/{task.project_id}/delete-tasks", json=body).status_code == 400
    assert left(tx) == {task.id}


def test_all_tasks_of_a_type_go_in_one_production(api, tx, make, people, task, second, foreign):
    rigging = make(TaskType, name="Rigging", for_entity="Asset")
    ids = {"project_id": task.project_id, "entity_id": task.entity_id, "task_status_id": task.task_status_id}
    other = make(Task, **ids, task_type_id=rigging.id)
    path = f"/actions/projects/{task.project_id}/task-types"
    assert api(people["admin"], "delete", f"{path}/{foreign.id}/delete-tasks").status_code == 404
    assert api(people["admin"], "delete", f"{path}/{task.task_type_id}/delete-tasks").status_code == 204
    assert left(tx) == {other.id, foreign.id}
