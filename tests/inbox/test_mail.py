"""Mails: who gets one, what it says, and what is known of it afterwards."""

import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from tests.mail_server import text_of
from zou.inbox import texts
from zou.inbox.handlers import resume, send_mail
from zou.inbox.queries.outgoing import facts_of
from zou.inbox.services import deliveries as service
from zou.inbox.services import messages
from zou.inbox.services.mail import plain
from zou.platform.db import db
from zou.tasks.models import TaskStatus

EXPECTED = Path(texts.__file__).parent / "expected"


@pytest.fixture
def artist(tx, people, assign):
    """The artist of the task, who wants mail."""
    artist = people["user"]
    artist.notifications_enabled = True
    assign(artist)
    return artist


@pytest.fixture
def comment(api, people, tx, task):
    """`comment(text)`: the supervisor posts on the task and asks for approval."""

    def post(text):
        status = tx.scalar(sa.select(TaskStatus).where(TaskStatus.short_name == "wfa"))
        body = {"task_status_id": str(status.id), "comment": text}
        answer = api(people["manager"], "post", f"/actions/tasks/{task.id}/comment", json=body)
        assert answer.status_code == 201
        return answer.json

    return post


def test_a_comment_is_mailed_to_who_works_on_the_task(sink, artist, comment, deliveries, project, people):
    comment("Looks <b>good</b>\nto me")
    (mail,) = sink.mails
    assert mail["To"] == artist.email
    assert mail["From"] == "Kitsu Bot <no-reply@your-studio.com>"
    assert mail["Content-Language"] == "en-US"
    assert mail["Subject"].strip() == f"[Kitsu] WFA - Ada commented {project.name} / Props / Tree / Modeling"
    assert "Looks <b>good</b>\nto me" in text_of(mail)
    assert "Looks &lt;b&gt;good&lt;/b&gt;<br>to me" in mail.get_body(("html",)).get_content()
    assert deliveries() == [("mail", "comment", artist.email, "sent", 1, None)]


def test_nobody_who_wants_no_mail_gets_one(sink, people, assign, comment, deliveries):
    assign(people["user"])
    comment("Fine.")
    assert sink.mails == []
    assert deliveries() == []


def test_who_left_the_studio_gets_none(sink, tx, artist, comment, deliveries):
    artist.active = False
    tx.commit()
    comment("Fine.")
    assert sink.mails == []
    assert deliveries() == []


def test_nothing_leaves_when_mail_is_off(sink, app, artist, comment, deliveries, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_ENABLED", False)
    comment("Fine.")
    assert sink.mails == []
    assert deliveries() == []


def test_a_refused_address_is_told(sink, artist, comment, deliveries):
    sink.answers[artist.email] = "550 No such mailbox"
    comment("Fine.")
    assert deliveries() == [("mail", "comment", artist.email, "refused", 1, "550 No such mailbox")]


def test_what_fails_for_now_is_tried_again_and_then_given_up(sink, app, tx, artist, comment, deliveries):
    sink.answers[artist.email] = "451 Try again later"
    comment("Fine.")
    assert deliveries() == [("mail", "comment", artist.email, "waiting", 1, "451 Try again later")]
    id = str(tx.scalar(sa.text("SELECT id FROM tracker.delivery")))
    with app.app_context():
        waits = [service.attempt(db.session, id) for _ in range(service.MOST_ATTEMPTS - 1)]
        db.session.commit()
    assert waits == [120, 240, 480, 960, None]
    assert deliveries() == [("mail", "comment", artist.email, "failed", 6, "451 Try again later")]


def test_a_mail_server_that_is_away_breaks_no_request(sink, app, artist, comment, deliveries, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_PORT", 1)
    comment("Fine.")
    ((channel, kind, address, status, attempts, reason),) = deliveries()
    assert (status, attempts) == ("waiting", 1)
    assert "ConnectionRefusedError" in reason


def test_a_refused_comment_calls_for_no_mail(sink, api, people, task, artist, deliveries):
    assert api(people["manager"], "post", f"/actions/tasks/{task.id}/comment", json={"task_status_id": "none"}).status_code == 404
    assert sink.mails == []
    assert deliveries() == []


def test_with_the_queue_a_mail_is_a_job_of_the_same_transaction(sink, app, tx, artist, comment, deliveries, monkeypatch):
    monkeypatch.setitem(app.config, "ENABLE_JOB_QUEUE", True)
    comment("Fine.")
    assert sink.mails == []
    ((id, status),) = tx.execute(sa.text("SELECT id::text, status FROM tracker.delivery")).all()
    jobs = tx.execute(sa.text("SELECT task_name, args FROM tracker.procrastinate_jobs")).all()
    assert [tuple(job) for job in jobs] == [("inbox.deliver", {"delivery_id": id})]
    with app.app_context():
        assert service.attempt(db.session, id) is None
        assert service.attempt(db.session, id) is None  # a second worker finds nothing to do
        db.session.commit()
    assert len(sink.mails) == 1
    assert deliveries() == [("mail", "comment", artist.email, "sent", 1, None)]


def test_a_delivery_whose_process_died_is_taken_up(sink, app, tx, artist, comment, deliveries, monkeypatch):
    monkeypatch.setitem(app.config, "ENABLE_JOB_QUEUE", True)
    comment("Fine.")
    tx.execute(sa.text("UPDATE tracker.delivery SET next_attempt_at = next_attempt_at - interval '1 hour'"))
    tx.execute(sa.text("TRUNCATE tracker.procrastinate_jobs CASCADE"))
    tx.commit()
    with app.app_context():
        found = service.overdue(db.session)
        assert len(found) == 1
        assert service.overdue(db.session) == []
        db.session.rollback()
    assert resume.name == "inbox.resume"


def test_a_notification_that_is_gone_is_not_mailed(sink, app, api, tx, people, task, artist, comment, deliveries, monkeypatch):
    monkeypatch.setitem(app.config, "ENABLE_JOB_QUEUE", True)
    posted = comment("Fine.")
    assert api(people["manager"], "delete", f"/data/tasks/{task.id}/comments/{posted['id']}").status_code == 204
    id = tx.scalar(sa.text("SELECT id::text FROM tracker.delivery"))
    with app.app_context():
        service.attempt(db.session, id)
        db.session.commit()
    assert sink.mails == []
    assert deliveries() == [("mail", "comment", None, "dropped", 1, "The notification is gone.")]


def test_an_artist_does_not_read_what_a_client_wrote(sink, api, tx, people, artist, task):
    status = tx.scalar(sa.select(TaskStatus).where(TaskStatus.short_name == "wfa"))
    status.is_client_allowed = True
    tx.commit()
    body = {"task_status_id": str(status.id), "comment": "Between us."}
    assert api(people["client"], "post", f"/actions/tasks/{task.id}/comment", json=body).status_code == 201
    (mail,) = sink.mails
    assert "Between us." not in text_of(mail)
    assert "changed the status" in text_of(mail)


# --- texts ------------------------------------------------------------------------------------------------------------------------

FACTS = {
    "task_id": "7d1c0a52-0000-4000-8000-000000000001", "email": "ada@studio.example", "active": True, "default_locale": "en_US",
    "author_first_name": "Grace", "author_name": "Grace Hopper", "project_id": "7d1c0a52-0000-4000-8000-000000000002",
    "project_name": "Big Buck", "production_type": "tvshow", "entity_name": "E01 / SQ01 / SH010",
    "episode_id": "7d1c0a52-0000-4000-8000-000000000003", "task_type_name": "Animation", "for_entity": "Shot", "status_short_name": "wfa",
    "comment_text": "The arc is <too> flat.\nSee frame 12.", "reply_text": "Fixed & rendered.", "is_veiled": False,
    "playlist_id": "7d1c0a52-0000-4000-8000-000000000004", "playlist_name": "Dailies", "playlist_for_entity": "shot",
    "playlist_is_for_all": False, "playlist_size": 3, "playlist_episode_id": "7d1c0a52-0000-4000-8000-000000000003",
    "playlist_episode_name": "E01", "organisation_name": "Wombat & Sons",
}  # fmt: skip
LETTER = {
    "first_name": "Ada", "organisation": "Wombat & Sons", "ip": "192.0.2.7", "code": "123456", "minutes": 5, "hours": 2,
    "time": datetime.datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Europe/Paris")), "link": "https://kitsu.example/x?a=1&b=2",
    "download_url": "https://kitsu.example/x?a=1&b=2",

    "email": "ada@studio.example", "playlist_name": "Dailies", "project_name": "Big Buck", "author_full_name": "Grace Hopper",
    "message": "Friday <please>",
}  # fmt: skip
NOTIFICATIONS = ("comment", "comment-status", "mention", "assignation", "reply", "reply-mention", "playlist-ready")
LETTERS = (
    "otp_code", "password_changed", "password_recovery", "invitation", "password_changed_by_admin", "second_factor_disabled_by_admin",
    "share_invitation", "playlist_built",
)  # fmt: skip


class Facts:
    def __init__(self, **values):
        self.__dict__.update(values)


def whole(written):
    return f"Subject: {written.subject}\n\n{written.text()}"


def notification(kind, locale):
    quiet = {"comment_text": ""} if kind == "comment-status" else {}
    return whole(messages.mail(Facts(**(FACTS | quiet), type=kind.removesuffix("-status"), locale=locale)))


def expected(name):
    return (EXPECTED / f"{name}.txt").read_text("utf-8")


@pytest.mark.parametrize("locale", texts.LOCALES)
@pytest.mark.parametrize("kind", NOTIFICATIONS)
def test_the_mail_of_a_notification_is_as_expected(sink, app, kind, locale):
    with app.app_context():
        assert notification(kind, locale) == expected(f"{kind}.{locale}")


@pytest.mark.parametrize("locale", texts.LOCALES)
@pytest.mark.parametrize("kind", LETTERS)
def test_the_mail_of_signing_in_is_as_expected(sink, app, kind, locale):
    with app.app_context():
        assert whole(messages.letter(kind, LETTER, locale)) == expected(f"{kind}.{locale}")


def test_every_language_has_every_text_with_the_same_placeholders():
    import string

    names = {
        locale: {key: {part[1] for part in string.Formatter().parse(text) if part[1]} for key, text in texts.catalogue(locale).items()}
        for locale in texts.LOCALES
    }
    for locale in texts.LOCALES:
        assert names[locale] == names["en_US"], locale


@pytest.mark.parametrize(
    "name, found",
    [("fr_CA", "fr_FR"), ("zh-Hans-CN", "zh_CN"), ("PT", "pt_BR"), ("it_IT", "en_US"), (None, "en_US"), ("de-DE", "de_DE")],
)
def test_a_locale_falls_back_to_its_language_then_to_english(name, found):
    assert texts.locale_of(name) == found


def test_a_template_without_its_value_is_sent_as_it_is():
    assert texts.phrase("en_US", "mention_subject") == "[Kitsu] {author_first_name} mentioned you in {task_name}"


def test_text_keeps_links_and_has_no_runs_of_empty_lines():
    page = "<h1>Hi</h1><p>See <a href='https://a.example/'>this</a>.</p>\n\n\n<p>Bye<br>now</p>"
    assert plain(page) == "Hi\n\nSee this (https://a.example/).\n\nBye\nnow\n"


def test_facts_of_an_unknown_notification_are_none(app):
    with app.app_context():
        assert facts_of(db.session, "7d1c0a52-0000-4000-8000-000000000001", "en_US") is None


def test_a_letter_is_sent_in_the_language_asked_for_and_noted(sink, app, deliveries):
    with app.app_context():
        send_mail("ada@studio.example", "password_recovery", LETTER, "fr_FR")
    (mail,) = sink.mails
    assert mail["Subject"] == "Wombat & Sons - Kitsu : récupération du mot de passe"
    assert mail["Content-Language"] == "fr-FR"
    assert "(https://kitsu.example/x?a=1&b=2)" in text_of(mail)
    assert deliveries() == [("mail", "password_recovery", "ada@studio.example", "sent", 1, None)]


def test_a_letter_that_fails_is_noted_as_failed(sink, app, deliveries, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_PORT", 1)
    with app.app_context():
        send_mail("ada@studio.example", "otp_code", LETTER, None)
    ((_, kind, _, status, attempts, reason),) = deliveries()
    assert (kind, status, attempts) == ("otp_code", "failed", 1)
    assert LETTER["code"] not in reason
