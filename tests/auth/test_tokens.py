"""Tokens: who they let in, when they die, and what is said about a bad one."""

from datetime import UTC, date, datetime, timedelta

import jwt
import pytest
import sqlalchemy as sa

from zou.app import create_app
from zou.auth import tokens
from zou.people.models import Department, Person
from zou.platform.db import db
from zou.platform.db.types import utcnow

REVOKED = {"msg": "Token has been revoked"}
UNAUTHORIZED = "The server could not verify that you are authorized to access the URL requested."


@pytest.fixture
def session(login, ada):
    """The answer to Ada's sign-in."""
    return login().json


@pytest.fixture
def forge(app, session):
    """forge(key, **claims): Ada's access token with other claims (None takes one out), signed with a key."""

    def make(key=None, **claims):
        real = jwt.decode(session["access_token"], options={"verify_signature": False})
        changed = {name: value for name, value in {**real, **claims}.items() if value is not None}
        return jwt.encode(changed, key or app.config["SECRET_KEY"], algorithm="HS256")

    return make


def test_the_claims_are_those_of_the_contract(session, ada):
    access, refresh = (jwt.decode(session[name], options={"verify_signature": False}) for name in ("access_token", "refresh_token"))
    assert access.keys() == {"sub", "jti", "iat", "nbf", "exp", "fresh", "type", "identity_type", "refresh_jti"}
    assert refresh.keys() == access.keys() - {"refresh_jti"}
    assert (access["sub"], access["type"], access["identity_type"], access["fresh"]) == (str(ada.id), "access", "person", False)
    assert access["refresh_jti"] == refresh["jti"]
    assert (access["exp"] - access["iat"], refresh["exp"] - refresh["iat"]) == (7 * 86400, 15 * 86400)


def test_one_statement_tells_who_asks(app, api, people, make, tx, statements):
    department = make(Department)
    tx.execute(
        sa.text("INSERT INTO department_link (person_id, department_id) VALUES (:p, :d)"), {"p": people["user"].id, "d": department.id}
    )
    tx.commit()
    seen = []

    def remember(handle, real=app.extensions["authenticate"]):
        with statements() as sent:
            seen.append(real(handle))
        seen.append(len(sent))
        return seen[0]

    app.extensions["authenticate"], real = remember, app.extensions["authenticate"]
    try:
        assert api(people["user"], "get", "/auth/authenticated").status_code == 200
    finally:
        app.extensions["authenticate"] = real
    actor, count = seen
    assert count == 1
    assert (actor.id, actor.role, actor.identity_type, actor.department_ids) == (people["user"].id, "user", "person", [department.id])
    assert not actor.is_admin


def test_no_token(client):
    answer = client.get("/auth/authenticated")
    assert answer.status_code == 401
    assert answer.json == {"msg": 'Missing JWT in cookies or headers (Missing cookie "access_token_cookie"; Missing Authorization Header)'}


@pytest.mark.parametrize(
    "header, status, text",
    [
        ("Basic YTpi", 401, "Missing 'Bearer' type in 'Authorization' header. Expected 'Authorization: Bearer <JWT>'"),
        ("Bearer", 422, "Bad Authorization header. Expected 'Authorization: Bearer <JWT>'"),
        ("Bearer a b", 422, "Bad Authorization header. Expected 'Authorization: Bearer <JWT>'"),
        ("Bearer None", 422, "Not enough segments"),
    ],
)
def test_odd_headers(client, header, status, text):
    answer = client.get("/auth/authenticated", headers={"Authorization": header})
    assert (answer.status_code, answer.json.keys()) == (status, {"msg"})
    assert text in answer.json["msg"]


def test_tampered_tokens(ask, forge, session):
    assert ask(forge()).status_code == 200
    answer = ask(forge(key="another key, just as long as it should be"))
    assert (answer.status_code, answer.json) == (422, {"msg": "Signature verification failed"})
    unsigned = jwt.encode({"sub": "x"}, "", algorithm="none")
    assert ask(unsigned).status_code == 422
    assert ask(forge(sub=None)).status_code == 422
    assert ask(forge(sub=7)).status_code == 422


def test_an_expired_token_says_what_gazu_waits_for(ask, forge):
    answer = ask(forge(exp=int(datetime.now(UTC).timestamp()) - 1))
    assert (answer.status_code, answer.json) == (401, {"error": True, "message": "Signature has expired"})


def test_each_route_wants_its_kind(ask, session):
    answer = ask(session["refresh_token"])
    assert (answer.status_code, answer.json) == (422, {"msg": "Only non-refresh tokens are allowed"})
    answer = ask(session["access_token"], "/auth/refresh-token")
    assert (answer.status_code, answer.json) == (422, {"msg": "Only refresh tokens are allowed"})


@pytest.mark.parametrize("claims", [{"jti": None}, {"identity_type": None}, {"identity_type": "ghost"}])
def test_a_token_without_identity_counts_as_revoked(ask, forge, claims):
    answer = ask(forge(**claims))
    assert (answer.status_code, answer.json) == (401, REVOKED)


@pytest.mark.parametrize("person_id", ["not an id", "11111111-2222-3333-4444-555555555555"])
def test_nobody(ask, forge, person_id):
    answer = ask(forge(sub=person_id))
    assert answer.status_code == 401
    assert answer.json["error"] is True
    assert answer.json["message"].startswith(UNAUTHORIZED)


def test_a_logout_kills_both_tokens_also_after_a_restart(app, connection, ask, session):
    assert ask(session["access_token"], "/auth/logout").json == {"logout": True}
    assert (ask(session["access_token"]).status_code, ask(session["access_token"]).json) == (401, REVOKED)
    assert ask(session["refresh_token"], "/auth/refresh-token").json == REVOKED
    again = create_app(dict(app.config))
    with again.app_context():
        db.engines[None] = connection
    answer = again.test_client().get("/auth/authenticated", headers={"Authorization": f"Bearer {session['access_token']}"})
    assert (answer.status_code, answer.json) == (401, REVOKED)


def test_a_refreshed_token_dies_with_its_refresh_token(ask, session):
    renewed = ask(session["refresh_token"], "/auth/refresh-token").json
    assert renewed.keys() == {"access_token"}
    assert ask(renewed["access_token"]).status_code == 200
    assert ask(renewed["access_token"], "/auth/logout").status_code == 200
    assert ask(session["refresh_token"], "/auth/refresh-token").json == REVOKED


def test_a_refresh_looks_again_at_what_the_person_must_do(ask, session, app, monkeypatch):
    monkeypatch.setitem(app.config, "ENFORCE_2FA", True)
    token = ask(session["refresh_token"], "/auth/refresh-token").json["access_token"]
    assert ask(token, "/auth/authenticated/").json["two_factor_authentication_required"] is True
    monkeypatch.setitem(app.config, "ENFORCE_2FA", False)
    token = ask(session["refresh_token"], "/auth/refresh-token").json["access_token"]
    assert ask(token, "/auth/authenticated/").status_code == 200


def test_an_inactive_person_is_out_and_their_token_stays_dead(ask, session, ada, tx):
    ada.active = False
    tx.commit()
    answer = ask(session["access_token"])
    assert (answer.status_code, answer.json["error"]) == (401, True)
    ada.active = True
    tx.commit()
    assert ask(session["access_token"]).json == REVOKED
    assert ask(session["refresh_token"], "/auth/refresh-token").json == REVOKED


def test_a_preview_account_reads_while_its_window_is_open(client, ask, session, ada, tx, project):
    ada.preview_project_id = project.id
    ada.preview_opened_at, ada.preview_open_until = utcnow() - timedelta(minutes=1), utcnow() + timedelta(hours=1)
    tx.commit()
    token = {"Authorization": f"Bearer {session['access_token']}"}
    assert ask(session["access_token"]).status_code == 200
    assert client.post("/data/milestones", json={}, headers=token).status_code == 403
    ada.preview_opened_at = utcnow() + timedelta(seconds=2)  # reopened after the token was made
    tx.commit()
    assert ask(session["access_token"]).status_code == 401
    ada.preview_opened_at, ada.preview_open_until = utcnow() - timedelta(minutes=1), utcnow() - timedelta(seconds=1)
    tx.commit()
    assert ask(session["access_token"]).status_code == 401


def test_the_header_wins_over_a_stale_cookie(client, session):
    client.set_cookie("access_token_cookie", "stale")
    assert client.get("/auth/authenticated").status_code == 422
    assert client.get("/auth/authenticated", headers={"Authorization": f"Bearer {session['access_token']}"}).status_code == 200


# --- bots and API tokens ------------------------------------------------------------------------------------------------------------


def api_token(app, tx, person):
    """An API token made as the persons' routes make it."""
    with app.test_request_context():
        token = tokens.issue_api_token(tx, person)
    tx.commit()
    return token


def test_a_bot_s_token_lives_until_the_next_one(app, tx, make, ask):
    bot = make(Person, is_bot=True)
    first = api_token(app, tx, bot)
    claims = jwt.decode(first, options={"verify_signature": False})
    assert (claims["identity_type"], claims["jti"], "exp" in claims) == ("bot", bot.jti, False)
    assert ask(first).json["user"]["id"] == str(bot.id)
    second = api_token(app, tx, bot)
    assert ask(first).json == REVOKED
    assert ask(second).status_code == 200
    tx.delete(bot)
    tx.commit()
    assert ask(second).json == REVOKED


def test_a_bot_has_no_session_to_close(app, tx, make, ask):
    assert ask(api_token(app, tx, make(Person, is_bot=True)), "/auth/logout").status_code == 403


def test_a_person_s_api_token_dies_at_the_end_of_its_day(app, tx, make, ask):
    person = make(Person, expiration_date=date(2030, 5, 17))
    claims = jwt.decode(api_token(app, tx, person), options={"verify_signature": False})
    assert claims["identity_type"] == "person_api"
    assert datetime.fromtimestamp(claims["exp"], UTC) == datetime(2030, 5, 17, 23, 59, 59, tzinfo=UTC)


def test_what_was_revoked_is_forgotten_when_it_would_be_dead_anyway(tx):
    tokens.revoke(tx, "old", utcnow() - timedelta(seconds=1))
    tokens.revoke(tx, "new", utcnow() + timedelta(days=1))
    tokens.revoke(tx, "new", utcnow() + timedelta(days=1))
    assert tx.scalars(sa.text("SELECT jti FROM tracker.revoked_token ORDER BY jti")).all() == ["new"]
