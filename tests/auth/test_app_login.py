"""Signing in a desktop program through the browser."""

import hashlib
from base64 import urlsafe_b64encode

import pytest
import sqlalchemy as sa
from flask_jwt_extended import create_access_token

from zou.people.models import LoginLog

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
WRONG = {"login": False, "message": "Wrong or expired code."}
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"}


@pytest.fixture
def code(api, ada):
    """A code for Ada's program."""
    answer = api(ada, "post", "/auth/app-login/code", json={"code_challenge": CHALLENGE})
    assert answer.status_code == 201
    return answer.json["code"]


@pytest.fixture
def redeem(client):
    """redeem(code, verifier): the answer to a program."""
    return lambda code, verifier=VERIFIER: client.post(
        "/auth/app-login/token", json={"code": code, "code_verifier": verifier}, headers=BROWSER
    )


def test_a_code_and_its_verifier_open_a_session_once(code, redeem, ask, ada, tx):
    answer = redeem(code)
    assert answer.json.keys() == {"user", "organisation", "login", "access_token", "refresh_token"}
    assert "Set-Cookie" not in answer.headers
    assert ask(answer.json["access_token"]).json["user"]["id"] == str(ada.id)
    assert [(log.person_id, log.origin) for log in tx.scalars(sa.select(LoginLog))] == [(ada.id, "script")]
    assert (redeem(code).status_code, redeem(code).json) == (400, WRONG)


def test_a_wrong_verifier_uses_the_code_up(code, redeem):
    assert redeem(code, "x" * 43).json == WRONG
    assert redeem(code).json == WRONG


def test_a_code_lives_a_minute(code, redeem, tx):
    tx.execute(sa.text("UPDATE tracker.secret SET expires_at = expires_at - interval '1 minute'"))
    tx.commit()
    assert redeem(code).json == WRONG


def test_an_inactive_person_is_not_let_in(code, redeem, ada, tx):
    ada.active = False
    tx.commit()
    assert redeem(code).json == WRONG


def test_the_code_itself_is_not_stored(code, tx):
    assert code not in str(tx.execute(sa.text("SELECT name, value FROM tracker.secret")).all())


@pytest.mark.parametrize("skip, restricted", [(True, False), (False, True)])
def test_what_a_single_sign_on_vouched_for_is_handed_on(app, client, ada, redeem, ask, monkeypatch, skip, restricted):
    monkeypatch.setitem(app.config, "ENFORCE_2FA", True)
    with app.app_context():
        claims = {"identity_type": "person", **({"skip_2fa_setup": True} if skip else {})}
        token = create_access_token(str(ada.id), additional_claims=claims)
    headers = {"Authorization": f"Bearer {token}"}
    code = client.post("/auth/app-login/code", json={"code_challenge": CHALLENGE}, headers=headers).json["code"]
    answer = redeem(code).json
    assert answer.get("two_factor_authentication_required", False) is restricted
    assert ask(answer["access_token"], "/data/persons").status_code == (403 if restricted else 200)


@pytest.mark.parametrize("challenge", ["abc", CHALLENGE + "\n", CHALLENGE + "x", None, 1, [CHALLENGE]])
def test_an_odd_challenge_is_refused(api, ada, challenge):
    answer = api(ada, "post", "/auth/app-login/code", json={"code_challenge": challenge})
    assert (answer.status_code, answer.json["data"]["errors"][0]["field"]) == (400, "code_challenge")
