"""Signing in through a SAML identity provider that runs here."""

import re

import pytest
import sqlalchemy as sa
from lxml import etree

from tests.auth.saml_provider import SamlProvider, encoded, request_of
from tests.auth.serving import serving
from zou.people.models import Department, LoginLog, Person, Studio
from zou.platform.events.models import ApiEvent

SITE = "http://studio.example"
ENTITY, CONSUMER = f"{SITE}/api/auth/saml/login", f"{SITE}/api/auth/saml/sso"
FAILED = {"error": "SAML authentication failed."}
REFUSED = {"error": "This account cannot be signed in to with this identity. Ask an administrator."}


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """An identity provider, made once: keys take their time."""
    made = SamlProvider(tmp_path_factory.mktemp("saml"))
    with serving(made.application):
        yield made


@pytest.fixture
def provider(app, running, monkeypatch):
    """The identity provider, which the installation uses."""
    running.email, running.attributes = "ada@studio.example", {"first_name": ["Augusta"], "last_name": ["King"]}
    settings = {
        "SAML_ENABLED": True,
        "SAML_METADATA_URL": f"{running.address}/metadata",
        "DOMAIN_PROTOCOL": "http",
        "DOMAIN_NAME": "studio.example",
    }
    for name, value in settings.items():
        monkeypatch.setitem(app.config, name, value)
    app.extensions.pop("saml", None)
    return running


@pytest.fixture
def bring(client):
    """bring(xml): the answer to a browser that posts this response."""
    return lambda xml: client.post("/auth/saml/sso", data={"SAMLResponse": encoded(xml)})


def test_without_the_setting_there_is_no_such_sign_in(client):
    answers = [client.get("/auth/saml/login"), client.post("/auth/saml/sso", data={"SAMLResponse": "x"})]
    assert [(answer.status_code, answer.json) for answer in answers] == [(400, {"error": "SAML is not enabled."})] * 2


def test_the_browser_is_sent_to_the_provider(client, provider):
    answer = client.get("/auth/saml/login")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{provider.address}/sso?")
    asked = request_of(answer.headers["Location"])
    assert asked.get("AssertionConsumerServiceURL") == CONSUMER
    assert asked.findtext("{urn:oasis:names:tc:SAML:2.0:assertion}Issuer") == ENTITY


def test_a_known_person_is_updated_and_let_in(bring, provider, client, ada, fresh, tx):
    answer = bring(provider.response(ENTITY, CONSUMER))
    assert (answer.status_code, answer.headers["Location"]) == (302, SITE)
    assert (fresh(ada).first_name, fresh(ada).last_name, fresh(ada).saml_subject) == ("Augusta", "King", None)
    assert client.get("/auth/authenticated").json["user"]["id"] == str(ada.id)
    assert [(log.person_id, log.origin) for log in tx.scalars(sa.select(LoginLog))] == [(ada.id, "web")]
    assert [(event.name, event.data["person_id"]) for event in tx.scalars(sa.select(ApiEvent))] == [("person:update", str(ada.id))]


def test_a_new_person_is_made_with_what_the_provider_says(bring, provider, make, tx):
    department, studio = make(Department), make(Studio)
    provider.email = "Grace@Studio.example"
    provider.attributes = {
        "first_name": ["Grace", "Brewster"],
        "last_name": ["Hopper"],
        "phone": ["+1 555"],
        "country": ["us"],
        "departments": [str(department.id)],
        "studio_id": [str(studio.id)],
    }
    assert bring(provider.response(ENTITY, CONSUMER)).status_code == 302
    person = tx.scalar(sa.select(Person).where(Person.email == "grace@studio.example"))
    assert (person.first_name, person.last_name, person.phone, person.country) == ("Grace Brewster", "Hopper", "+1 555", "US")
    assert (person.studio_id, [row.id for row in person.departments], person.role) == (studio.id, [department.id], "user")
    assert [event.name for event in tx.scalars(sa.select(ApiEvent))] == ["person:new"]


def test_without_names_a_person_is_made_all_the_same(bring, provider, tx):
    provider.attributes = {"country": ["nowhere"]}
    assert bring(provider.response(ENTITY, CONSUMER)).status_code == 302
    person = tx.scalar(sa.select(Person).where(Person.email == "ada@studio.example"))
    assert (person.first_name, person.last_name, person.country) == ("", "", None)


def test_an_assertion_signs_in_once(bring, provider, ada):
    xml = provider.response(ENTITY, CONSUMER)
    assert bring(xml).status_code == 302
    assert (bring(xml).status_code, bring(xml).json) == (400, FAILED)


def test_an_unsigned_assertion_lets_nobody_in(bring, provider, ada, tx):
    xml = re.sub(r"<ds:Signature .*?</ds:Signature>", "", provider.response(ENTITY, CONSUMER), flags=re.S)
    assert "Signature" not in xml
    answer = bring(xml)
    assert (answer.status_code, answer.json) == (400, FAILED)
    assert tx.scalars(sa.select(LoginLog)).all() == []


@pytest.mark.parametrize("old, new", [("ada@studio.example", "eve@studio.example"), (">King<", ">Queen<")])
def test_an_altered_assertion_lets_nobody_in(bring, provider, ada, old, new):
    xml = provider.response(ENTITY, CONSUMER)
    assert old in xml
    answer = bring(xml.replace(old, new))
    assert (answer.status_code, answer.json) == (400, FAILED)


def wrapped(xml, place):
    """The response with a forged assertion put in, and the signed one hidden at a place."""
    root = etree.fromstring(xml.encode())
    (signed,) = root.findall("{urn:oasis:names:tc:SAML:2.0:assertion}Assertion")
    forged = etree.fromstring(etree.tostring(signed).replace(b"ada@studio.example", b"eve@studio.example"))
    if place == "before":
        signed.addprevious(forged)
    elif place == "after":
        signed.addnext(forged)
    elif place == "other id":
        forged.set("ID", "id-forged")
        signed.addprevious(forged)
    else:  # the signed one becomes a child of the signature of the forged one
        root.replace(signed, forged)
        forged.find("{http://www.w3.org/2000/09/xmldsig#}Signature").append(signed)
    return etree.tostring(root).decode()


@pytest.mark.parametrize("place", ["before", "after", "other id", "inside"])
def test_a_signature_of_another_assertion_lets_nobody_in(bring, provider, ada, make, client, place):
    make(Person, email="eve@studio.example")
    answer = bring(wrapped(provider.response(ENTITY, CONSUMER), place))
    assert (answer.status_code, answer.json) == (400, FAILED)
    assert client.get("/auth/authenticated").status_code == 401


def test_another_provider_of_the_same_name_lets_nobody_in(bring, provider, ada, tmp_path):
    impostor = SamlProvider(tmp_path)
    impostor.application(provider.address)
    assert bring(impostor.response(ENTITY, CONSUMER)).json == FAILED


@pytest.mark.parametrize("entity, consumer", [("http://other.example/api/auth/saml/login", CONSUMER), (ENTITY, "http://other.example/sso")])
def test_a_response_for_another_site_lets_nobody_in(bring, provider, ada, entity, consumer):
    assert bring(provider.response(entity, consumer)).json == FAILED


@pytest.mark.parametrize(
    "text", ["", "fake", "PHg+", "%%%", "PCFET0NUWVBFIHggWzwhRU5USVRZIHkgU1lTVEVNICJmaWxlOi8vL2V0Yy9wYXNzd2QiPl0+PHg+Jnk7PC94Pg=="]
)
def test_what_is_no_response_is_refused(client, provider, text):
    answer = client.post("/auth/saml/sso", data={"SAMLResponse": text})
    assert (answer.status_code, answer.json) == (400, FAILED)


def test_a_subject_attribute_binds_a_person(bring, provider, app, ada, fresh, monkeypatch):
    monkeypatch.setitem(app.config, "SAML_SUBJECT_ATTRIBUTE", "uid")
    provider.attributes["uid"] = ["u-1"]
    assert bring(provider.response(ENTITY, CONSUMER)).status_code == 302
    assert (fresh(ada).saml_issuer, fresh(ada).saml_subject) == (f"{provider.address}/idp", "u-1")
    provider.email = "renamed@studio.example"
    assert bring(provider.response(ENTITY, CONSUMER)).status_code == 302
    provider.email, provider.attributes["uid"] = "ada@studio.example", ["u-2"]
    assert bring(provider.response(ENTITY, CONSUMER)).json == REFUSED


@pytest.mark.parametrize("value", [None, [], [""], ["a", "b"]])
def test_a_subject_is_one_text(bring, provider, app, ada, monkeypatch, value):
    monkeypatch.setitem(app.config, "SAML_SUBJECT_ATTRIBUTE", "uid")
    if value is not None:
        provider.attributes["uid"] = value
    assert bring(provider.response(ENTITY, CONSUMER)).json == REFUSED


@pytest.mark.parametrize("skip, status", [(True, 200), (False, 403)])
def test_a_provider_may_vouch_for_the_second_factor(bring, provider, app, ada, client, monkeypatch, skip, status):
    monkeypatch.setitem(app.config, "ENFORCE_2FA", True)
    monkeypatch.setitem(app.config, "SAML_SKIP_2FA", skip)
    assert bring(provider.response(ENTITY, CONSUMER)).status_code == 302
    assert client.get("/data/persons").status_code == status


def test_an_inactive_person_is_sent_home_without_cookies(bring, provider, ada, client, tx):
    ada.active = False
    tx.commit()
    assert bring(provider.response(ENTITY, CONSUMER)).status_code == 302
    assert client.get_cookie("access_token_cookie") is None


def test_a_studio_that_does_not_exist_is_told(bring, provider, ada):
    provider.attributes["studio_id"] = ["no id"]
    answer = bring(provider.response(ENTITY, CONSUMER))
    assert answer.status_code == 400
    assert re.search("studio", answer.json["error"])


def test_a_provider_that_is_away_is_told(client, provider, app, monkeypatch):
    monkeypatch.setitem(app.config, "SAML_METADATA_URL", "http://127.0.0.1:1/metadata")
    assert client.get("/auth/saml/login").status_code == 503


def test_metadata_are_fetched_once(client, provider):
    before = provider.fetched
    client.get("/auth/saml/login")
    client.get("/auth/saml/login")
    assert provider.fetched == before + 1
