"""Posting comments: what is written, what follows, who may."""

import io

import pytest
import sqlalchemy as sa

from zou.comments.models import AttachmentFile, Comment
from zou.files.models import StoredFile
from zou.inbox.models import News, Notification
from zou.people.models import Person
from zou.platform.events.models import ApiEvent
from zou.productions.models import Project
from zou.tasks.models import Task


@pytest.fixture
def post(api, people, task, statuses):
    """`post(role, status, **fields)`: the answer to a comment of that person."""

    def send(role, status, **fields):
        body = {"task_status_id": str(statuses[status].id), "comment": "Look.", **fields}
        return api(people[role], "post", f"/actions/tasks/{task.id}/comment", json=body)

    return send


def events_of(tx):
    return list(tx.scalars(sa.select(ApiEvent.name).order_by(ApiEvent.created_at)))


def test_a_comment_changes_the_status_and_all_that_hangs_on_it(post, tx, task, people, statuses, project):
    answer = post("manager", "wip")
    assert answer.status_code == 201
    assert (answer.json["text"], answer.json["type"], answer.json["task_status"]["short_name"]) == ("Look.", "Comment", "wip")
    assert answer.json["person"]["full_name"] == f"{people['manager'].first_name} {people['manager'].last_name}"
    assert "password" not in answer.json["person"]
    tx.refresh(task)
    assert task.task_status_id == statuses["wip"].id
    comment = tx.scalars(sa.select(Comment)).one()
    assert task.last_comment_date == comment.created_at.replace(microsecond=0)
    assert task.real_start_date is not None
    assert events_of(tx) == ["comment:new", "task:update", "task:status-changed", "news:new"]
    told = set(tx.scalars(sa.select(Notification.person_id).where(Notification.type == "comment", Notification.change)))
    assert told == {people["user"].id, people["vendor"].id}
    news = tx.scalars(sa.select(News)).one()
    assert (news.comment_id, news.change, news.author_id) == (comment.id, True, people["manager"].id)


def test_retakes_are_counted_and_dates_follow_the_status(post, tx, task):
    for status in ("retake", "retake", "wfa", "retake", "done"):
        assert post("manager", status).status_code == 201
    tx.refresh(task)
    assert task.retake_count == 2
    assert task.end_date is None  # the retake cleared it
    assert task.done_date is not None
    assert "task:to-review" in events_of(tx)


def test_the_cap_of_retakes_refuses_and_writes_nothing(post, tx, task):
    tx.execute(sa.update(Project).values(max_retakes=1))
    tx.commit()
    assert post("manager", "retake").status_code == 201
    answer = post("manager", "retake")
    assert (answer.status_code, answer.json["message"]) == (400, "No more retakes allowed on this task")
    assert tx.scalar(sa.select(sa.func.count()).select_from(Comment)) == 1


def test_an_older_comment_does_not_take_the_status(post, tx, task, statuses):
    assert post("manager", "wfa").status_code == 201
    assert post("manager", "retake", created_at="2020-01-01 10:00:00").status_code == 201
    tx.refresh(task)
    assert (task.task_status_id, task.retake_count) == (statuses["wfa"].id, 1)
    assert "task:status-changed" not in events_of(tx)[3:]


@pytest.mark.parametrize(
    "role, status, code",
    [
        ("admin", "done", 201),
        ("manager", "done", 201),
        ("supervisor", "done", 201),
        ("user", "wip", 201),
        ("user", "done", 403),
        ("client", "wip", 201),
        ("vendor", "wip", 201),
        ("outsider", "wip", 403),
    ],
)
def test_who_may_post(post, tx, role, status, code):
    assert post(role, status).status_code == code
    assert tx.scalar(sa.select(sa.func.count()).select_from(Comment)) == (code == 201)


def test_only_managers_choose_author_date_and_clients(post, tx, people):
    chosen = {"person_id": str(people["client"].id), "created_at": "2020-01-01 10:00:00", "for_client": True}
    post("user", "wip", **chosen)
    comment = tx.scalars(sa.select(Comment)).one()
    assert (comment.person_id, comment.created_at.year > 2020, comment.for_client) == (people["user"].id, True, False)
    tx.delete(comment)
    answer = post("manager", "wip", **chosen)
    assert (answer.json["person_id"], answer.json["created_at"], answer.json["for_client"]) == (
        str(people["client"].id),
        "2020-01-01T10:00:00",
        True,
    )


def test_the_mentioned_hear_of_it_and_may_answer_with_the_same_status(post, tx, make, people):
    outsider = people["outsider"]
    name = f"{people['supervisor'].first_name} {people['supervisor'].last_name}"
    stranger = f"{outsider.first_name} {outsider.last_name}"
    answer = post("user", "wip", comment=f"@{name} and @{stranger} look")
    assert answer.json["mentions"] == [str(people["supervisor"].id)]
    kinds = tx.execute(sa.select(Notification.type, Notification.person_id)).all()
    assert sorted(kinds, key=str) == sorted([("comment", people["vendor"].id), ("mention", people["supervisor"].id)], key=str)


def test_files_are_attached(api, people, task, statuses, tx):
    form = {
        "task_status_id": str(statuses["wip"].id),
        "comment": "With files",
        "checklist": '[{"text": "x", "checked": false}]',
        "file": (io.BytesIO(b"one"), "note.txt"),
        "file-1": (io.BytesIO(b"three"), "other.PDF"),
    }
    answer = api(people["user"], "post", f"/actions/tasks/{task.id}/comment", data=form)
    assert answer.status_code == 201
    files = sorted(answer.json["attachment_files"], key=lambda file: file["name"])
    assert [(f["name"], f["extension"], f["size"]) for f in files] == [("note.txt", "txt", 3), ("other.PDF", "pdf", 5)]
    assert answer.json["checklist"] == [{"text": "x", "checked": False}]
    got = api(people["vendor"], "get", f"/data/attachment-files/{files[0]['id']}/file/note.txt")
    assert (got.status_code, got.data, got.headers["Content-Disposition"]) == (200, b"one", "attachment; filename=note.txt")
    assert api(people["outsider"], "get", f"/data/attachment-files/{files[0]['id']}/file/note.txt").status_code == 403
    assert {row.key for row in tx.scalars(sa.select(StoredFile))} == {f"attachments-{f['id']}" for f in files}


def test_a_refused_file_leaves_neither_comment_nor_file(api, people, task, statuses, tx, app):
    form = {"task_status_id": str(statuses["wip"].id), "file": (io.BytesIO(b"x"), "a.txt"), "g": (io.BytesIO(b"x"), "a.toolongextension")}
    answer = api(people["user"], "post", f"/actions/tasks/{task.id}/comment", data=form)
    assert answer.status_code == 400
    for model in (Comment, AttachmentFile, StoredFile, Notification, News, ApiEvent):
        assert tx.scalars(sa.select(model)).all() == []


@pytest.mark.parametrize(
    "body, code",
    [
        ({}, 400),
        ({"task_status_id": None}, 400),
        ({"task_status_id": "no-id"}, 404),
        ({"task_status_id": "01a47552-81f3-47b8-84ca-e8acf63af886"}, 404),
        ({"comment": None}, 400),
        ({"comment": 3}, 400),
        ({"comment": "a\x00b"}, 400),
        ({"checklist": "[oops"}, 400),
        ({"links": {"a": 1}}, 400),
        ({"for_client": "maybe"}, 400),
        ({"person_id": "no-id"}, 404),
    ],
)
def test_bad_input_is_told_and_writes_nothing(api, people, task, statuses, tx, body, code):
    sent = {"task_status_id": str(statuses["wip"].id), **body} if body else {}
    answer = api(people["manager"], "post", f"/actions/tasks/{task.id}/comment", json=sent)
    assert (answer.status_code, answer.json["error"]) == (code, True)
    assert tx.scalars(sa.select(Comment)).all() == []


def test_a_comment_takes_twelve_statements(post, statements):
    with statements() as seen:
        assert post("manager", "wip").status_code == 201
    assert len(seen) <= 12, "\n".join(seen)


@pytest.mark.parametrize(
    "role, texts", [("manager", {"inside", "mine"}), ("user", {"inside"}), ("client", {"mine"}), ("vendor", {"inside"})]
)
def test_who_reads_which_comments(api, people, task, post, role, texts):
    post("user", "wip", comment="inside")
    post("client", "wip", comment="mine")
    answer = api(people[role], "get", f"/data/tasks/{task.id}/comments")
    assert {comment["text"] for comment in answer.json} == texts
    assert api(people["outsider"], "get", f"/data/tasks/{task.id}/comments").status_code == 403


def test_replies_and_acknowledgements(api, people, task, post, tx):
    comment = post("user", "wip").json
    path = f"/data/tasks/{task.id}/comments/{comment['id']}"
    reply = api(people["manager"], "post", f"{path}/reply", json={"text": "Yes."})
    assert (reply.status_code, reply.json["text"], reply.json["person"]["id"]) == (200, "Yes.", str(people["manager"].id))
    told = set(tx.scalars(sa.select(Notification.person_id).where(Notification.type == "reply")))
    assert told == {people["user"].id, people["vendor"].id}
    assert api(people["user"], "post", f"{path}/ack").json["acknowledgements"] == [str(people["user"].id)]
    assert api(people["user"], "post", f"{path}/ack").json["acknowledgements"] == []
    listed = api(people["user"], "get", f"/data/tasks/{task.id}/comments").json[0]
    assert [(r["text"], r["person"]["id"]) for r in listed["replies"]] == [("Yes.", str(people["manager"].id))]
    assert api(people["user"], "delete", f"{path}/reply/{reply.json['id']}").status_code == 403
    assert api(people["manager"], "delete", f"{path}/reply/{reply.json['id']}").json["replies"] == []
    assert tx.scalars(sa.select(Notification).where(Notification.type == "reply")).all() == []


def test_the_task_of_the_path_must_be_that_of_the_comment(api, people, task, post, make):
    comment = post("user", "wip").json
    other = make(
        Task, name="other", project_id=task.project_id, task_type_id=task.task_type_id, entity_id=task.entity_id,
        task_status_id=task.task_status_id,
    )  # fmt: skip
    path = f"/tasks/{other.id}/comments/{comment['id']}"
    assert api(people["manager"], "post", f"/data{path}/reply", json={"text": "x"}).status_code == 403
    assert api(people["manager"], "post", f"/data{path}/ack").status_code == 404
    assert api(people["manager"], "post", f"/actions{path}/add-preview", json={}).status_code == 404


def test_the_author_is_never_told_of_their_own(post, tx, people):
    own = f"{people['user'].first_name} {people['user'].last_name}"
    post("user", "wip", comment=f"note to @{own}")
    assert set(tx.scalars(sa.select(Notification.person_id))) == {people["vendor"].id}
    assert tx.get(Person, people["user"].id) is not None
