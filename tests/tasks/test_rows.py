"""The generic routes of tasks, task types and statuses."""

import pytest
import sqlalchemy as sa

from tests.making import join_team, make
from zou.comments.models import Comment
from zou.inbox.models import News, Notification, Subscription
from zou.people.models import Department, Person
from zou.planning.models import ScheduleItem, TimeSpent
from zou.previews.models import PreviewFile
from zou.productions.models import Project
from zou.tasks.models import Task, TaskStatus, TaskType


def count(tx, model):
    tx.expire_all()
    return tx.scalar(sa.select(sa.func.count()).select_from(model))


@pytest.fixture
def sent(asset, modeling, project):
    return {"entity_id": str(asset.id), "task_type_id": str(modeling.id), "project_id": str(project.id)}


@pytest.mark.parametrize(
    "who, status", [("manager", 201), ("supervisor", 201), ("user", 403), ("client", 403), ("vendor", 403), ("outsider", 403)]
)
def test_who_may_create(api, people, sent, tx, told, who, status):
    assert api(people[who], "post", "/data/tasks", json=sent).status_code == status
    assert count(tx, Task) == len(told()) == (1 if status == 201 else 0)


def test_a_task_belongs_to_the_production_of_its_entity(api, make, tx, sent, people, project):
    manager = make(Person, role="manager")
    other = make(Project)
    join_team(tx, other, manager)
    answer = api(manager, "post", "/data/tasks", json={**sent, "project_id": str(other.id)})
    assert (answer.status_code, count(tx, Task)) == (403, 0)
    answer = api(people["manager"], "post", "/data/tasks", json={**sent, "project_id": str(other.id)})
    assert answer.json["project_id"] == str(project.id)


def test_a_second_task_of_the_same_name_is_refused(api, people, sent, tx):
    assert api(people["manager"], "post", "/data/tasks", json=sent).status_code == 201
    assert api(people["manager"], "post", "/data/tasks", json=sent).status_code == 400
    assert count(tx, Task) == 1


def test_a_task_type_of_another_kind_is_refused(api, people, sent, make, tx):
    shots = make(TaskType, for_entity="Shot")
    assert api(people["manager"], "post", "/data/tasks", json={**sent, "task_type_id": str(shots.id)}).status_code == 400
    assert count(tx, Task) == 0


@pytest.mark.parametrize("who", ["admin", "user", "client", "vendor"])
def test_a_list_is_one_statement_besides_the_persons_own(api, people, task, statements, who):
    with statements() as seen:
        assert api(people[who], "get", "/data/tasks?relations=true").status_code == 200
    assert len(seen) == 2


def test_a_client_of_the_production_reads_blanks(api, make, tx, project, task, people):
    guest = make(Person, role="user")
    join_team(tx, project, guest, role="client")
    task.assignees = [people["user"]]
    tx.commit()
    [row] = api(guest, "get", "/data/tasks?relations=true").json
    item = api(guest, "get", f"/data/tasks/{task.id}").json
    for seen in (row, item):
        assert (seen["estimation"], seen["priority"], seen["difficulty"], seen["assignees"]) == (0, 0, None, [])
        assert seen["name"] == "main"
    assert "assignees" not in api(guest, "get", "/data/tasks").json[0]
    assert api(guest, "get", "/data/tasks?fields=estimation").json == [{"id": str(task.id), "estimation": 0, "type": "Task"}]
    assert api(people["user"], "get", f"/data/tasks/{task.id}").json["estimation"] == 480


def test_a_vendor_of_the_production_lists_their_own_tasks(api, make, tx, project, task):
    vendor = make(Person, role="user")
    join_team(tx, project, vendor, role="vendor")
    assert api(vendor, "get", "/data/tasks").json == []
    task.assignees = [vendor]
    tx.commit()
    assert [row["id"] for row in api(vendor, "get", "/data/tasks").json] == [str(task.id)]


@pytest.mark.parametrize("body, status", [({"priority": 3}, 200), ({"priority": 3, "name": "x"}, 403), ({"assignees": []}, 403)])
def test_a_supervisor_changes_dates_and_efforts_only(api, people, task, body, status):
    assert api(people["supervisor"], "put", f"/data/tasks/{task.id}", json=body).status_code == status


def test_a_supervisor_of_another_department_changes_nothing(api, people, task, make, tx):
    people["supervisor"].departments = [make(Department, name="Animation")]
    tx.commit()
    assert api(people["supervisor"], "put", f"/data/tasks/{task.id}", json={"priority": 3}).status_code == 403
    tx.refresh(task)
    assert task.priority == 2


def test_data_is_merged(api, people, task):
    answer = api(people["manager"], "put", f"/data/tasks/{task.id}", json={"data": {"layer": "bg"}})
    assert answer.json["data"] == {"engine": "cycles", "layer": "bg"}
    assert "assignees" not in answer.json


def test_who_is_assigned_hears_of_it(api, people, task, tx, told, project):
    ada, manager = people["user"], people["manager"]
    body = {"assignees": [str(ada.id), str(manager.id)]}
    assert api(manager, "put", f"/data/tasks/{task.id}", json=body).status_code == 200
    [notification] = tx.scalars(sa.select(Notification)).all()  # none for the manager, who assigned themselves
    assert (notification.type, notification.person_id, notification.author_id) == ("assignation", ada.id, manager.id)
    assert {name for name, data in told()} == {"task:assign", "task:update"}
    assert api(manager, "put", f"/data/tasks/{task.id}", json={"assignees": [str(manager.id)]}).status_code == 200
    unassigned = [data for name, data in told() if name == "task:unassign"]
    assert unassigned == [{"task_id": str(task.id), "person_id": str(ada.id), "project_id": str(project.id)}]


def test_a_preview_account_is_not_assigned(api, people, task, make, tx, project, told):
    account = make(Person, role="client", preview_project_id=project.id)
    answer = api(people["manager"], "put", f"/data/tasks/{task.id}", json={"assignees": [str(account.id)], "priority": 5})
    assert answer.status_code == 400
    tx.refresh(task)
    assert (task.priority, task.assignees, told()) == (2, [], [])


def hang(tx, task, person, number):
    """Comments, previews, news, notifications, time and a subscription on a task."""
    for _ in range(number):
        preview = make(tx, PreviewFile, task_id=task.id)
        comment = make(tx, Comment, object_id=task.id, person_id=person.id, previews=[preview])
        make(tx, News, task_id=task.id, author_id=person.id, comment_id=comment.id, preview_file_id=preview.id)
        make(tx, Notification, type="comment", person_id=person.id, author_id=person.id, comment_id=comment.id, task_id=task.id)
    make(tx, TimeSpent, task_id=task.id, person_id=person.id)
    make(tx, Subscription, task_id=task.id, person_id=person.id)


def test_a_forced_removal_takes_all_that_hangs_on_a_task(api, people, task, tx, told):
    hang(tx, task, people["user"], 2)
    assert api(people["manager"], "delete", f"/data/tasks/{task.id}").status_code == 400
    assert count(tx, Comment) == 2
    assert api(people["manager"], "delete", f"/data/tasks/{task.id}?force=true").status_code == 204
    for model in (Task, Comment, PreviewFile, News, Notification, TimeSpent, Subscription):
        assert count(tx, model) == 0
    assert sorted(name for name, data in told()) == ["news:delete", "news:delete", "task:delete"]


def test_a_forced_removal_takes_as_many_statements_whatever_hangs_on_it(api, people, task, make, tx, project, statements):
    numbers = []
    for n, number in enumerate((1, 12)):
        ids = {"project_id": project.id, "entity_id": task.entity_id, "task_type_id": task.task_type_id}
        doomed = make(Task, name=f"doomed {n}", **ids)
        hang(tx, doomed, people["user"], number)
        with statements() as seen:
            assert api(people["admin"], "delete", f"/data/tasks/{doomed.id}?force=true").status_code == 204
        numbers.append(len(seen))
    assert numbers[0] == numbers[1]


def test_a_default_status_replaces_the_one_of_the_same_use(api, people, make, tx):
    tx.execute(sa.update(TaskStatus).values(is_default=False))
    plain, concept = make(TaskStatus, is_default=True), make(TaskStatus, is_default=True, for_concept=True)
    new = make(TaskStatus)
    assert api(people["admin"], "put", f"/data/task-status/{new.id}", json={"is_default": "maybe"}).status_code == 400
    tx.expire_all()
    assert [status.is_default for status in (plain, concept, new)] == [True, True, False]
    assert api(people["admin"], "put", f"/data/task-status/{new.id}", json={"is_default": True}).status_code == 200
    tx.expire_all()
    assert [status.is_default for status in (plain, concept, new)] == [False, True, True]


def test_a_task_type_in_a_schedule_is_detached_by_force(api, people, make, project, modeling, tx):
    make(ScheduleItem, project_id=project.id, task_type_id=modeling.id)
    answer = api(people["admin"], "delete", f"/data/task-types/{modeling.id}")
    assert (answer.status_code, count(tx, ScheduleItem)) == (400, 1)
    assert "schedule items" in answer.json["message"] and "projects" not in answer.json["message"]
    assert api(people["admin"], "delete", f"/data/task-types/{modeling.id}?force=true").status_code == 204
    assert count(tx, ScheduleItem) == 0


def test_reordering_counts_unknown_ids(api, people, make, tx):
    first, second = make(TaskType), make(TaskType)
    ids = [str(second.id), "01a47552-81f3-47b8-84ca-e8acf63af886", str(first.id)]
    answer = api(people["admin"], "post", "/actions/task-types/reorder", json={"task_type_ids": ids})
    assert [(row["id"], row["priority"]) for row in answer.json] == [(ids[0], 1), (ids[2], 3)]
    assert api(people["manager"], "post", "/actions/task-types/reorder", json={"task_type_ids": ids}).status_code == 403


def test_a_bot_is_assigned_only_where_bots_may_work(api, tx, make, people, project, task):
    bot, manager = make(Person, is_bot=True), people["manager"]
    path, body = f"/data/tasks/{task.id}", {"assignees": [str(bot.id).upper()]}
    assert api(manager, "put", path, json=body).status_code == 403
    project.is_bot_collaboration_enabled = True
    tx.commit()
    assert api(manager, "put", path, json=body).status_code == 200
    project.is_bot_collaboration_enabled = False
    tx.commit()
    assert api(manager, "put", path, json={**body, "priority": 4}).status_code == 200  # who is assigned already may stay
    tx.refresh(task)
    assert (task.assignees, task.priority) == ([bot], 4)
