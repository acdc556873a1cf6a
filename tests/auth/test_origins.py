"""A write with the cookie from another site is refused by its Origin."""

import pytest
import sqlalchemy as sa

from tests.auth.conftest import PASSWORD
from zou.people.models import LoginLog

AGENT = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"}


@pytest.fixture(autouse=True)
def site(app, monkeypatch):
    """The studio's site."""
    monkeypatch.setitem(app.config, "DOMAIN_NAME", "studio.example")
    monkeypatch.setitem(app.config, "CORS_ALLOWED_ORIGINS", ["https://partner.example"])


@pytest.fixture
def browser(app, ada):
    """browser(verb, **headers): the status that Ada's browser, signed in, gets for a write of hers."""
    client = app.test_client()
    assert client.post("/auth/login", json={"email": "ada", "password": PASSWORD}, headers=AGENT).status_code == 200
    return lambda verb="put", **headers: (
        client.open(f"/data/persons/{ada.id}", method=verb, json={"phone": "1"}, headers={**AGENT, **headers}).status_code
    )


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://studio.example"},
        {"Origin": "https://studio.example:8443"},
        {"Origin": "http://localhost"},
        {"Origin": "https://partner.example"},
        {"Referer": "https://studio.example/people"},
    ],
)
def test_a_page_of_the_studio_writes(browser, headers, ada, fresh):
    assert browser(**headers) == 200
    assert fresh(ada).phone == "1"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "https://studio.example.evil.example"},
        {"Origin": "https://evilstudio.example"},
        {"Origin": "null"},
        {"Origin": "https://["},
        {"Origin": "http://partner.example"},
        {"Referer": "https://evil.example/studio.example"},
        {"Origin": "https://evil.example", "Referer": "https://studio.example/"},
    ],
)
@pytest.mark.parametrize("verb", ["put", "delete"])
def test_a_page_of_another_site_does_not(browser, headers, verb, ada, fresh):
    assert browser(verb, **headers) == 403
    assert fresh(ada).phone is None


def test_reading_is_not_refused(browser):
    assert browser("get", Origin="https://evil.example") == 200


def test_a_token_in_the_header_is_no_cookie(api, ada):
    assert api(ada, "put", f"/data/persons/{ada.id}", json={"phone": "1"}, headers={"Origin": "https://evil.example"}).status_code == 200


def test_another_site_does_not_sign_a_browser_in(client, ada, tx):
    form = {"email": "ada", "password": PASSWORD}
    answer = client.post("/auth/login", data=form, headers={**AGENT, "Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert tx.scalars(sa.select(LoginLog)).all() == []
