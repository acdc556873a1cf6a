"""The generic routes of comments and attachments."""

import datetime

import pytest
import sqlalchemy as sa

from tests.making import join_team
from zou.comments.models import AttachmentFile, Comment
from zou.entities.models import Entity, EntityType
from zou.inbox.models import News, Notification
from zou.people.models import Person
from zou.platform.events.models import ApiEvent
from zou.previews.models import PreviewFile
from zou.tasks.models import Task, TaskStatus, TaskType

MORNING = datetime.datetime(2026, 3, 2, 9, 0)


@pytest.fixture
def statuses(make):
    """A status that artists may set, and one that they may not; the studio has a default one besides."""
    make(TaskStatus, is_default=True)
    return make(TaskStatus, is_wip=True), make(TaskStatus, is_done=True, is_artist_allowed=False)


@pytest.fixture
def task(make, project, statuses, people):
    entity = make(Entity, project_id=project.id, entity_type_id=make(EntityType).id)
    ids = {"project_id": project.id, "entity_id": entity.id, "task_type_id": make(TaskType).id}
    return make(Task, **ids, task_status_id=statuses[1].id, assignees=[people["user"]])


@pytest.fixture
def comments(make, task, people, statuses):
    """A comment of the artist, then one of the manager, an hour apart."""
    artist = make(Comment, object_id=task.id, person_id=people["user"].id, task_status_id=statuses[0].id, created_at=MORNING)
    later = MORNING + datetime.timedelta(hours=1)
    return artist, make(Comment, object_id=task.id, person_id=people["manager"].id, task_status_id=statuses[1].id, created_at=later)


def names(tx):
    tx.expire_all()
    return [event.name for event in tx.scalars(sa.select(ApiEvent).order_by(ApiEvent.created_at))]


@pytest.mark.parametrize(
    "body, status",
    [
        ({"text": "Better"}, 200),
        ({"checklist": [{"text": "eyes", "checked": True}]}, 200),
        ({"for_client": True}, 403),
        ({"for_client": False}, 200),
        ({"pinned": True}, 403),
        ({"object_id": "01a47552-81f3-47b8-84ca-e8acf63af886"}, 403),
        ({"person_id": "01a47552-81f3-47b8-84ca-e8acf63af886"}, 403),
    ],
)
def test_what_an_artist_changes_of_their_own_comment(api, people, comments, tx, body, status):
    assert api(people["user"], "put", f"/data/comments/{comments[0].id}", json=body).status_code == status
    tx.refresh(comments[0])
    assert comments[0].editor_id == (people["user"].id if status == 200 else None)


@pytest.mark.parametrize(
    "who, body, status",
    [
        ("user", {"checklist": []}, 200),
        ("user", {"checklist": [{"text": "eyes"}]}, 200),
        ("user", {"text": "Mine now"}, 403),
        ("supervisor", {"pinned": True}, 200),
        ("supervisor", {"text": "Mine now"}, 403),
        ("admin", {"text": "Mine now", "for_client": True}, 200),
        ("client", {"checklist": []}, 403),
        ("vendor", {"checklist": []}, 403),
        ("outsider", {"checklist": []}, 403),
    ],
)
def test_what_others_change_of_a_comment(api, people, comments, tx, who, body, status):
    assert api(people[who], "put", f"/data/comments/{comments[1].id}", json=body).status_code == status
    tx.refresh(comments[1])
    assert (comments[1].text == "Mine now") == (status == 200 and "text" in body)


def test_an_artist_sets_the_statuses_that_are_open_to_them(api, people, comments, statuses, make):
    path, open_one = f"/data/comments/{comments[0].id}", make(TaskStatus)
    assert api(people["user"], "put", path, json={"task_status_id": str(statuses[1].id)}).status_code == 403
    assert api(people["user"], "put", path, json={"task_status_id": str(open_one.id)}).status_code == 200


def test_a_changed_status_recomputes_the_task(api, people, comments, statuses, task, tx, make):
    retake = make(TaskStatus, is_retake=True)
    answer = api(people["manager"], "put", f"/data/comments/{comments[1].id}", json={"task_status_id": str(retake.id)})
    assert answer.status_code == 200
    tx.refresh(task)
    assert (task.task_status_id, task.retake_count, task.real_start_date) == (retake.id, 1, MORNING)
    assert sorted(names(tx)) == ["comment:update", "task:status-changed", "task:update"]


def test_mentions_are_found_anew(api, people, comments, tx, make, project):
    ada = make(Person, first_name="Ada", last_name="Byron", role="user")
    elsewhere = make(Person, first_name="Mary", last_name="Shelley", role="user")
    join_team(tx, project, ada)
    body = {"text": "@Ada Byron and @Mary Shelley", "mentions": [str(elsewhere.id)]}
    assert api(people["user"], "put", f"/data/comments/{comments[0].id}", json=body).status_code == 200
    tx.expire_all()
    assert [person.id for person in comments[0].mentions] == [ada.id]  # who is not in the team is not mentioned
    [notification] = tx.scalars(sa.select(Notification)).all()
    assert (notification.type, notification.person_id, notification.created_at) == ("mention", ada.id, MORNING)
    api(people["user"], "put", f"/data/comments/{comments[0].id}", json={"text": "nobody"})
    tx.expire_all()
    assert comments[0].mentions == []
    assert tx.scalars(sa.select(Notification)).all() == []


def test_a_removal_leaves_the_task_as_the_other_comments_say(api, people, comments, task, statuses, tx, make):
    preview = make(PreviewFile, task_id=task.id)
    make(News, task_id=task.id, author_id=people["manager"].id, comment_id=comments[1].id)
    make(AttachmentFile, name="a.png", comment_id=comments[1].id)
    comments[1].previews = [preview]
    tx.commit()
    assert api(people["user"], "delete", f"/data/comments/{comments[1].id}").status_code == 403
    assert api(people["manager"], "delete", f"/data/comments/{comments[1].id}").status_code == 204
    assert sorted(names(tx)) == ["comment:delete", "news:delete", "task:status-changed", "task:update"]
    assert (task.task_status_id, task.last_comment_date, task.done_date) == (statuses[0].id, MORNING, None)
    for model, left in ((Comment, 1), (News, 0), (PreviewFile, 0), (AttachmentFile, 0)):
        assert tx.scalar(sa.select(sa.func.count()).select_from(model)) == left


def test_a_comment_on_its_own_shows_who_wrote_it_and_its_replies(api, people, comments, tx, make):
    user = people["user"]
    comments[0].replies = [{"id": "1", "text": "yes", "person_id": str(user.id)}, {"id": "2", "text": "guest", "person_id": None}]
    tx.commit()
    make(AttachmentFile, name="a.png", extension="png", size=3, comment_id=comments[0].id)
    item = api(people["manager"], "get", f"/data/comments/{comments[0].id}").json
    short = {key: item["person"][key] for key in ("id", "full_name", "role")}
    assert short == {"id": str(user.id), "full_name": f"{user.first_name} {user.last_name}", "role": "user"}
    authors = [(reply["text"], reply["person"] and reply["person"]["id"]) for reply in item["replies"]]
    assert authors == [("yes", str(user.id)), ("guest", None)]
    assert [sorted(file) for file in item["attachment_files"]] == [["extension", "id", "name", "size"]]


def test_a_client_sees_no_rejected_preview(api, people, comments, make, tx, task):
    good, bad = make(PreviewFile, task_id=task.id), make(PreviewFile, task_id=task.id, validation_status="rejected")
    comments[0].previews, comments[0].for_client = [good, bad], True
    tx.commit()
    seen = {who: api(people[who], "get", f"/data/comments/{comments[0].id}?with_previews=true").json for who in ("manager", "client")}
    assert {row["id"] for row in seen["manager"]["previews"]} == {str(good.id), str(bad.id)}
    assert [row["id"] for row in seen["client"]["previews"]] == [str(good.id)]


@pytest.mark.parametrize("by, for_client, isolated, status", [
    ("manager", False, False, 403), ("manager", True, False, 200), ("manager", True, True, 200),
    ("other client", False, False, 200), ("other client", False, True, 403),
])  # fmt: skip
def test_which_comments_a_client_reads(api, people, make, tx, project, task, by, for_client, isolated, status):
    other = make(Person, role="user")
    join_team(tx, project, other, role="client")
    project.is_clients_isolated = isolated
    author = other if by == "other client" else people["manager"]
    comment = make(Comment, object_id=task.id, person_id=author.id, for_client=for_client)
    assert api(people["client"], "get", f"/data/comments/{comment.id}").status_code == status


def test_an_artist_reads_no_comment_of_a_client(api, people, make, task):
    comment = make(Comment, object_id=task.id, person_id=people["client"].id)
    assert api(people["user"], "get", f"/data/comments/{comment.id}").status_code == 403
    assert api(people["supervisor"], "get", f"/data/comments/{comment.id}").status_code == 200


def test_an_item_is_two_statements(api, people, comments, statements):
    with statements() as seen:
        assert api(people["user"], "get", f"/data/comments/{comments[0].id}").status_code == 200
    assert len(seen) == 2


def test_a_file_that_hangs_on_nothing_is_for_nobody(api, people, make):
    loose = make(AttachmentFile, name="a.png")
    assert api(people["user"], "get", f"/data/attachment-files/{loose.id}").status_code == 403
