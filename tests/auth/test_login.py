"""Signing in: what is checked, in which order, and what is written."""

from datetime import timedelta
from unittest.mock import ANY

import bcrypt
import pyotp
import pytest
import sqlalchemy as sa

from tests.auth.conftest import PASSWORD, hashed
from zou.people.models import LoginLog, Organisation, Person
from zou.people.schemas import SENSITIVE
from zou.platform.db.types import utcnow

WRONG = {"login": False, "message": "Wrong email or password."}
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"}


@pytest.mark.parametrize("identifier", ["ada@studio.example", "ADA@Studio.Example", "ada"])
def test_email_or_desktop_login_and_password_open_a_session(login, ada, tx, identifier):
    answer = login(email=identifier)
    assert answer.status_code == 200
    assert answer.json == {"login": True, "access_token": ANY, "refresh_token": ANY, "user": ANY, "organisation": ANY}
    user = answer.json["user"]
    assert (user["id"], user["full_name"], user["departments"], user["type"]) == (str(ada.id), f"Ada {ada.last_name}", [], "Person")
    assert not user.keys() & set(SENSITIVE)
    assert [(log.person_id, log.origin, log.ip_address) for log in tx.scalars(sa.select(LoginLog))] == [(ada.id, "script", "127.0.0.1")]


def test_only_administrators_get_the_chat_tokens(login, ada, make, tx):
    make(Organisation, chat_token_slack="xoxb")
    assert "chat_token_slack" not in login().json["organisation"]
    ada.role = "admin"
    tx.commit()
    assert login().json["organisation"]["chat_token_slack"] == "xoxb"


def test_a_form_and_a_query_string_do_as_well(client, ada):
    assert client.post("/auth/login", data={"email": "ada", "password": PASSWORD}).status_code == 200
    assert client.post("/auth/login", query_string={"email": "ada", "password": PASSWORD}).status_code == 200


@pytest.mark.parametrize(
    "body", [{"email": "nobody@studio.example"}, {"password": "wrong"}, {"email": " ada "}, {"password": PASSWORD + "x"}]
)
def test_an_unknown_person_and_a_wrong_password_get_the_same_answer(login, ada, tx, body):
    answer = login(**body)
    assert (answer.status_code, answer.json) == (400, WRONG)
    assert tx.scalars(sa.select(LoginLog)).all() == []


@pytest.mark.parametrize("stored", [None, b"", b"no hash", "hors sujet é".encode()])
def test_without_a_readable_hash_no_password_is_right(login, ada, tx, stored, monkeypatch):
    ada.password = stored
    tx.commit()
    compared = []
    monkeypatch.setattr(bcrypt, "checkpw", lambda given, hashed, real=bcrypt.checkpw: compared.append(hashed) or real(given, hashed))
    answer = login()
    assert (answer.status_code, answer.json) == (400, WRONG)
    assert compared[-1].startswith(b"$2b$04$")


def test_an_unknown_person_costs_one_comparison(login, monkeypatch):
    compared = []
    monkeypatch.setattr(bcrypt, "checkpw", lambda given, hashed, real=bcrypt.checkpw: compared.append(hashed) or real(given, hashed))
    login()
    assert len(compared) == 1


def test_only_the_first_72_bytes_of_a_password_count(login, ada, tx):
    ada.password = hashed("é" * 40)
    tx.commit()
    assert login(password="é" * 36 + "anything").status_code == 200
    assert login(password="é" * 35 + "anything").status_code == 400


@pytest.mark.parametrize("body, field", [({}, "email"), ({"email": ""}, "email"), ({"email": "a", "password": 1}, "password"), ([], "")])
def test_an_odd_body_is_refused(client, body, field):
    answer = client.post("/auth/login", json=body)
    assert answer.status_code == 400
    assert answer.json == {"error": True, "message": "Validation error.", "data": {"errors": [{"field": field, "message": ANY}]}}


def test_that_a_person_is_inactive_is_told_to_who_knows_the_password_only(login, ada, tx):
    ada.active = False
    tx.commit()
    assert (login(password="wrong").status_code, login(password="wrong").json) == (400, WRONG)
    answer = login()
    assert answer.status_code == 401
    assert answer.json == {"error": True, "login": False, "unactive": True, "message": ANY}


def test_a_bot_does_not_sign_in(login, ada, tx):
    ada.is_bot = True
    tx.commit()
    assert (login().status_code, login().json) == (400, WRONG)


def test_a_preview_account_signs_in_while_its_window_is_open(login, ada, tx, project):
    ada.preview_project_id = project.id
    tx.commit()
    assert login().json["unactive"] is True
    ada.preview_opened_at, ada.preview_open_until = utcnow(), utcnow() + timedelta(hours=1)
    tx.commit()
    assert login().status_code == 200


def test_the_default_password_leads_to_a_new_one(login, ada, tx):
    ada.password = hashed("default")
    tx.commit()
    answer = login(password="default")
    assert answer.status_code == 400
    assert answer.json == {"login": False, "default_password": True, "token": ANY}
    kept = tx.execute(sa.text("SELECT value FROM tracker.secret WHERE name = :name"), {"name": f"reset-token-{ada.id}"}).scalar()
    assert kept == answer.json["token"]
    assert len(kept) == 64


def test_five_failures_lock_for_a_minute(login, ada, fresh, tx):
    for count in range(1, 6):
        assert login(password="wrong").json == WRONG
        assert fresh(ada).login_failed_attemps == count
    answer = login()
    assert answer.status_code == 400
    assert answer.json == {"error": True, "login": False, "too_many_failed_login_attemps": True, "message": ANY}
    row = fresh(ada)
    row.last_login_failed = utcnow() - timedelta(seconds=61)
    tx.commit()
    assert login(password="wrong").json == WRONG
    assert fresh(ada).login_failed_attemps == 1
    assert login().status_code == 200
    assert fresh(ada).login_failed_attemps == 0


def test_any_password_will_do_with_the_strategy_without(login, ada, app, monkeypatch):
    monkeypatch.setitem(app.config, "AUTH_STRATEGY", "auth_local_no_password")
    assert login(password="anything").status_code == 200
    assert login(password="default").status_code == 200


def test_an_unknown_strategy_lets_nobody_in(login, ada, app, monkeypatch):
    monkeypatch.setitem(app.config, "AUTH_STRATEGY", "auth_by_face")
    answer = login()
    assert (answer.status_code, answer.json) == (409, {"login": False})


# --- second factor ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def totp(ada, tx):
    """Ada's TOTP generator."""
    ada.totp_enabled, ada.totp_secret, ada.preferred_two_factor_authentication = True, pyotp.random_base32(), "totp"
    tx.commit()
    return pyotp.TOTP(ada.totp_secret)


def test_a_code_is_asked_for_after_the_password(login, totp, ada, fresh):
    assert login(password="wrong", totp=totp.now()).json == WRONG
    answer = login()
    assert answer.status_code == 400
    assert answer.json == {
        "error": True,
        "login": False,
        "missing_OTP": True,
        "message": ANY,
        "preferred_two_factor_authentication": "totp",
        "two_factor_authentication_enabled": ["recovery_code", "totp"],
    }
    assert fresh(ada).login_failed_attemps == 1


def test_a_code_signs_in_once(login, totp):
    code = totp.now()
    assert login(totp=code).status_code == 200
    answer = login(totp=code)
    assert (answer.status_code, answer.json["wrong_OTP"]) == (400, True)


def test_a_wrong_code_counts_as_a_failure(login, totp, ada, fresh):
    for code in ("000000" if totp.now() != "000000" else "111111", "abc", "é", ""):
        assert login(totp=code).json["wrong_OTP"] is True
    assert fresh(ada).login_failed_attemps == 4


def test_a_recovery_code_signs_in_once(login, totp, ada, fresh, tx):
    ada.otp_recovery_codes = [bcrypt.hashpw(code, bcrypt.gensalt(4)) for code in (b"ABCDE12345", b"FGHIJ67890")]
    tx.commit()
    assert login(recovery_code="ABCDE12345").status_code == 200
    assert login(recovery_code="ABCDE12345").json["wrong_OTP"] is True
    assert len(fresh(ada).otp_recovery_codes) == 1


@pytest.mark.parametrize("method, proof", [("email_otp", {"email_otp": "123456"}), ("fido", {"fido_authentication_response": {"id": "x"}})])
def test_a_password_alone_does_not_open_an_account_with_a_second_factor(login, ada, tx, method, proof):
    setattr(ada, f"{method}_enabled", True)
    tx.commit()
    assert login().json["missing_OTP"] is True
    assert login(**proof).json["wrong_OTP"] is True
    assert login(totp="123456").json["missing_OTP"] is True


def test_an_enforced_second_factor_restricts_the_token_until_it_is_set_up(login, ask, ada, app, monkeypatch):
    monkeypatch.setitem(app.config, "ENFORCE_2FA", True)
    answer = login()
    assert answer.json["two_factor_authentication_required"] is True
    token = answer.json["access_token"]
    refused = ask(token, "/data/milestones")
    assert refused.status_code == 403
    assert refused.json == {"error": True, "two_factor_authentication_required": True, "message": ANY}
    assert ask(token).status_code == 200
    assert ask(token, "/auth/authenticated/").status_code == 403
    monkeypatch.setitem(app.config, "2FA_EXEMPT_USERS", "someone@studio.example, ada@studio.example")
    assert "two_factor_authentication_required" not in login().json


# --- cookies ----------------------------------------------------------------------------------------------------------------------


def cookies_of(answer):
    return {header.split("=")[0]: header for header in answer.headers.getlist("Set-Cookie")}


def test_a_browser_keeps_its_tokens_in_cookies(client, login, ada, tx):
    answer = login(headers=BROWSER)
    cookies = cookies_of(answer)
    assert cookies.keys() == {"access_token_cookie", "refresh_token_cookie"}
    access = cookies["access_token_cookie"]
    for part in ("Max-Age=31540000", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in access
    assert "Path=/auth/refresh-token" in cookies["refresh_token_cookie"]
    assert "Secure" not in access  # asked by plain http, for another host than the studio's
    assert tx.scalars(sa.select(LoginLog.origin)).all() == ["web"]
    assert client.get("/auth/authenticated").json["user"]["id"] == str(ada.id)
    renewed = client.get("/auth/refresh-token", headers=BROWSER)
    assert renewed.json == {"refresh": True}
    assert cookies_of(renewed).keys() == {"access_token_cookie"}
    assert client.get("/auth/refresh-token", headers=BROWSER).status_code == 200
    left = client.get("/auth/logout", headers=BROWSER)
    assert all("=;" in header and "1970" in header for header in cookies_of(left).values())
    assert client.get("/auth/authenticated").status_code == 401


@pytest.mark.parametrize("headers", [{"X-Forwarded-Proto": "https"}, {"Host": "localhost:8080"}])
def test_cookies_travel_by_https_only_where_the_site_has_it(login, ada, headers):
    assert all("Secure" in header for header in cookies_of(login(headers={**BROWSER, **headers})).values())


def test_a_script_gets_no_cookies(login, ada):
    assert cookies_of(login(headers={"User-Agent": "CGWire Gazu 1.3.1"})) == {}


@pytest.mark.parametrize("address, stored", [("10.1.2.3", "10.1.2.3"), ("2001:db8::1", "2001:db8::1"), ("'; drop table", None)])
def test_the_address_of_the_proxy_s_client_is_logged_when_it_is_one(login, ada, tx, address, stored):
    assert login(headers={"X-Real-IP": address}).status_code == 200
    assert tx.scalars(sa.select(LoginLog.ip_address)).all() == [stored]


def test_attempts_are_made_under_a_lock(login, ada, statements):
    with statements() as seen:
        login(password="wrong")
    asked = next(statement for statement in seen if Person.__tablename__ in statement)
    assert "FOR NO KEY UPDATE" in asked


def wrong_from(client, address, name):
    body = {"email": name, "password": "a guess"}
    return client.post("/auth/login", json=body, headers={"X-Real-IP": address}).json.get("too_many_failed_login_attemps", False)


def test_who_tries_one_password_on_many_accounts_waits(app, client, ada, login, monkeypatch):
    monkeypatch.setitem(app.config, "LOGIN_FAILURES_PER_ADDRESS", 3)
    assert [wrong_from(client, "192.0.2.7", f"person{n}@studio.example") for n in range(5)] == [False, False, False, True, True]
    assert login(headers={"X-Real-IP": "192.0.2.7"}).json["too_many_failed_login_attemps"]
    assert login(headers={"X-Real-IP": "192.0.2.8"}).status_code == 200
    assert [wrong_from(client, f"2001:db8::{n}", f"other{n}@studio.example") for n in range(1, 5)] == [False, False, False, True]
    assert not wrong_from(client, "2001:db8:0:1::1", "somebody@studio.example")


def test_the_wait_of_an_address_ends_and_right_passwords_do_not_count(app, client, ada, login, tx, monkeypatch):
    monkeypatch.setitem(app.config, "LOGIN_FAILURES_PER_ADDRESS", 2)
    assert [login().status_code for _ in range(4)] == [200] * 4
    assert [wrong_from(client, "127.0.0.1", f"person{n}@studio.example") for n in range(3)] == [False, False, True]
    tx.execute(sa.text("UPDATE tracker.secret SET expires_at = now() - interval '1 second' WHERE name LIKE 'guesses-%'"))
    tx.commit()
    assert login().status_code == 200
