"""Twenty people say something about one task at the same moment."""

import threading
from collections import Counter

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.conftest import token_of
from tests.making import join_team, make, open_status
from zou.comments.models import Comment
from zou.entities.models import Entity, EntityType
from zou.inbox.models import News, Notification
from zou.people.models import Person
from zou.platform.events.models import ApiEvent
from zou.productions.models import Project
from zou.tasks.models import Task, TaskStatus, TaskType

PEOPLE = 20


def test_nothing_is_lost_when_twenty_people_comment_at_once(own_application):
    app, engine = own_application
    with Session(engine, expire_on_commit=False) as tx:
        project = make(tx, Project, project_status_id=open_status(tx).id)
        people = [make(tx, Person, role="manager") for _ in range(PEOPLE)]
        join_team(tx, project, *people)
        todo, retake = make(tx, TaskStatus), make(tx, TaskStatus, is_retake=True)
        entity = make(tx, Entity, project_id=project.id, entity_type_id=make(tx, EntityType, name="Props").id)
        task = make(tx, Task, project_id=project.id, task_type_id=make(tx, TaskType).id, entity_id=entity.id, task_status_id=todo.id)
        task.assignees = [people[0]]
        tx.commit()
    tokens = [token_of(app, person) for person in people]
    codes, start = Counter(), threading.Barrier(PEOPLE)

    def comment(number):
        start.wait()
        body = {"task_status_id": str((retake if number % 2 else todo).id), "comment": f"comment {number}"}
        headers = {"Authorization": f"Bearer {tokens[number]}"}
        codes[app.test_client().post(f"/actions/tasks/{task.id}/comment", json=body, headers=headers).status_code] += 1

    threads = [threading.Thread(target=comment, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert codes == {201: PEOPLE}
    with Session(engine) as tx:
        comments = tx.scalars(sa.select(Comment).order_by(Comment.created_at)).all()
        assert {c.text for c in comments} == {f"comment {n}" for n in range(PEOPLE)}
        kept = tx.get(Task, task.id)
        assert kept.task_status_id == comments[-1].task_status_id
        assert kept.last_comment_date == comments[-1].created_at.replace(microsecond=0)
        given = [todo.id, *[c.task_status_id for c in comments]]
        assert kept.retake_count == sum(now == retake.id and before != now for before, now in zip(given, given[1:], strict=False))
        assert tx.scalar(sa.select(sa.func.count()).select_from(News)) == PEOPLE
        assert tx.scalar(sa.select(sa.func.count()).select_from(Notification)) == PEOPLE - 1
        names = Counter(tx.scalars(sa.select(ApiEvent.name)))
        assert (names["comment:new"], names["news:new"], names["task:update"]) == (PEOPLE, PEOPLE, PEOPLE)
