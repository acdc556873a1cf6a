"""The lists of a working day take as many statements for two hundred rows as for two."""

import datetime

import pytest

from tests.making import make
from zou.comments.models import Comment
from zou.entities.models import Entity, EntityLink, EntityType
from zou.inbox.models import News, Notification
from zou.planning.models import TimeSpent
from zou.tasks.models import Task, TaskStatus, TaskType

DAY = datetime.date(2026, 3, 2)
LISTS = [
    ("user", "/data/user/tasks"), ("user", "/data/user/done-tasks"), ("user", "/data/user/notifications"), ("user", "/data/user/context"),
    ("manager", "/data/persons/{user}/tasks"), ("manager", "/data/persons/{user}/done-tasks"), ("manager", "/data/tasks/open-tasks"),
    ("user", "/data/tasks/{task}/comments"), ("user", "/data/projects/{project}/news"), ("client", "/data/tasks/{task}/comments"),
    ("manager", "/data/persons/time-spents/month-table/2026"), ("user", "/data/persons/time-spents/week-table/2026"),
    ("manager", "/data/projects/{project}/quotas/{task_type}"), ("manager", "/data/user/tasks-to-check"),
    ("user", "/data/projects/{project}/sequences/all/casting"), ("user", "/data/projects/{project}/tasks"),
]  # fmt: skip


@pytest.fixture
def studio(tx, people, project):
    """`studio(number)` adds so many shots with a task each, commented on by all; returns the ids that paths name."""
    kinds = {name: make(tx, EntityType, name=name) for name in ("Shot", "Sequence", "Episode", "Prop")}
    made = {name: make(tx, Entity, name=name, project_id=project.id, entity_type_id=kind.id) for name, kind in kinds.items()}
    made["Sequence"].parent_id = made["Episode"].id
    make(tx, EntityLink, entity_in_id=made["Episode"].id, entity_out_id=made["Prop"].id)
    craft = make(tx, TaskType, name="Animation", for_entity="Shot")
    states = [make(tx, TaskStatus, name=str(done), is_done=done, is_feedback_request=not done) for done in (False, True)]
    first = make(
        tx, Task, project_id=project.id, entity_id=made["Prop"].id, task_type_id=craft.id, task_status_id=states[0].id, name="first"
    )

    def add(number):
        for n in range(number):
            shot = Entity(name=f"SH{number}-{n}", project_id=project.id, entity_type_id=kinds["Shot"].id, parent_id=made["Sequence"].id)
            tx.add(shot)
            tx.flush()
            tx.add(EntityLink(entity_in_id=shot.id, entity_out_id=made["Prop"].id))
            place = {"project_id": project.id, "entity_id": shot.id, "task_type_id": craft.id, "task_status_id": states[n % 2].id}
            end = datetime.datetime(2026, 3, 1 + n % 28)
            task = Task(name="main", assignees=[people["user"]], duration=60, real_start_date=end, end_date=end, **place)
            tx.add(task)
            tx.flush()
            for about in (task, first):
                who = people[("user", "client", "manager")[n % 3]]
                said = Comment(object_id=about.id, object_type="Task", person_id=who.id, task_status_id=states[0].id, text="Fine.")
                tx.add(said)
                tx.flush()
                tx.add(News(task_id=about.id, author_id=who.id, comment_id=said.id, change=True))
                tx.add(Notification(person_id=people["user"].id, author_id=who.id, task_id=about.id, comment_id=said.id, type="comment"))
            tx.add(TimeSpent(task_id=task.id, person_id=people["user"].id, date=DAY, duration=60))
        tx.commit()
        return {"user": people["user"].id, "task": first.id, "project": project.id, "task_type": craft.id}

    return add


def test_a_long_list_takes_as_many_statements_as_a_short_one(api, people, studio, statements):
    counts, sizes = {}, {}
    for number in (2, 60):
        ids = studio(number)
        for who, path in LISTS:
            with statements() as seen:
                answer = api(people[who], "get", path.format(**ids))
            assert answer.status_code == 200, (who, path, answer.json)
            counts.setdefault((who, path), []).append(len(seen))
            sizes.setdefault((who, path), []).append(len(answer.data))
    assert {key: found for key, found in counts.items() if found[0] != found[1]} == {}
    assert all(many > 4 * few for (who, path), (few, many) in sizes.items() if path in ("/data/user/tasks", "/data/user/notifications"))
    assert max(count for found in counts.values() for count in found) <= 6
