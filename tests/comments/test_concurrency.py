"""Twenty people say something about one task, or move what was said, at the same moment."""

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
from zou.productions.models import Project, project_status_automation_link
from zou.tasks.models import StatusAutomation, Task, TaskStatus, TaskType

PEOPLE = 20


def together(function):
    """Call a function with each number at the same moment, and wait for all."""
    start = threading.Barrier(PEOPLE)

    def run(number):
        start.wait()
        function(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


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
    codes = Counter()

    def comment(number):
        body = {"task_status_id": str((retake if number % 2 else todo).id), "comment": f"comment {number}"}
        headers = {"Authorization": f"Bearer {tokens[number]}"}
        codes[app.test_client().post(f"/actions/tasks/{task.id}/comment", json=body, headers=headers).status_code] += 1

    together(comment)
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


def test_an_automation_fires_once_and_a_comment_moves_once(own_application):
    app, engine = own_application
    with Session(engine, expire_on_commit=False) as tx:
        project = make(tx, Project, project_status_id=open_status(tx).id)
        manager = make(tx, Person, role="manager")
        join_team(tx, project, manager)
        todo, done = make(tx, TaskStatus, is_default=True), make(tx, TaskStatus, is_done=True)
        entity = make(tx, Entity, project_id=project.id, entity_type_id=make(tx, EntityType, name="Props").id)
        ids = {"project_id": project.id, "entity_id": entity.id, "task_status_id": todo.id}
        first, second = [make(tx, Task, **ids, task_type_id=make(tx, TaskType, for_entity="Asset").id) for _ in range(2)]
        fired = {"in_task_type_id": first.task_type_id, "out_task_type_id": second.task_type_id, "out_task_status_id": done.id}
        row = make(tx, StatusAutomation, entity_type="asset", out_field_type="status", in_task_status_id=done.id, **fired)
        tx.execute(sa.insert(project_status_automation_link).values(project_id=project.id, status_automation_id=row.id))
        tx.commit()
    headers, codes = {"Authorization": f"Bearer {token_of(app, manager)}"}, Counter()

    def comment(number):
        body = {"task_status_id": str(done.id)}
        codes[app.test_client().post(f"/actions/tasks/{first.id}/comment", json=body, headers=headers).status_code] += 1

    together(comment)
    assert codes == {201: PEOPLE}
    with Session(engine) as tx:
        assert tx.scalar(sa.select(sa.func.count()).where(Comment.object_id == second.id)) == 1
        moved = tx.scalars(sa.select(Comment.id).where(Comment.object_id == second.id)).one()
    codes.clear()

    def move(number):
        path = f"/actions/tasks/{second.id}/comments/{moved}/move"
        codes[app.test_client().post(path, json={"target_task_id": str(first.id)}, headers=headers).status_code] += 1

    together(move)
    assert codes == {200: 1, 400: PEOPLE - 1}
    with Session(engine) as tx:
        assert tx.get(Task, second.id).task_status_id == todo.id
        assert tx.scalar(sa.select(sa.func.count()).where(News.task_id == first.id)) == PEOPLE + 1
