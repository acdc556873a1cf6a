"""Rules of contract/rules/comments.md that the recordings do not reach, by paragraph."""

import datetime
import io
import json

import pytest
import sqlalchemy as sa
from PIL import Image

from tests.making import join_team
from tests.making import make as insert
from zou.comments.models import Comment, comment_mentions
from zou.entities.models import Entity, EntityType
from zou.inbox.models import News, Notification, Subscription
from zou.people.models import Department, Person, Studio
from zou.platform.events.models import ApiEvent
from zou.previews.models import PreviewFile
from zou.previews.services import uploads
from zou.productions.models import Project, ProjectTaskStatusLink
from zou.tasks.models import Task, TaskStatus, TaskType

NOBODY = "01a47552-81f3-47b8-84ca-e8acf63af886"


@pytest.fixture
def say(api, people, task, statuses):
    """`say(role, status, **body)`: the answer to a comment on the task."""

    def post(who, status, on=task, **body):
        person = people[who] if isinstance(who, str) else who
        return api(person, "post", f"/actions/tasks/{on.id}/comment", json={"task_status_id": str(statuses[status].id), **body})

    return post


@pytest.fixture
def told(tx):
    """`told()`: names of the stored events, oldest first."""

    def read():
        tx.expire_all()
        return tx.scalars(sa.select(ApiEvent.name).order_by(ApiEvent.created_at)).all()

    return read


def notes(tx):
    """(type, person, change) of the notifications."""
    return sorted((note.type, str(note.person_id), note.change) for note in tx.scalars(sa.select(Notification)))


# --- §2 posting --------------------------------------------------------------------------------------------------------------------


def test_lists_and_dates_of_a_comment(api, people, task, statuses, say, tx):
    """§2.2: lists may be their JSON text or empty; only two forms of dates count; the author is told whole."""
    path = f"/actions/tasks/{task.id}/comment"
    status = str(statuses["todo"].id)
    form = {"task_status_id": status, "comment": "x", "checklist": '[{"text": "a"}]', "links": ""}
    answer = api(people["manager"], "post", path, data=form).json
    assert (answer["checklist"], answer["links"], answer["task_status"]["id"]) == ([{"text": "a"}], [], status)
    assert answer["person"]["email"] and "departments" not in answer["person"]
    assert [say("manager", "todo", checklist=value).status_code for value in (None, "", [], "x", 3, {})] == [201, 201, 201, 400, 400, 400]
    for text, kept in (
        ("2020-01-02 03:04:05", True),
        ("2020-01-02T03:04:05", True),
        ("2020-01-02", False),
        ("2020-01-02T03:04:05Z", False),
    ):
        created = say("manager", "todo", created_at=text).json["created_at"]
        assert (created == "2020-01-02T03:04:05") == kept, text
    assert api(people["manager"], "post", path, json={"task_status_id": NOBODY}).status_code == 404
    assert api(people["manager"], "post", path, json={}).status_code == 400
    assert api(people["manager"], "post", f"/actions/tasks/{NOBODY}/comment", json={"task_status_id": status}).status_code == 404
    assert say("manager", "todo", person_id=NOBODY).status_code == 404


def test_statuses_and_roles(api, people, project, task, statuses, say, make, tx):
    """§2.1, tasks.md §6.2: artists by the status, clients by the production's word, then the status's; vendors and others any."""
    closed = make(TaskStatus, name="Closed", short_name="closed", is_artist_allowed=False, is_client_allowed=False)
    statuses["closed"] = closed
    assert [say(who, "closed").status_code for who in ("user", "client", "vendor", "supervisor")] == [403, 403, 201, 201]
    link = make(ProjectTaskStatusLink, project_id=project.id, task_status_id=closed.id, is_client_allowed=True)
    assert say("client", "closed").status_code == 201
    link.is_client_allowed = None
    tx.commit()
    assert say("client", "closed").status_code == 403


def test_caps_of_retakes(people, project, task, statuses, say, make, tx):
    """§2.3: the entity's own number wins when it is one; the cap holds although the status stays, and nothing is written."""
    tx.execute(sa.update(Project).values(max_retakes=1))
    tx.execute(sa.update(Task).values(retake_count=1, task_status_id=statuses["retake"].id))
    tx.commit()
    for own, status in ((None, 400), (0, 400), (2, 201), (1, 400), (-1, 201)):
        tx.execute(sa.update(Entity).values(data={"max_retakes": own}))
        tx.commit()
        before = tx.scalar(sa.select(sa.func.count()).select_from(Comment))
        assert say("manager", "retake").status_code == status, own
        assert tx.scalar(sa.select(sa.func.count()).select_from(Comment)) == before + (status == 201)


def test_dates_of_a_task(people, task, statuses, say, make, tx):
    """§2.4, tasks.md §1.1: what each kind of status does to the dates; the same status does nothing, an equal date is the newest."""
    statuses["both"] = make(TaskStatus, name="Both", short_name="both", is_feedback_request=True, is_done=True)

    def dates():
        tx.expire_all()
        found = tx.get(Task, task.id)
        return tuple(getattr(found, key) is not None for key in ("real_start_date", "end_date", "done_date"))

    for status, expected in (
        ("wfa", (False, True, False)), ("done", (False, True, True)), ("wip", (True, False, False)), ("both", (True, True, True)),
        ("wfa", (True, True, False)), ("retake", (True, False, False)), ("todo", (True, False, False)),
    ):  # fmt: skip
        assert say("manager", status).status_code == 201
        assert dates() == expected, status
    assert tx.get(Task, task.id).retake_count == 1
    tx.execute(sa.update(Task).values(task_status_id=statuses["wip"].id, real_start_date=None))
    tx.commit()
    say("manager", "wip")
    assert dates()[0] is False  # the status did not change
    moment = tx.scalar(sa.select(Task.last_comment_date)).isoformat()
    say("manager", "done", created_at=moment)
    assert tx.scalar(sa.select(Task.task_status_id)) == statuses["done"].id


def test_events_of_a_comment(say, told, statuses, tx):
    """§2.3, §2.4: which events go out, and that a review is asked for only when the status changes."""
    say("manager", "wfa")
    assert told() == ["comment:new", "task:update", "task:status-changed", "task:to-review", "news:new"]
    say("manager", "wfa")
    assert told()[5:] == ["comment:new", "task:update", "news:new"]
    old = (datetime.datetime(2000, 1, 1)).isoformat()
    say("manager", "done", created_at=old)
    assert told()[8:] == ["comment:new", "task:update", "news:new"]
    assert tx.scalars(sa.select(News.change).order_by(News.created_at)).all() == [False, True, False]


def test_comments_of_concepts_are_no_news(api, people, project, say, make, tx, statuses):
    """§2.3, tasks.md §7.1: notifications, but no news."""
    concept = make(Entity, name="C", project_id=project.id, entity_type_id=make(EntityType, name="Concept").id)
    kind = make(TaskType, for_entity="Concept")
    task = make(Task, project_id=project.id, entity_id=concept.id, task_type_id=kind.id, task_status_id=statuses["todo"].id)
    task.assignees = [people["user"]]
    tx.commit()
    assert say("manager", "wip", on=task).status_code == 201
    assert (notes(tx), tx.scalar(sa.select(sa.func.count()).select_from(News))) == ([("comment", str(people["user"].id), True)], 0)


def test_many_comments(api, people, project, task, statuses, make, tx):
    """§2.2: entries that lack something and others' tasks are left out; an id that is none is refused."""
    far = make(Task, project_id=insert(tx, Project).id, entity_id=task.entity_id, task_type_id=task.task_type_id, name="far")
    free = make(Task, project_id=project.id, entity_id=task.entity_id, task_type_id=make(TaskType).id)
    path = f"/actions/projects/{project.id}/tasks/comment-many"

    def entry(on, **more):
        return {"object_id": str(on.id), "task_status_id": str(statuses["wip"].id), "comment": "x", **more}

    entries = [entry(task), entry(far), entry(free), {"object_id": str(task.id), "comment": "x"}, {"comment": "x"}]
    for who, count in (("manager", 2), ("user", 1), ("supervisor", 2), ("client", 0)):
        answer = api(people[who], "post", path, json=entries)
        assert (answer.status_code, len(answer.json)) == (201, count), who
    assert api(people["manager"], "post", path, json=[entry(task, object_id="x")]).status_code == 400
    assert api(people["manager"], "post", path, json={}).status_code == 400


# --- §4 mentions and hashtags ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text, found", [
    ("@John Doe", True), ("hey @John Doe you", True), ("@John Doe, hi", False), ("@John Doelittle", False), ("@john doe", False),
    ("@John Doe\nhi", False),
])  # fmt: skip
def test_who_is_mentioned(people, project, say, make, tx, text, found):
    """§4.1: the whole name, before a space or the end; persons outside the team are never meant."""
    john, far = (make(Person, first_name="John", last_name="Doe") for _ in range(2))
    join_team(tx, project, john)
    say("manager", "todo", comment=text)
    assert tx.scalars(sa.select(comment_mentions.c.person)).all() == ([john.id] if found else [])
    assert ("mention", str(john.id), False) in notes(tx) or not found
    assert str(far.id) not in str(notes(tx))


def test_departments_and_double_mentions(people, project, say, make, tx):
    """§4.2, notifications §2.2: members in the team; who is named twice is told twice; the author is not."""
    craft = make(Department, name="Paint")
    inside, outside = make(Person, first_name="In", last_name="Side"), make(Person)
    for person in (inside, outside, people["manager"]):
        person.departments = [craft]
    join_team(tx, project, inside)
    say("manager", "todo", comment="@Paint and @In Side")
    assert [note for note in notes(tx) if note[0] == "mention"] == [("mention", str(inside.id), False)] * 2


def test_hashtags(api, people, project, task, statuses, say, make, tx):
    """§4.3: copies on the other tasks of the entity whose type is named, with their own status; `#all` means all; never again."""
    types = {name: make(TaskType, name=name) for name in ("Rigging", "Look Dev", "Shading")}
    others = {}
    for name, kind in types.items():
        others[name] = make(Task, project_id=project.id, entity_id=task.entity_id, task_type_id=kind.id, task_status_id=statuses["wip"].id)
    for text, named in (
        ("#rigging now #look", {"Rigging"}),
        ("#SHADING#rigging", {"Shading", "Rigging"}),
        ("#all", set(types)),
        ("#modeling", set()),
    ):
        tx.execute(sa.delete(Notification))
        tx.execute(sa.delete(News))
        tx.execute(sa.delete(Comment))
        tx.commit()
        say("manager", "wfa", comment=text)
        rows = {row.object_id: row for row in tx.scalars(sa.select(Comment)) if row.object_id != task.id}
        assert {name for name, other in others.items() if other.id in rows} == named, text
        for row in rows.values():
            assert (row.text, row.task_status_id) == (f"{text}\n\n____\nFrom Modeling task", statuses["wip"].id)


# --- §5 replies --------------------------------------------------------------------------------------------------------------------


def test_who_is_told_of_a_reply(api, people, project, task, say, make, tx):
    """notifications §2.3: followers, earlier repliers and the author of the comment, but never who replies; null is an empty text."""
    comment = say("supervisor", "todo").json["id"]
    follower = make(Person)
    make(Subscription, person_id=follower.id, task_id=task.id)
    path = f"/data/tasks/{task.id}/comments/{comment}/reply"
    assert api(people["manager"], "post", path, json={"text": None}).json["text"] == ""
    tx.execute(sa.delete(Notification))
    tx.commit()
    reply = api(people["user"], "post", path, json={"text": "ok @Ada Nobody"})
    assert (reply.status_code, reply.json["mentions"], reply.json["person"]["id"]) == (200, [], str(people["user"].id))
    assert "attachment_files" not in reply.json and reply.json["date"] == reply.json["created_at"]
    told = {people[who].id for who in ("vendor", "manager", "supervisor")} | {follower.id}
    assert notes(tx) == sorted(("reply", str(id), False) for id in told)


def test_clients_of_two_studios(api, people, project, task, say, make, tx):
    """§5: a client does not answer one of another studio; artists do not answer in a thread of clients."""
    for name in ("client", "other"):
        people.setdefault(name, make(Person, role="client")).studio_id = make(Studio).id
    join_team(tx, project, people["other"])
    comment = say("client", "todo").json["id"]
    path = f"/data/tasks/{task.id}/comments/{comment}/reply"
    asked = {
        who: api(people[who], "post", path, json={"text": "x"}).status_code for who in ("client", "other", "user", "supervisor", "manager")
    }
    assert asked == {"client": 200, "other": 403, "user": 403, "supervisor": 403, "manager": 200}
    reply_id = api(people["client"], "get", f"/data/tasks/{task.id}/comments").json[0]["replies"][-1]["id"]
    assert [api(people[who], "delete", f"{path}/{reply_id}").status_code for who in ("client", "admin", "admin")] == [403, 200, 404]


# --- §6 edit, delete ---------------------------------------------------------------------------------------------------------------


def test_an_edit_renews_mentions(api, people, project, say, make, tx, told):
    """§6.2, notifications §2.5: the editor is noted, mentions are made anew, the author among them, with the comment's date."""
    comment = say("manager", "todo", comment="x").json
    me = people["manager"]
    name = f"{me.first_name} {me.last_name}"
    path = f"/data/comments/{comment['id']}"
    body = {"text": f"@{name}", "mentions": [str(people["user"].id)]}
    changed = api(people["admin"], "put", path, json=body).json
    assert (changed["editor_id"], "mentions" in changed) == (str(people["admin"].id), False)
    mention = tx.scalars(sa.select(Notification).where(Notification.type == "mention")).one()
    assert (mention.person_id, mention.created_at.isoformat()) == (me.id, comment["created_at"])
    api(people["admin"], "put", path, json={"text": "nobody"})
    assert tx.scalar(sa.select(sa.func.count()).select_from(Notification).where(Notification.type == "mention")) == 0
    assert told().count("comment:update") == 2 and told().count("task:status-changed") == 0


def test_a_removed_comment_takes_its_status_along(api, people, task, statuses, say, tx, told):
    """§6.4: the task is what is left; without a comment it has the default status and no date."""
    first, second = say("manager", "wip").json["id"], say("manager", "done").json["id"]
    before = len(told())
    assert api(people["user"], "delete", f"/data/comments/{second}").status_code == 403
    assert api(people["manager"], "delete", f"/data/tasks/{task.id}/comments/{second}").status_code == 204
    assert told()[before:] == ["news:delete", "comment:delete", "task:update", "task:status-changed"]
    assert tx.get(Task, task.id, populate_existing=True).task_status_id == statuses["wip"].id
    assert api(people["manager"], "delete", f"/data/comments/{first}").status_code == 204
    found = tx.get(Task, task.id, populate_existing=True)
    assert (found.task_status_id, found.last_comment_date, found.real_start_date) == (statuses["todo"].id, None, None)


# --- §8 attachments ----------------------------------------------------------------------------------------------------------------


def test_attachments(api, people, task, say, make, tx):
    """§8: for the author and managers, on the comment's own task; pictures are shown, the rest is a download."""
    comment = say("user", "wip").json["id"]
    path = f"/actions/tasks/{task.id}/comments/{comment}/add-attachment"

    def send(who, name="a.PNG", mime="image/png", to=path):
        return api(people[who], "post", to, data={"file": (io.BytesIO(b"x"), name, mime)})

    assert [send(who).status_code for who in ("user", "manager", "supervisor", "vendor")] == [201, 201, 403, 403]
    row = send("user").json[0]
    assert (row["name"], row["extension"], row["size"]) == ("a.PNG", "png", 1)
    other = make(Task, project_id=task.project_id, entity_id=task.entity_id, task_type_id=make(TaskType).id)
    assert send("user", to=f"/actions/tasks/{other.id}/comments/{comment}/add-attachment").status_code == 403
    page = send("user", "x.html", "text/html").json[0]
    shown = {
        r["id"]: api(people["user"], "get", f"/data/attachment-files/{r['id']}/file/any").headers["Content-Disposition"]
        for r in (row, page)
    }
    assert [text.split(";")[0] for text in shown.values()] == ["inline", "attachment"] or "attachment" not in shown[row["id"]]
    assert shown[page["id"]].startswith("attachment")
    url = f"/data/tasks/{task.id}/comments/{comment}/attachments/{page['id']}"
    assert [api(people[who], "delete", url).status_code for who in ("vendor", "user", "user")] == [403, 204, 404]


def test_files_of_a_batch(api, app, people, task, statuses, make, tx, monkeypatch):
    """§2.2: parts are of the entry whose number they hold; a preview that cannot be processed is dropped, the news shows what is left."""
    status = str(statuses["wip"].id)
    entries = [{"task_id": str(task.id), "task_status_id": status, "text": str(n), "person_id": str(people["admin"].id)} for n in range(11)]
    dot = io.BytesIO()
    Image.new("RGB", (4, 4)).save(dot, "PNG")
    dot.seek(0)
    parts = {
        "attachment_file-1": (io.BytesIO(b"x"), "a.txt"),
        "attachment_file-10-2": (io.BytesIO(b"y"), "b.txt"),
        "x-preview_file-0": (dot, "good.png"),
        "preview_file-0-1": (io.BytesIO(b"no picture"), "bad.png"),
        "preview_file-1": (io.BytesIO(b"no picture"), "bad.png"),
        "preview_file-2": (io.BytesIO(b"x"), "bad.docx"),
        "preview_file-3": (io.BytesIO(b""), "empty.mov"),
        "preview_file-4": (io.BytesIO(b"x"), "scene.blend"),
    }
    answer = api(people["user"], "post", "/actions/tasks/batch-comment", data={"comments": json.dumps(entries), **parts})
    assert answer.status_code == 201
    rows = answer.json
    assert {row["person_id"] for row in rows} == {str(people["user"].id)}
    assert [len(row["attachment_files"]) for row in rows] == [0, 1, *[0] * 8, 1]
    kept = [[preview["extension"] for preview in row["preview_files"]] for row in rows]
    assert kept == [["png"], [], [], [], ["blend"], *[[]] * 6]
    shown = dict(tx.execute(sa.select(News.comment_id, News.preview_file_id)).all())
    assert {str(id) for id, preview in shown.items() if preview} == {rows[0]["id"], rows[4]["id"]}
    assert tx.scalar(sa.select(sa.func.count()).select_from(PreviewFile)) == 2
    asked = []
    monkeypatch.setattr(uploads, "receive", lambda tx, preview, name, content, **wanted: asked.append(wanted) or preview)
    for query in ("", "?no_job=true&normalize=false"):
        body = {"comments": json.dumps([{"task_status_id": status, "text": "x"}]), "preview_file-0": (io.BytesIO(b"x"), "a.mov")}
        assert api(people["user"], "post", f"/actions/tasks/{task.id}/batch-comment{query}", data=body).status_code == 201
    assert asked == [{"normalize": True, "no_job": False}, {"normalize": False, "no_job": True}]
