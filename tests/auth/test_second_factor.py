"""Codes of an app, by mail and on paper: set up, used, given up."""

import re
import time
from unittest.mock import ANY

import pyotp
import pytest
import sqlalchemy as sa

from tests.auth.conftest import PASSWORD
from zou.auth import tokens
from zou.people.models import Person
from zou.platform.db import db

PROOF_FAILED = {"error": True, "message": "OTP verification failed.", "wrong_OTP": True}


@pytest.fixture
def own(app, api, ada):
    """own(verb, path, **request): the answer to Ada."""
    return lambda verb, path, **request: api(ada, verb, path, **request)


@pytest.fixture
def with_totp(own, ada, fresh):
    """Ada with an app: (the app, her recovery codes)."""
    secret = own("PUT", "/auth/totp").json["otp_secret"]
    answer = own("POST", "/auth/totp", json={"totp": code_of(secret, -1)})
    return secret, answer.json["otp_recovery_codes"]


def code_of(secret, step=0):
    """A code of an app, `step` times thirty seconds from now."""
    return pyotp.TOTP(secret).at(int(time.time()) + 30 * step)


def test_an_app_counts_once_its_code_came_back(own, ada, fresh):
    offer = own("PUT", "/auth/totp").json
    assert offer["totp_provisionning_uri"].startswith("otpauth://totp/Kitsu%20Kitsu:ada%40studio.example?secret=")
    assert (fresh(ada).totp_secret, fresh(ada).totp_enabled) == (offer["otp_secret"], False)
    wrong = own("POST", "/auth/totp", json={"totp": "000000"})
    assert (wrong.status_code, wrong.json["wrong_OTP"]) == (400, True)
    answer = own("POST", "/auth/totp", json={"totp": code_of(offer["otp_secret"])})
    assert answer.json == {"otp_recovery_codes": ANY, "access_token": ANY, "refresh_token": ANY}
    assert all(re.fullmatch("[A-Z0-9]{10}", code) for code in answer.json["otp_recovery_codes"])
    assert (fresh(ada).totp_enabled, fresh(ada).preferred_two_factor_authentication) == (True, "totp")
    for verb, body in (("PUT", None), ("POST", {"totp": "1"})):
        again = own(verb, "/auth/totp", json=body)
        assert (again.status_code, again.json) == (400, {"error": True, "message": "TOTP already enabled."})


def test_recovery_codes_are_stored_as_hashes_and_used_up(login, with_totp, ada, fresh):
    codes = with_totp[1]
    assert len(set(codes)) == 16
    assert all(bytes(hashed).startswith(b"$2b$") for hashed in fresh(ada).otp_recovery_codes)
    assert login(recovery_code=codes[3]).status_code == 200
    assert login(recovery_code=codes[3]).json["wrong_OTP"] is True
    assert len(fresh(ada).otp_recovery_codes) == 15


def test_recovery_codes_are_renewed_for_a_proof(own, with_totp, login):
    secret, codes = with_totp
    refused = own("PUT", "/auth/recovery-codes", json={})
    assert (refused.status_code, refused.json) == (400, PROOF_FAILED)
    answer = own("PUT", "/auth/recovery-codes", json={"totp": code_of(secret)})
    assert not set(answer.json["otp_recovery_codes"]) & set(codes)
    assert login(recovery_code=codes[0]).status_code == 400
    assert login(recovery_code=answer.json["otp_recovery_codes"][0]).status_code == 200


def test_a_code_proves_once(own, with_totp, login):
    code = code_of(with_totp[0])
    assert login(totp=code).status_code == 200
    assert own("DELETE", "/auth/totp", json={"totp": code}).json == PROOF_FAILED


def test_an_app_is_given_up_for_a_proof(own, with_totp, ada, fresh):
    assert own("DELETE", "/auth/totp", json={"totp": "000000"}).json == PROOF_FAILED
    assert own("DELETE", "/auth/totp", json={"totp": code_of(with_totp[0])}).json == {"success": True}
    person = fresh(ada)
    assert (person.totp_enabled, person.totp_secret, person.otp_recovery_codes) == (False, None, None)
    assert person.preferred_two_factor_authentication is None
    assert own("DELETE", "/auth/totp", json={}).json == {"error": True, "message": "TOTP not enabled."}


def test_after_five_wrong_proofs_a_right_one_has_to_wait(own, with_totp, ada, fresh, login):
    for _ in range(5):
        assert own("DELETE", "/auth/totp", json={"totp": "000000"}).json == PROOF_FAILED
    answer = own("DELETE", "/auth/totp", json={"totp": code_of(with_totp[0])})
    assert (answer.status_code, answer.json["wrong_OTP"]) == (400, True)
    assert fresh(ada).totp_enabled
    assert fresh(ada).login_failed_attemps == 0  # nobody is locked out of signing in by that
    assert login(recovery_code=with_totp[1][0]).status_code == 200


def test_codes_by_mail(own, outbox, login, ada, fresh, client):
    assert own("PUT", "/auth/email-otp").json == {"success": True}
    recipient, kind, values, locale = outbox()[-1]
    assert (recipient, kind, locale, values["first_name"]) == ("ada@studio.example", "otp_code", "en_US", "Ada")
    assert own("POST", "/auth/email-otp", json={"email_otp": "000000"}).json["message"] == "OTP by email verification failed."
    answer = own("POST", "/auth/email-otp", json={"email_otp": values["code"]})
    assert answer.status_code == 200
    assert login().json["two_factor_authentication_enabled"] == ["recovery_code", "email_otp"]
    assert login(email_otp=values["code"]).json["wrong_OTP"] is True
    assert client.get("/auth/email-otp", query_string={"email": "ADA@studio.example"}).json == {"success": True}
    code = outbox()[-1][2]["code"]
    assert login(email_otp=code).status_code == 200
    assert login(email_otp=code).json["wrong_OTP"] is True
    assert own("DELETE", "/auth/email-otp", json={"recovery_code": answer.json["otp_recovery_codes"][0]}).status_code == 200
    assert (fresh(ada).email_otp_enabled, fresh(ada).email_otp_secret) == (False, None)


@pytest.mark.parametrize("change", [{"active": False}, {"email_otp_enabled": False}, {"email": "somebody@studio.example"}])
def test_nobody_hears_whether_a_code_was_sent(client, outbox, ada, tx, change):
    ada.email_otp_enabled, ada.email_otp_secret = True, pyotp.random_base32()
    for name, value in change.items():
        setattr(ada, name, value)
    tx.commit()
    answer = client.get("/auth/email-otp", query_string={"email": "ada@studio.example"})
    assert (answer.status_code, answer.json) == (200, {"success": True})
    assert outbox() == []


def test_a_mailbox_is_not_filled(client, outbox, ada, tx):
    ada.email_otp_enabled, ada.email_otp_secret = True, pyotp.random_base32()
    tx.commit()
    for _ in range(8):
        assert client.get("/auth/email-otp", query_string={"email": "ada@studio.example"}).json == {"success": True}
    assert len(outbox()) == 5


def test_a_code_by_mail_lives_five_minutes(client, login, outbox, ada, tx):
    ada.email_otp_enabled, ada.email_otp_secret = True, pyotp.random_base32()
    tx.commit()
    client.get("/auth/email-otp", query_string={"email": "ada@studio.example"})
    tx.execute(sa.text("UPDATE tracker.secret SET expires_at = expires_at - interval '5 minutes' WHERE name LIKE 'email-otp%'"))
    tx.commit()
    assert login(email_otp=outbox()[-1][2]["code"]).json["wrong_OTP"] is True


def test_what_is_preferred_gives_way_to_what_is_left(own, with_totp, outbox, ada, fresh):
    own("PUT", "/auth/email-otp")
    second = own("POST", "/auth/email-otp", json={"email_otp": outbox()[-1][2]["code"]})
    assert second.json["otp_recovery_codes"] is None
    assert fresh(ada).preferred_two_factor_authentication == "totp"
    own("DELETE", "/auth/totp", json={"recovery_code": with_totp[1][0]})
    assert fresh(ada).preferred_two_factor_authentication == "email_otp"


def test_enrolment_lifts_the_restriction_and_closes_other_sessions(app, client, ada, monkeypatch, tx, ask):
    monkeypatch.setitem(app.config, "ENFORCE_2FA", True)
    session = client.post("/auth/login", json={"email": "ada", "password": PASSWORD}).json
    headers = {"Authorization": f"Bearer {session['access_token']}"}
    assert client.get("/data/persons", headers=headers).json["two_factor_authentication_required"] is True
    assert client.put("/auth/totp/", headers=headers).status_code == 403
    secret = client.put("/auth/totp", headers=headers).json["otp_secret"]
    answer = client.post("/auth/totp", headers=headers, json={"totp": code_of(secret)}).json
    assert ask(answer["access_token"], "/data/persons").status_code == 200


def test_a_browser_gets_the_new_tokens_as_cookies(app, ada):
    client = app.test_client()
    browser = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"}
    client.post("/auth/login", json={"email": "ada", "password": PASSWORD}, headers=browser)
    before = client.get_cookie("access_token_cookie").value
    secret = client.put("/auth/totp", headers=browser).json["otp_secret"]
    client.post("/auth/totp", json={"totp": code_of(secret)}, headers=browser)
    assert client.get_cookie("access_token_cookie").value != before
    assert client.get("/auth/authenticated", headers=browser).status_code == 200


@pytest.mark.parametrize(
    "verb, path", [("PUT", "/auth/totp"), ("PUT", "/auth/email-otp"), ("PUT", "/auth/fido"), ("PUT", "/auth/recovery-codes")]
)
def test_a_bot_has_no_second_factor(app, make, tx, client, verb, path):

    bot = make(Person, is_bot=True)
    with app.app_context():
        token = tokens.issue_api_token(db.session, db.session.get(Person, bot.id))
        db.session.commit()
    assert client.put(path, headers={"Authorization": f"Bearer {token}"}, json={}).status_code == 403


@pytest.mark.parametrize("path", ["/auth/email-otp", "/auth/fido"])
def test_without_an_address_nobody_is_looked_for(client, path):
    answer = client.get(path)
    assert answer.status_code == 400
    assert answer.json == {"error": True, "message": "Missing required parameter: email", "data": None}
