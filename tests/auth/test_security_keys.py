"""Security keys: registered, asked, given up; with an authenticator in software."""

import pytest

from tests.auth.authenticator import Authenticator, text
from tests.auth.conftest import PASSWORD
from zou.auth import security_keys

WRONG = {"error": True, "login": False, "wrong_OTP": True, "message": "Wrong two-factor authentication code."}


@pytest.fixture(autouse=True)
def site(app, monkeypatch):
    """The studio's site, for which keys are."""
    monkeypatch.setitem(app.config, "DOMAIN_NAME", "studio.example")


@pytest.fixture
def browser(app, ada):
    """browser(verb, path, **request): the answer to Ada's browser, which keeps the signed cookie."""
    client = app.test_client()
    token = client.post("/auth/login", json={"email": "ada", "password": PASSWORD}).json["access_token"]

    def call(verb, path, **request):
        return client.open(path, method=verb, headers={"Authorization": f"Bearer {token}"}, **request)

    call.client = client
    return call


@pytest.fixture
def register(browser):
    """register(key): the answer to Ada registering a key."""

    def call(key, name="my key"):
        options = browser("PUT", "/auth/fido").json
        return browser("POST", "/auth/fido", json={"registration_response": key.create(options), "device_name": name})

    return call


def sign_in(client, key, **body):
    """The answer to Ada signing in with a key."""
    options = client.get("/auth/fido", query_string={"email": "Ada@studio.example"}).json
    body = {"email": "ada", "password": PASSWORD, "fido_authentication_response": key.get(options), **body}
    return client.post("/auth/login", json=body)


@pytest.mark.parametrize("algorithm", [-7, -8, -257])
@pytest.mark.parametrize("id", [b"\x02" * 32, b"\x00\x00" + b"\x07" * 14, b"\x00" * 16])
def test_a_key_that_was_registered_signs_in(register, browser, ada, fresh, algorithm, id):
    key = Authenticator(algorithm, id)
    answer = register(key)
    assert answer.status_code == 200
    assert len(answer.json["otp_recovery_codes"]) == 16
    person = fresh(ada)
    assert (person.fido_enabled, person.preferred_two_factor_authentication) == (True, "fido")
    (stored,) = person.fido_credentials
    assert stored.keys() - {"id_length"} == {"device_name", "aaguid", "credential_id", "public_key"}
    assert stored["credential_id"] == int.from_bytes(id)
    assert sign_in(browser.client, key).json["login"] is True


def test_a_key_of_the_other_server_is_read(app, make):
    stored = {
        "aaguid": 1334440654591915542993625911497130241,
        "device_name": "security-key",
        "credential_id": 908173248920127022929968509872062022378588115024631874819275168689514742274,
        "public_key": {
            "1": 2,
            "3": -7,
            "-1": 1,
            "-2": 1362259873380190534394952764808093033567882172536947812228912753034272113411,
            "-3": 1816346497840254045859937019744124044757176230049263749638550337379029484548,
        },
    }
    key = security_keys.loaded(stored)
    assert text(key.credential_id) == "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI"
    assert (key.public_key[-2], key.public_key[-3]) == (b"\x03" * 32, b"\x04" * 32)
    assert security_keys.stored(key, "security-key") == stored


def test_a_coordinate_keeps_its_leading_zeros():
    assert (
        security_keys.loaded({"aaguid": 0, "credential_id": 5, "public_key": {"1": 2, "3": -7, "-1": 1, "-2": 1, "-3": 2}}).public_key[-2]
        == b"\x00" * 31 + b"\x01"
    )


def test_another_key_does_not_sign_in(register, browser, ada, fresh):
    key = Authenticator()
    register(key)
    answer = sign_in(browser.client, Authenticator(id=key.id))
    assert (answer.status_code, answer.json) == (400, WRONG)
    assert sign_in(browser.client, Authenticator()).json == WRONG
    assert fresh(ada).login_failed_attemps == 2


def test_a_key_of_another_site_neither_registers_nor_signs_in(register, browser, ada, fresh):
    answer = register(Authenticator(origin="https://evil.example"))
    assert answer.status_code == 400
    assert answer.json == {"error": True, "message": "FIDO server exception your registration response is probly wrong."}
    assert not fresh(ada).fido_enabled
    key = Authenticator()
    register(key)
    key.origin = "https://evil.example"
    assert sign_in(browser.client, key).json == WRONG


def test_a_challenge_is_answered_once_by_the_browser_that_asked(register, browser, app, ada):
    key = Authenticator()
    register(key)
    options = browser.client.get("/auth/fido", query_string={"email": "ada@studio.example"}).json
    body = {"email": "ada", "password": PASSWORD, "fido_authentication_response": key.get(options)}
    assert app.test_client().post("/auth/login", json=body).json == WRONG
    cookie = browser.client.get_cookie("session").value
    assert browser.client.post("/auth/login", json=body).status_code == 200
    browser.client.set_cookie("session", cookie)
    assert browser.client.post("/auth/login", json=body).json == WRONG


@pytest.mark.parametrize("answer", [{"id": "fake"}, {}, {"rawId": 1}, {"id": "AAAA", "rawId": "AAAA", "type": "x", "response": {}}])
def test_an_answer_of_another_shape_is_refused(register, browser, ada, answer):
    browser("PUT", "/auth/fido")
    refused = browser("POST", "/auth/fido", json={"registration_response": answer, "device_name": "x"})
    assert (refused.status_code, refused.json["error"]) == (400, True)
    register(Authenticator())
    browser.client.get("/auth/fido", query_string={"email": "ada@studio.example"})
    body = {"email": "ada", "password": PASSWORD, "fido_authentication_response": answer}
    assert browser.client.post("/auth/login", json=body).status_code == 400


def test_without_a_challenge_nothing_is_registered(browser):
    answer = browser("POST", "/auth/fido", json={"registration_response": {"id": "fake"}, "device_name": "x"})
    assert (answer.status_code, answer.json) == (400, {"error": True, "message": "No preregistration before."})


def test_a_key_registers_once(register, browser, ada, fresh):
    key = Authenticator()
    assert register(key).json["otp_recovery_codes"] is not None
    assert register(key).status_code == 400
    assert register(Authenticator(), "second").json["otp_recovery_codes"] is None
    assert [key["device_name"] for key in fresh(ada).fido_credentials] == ["my key", "second"]
    assert len(browser("PUT", "/auth/fido").json["excludeCredentials"]) == 2
    assert browser("GET", "/auth/authenticated").json["user"]["fido_devices"] == ["my key", "second"]


def test_keys_are_given_up_one_by_one(register, browser, ada, fresh):
    codes = register(Authenticator(), "first").json["otp_recovery_codes"]
    register(Authenticator(), "second")
    refused = browser("DELETE", "/auth/fido", json={"device_name": "first"})
    assert (refused.status_code, refused.json) == (400, {"error": True, "message": "OTP verification failed.", "wrong_OTP": True})
    unknown = browser("DELETE", "/auth/fido", json={"device_name": "third", "recovery_code": codes[0]})
    assert (unknown.status_code, len(fresh(ada).fido_credentials)) == (200, 2)
    browser("DELETE", "/auth/fido", json={"device_name": "first", "recovery_code": codes[1]})
    assert [key["device_name"] for key in fresh(ada).fido_credentials] == ["second"]
    browser("DELETE", "/auth/fido", json={"device_name": "second", "recovery_code": codes[2]})
    person = fresh(ada)
    assert (person.fido_enabled, person.preferred_two_factor_authentication, person.otp_recovery_codes) == (False, None, None)
    answer = browser("DELETE", "/auth/fido", json={"device_name": "second"})
    assert (answer.status_code, answer.json) == (400, {"error": True, "message": "FIDO not enabled."})


def test_who_has_no_key_and_who_does_not_exist_look_alike(client, ada):
    answers = [client.get("/auth/fido", query_string={"email": email}) for email in ("ada@studio.example", "nobody@studio.example", "")]
    assert {(answer.status_code, answer.json["message"]) for answer in answers} == {(400, "FIDO not enabled.")}
    assert client.get("/auth/fido").status_code == 400
