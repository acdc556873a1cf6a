"""Chat messages: which leave, to whom, in which language, and what is known of them afterwards. The services are a server of the tests."""

import http.server
import json
import threading

import pytest
import sqlalchemy as sa

from zou.inbox.services import chat
from zou.inbox.texts import catalogue
from zou.tasks.models import TaskStatus


class Service:
    """An HTTP server in the place of the chat services: it answers as it is told and keeps what it is asked."""

    def __init__(self):
        self.calls, self.answers, self.tokens = [], {}, []  # calls: (verb, path, body)
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                service.calls.append((self.command, self.path, json.loads(self.rfile.read(length)) if length else None))
                service.tokens.append(self.headers.get("Authorization"))
                status, body = next((answer for part, answer in service.answers.items() if part in self.path), (200, {"ok": True}))
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = answer

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def service(monkeypatch, studio, tx):
    """The services, at which the studio's hook and the addresses of Slack and Discord point."""
    found = Service()
    monkeypatch.setattr(chat, "SLACK", f"{found.address}/slack")
    monkeypatch.setattr(chat, "DISCORD", f"{found.address}/discord")
    studio.chat_webhook_mattermost = f"{found.address}/hook-secret"
    tx.commit()
    yield found
    found.stop()


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
    ((verb, path, body),) = service.calls
    assert (verb, path, service.tokens) == ("POST", "/slack", ["Bearer xoxb-secret"])
    name = f"{project.name} / Props / Tree / Modeling"
    link = f"<https://kitsu.example/productions/{project.id}/assets/tasks/{task.id}|{name}>"
    author = f"{people['manager'].first_name} {people['manager'].last_name}"
    text = f"*{author}* wrote a comment on {link} and set its status to *WFA*.\n\n_Nearly._"
    assert body == {"channel": "@ada", "as_user": True, "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]}
    assert deliveries() == [("slack", "comment", "ada", "sent", 1, None)]


@pytest.mark.parametrize("locale", ["fr_FR", "de_DE", "es_ES", "ja_JP", "nl_NL", "pt_BR"])
def test_each_service_is_written_to_in_the_language_of_the_person(service, post, studio, tx, people, locale):
    studio.chat_token_discord = "bot-secret"
    tx.commit()
    member = {"user": {"id": "7", "username": "ada", "discriminator": "1234"}}
    service.answers = {"/members": (200, [member]), "guilds": (200, [{"id": "5"}])}
    service.answers |= {"/messages": (200, {"id": "m"}), "/channels": (200, {"id": "9"})}
    post("Nearly.", locale=locale, **SLACK, **MATTERMOST, **DISCORD)
    texts = [sent["blocks"][0]["text"]["text"] for _, path, sent in service.calls if path == "/slack"]
    texts += [sent["text"] for _, path, sent in service.calls if path == "/hook-secret"]
    texts += [sent["embeds"][0]["description"] for _, path, sent in service.calls if path.endswith("/messages")]
    author = f"{people['manager'].first_name} {people['manager'].last_name}"
    before, after = catalogue(locale)["chat_comment"].format(author=f"*{author}*", link="|", status="*WFA*").split("|")
    assert len(texts) == 3 and texts[0] == texts[1]
    for text in texts:
        line = text.split("\n\n")[0]
        assert "wrote a comment" not in line and line.startswith(before) and line.endswith(after)


def test_what_slack_refuses_is_told(service, post, deliveries):
    service.answers["slack"] = (200, {"ok": False, "error": "channel_not_found"})
    post("Nearly.", **SLACK)
    assert deliveries() == [("slack", "comment", "ada", "refused", 1, "Slack: channel_not_found")]


def test_mattermost_gets_the_text_of_slack(service, post, project, deliveries):
    post("", **MATTERMOST)
    ((verb, path, body),) = service.calls
    assert (verb, path) == ("POST", "/hook-secret")
    assert (body["channel"], body["username"]) == ("@ada", f"Kitsu - {project.name}")
    assert "changed the status of <https://" in body["text"]
    assert deliveries() == [("mattermost", "comment", "ada", "sent", 1, None)]


def test_a_service_that_is_down_is_tried_again_and_its_secret_is_not_told(service, post, deliveries):
    service.stop()
    post("Nearly.", **MATTERMOST)
    ((*head, reason),) = deliveries()
    assert head == ["mattermost", "comment", "ada", "waiting", 1]
    assert reason.startswith("ConnectionError: ") and "secret" not in reason


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
    verb, path, body = service.calls[-1]
    assert (verb, path) == ("POST", "/discord/channels/9/messages")
    assert set(service.tokens) == {"Bot bot-secret"}
    (embed,) = body["embeds"]
    assert "](https://kitsu.example/productions/" in embed["description"]
    assert deliveries() == [("discord", "comment", "ada#1234", "sent", 1, None)]


def test_a_person_without_a_user_name_is_told(app):
    with app.app_context():
        assert chat.send("slack", "token", "", "Big Buck", "Hi").status == "refused"
