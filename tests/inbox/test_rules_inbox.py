"""Rules of contract/rules/notifications-and-news.md that the recordings do not reach, by paragraph."""

import datetime

import sqlalchemy as sa

from tests.making import join_team
from tests.making import make as insert
from zou.comments.models import Comment
from zou.entities.models import Entity, EntityType
from zou.inbox.models import News, Notification, Subscription
from zou.people.models import Department, Person, Studio
from zou.platform.events.models import ApiEvent
from zou.playlists.models import Playlist
from zou.previews.models import PreviewFile
from zou.productions.models import Project, ProjectStatus
from zou.tasks.models import Task, TaskStatus, TaskType

NOBODY = "01a47552-81f3-47b8-84ca-e8acf63af886"


def moment(day):
    return datetime.datetime(2026, 3, day, 12)


def ids(answer):
    rows = answer.json
    return [row["id"] for row in (rows["data"] if isinstance(rows, dict) else rows)]


def test_which_notifications_a_list_has(api, people, task, make, tx):
    """§3: one's own, newest first, by each of the filters; words other than `true` mean false."""
    me, other = people["user"], people["manager"]
    comment = make(Comment, object_id=task.id, person_id=other.id, task_status_id=task.task_status_id)
    of = {"person_id": me.id, "author_id": other.id}
    old = make(Notification, type="assignation", task_id=task.id, read=True, created_at=moment(1), **of)
    new = make(Notification, type="comment", task_id=task.id, comment_id=comment.id, created_at=moment(2), **of)
    make(Notification, type="comment", task_id=task.id, person_id=other.id, author_id=me.id)
    make(Subscription, person_id=me.id, task_id=task.id)
    playlist = make(Playlist, project_id=task.project_id, for_entity="asset")
    ready = make(Notification, type="playlist-ready", playlist_id=playlist.id, created_at=moment(3), **of)
    everything = [str(row.id) for row in (ready, new, old)]
    path = "/data/user/notifications"
    for query, expected in (
        ("", [0, 1, 2]), ("read=true", [2]), ("read=TRUE", [2]), ("read=yes", [0, 1]), ("watching=true", [1, 2]), ("watching=no", [0]),
        ("type=comment", [1]), ("type=nothing", []), (f"task_type_id={task.task_type_id}", [1, 2]), (f"task_status_id={NOBODY}", []),
        ("after=2026-03-02T12:00:00", [0]), ("before=2026-03-02T12:00:00", [2]), ("after=2026-03-01", [0, 1, 2]),
        ("before=March 2, 2026", [2]),
    ):  # fmt: skip
        assert ids(api(me, "get", f"{path}?{query}")) == [everything[n] for n in expected], query
    for query in ("after=", "before=nonsense", "task_type_id=x", "task_status_id=x"):
        assert api(me, "get", f"{path}?{query}").status_code == 400, query
    rows = api(me, "get", path).json
    assert rows[0]["full_entity_name"] == "" and rows[0]["playlist_for_entity"] == "asset" and rows[0]["task_id"] is None
    assert rows[1]["full_entity_name"] == "Props / Tree" and rows[1]["subscription_id"] and rows[1]["comment_text"] == "Fine."
    assert (rows[2]["comment_text"], rows[2]["reply_text"], rows[2]["mentions"]) == (None, "", [])


def test_reading_notifications(api, people, task, make, tx):
    """§3: one's own only; each write is told, changed or not."""
    me, other = people["user"], people["manager"]
    mine = make(Notification, type="comment", task_id=task.id, person_id=me.id, author_id=other.id)
    path = f"/data/user/notifications/{mine.id}"
    for read in (True, True, False):
        row = api(me, "put", path, json={"read": read}).json
        assert (row["read"], row["type"], row["notification_type"]) == (read, "Notification", "comment")
    assert api(me, "put", path, json={}).status_code == 400
    assert [api(other, verb, path, json={"read": True}).status_code for verb in ("get", "put")] == [404, 404]
    assert api(me, "get", "/data/user/notifications/no-id").status_code == 400
    assert api(me, "post", "/actions/user/notifications/mark-all-as-read").json == {"success": True}
    told = tx.scalars(sa.select(ApiEvent.name).order_by(ApiEvent.created_at)).all()
    assert told == ["notification:read", "notification:read", "notification:unread", "notification:all-read"]
    assert api(me, "get", path).json["read"] is True


def test_subscriptions(api, people, project, task, make, tx):
    """§4: idempotent, all are checked before the first is written, nobody needs to be told to stop."""
    me, far = people["user"], make(Task, project_id=insert(tx, Project).id, entity_id=task.entity_id, task_type_id=make(TaskType).id)
    base = f"/actions/user/tasks/{task.id}"
    first, again = (api(me, "post", f"{base}/subscribe") for _ in range(2))
    assert (first.status_code, first.json) == (201, again.json)
    assert api(me, "get", f"/data/user/tasks/{task.id}/subscribed").json is True
    assert [api(me, "get", f"/data/user/tasks/{id}/subscribed").json for id in (NOBODY, "no-id")] == [False, False]
    assert [api(me, "delete", f"/actions/user/tasks/{id}/unsubscribe").status_code for id in (task.id, task.id, NOBODY, "x")] == [204] * 4
    many = "/actions/user/tasks/subscribe"
    assert api(me, "post", many, json={"task_ids": [str(task.id), str(far.id)]}).status_code == 403
    assert api(me, "post", many, json={"task_ids": [str(task.id), NOBODY]}).status_code == 404
    assert api(me, "post", many, json={"task_ids": []}).status_code == 400
    assert tx.scalar(sa.select(sa.func.count()).select_from(Subscription)) == 0
    made = api(me, "post", many, json={"task_ids": [str(task.id)] * 2})
    assert (made.status_code, [row["task_id"] for row in made.json]) == (201, [str(task.id)] * 2)
    wanted = {"task_ids": [str(task.id), NOBODY, "x"]}
    assert api(me, "post", "/actions/user/tasks/unsubscribe", json=wanted).json == wanted["task_ids"]
    sequence = make(Entity, name="S", project_id=project.id, entity_type_id=make(EntityType, name="Sequence").id)
    url = f"user/sequences/{sequence.id}/task-types/{task.task_type_id}"
    row = api(me, "post", f"/actions/{url}/subscribe")
    assert (row.status_code, row.json["entity_id"], row.json["task_id"]) == (201, str(sequence.id), None)
    for alias in (url, url.replace("sequences", "entities")):
        assert api(me, "get", f"/data/{alias}/subscribed").json is True
    assert api(people["outsider"], "post", f"/actions/{url}/subscribe").status_code == 403
    assert [api(me, "delete", f"/actions/{url}/unsubscribe").status_code for _ in range(2)] == [204, 204]


def test_a_sequence_is_followed_with_its_shots(api, people, project, task, make, tx):
    """§2.1, §4: who follows a task type of a sequence hears of tasks right below it, of that type alone."""
    sequence = make(Entity, name="S", project_id=project.id, entity_type_id=make(EntityType, name="Sequence").id)
    shot = make(Entity, name="P", project_id=project.id, entity_type_id=make(EntityType, name="Shot").id, parent_id=sequence.id)
    make(Subscription, person_id=people["supervisor"].id, entity_id=sequence.id, task_type_id=task.task_type_id)
    for kind, count in ((task.task_type_id, 1), (make(TaskType).id, 0)):
        of_shot = make(Task, project_id=project.id, entity_id=shot.id, task_type_id=kind, task_status_id=task.task_status_id)
        body = {"task_status_id": str(task.task_status_id)}
        assert api(people["manager"], "post", f"/actions/tasks/{of_shot.id}/comment", json=body).status_code == 201
        found = sa.select(Notification.person_id).where(Notification.task_id == of_shot.id)
        assert tx.scalars(found).all() == [people["supervisor"].id] * count


def news(make, task, day, author, **columns):
    comment = make(Comment, object_id=task.id, person_id=author.id, task_status_id=columns.pop("status", task.task_status_id))
    return make(News, task_id=task.id, author_id=author.id, comment_id=comment.id, created_at=moment(day), **columns)


def test_which_news_a_list_has(api, people, project, task, make, tx):
    """§5.2: newest first, by each of the filters, in pages with statistics of what changed."""
    status = make(TaskStatus)
    preview = make(PreviewFile, task_id=task.id, revision=2, position=1)
    beside = make(PreviewFile, task_id=task.id, revision=2, position=2)
    one = news(make, task, 1, people["user"], change=True)
    two = news(make, task, 2, people["manager"], change=True, status=status.id, preview_file_id=preview.id)
    three = news(make, task, 3, people["user"])
    path, everything = f"/data/projects/{project.id}/news", [str(row.id) for row in (three, two, one)]
    for query, expected in (
        ("", [0, 1, 2]), ("limit=2", [0, 1]), ("limit=2&page=2", [2]), ("page=9", []), (f"person_id={people['user'].id}", [0, 2]),
        (f"task_status_id={status.id}", [1]), (f"task_type_id={NOBODY}", []), ("only_preview=true", [1]), ("only_preview=ON", [1]),
        ("only_preview=0", [0, 1, 2]), ("after=2026-03-02T12:00:00", [0]), ("before=2026-03-02", [2]), (f"episode_id={NOBODY}", []),
    ):  # fmt: skip
        assert ids(api(people["user"], "get", f"{path}?{query}")) == [everything[n] for n in expected], query
    for query in ("only_preview=maybe", "only_preview=yes", "only_preview=", "page=x", "limit=x", "after=x", "person_id=x"):
        assert api(people["user"], "get", f"{path}?{query}").status_code == 400, query
    answer = api(people["user"], "get", f"{path}?limit=2").json
    assert {key: answer[key] for key in ("total", "nb_pages", "limit", "offset", "page")} == {
        "total": 3, "nb_pages": 2, "limit": 2, "offset": 0, "page": 1,
    }  # fmt: skip
    assert answer["stats"] == {str(task.task_status_id): 1, str(status.id): 1}
    shown = api(people["user"], "get", f"{path}?only_preview=true").json["data"][0]
    assert [row["id"] for row in shown["preview_files"]] == [str(preview.id), str(beside.id)]
    assert (shown["preview_file_revision"], shown["full_entity_name"], shown["person"]["role"]) == (2, "Props / Tree", "manager")
    of_entity = api(people["user"], "get", f"/data/entities/{task.entity_id}/news").json
    assert (of_entity["limit"], of_entity["total"], "stats" in of_entity) == (2000, 3, False)
    assert api(people["user"], "get", f"{path}/{one.id}").json["id"] == str(one.id)
    assert [api(people["user"], "get", f"{path}/{id}").status_code for id in (NOBODY, "no-id")] == [404, 404]


def test_news_of_all_productions(api, people, project, task, make, tx):
    """§5.2: of open productions that one is in; a production that is not one of them narrows nothing."""
    closed = insert(tx, Project, project_status_id=make(ProjectStatus, name="Closed").id)
    join_team(tx, closed, people["user"])
    mine = news(make, task, 1, people["user"])
    other = make(Task, project_id=closed.id, entity_id=task.entity_id, task_type_id=make(TaskType).id, task_status_id=task.task_status_id)
    news(make, other, 2, people["user"])
    for who in ("user", "admin"):
        for query in ("", f"?project_id={project.id}", f"?project_id={closed.id}", f"?project_id={NOBODY}", "?project_id=x"):
            assert ids(api(people[who], "get", f"/data/projects/news{query}")) == [str(mine.id)], (who, query)
    assert ids(api(people["outsider"], "get", "/data/projects/news")) == []


def test_clients_hear_of_a_playlist(api, people, project, make, tx):
    """§2.6: clients of the production by the role that they have there, of one studio or department when it is named."""
    studio, craft = make(Studio), make(Department)
    inside, elsewhere = make(Person, role="user", studio_id=studio.id), make(Person, role="client")
    join_team(tx, project, inside, role="client")
    elsewhere.departments = [craft]
    tx.commit()
    playlist = make(Playlist, project_id=project.id)
    path = f"/data/playlists/{playlist.id}/notify-clients"
    for body, told in (
        ({}, {people["client"].id, inside.id}), ({"studio_id": str(studio.id), "department_id": ""}, {inside.id}),
        ({"department_id": str(craft.id)}, set()),
    ):  # fmt: skip
        tx.execute(sa.delete(Notification))
        tx.commit()
        assert api(people["manager"], "post", path, json=body).json == {"status": "success"}
        assert set(tx.scalars(sa.select(Notification.person_id))) == told
    assert tx.scalar(sa.select(Playlist.for_client)) is False
    assert api(people["supervisor"], "post", path, json={}).status_code == 403
