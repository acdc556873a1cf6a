"""A person's notifications: what they show, who reads them, their read state."""

import pytest
import sqlalchemy as sa

from zou.comments.models import Comment
from zou.inbox.models import Notification, Subscription
from zou.platform.events.models import ApiEvent

PATH = "/data/user/notifications"


@pytest.fixture
def notice(make, people, task):
    """`notice(author, kind)`: the artist is told of a comment of that author."""

    def told(author="manager", kind="comment", **columns):
        comment = make(Comment, object_id=task.id, person_id=people[author].id, task_status_id=task.task_status_id, **columns)
        ids = {"person_id": people["user"].id, "author_id": people[author].id, "comment_id": comment.id, "task_id": task.id}
        return make(Notification, type=kind, **ids)

    return told


def test_an_item_says_what_it_is_about(api, people, project, task, notice):
    made = notice(text="Nearly.")
    (item,) = api(people["user"], "get", PATH).json
    assert item["id"] == str(made.id)
    wanted = {"notification_type": "comment", "comment_text": "Nearly.", "full_entity_name": "Props / Tree", "project_name": project.name,
              "read": False, "subscription_id": None, "playlist_name": "", "reply_text": "", "reply_mentions": []}  # fmt: skip
    assert {key: item[key] for key in wanted} == wanted
    assert api(people["user"], "get", f"{PATH}/{made.id}").json == item


def test_a_reply_is_quoted_with_its_mentions(api, people, make, tx, notice):
    replies = [{"id": "7d1c0a52-0000-4000-8000-000000000009", "text": "Done.", "mentions": [str(people["user"].id)]}]
    made = notice(kind="reply", text="Nearly.", replies=replies)
    tx.get(Notification, made.id).reply_id = replies[0]["id"]
    tx.commit()
    item = api(people["user"], "get", f"{PATH}/{made.id}").json
    assert (item["reply_text"], item["reply_mentions"], item["reply_department_mentions"]) == ("Done.", [str(people["user"].id)], [])


def test_an_artist_does_not_read_what_a_client_wrote(api, people, notice, make):
    made = notice("client", text="Between us.")
    assert api(people["user"], "get", f"{PATH}/{made.id}").json["comment_text"] == ""


def test_only_its_person_reads_or_marks_a_notification(api, people, notice, tx):
    made = notice()
    for verb in ("get", "put"):
        assert api(people["admin"], verb, f"{PATH}/{made.id}", json={"read": True}).status_code == 404
    assert tx.scalars(sa.select(Notification.read)).all() == [False]


@pytest.mark.parametrize("body", [{}, {"read": None}, {"read": "seen"}, {"read": []}])
def test_what_is_no_read_state_changes_nothing(api, people, notice, tx, body):
    made = notice()
    assert api(people["user"], "put", f"{PATH}/{made.id}", json=body).status_code == 400
    assert tx.scalars(sa.select(ApiEvent.name)).all() == []


def test_all_are_marked_by_one_event(api, people, notice, tx):
    notice()
    notice()
    assert api(people["user"], "post", "/actions/user/notifications/mark-all-as-read").json == {"success": True}
    assert tx.scalars(sa.select(Notification.read)).all() == [True, True]
    assert tx.scalars(sa.select(ApiEvent.name)).all() == ["notification:all-read"]


def test_watching_means_subscribed_to_the_task(api, people, make, notice, task):
    notice()
    assert len(api(people["user"], "get", f"{PATH}?watching=false").json) == 1
    follows = make(Subscription, person_id=people["user"].id, task_id=task.id)
    assert [item["subscription_id"] for item in api(people["user"], "get", f"{PATH}?watching=TRUE").json] == [str(follows.id)]


@pytest.mark.parametrize("query", ["after=", "before=soon", "before=%00", "task_type_id=x", "task_status_id="])
def test_what_cannot_be_read_is_refused(api, people, query):
    assert api(people["user"], "get", f"{PATH}?{query}").status_code == 400


def test_the_list_takes_as_many_statements_whatever_it_holds(api, people, notice, statements):
    counts = []
    for _ in range(2):
        notice(text="x")
        notice(text="y")
        with statements() as seen:
            api(people["user"], "get", PATH)
        counts.append(len(seen))
    assert counts == [2, 2]


def test_following_needs_the_team(api, people, task, tx):
    body = {"task_ids": [str(task.id)]}
    assert api(people["outsider"], "post", "/actions/user/tasks/subscribe", json=body).status_code == 403
    assert tx.scalars(sa.select(Subscription.id)).all() == []
    twice = [api(people["user"], "post", f"/actions/user/tasks/{task.id}/subscribe") for _ in range(2)]
    assert [answer.status_code for answer in twice] == [201, 201]
    assert twice[0].json["id"] == twice[1].json["id"]
