"""Signing in through an OpenID provider that runs here."""

from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from joserfc.jwk import OctKey, RSAKey

from tests.auth.openid_provider import CLIENT, SECRET, OpenIdProvider, visit
from tests.auth.serving import serving
from zou.people.models import LoginLog, Person
from zou.platform.events.models import ApiEvent

SITE = "http://studio.example"
REFUSED = "This account cannot be signed in to with this identity. Ask an administrator."


@pytest.fixture
def provider(app, monkeypatch):
    """An OpenID provider that the installation uses."""
    made = OpenIdProvider()
    with serving(made.application) as address:
        settings = {
            "OIDC_ENABLED": True,
            "OIDC_DISCOVERY_URL": f"{address}/.well-known/openid-configuration",
            "OIDC_CLIENT_ID": CLIENT,
            "OIDC_CLIENT_SECRET": SECRET,
            "DOMAIN_PROTOCOL": "http",
            "DOMAIN_NAME": "studio.example",
        }
        for name, value in settings.items():
            monkeypatch.setitem(app.config, name, value)
        yield made


@pytest.fixture
def sign_in(client, provider):
    """sign_in(): the answer to a browser that came back from the provider."""

    def call(alter=lambda query: query):
        location = client.get("/auth/oidc/login").headers["Location"]
        return client.get("/auth/oidc/callback", query_string=alter(visit(location)))

    return call


def test_without_the_setting_there_is_no_such_sign_in(client):
    for path in ("/auth/oidc/login", "/auth/oidc/callback"):
        answer = client.get(path)
        assert (answer.status_code, answer.json) == (400, {"error": "OIDC is not enabled."})


def test_the_browser_is_sent_with_state_nonce_and_challenge(client, provider):
    answer = client.get("/auth/oidc/login")
    assert answer.status_code == 302
    query = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
    assert query["redirect_uri"] == f"{SITE}/api/auth/oidc/callback"
    assert (query["response_type"], query["code_challenge_method"], query["scope"]) == ("code", "S256", "openid email profile")
    assert query["state"] and query["nonce"] and query["code_challenge"]
    assert "HttpOnly" in answer.headers["Set-Cookie"] and "SameSite=Lax" in answer.headers["Set-Cookie"]


def test_a_new_person_is_made_and_let_in(sign_in, provider, client, tx):
    provider.claims |= {"given_name": "Grace", "family_name": "Hopper", "email": "Grace@Studio.example"}
    answer = sign_in()
    assert (answer.status_code, answer.headers["Location"]) == (302, SITE)
    person = tx.scalar(sa.select(Person).where(Person.email == "grace@studio.example"))
    assert (person.first_name, person.last_name, person.role) == ("Grace", "Hopper", "user")
    assert (person.oidc_issuer, person.oidc_subject) == (provider.address, "u-1")
    assert client.get("/auth/authenticated").json["user"]["id"] == str(person.id)
    assert [(log.person_id, log.origin) for log in tx.scalars(sa.select(LoginLog))] == [(person.id, "web")]
    assert [(event.name, event.data["person_id"]) for event in tx.scalars(sa.select(ApiEvent))] == [("person:new", str(person.id))]


def test_a_known_person_is_bound_once_and_found_by_subject_afterwards(sign_in, provider, ada, fresh, tx):
    assert sign_in().status_code == 302
    assert fresh(ada).oidc_subject == "u-1"
    provider.claims = {"sub": "u-1", "email": "other@studio.example", "given_name": "Augusta"}
    assert sign_in().status_code == 302
    assert (fresh(ada).first_name, fresh(ada).email) == ("Augusta", "ada@studio.example")
    assert len(tx.scalars(sa.select(Person)).all()) == 1


def test_a_provider_may_name_its_claims_and_scopes_otherwise(sign_in, provider, client, app, tx, monkeypatch):
    names = {"OIDC_EMAIL_CLAIM": "mail", "OIDC_GIVEN_NAME_CLAIM": "first", "OIDC_FAMILY_NAME_CLAIM": "sn", "OIDC_SCOPES": "openid studio"}
    for name, value in names.items():
        monkeypatch.setitem(app.config, name, value)
    provider.claims = {"sub": "u-1", "mail": "grace@studio.example", "email_verified": True, "first": "Grace", "sn": "Hopper"}
    assert sign_in().status_code == 302
    person = tx.scalar(sa.select(Person).where(Person.email == "grace@studio.example"))
    assert (person.first_name, person.last_name) == ("Grace", "Hopper")
    location = client.get("/auth/oidc/login").headers["Location"]
    assert parse_qs(urlsplit(location).query)["scope"] == ["openid studio"]


def test_names_come_from_the_userinfo_page_of_the_same_person(sign_in, provider, ada, fresh):
    provider.page = {"sub": "u-2", "given_name": "Eve"}
    sign_in()
    assert fresh(ada).first_name == "Ada"
    provider.page = {"sub": "u-1", "given_name": "Augusta"}
    sign_in()
    assert fresh(ada).first_name == "Augusta"


@pytest.mark.parametrize(
    "change, message",
    [
        ({"email": None}, "No email claim returned by the provider."),
        ({"email_verified": False}, "Email address is not verified."),
        ({"email_verified": None}, "Email address is not verified."),
    ],
)
def test_an_address_that_is_not_verified_finds_nobody(sign_in, provider, ada, fresh, change, message):
    provider.claims |= change
    answer = sign_in()
    assert (answer.status_code, answer.json) == (400, {"error": message})
    assert fresh(ada).oidc_subject is None


def test_without_the_demand_only_an_explicit_no_is_refused(sign_in, provider, app, ada, monkeypatch):
    monkeypatch.setitem(app.config, "OIDC_REQUIRE_EMAIL_VERIFIED", False)
    provider.claims["email_verified"] = False
    assert sign_in().status_code == 400
    del provider.claims["email_verified"]
    assert sign_in().status_code == 302


def test_another_subject_of_the_same_issuer_does_not_take_an_account(sign_in, provider, ada, fresh):
    sign_in()
    provider.claims["sub"] = "u-2"
    answer = sign_in()
    assert (answer.status_code, answer.json) == (400, {"error": REFUSED})
    assert fresh(ada).oidc_subject == "u-1"


def test_another_issuer_replaces_the_binding(sign_in, provider, ada, fresh, tx):
    ada.oidc_issuer, ada.oidc_subject = "https://old.example", "x"
    tx.commit()
    assert sign_in().status_code == 302
    assert fresh(ada).oidc_issuer == provider.address


def test_a_protected_account_is_not_bound(sign_in, provider, app, ada, fresh, monkeypatch):
    monkeypatch.setitem(app.config, "PROTECTED_ACCOUNTS", ["ada@studio.example"])
    assert sign_in().json == {"error": REFUSED}
    assert fresh(ada).oidc_subject is None


def test_an_inactive_person_is_sent_home_without_cookies(sign_in, provider, ada, client, tx):
    ada.active = False
    tx.commit()
    answer = sign_in()
    assert answer.status_code == 302
    assert client.get_cookie("access_token_cookie") is None


def test_the_user_limit_holds(sign_in, provider, app, ada, monkeypatch, tx):
    monkeypatch.setitem(app.config, "USER_LIMIT", 1)
    provider.claims["email"] = "grace@studio.example"
    assert sign_in().json == {"error": "User limit reached."}
    assert len(tx.scalars(sa.select(Person)).all()) == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "another client"},
        {"nonce": "another"},
        {"exp": 1000},
        {"sub": ""},
        {"sub": 7},
        {"iss": None},
    ],
)
def test_a_token_for_something_else_lets_nobody_in(sign_in, provider, ada, claims, tx):
    provider.override = claims
    answer = sign_in()
    assert (answer.status_code, answer.json) == (400, {"error": "OIDC authentication failed."})
    assert tx.scalars(sa.select(LoginLog)).all() == []


def test_a_token_signed_by_another_key_lets_nobody_in(sign_in, provider, ada):
    provider.signing_key = RSAKey.generate_key(2048, {"kid": "k1"}, private=True)
    assert sign_in().json == {"error": "OIDC authentication failed."}


def test_a_token_signed_with_the_public_key_as_secret_lets_nobody_in(sign_in, provider, ada):
    provider.signing_key = OctKey.import_key(provider.key.as_pem(private=False).replace(b"-----", b""), {"kid": "k1"})
    provider.algorithm = "HS256"
    assert sign_in().json == {"error": "OIDC authentication failed."}


@pytest.mark.parametrize(
    "alter", [lambda q: {**q, "state": "forged"}, lambda q: {"code": q["code"]}, lambda q: {"error": "access_denied"}, lambda q: {}]
)
def test_a_callback_that_this_browser_did_not_begin_lets_nobody_in(sign_in, ada, alter):
    answer = sign_in(alter)
    assert (answer.status_code, answer.json) == (400, {"error": "OIDC authentication failed."})


def test_an_answer_of_the_provider_works_once(client, provider, ada):
    query = visit(client.get("/auth/oidc/login").headers["Location"])
    assert client.get("/auth/oidc/callback", query_string=query).status_code == 302
    assert client.get("/auth/oidc/callback", query_string=query).status_code == 400


def test_a_provider_that_is_away_is_told(client, provider, app, monkeypatch):
    monkeypatch.setitem(app.config, "OIDC_DISCOVERY_URL", "http://127.0.0.1:1/none")
    assert client.get("/auth/oidc/login").status_code == 503


@pytest.mark.parametrize("skip, status", [(True, 200), (False, 403)])
def test_a_provider_may_vouch_for_the_second_factor(sign_in, provider, app, ada, client, monkeypatch, skip, status):
    monkeypatch.setitem(app.config, "ENFORCE_2FA", True)
    monkeypatch.setitem(app.config, "OIDC_SKIP_2FA", skip)
    sign_in()
    assert client.get("/data/persons").status_code == status
