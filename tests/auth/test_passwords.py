"""Passwords: changed, forgotten and set again; what the answers tell, and what they do not."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import bcrypt
import pytest
import sqlalchemy as sa
from flask_jwt_extended import create_access_token

from tests.auth.conftest import PASSWORD
from zou.platform.db.types import utcnow

NEW = "a new password"
WRONG_TOKEN = {"error": True, "message": "Wrong or expired token."}


@pytest.fixture
def change(api, ada):
    """change(**body): the answer to Ada changing her password."""
    return lambda **body: api(
        ada, "post", "/auth/change-password", json={"old_password": PASSWORD, "password": NEW, "password_2": NEW, **body}
    )


@pytest.fixture
def forget(client, outbox, ada):
    """forget(): the token that Ada was sent."""

    def call(email="ada@studio.example"):
        assert client.post("/auth/reset-password", json={"email": email}).json == {"success": "Reset token sent"}
        return parse_qs(urlsplit(outbox()[-1][2]["link"]).query)["token"][0]

    return call


@pytest.fixture
def reset(client):
    """reset(token, **body): the answer to Ada setting a password with a token."""

    def call(token, **body):
        body = {"email": "ada@studio.example", "token": token, "password": NEW, "password2": NEW, **body}
        return client.put("/auth/reset-password", json=body)

    return call


def old_token(app, person):
    """A token of a session that was opened an hour ago."""
    with app.app_context():
        claims = {"identity_type": "person", "iat": utcnow() - timedelta(hours=1)}
        return create_access_token(str(person.id), additional_claims=claims)


def test_a_password_is_changed_by_who_knows_the_old_one(change, login, outbox):
    assert change().json == {"success": True}
    assert login().status_code == 400
    assert login(password=NEW).status_code == 200
    assert [(mail[0], mail[1]) for mail in outbox()] == [("ada@studio.example", "password_changed")]


@pytest.mark.parametrize(
    "body, message",
    [
        ({"old_password": "wrong"}, "Old password is wrong."),
        ({"password": "short", "password_2": "other"}, "Password is too short."),
        ({"password_2": "another password"}, "Confirmation password doesn't match."),
    ],
)
def test_what_is_wrong_with_a_change_is_told(change, login, outbox, body, message):
    answer = change(**body)
    assert (answer.status_code, answer.json) == (400, {"error": True, "message": message})
    assert login().status_code == 200
    assert outbox() == []


def test_wrong_old_passwords_lock_like_wrong_sign_ins(change, ada, fresh, login):
    for count in range(1, 6):
        change(old_password="wrong")
        assert fresh(ada).login_failed_attemps == count
    answer = change()
    assert answer.json == {"error": True, "message": "Too many failed login attempts.", "too_many_failed_login_attemps": True}
    assert login().json["too_many_failed_login_attemps"] is True


def test_a_new_password_closes_the_sessions_opened_elsewhere(app, client, ada, ask):
    elsewhere = old_token(app, ada)
    session = client.post("/auth/login", json={"email": "ada", "password": PASSWORD}).json
    assert ask(elsewhere).status_code == 200
    headers = {"Authorization": f"Bearer {session['access_token']}"}
    body = {"old_password": PASSWORD, "password": NEW, "password_2": NEW}
    assert client.post("/auth/change-password", json=body, headers=headers).status_code == 200
    assert (ask(elsewhere).status_code, ask(elsewhere).json) == (401, {"msg": "Token has been revoked"})
    assert ask(session["access_token"]).status_code == 200
    assert ask(session["refresh_token"], "/auth/refresh-token").status_code == 200


def test_a_link_sets_a_password_once_and_closes_all_sessions(app, forget, reset, login, ask, ada, outbox):
    session = old_token(app, ada)
    token = forget("Ada@studio.example")
    assert len(token) == 64
    assert outbox()[-1][2]["link"].startswith("https://localhost:8080/reset-change-password?email=ada%40studio.example&token=")
    assert reset(token).json == {"success": True}
    assert login(password=NEW).status_code == 200
    assert ask(session).status_code == 401
    assert (reset(token).status_code, reset(token).json) == (400, WRONG_TOKEN)


@pytest.mark.parametrize(
    "body, message",
    [({"password": "short"}, "Password is too short."), ({"password2": "another password"}, "Confirmation password doesn't match.")],
)
def test_a_refused_password_leaves_the_link_good(forget, reset, body, message):
    token = forget()
    assert reset(token, **body).json == {"error": True, "message": message}
    assert reset(token).status_code == 200


def test_a_link_lives_two_hours(forget, reset, tx, login):
    token = forget()
    tx.execute(sa.text("UPDATE tracker.secret SET expires_at = expires_at - interval '2 hours' WHERE name LIKE 'reset-token%'"))
    tx.commit()
    assert reset(token).json == WRONG_TOKEN
    assert login().status_code == 200


def test_tokens_are_not_guessed(forget, reset):
    token = forget()
    for _ in range(10):
        assert reset("A" * 64).json == WRONG_TOKEN
    assert reset(token).json == WRONG_TOKEN


def test_the_token_of_a_default_password_sets_one_for_a_desktop_login(client, ada, tx, reset, login):
    ada.password = bcrypt.hashpw(b"default", bcrypt.gensalt(4))
    tx.commit()
    token = login(email="ada", password="default").json["token"]
    assert reset(token, email="ada").status_code == 200
    assert login(password=NEW).status_code == 200


@pytest.mark.parametrize("email, active", [("nobody@studio.example", True), ("ada@studio.example", False)])
def test_nobody_hears_whether_a_link_was_sent(client, ada, tx, outbox, email, active):
    ada.active = active
    tx.commit()
    answer = client.post("/auth/reset-password", json={"email": email})
    assert (answer.status_code, answer.json) == (200, {"success": "Reset token sent"})
    assert outbox() == []


def test_links_are_not_sent_without_end_and_the_last_stays_good(client, forget, outbox, reset):
    tokens = [forget() for _ in range(5)]
    assert forget() == tokens[-1]
    assert len(outbox()) == 5
    assert reset(tokens[-1]).status_code == 200


def test_a_mail_that_cannot_be_sent_changes_no_answer(app, client, ada, monkeypatch, caplog):
    def fail(*mail):
        raise OSError("no such host")

    monkeypatch.setitem(app.extensions, "send_mail", fail)
    assert client.post("/auth/reset-password", json={"email": "ada@studio.example"}).status_code == 200


def test_a_lock_does_not_tell_whether_there_is_such_an_account(login):
    answers = [login(email="nobody@studio.example", password="wrong") for _ in range(6)]
    assert [answer.json.get("too_many_failed_login_attemps") for answer in answers] == [None] * 5 + [True]


@pytest.mark.parametrize("email", ["ada@studio.example", "nobody@studio.example"])
def test_every_wrong_sign_in_costs_one_comparison(login, ada, monkeypatch, email):
    compared = []
    monkeypatch.setattr(bcrypt, "checkpw", lambda given, hashed, real=bcrypt.checkpw: compared.append(hashed) or real(given, hashed))
    login(email=email, password="wrong")
    assert len(compared) == 1
    assert compared[0][:7] == b"$2b$04$"


@pytest.mark.parametrize("strategy", ["auth_remote_ldap", "unknown"])
def test_who_has_no_password_here_changes_none(app, change, login, monkeypatch, strategy):
    monkeypatch.setitem(app.config, "AUTH_STRATEGY", strategy)
    assert change().status_code == 400
    monkeypatch.setitem(app.config, "AUTH_STRATEGY", "auth_local_classic")
    assert login().status_code == 200
