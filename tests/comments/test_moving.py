"""A comment goes to another task of its entity, or away. Rules: contract/rules/comments.md §6.3, §6.4."""

import pytest
import sqlalchemy as sa

from zou.comments.models import Comment
from zou.entities.models import Entity
from zou.inbox.models import News, Notification
from zou.platform.events.models import ApiEvent
from zou.previews.models import PreviewFile
from zou.tasks.models import Task, TaskType


@pytest.fixture
def other(tx, make, project, task, statuses, people):
    """Another task of the same entity, of the supervisor."""
    kind = make(TaskType, name="Rigging")
    row = make(Task, project_id=project.id, task_type_id=kind.id, entity_id=task.entity_id, task_status_id=statuses["todo"].id)
    row.assignees = [people["supervisor"]]
    tx.commit()
    return row


@pytest.fixture
def said(api, people, task, statuses):
    """The id of a comment that set `task` to work in progress."""
    body = {"task_status_id": str(statuses["wip"].id), "comment": "Here."}
    return api(people["user"], "post", f"/actions/tasks/{task.id}/comment", json=body).json["id"]


def move(api, person, task, comment_id, target_id):
    return api(person, "post", f"/actions/tasks/{task.id}/comments/{comment_id}/move", json={"target_task_id": str(target_id)})


def test_a_moved_comment_takes_its_status_along(tx, api, people, task, other, said, statuses):
    answer = move(api, people["manager"], task, said, other.id)
    assert (answer.status_code, answer.json["object_id"], answer.json["text"]) == (200, str(other.id), "Here.")
    tx.refresh(task), tx.refresh(other)
    assert (task.task_status_id, other.task_status_id) == (statuses["todo"].id, statuses["wip"].id)
    assert task.last_comment_date is None
    assert tx.scalars(sa.select(News.task_id)).all() == [other.id]
    told = tx.execute(sa.select(Notification.person_id, Notification.task_id, Notification.change)).all()
    assert told == [(people["supervisor"].id, other.id, False)]
    names = tx.scalars(sa.select(ApiEvent.name).order_by(ApiEvent.created_at)).all()
    assert names[-5:] == ["task:update", "task:update", "comment:delete", "comment:new", "news:new"]


@pytest.mark.parametrize("role", ["supervisor", "user", "client", "vendor", "outsider"])
def test_only_managers_move(tx, api, people, task, other, said, role):
    assert move(api, people[role], task, said, other.id).status_code == 403
    assert tx.get(Comment, said).object_id == task.id


def test_what_cannot_be_moved_stays(tx, make, api, people, task, other, said, project):
    entity = make(Entity, name="Rock", project_id=project.id, entity_type_id=tx.get(Entity, task.entity_id).entity_type_id)
    elsewhere = make(Task, project_id=project.id, task_type_id=task.task_type_id, entity_id=entity.id, task_status_id=task.task_status_id)
    manager = people["manager"]
    assert move(api, manager, other, said, task.id).status_code == 400
    assert move(api, manager, task, said, task.id).status_code == 400
    assert move(api, manager, task, said, elsewhere.id).status_code == 400
    assert move(api, manager, task, said, "nonsense").status_code == 404
    assert move(api, manager, task, "nonsense", other.id).status_code == 404
    comment = tx.get(Comment, said)
    comment.previews.append(make(PreviewFile, task_id=task.id, name="p"))
    tx.commit()
    assert move(api, manager, task, said, other.id).status_code == 400
    tx.refresh(comment)
    assert comment.object_id == task.id


def test_a_comment_is_deleted_through_its_own_task_only(tx, api, people, task, other, said, statuses):
    assert api(people["user"], "delete", f"/data/tasks/{other.id}/comments/{said}").status_code == 404
    assert api(people["vendor"], "delete", f"/data/tasks/{task.id}/comments/{said}").status_code == 403
    assert api(people["user"], "delete", f"/data/tasks/{task.id}/comments/{said}").status_code == 204
    tx.refresh(task)
    assert task.task_status_id == statuses["todo"].id
    assert tx.scalars(sa.select(Comment)).all() == []
    assert api(people["user"], "delete", f"/data/tasks/{task.id}/comments/{said}").status_code == 404
