"""Chat messages: which leave, to whom, and what is known of them afterwards. The services are stood in for."""

import json

import pytest
import requests
import sqlalchemy as sa

from zou.inbox.services import chat
from zou.tasks.models import TaskStatus


class Service:
    """Answers requests as it is told and keeps them."""

    def __init__(self):
        self.calls, self.answers = [], {}

    def request(self, session, method, url, **options):
        self.calls.append((method.upper(), url, options.get("json")))
        status, body = next((answer for part, answer in self.answers.items() if part in url), (200, {"ok": True}))
        response = requests.Response()
        response.status_code, response._content = status, json.dumps(body).encode()
        return response


@pytest.fixture
def service(monkeypatch):
    found = Service()
    monkeypatch.setattr(requests.Session, "request", lambda session, method, url, **options: found.request(session, method, url, **options))
    return found


@pytest.fixture
def post(sink, api, people, tx, task, assign):
    """`post(text, **columns)`: the manager comments on the task of an artist with these columns."""

    def comment(text, **columns):
        artist = people["user"]
        for name, value in columns.items():
            setattr(artist, name, value)
        assign(artist)
        status = tx.scalar(sa.select(TaskStatus).where(TaskStatus.short_name == "wfa"))
        body = {"task_status_id": str(status.id), "comment": text}
        assert api(people["manager"], "post", f"/actions/tasks/{task.id}/comment", json=body).status_code == 201

    return comment


SLACK = {"notifications_slack_enabled": True, "notifications_slack_userid": "ada"}
MATTERMOST = {"notifications_mattermost_enabled": True, "notifications_mattermost_userid": "ada"}
DISCORD = {"notifications_discord_enabled": True, "notifications_discord_userid": "ada#1234"}


def test_slack_gets_a_line_and_what_was_written(service, post, people, project, task, deliveries):
    post("Nearly.", **SLACK)
    ((verb, url, body),) = service.calls
    assert (verb, url) == ("POST", "https://slack.com/api/chat.postMessage")
    name = f"{project.name} / Props / Tree / Modeling"
    link = f"<https://kitsu.example/productions/{project.id}/assets/tasks/{task.id}|{name}>"
    author = f"{people['manager'].first_name} {people['manager'].last_name}"
    text = f"*{author}* wrote a comment on {link} and set its status to *WFA*.\n\n_Nearly._"
    assert body == {"channel": "@ada", "as_user": True, "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]}
    assert deliveries() == [("slack", "comment", "ada", "sent", 1, None)]


def test_what_slack_refuses_is_told(service, post, deliveries):
    service.answers["slack"] = (200, {"ok": False, "error": "channel_not_found"})
    post("Nearly.", **SLACK)
    assert deliveries() == [("slack", "comment", "ada", "refused", 1, "Slack: channel_not_found")]


def test_mattermost_gets_the_text_of_slack(service, post, project, deliveries):
    post("", **MATTERMOST)
    ((verb, url, body),) = service.calls
    assert (verb, url) == ("POST", "https://chat.example/hook-secret")
    assert (body["channel"], body["username"]) == ("@ada", f"Kitsu - {project.name}")
    assert "changed the status of <https://" in body["text"]
    assert deliveries() == [("mattermost", "comment", "ada", "sent", 1, None)]


def test_a_service_that_is_down_is_tried_again_and_its_secret_is_not_told(post, deliveries, monkeypatch):
    def fail(session, method, url, **options):
        raise requests.ConnectionError(f"cannot reach {url}")

    monkeypatch.setattr(requests.Session, "request", fail)
    post("Nearly.", **MATTERMOST)
    assert deliveries() == [("mattermost", "comment", "ada", "waiting", 1, "ConnectionError: cannot reach ***")]


def test_a_busy_service_is_tried_again(service, post, deliveries):
    service.answers["hook"] = (429, {})
    post("Nearly.", **MATTERMOST)
    assert deliveries() == [("mattermost", "comment", "ada", "waiting", 1, "HTTP 429")]


def test_a_channel_without_credentials_is_told(service, post, deliveries):
    post("Nearly.", **DISCORD)
    assert service.calls == []
    assert deliveries() == [("discord", "comment", "ada#1234", "refused", 1, "The studio has no credentials of discord.")]


def test_discord_is_written_to_the_member_of_that_name(service, post, tx, studio, deliveries):
    studio.chat_token_discord = "bot-secret"
    tx.commit()
    member = {"user": {"id": "7", "username": "ada", "discriminator": "1234"}}
    service.answers = {
        "/members": (200, [{"user": {"id": "1", "username": "bob"}}, member]), "guilds": (200, [{"id": "5"}]),
        "/messages": (200, {"id": "m"}), "/channels": (200, {"id": "9"}),
    }  # fmt: skip
    post("Nearly.", **DISCORD)
    verb, url, body = service.calls[-1]
    assert (verb, url) == ("POST", "https://discord.com/api/v10/channels/9/messages")
    (embed,) = body["embeds"]
    assert "](https://kitsu.example/productions/" in embed["description"]
    assert deliveries() == [("discord", "comment", "ada#1234", "sent", 1, None)]


def test_a_person_without_a_user_name_is_told(app):
    with app.app_context():
        assert chat.send("slack", "token", "", "Big Buck", "Hi").status == "refused"
