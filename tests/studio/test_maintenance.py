"""Commands on what an installation keeps and shares."""

import datetime
from types import SimpleNamespace

import pytest
import requests
import sqlalchemy as sa
from click.testing import CliRunner

from tests.commanding import zou  # noqa: F401  (fixture)
from tests.conftest import SETTINGS
from zou import config
from zou.__main__ import main
from zou.app import create_app
from zou.inbox.models import Notification
from zou.people.models import LoginLog
from zou.platform import shared_settings
from zou.platform.db import db
from zou.platform.db.types import utcnow
from zou.platform.events.models import ApiEvent

TOKEN = "a token of the administrators"


@pytest.fixture
def checked(database_url, tmp_path, monkeypatch):
    """A client of an application with an ADMIN_TOKEN, which the environment has too; `zou` reaches it as http://studio."""
    monkeypatch.setenv("ADMIN_TOKEN", TOKEN)
    app = create_app(
        {**SETTINGS, "SQLALCHEMY_DATABASE_URI": database_url, "PREVIEW_FOLDER": str(tmp_path), "ADMIN_TOKEN": TOKEN, "USER_LIMIT": 100}
    )
    client = app.test_client()
    forget_shared(app)

    def get(url, headers, timeout):
        if not url.startswith("http://studio/"):
            raise requests.ConnectionError
        answer = client.get(url.removeprefix("http://studio"), headers=headers)
        return SimpleNamespace(status_code=answer.status_code, text=answer.text, json=lambda: answer.json)

    monkeypatch.setattr(requests, "get", get)
    yield client
    forget_shared(app)


def forget_shared(app):
    """Remove the shared settings of a database, and close its connections."""
    with app.app_context():
        db.session.remove()
        db.session.execute(sa.text("delete from tracker.secret"))
        db.session.commit()
        db.engine.dispose()


def test_old_data_is_removed_and_newer_kept(zou, tx, make, people):  # noqa: F811
    old, new = utcnow() - datetime.timedelta(days=91), utcnow() - datetime.timedelta(days=89)
    for moment in (old, new):
        make(ApiEvent, name="task:update", created_at=moment)
        make(LoginLog, person_id=people["user"].id, origin="web", created_at=moment)
        make(Notification, person_id=people["user"].id, author_id=people["admin"].id, type="comment", created_at=moment)
    done = zou("remove-old-data")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "Removing data older than 90 days...",
        "1 events removed.",
        "1 login logs removed.",
        "1 notifications removed.",
        "Old data removed.",
    ]
    for model in (ApiEvent, LoginLog, Notification):
        assert tx.scalars(sa.select(model.created_at).where(model.created_at < new + datetime.timedelta(hours=1))).all() == [new]
    assert zou("remove-old-data", "--days", "80").stdout.splitlines()[1] == "1 events removed."
    assert zou("remove-old-data", "--days", "-1").exit_code == 2


def test_shared_settings_are_read_first(zou, api, client, people, monkeypatch):  # noqa: F811
    assert client.get("/config").json["default_locale"] == "en_US"
    monkeypatch.setenv("DEFAULT_LOCALE", "fr_FR")
    monkeypatch.setenv("USER_LIMIT", "3")
    done = zou("reload-config")
    assert done.exit_code == 0
    assert "  user_limit = 3" in done.stdout.splitlines()
    assert done.stdout.splitlines()[-1] == "Config synced."
    assert client.get("/config").json["default_locale"] == "fr_FR"
    assert api(people["admin"], "get", "/data/user/context").json["user_limit"] == 3
    new = {"first_name": "Eve", "last_name": "New", "email": "eve@studio-eve.com", "role": "user"}
    refused = api(people["admin"], "post", "/data/persons", json=new)
    assert (refused.status_code, refused.json.get("data")) == (400, {"limit": 3}), refused.text


def test_the_check_is_for_who_holds_the_token(checked):
    for given in ({}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": TOKEN}, {"Authorization": "Bearer \u00e9"}):
        assert checked.get("/admin/config/check", headers=given).status_code == 403
    found = checked.get("/admin/config/check", headers={"Authorization": f"Bearer {TOKEN}"}).json
    assert set(found) == {*shared_settings.SHARED, "active_users"}
    assert found["user_limit"] == {"env": 100, "redis": None}


def test_the_command_compares_environment_and_shared_settings(checked, monkeypatch):
    def run(*arguments):
        return CliRunner().invoke(main, ["get-current-config", *arguments])

    assert run("--host", "http://nowhere").stderr == "Error: Cannot connect to http://nowhere\n"
    done = run("--host", "http://studio")
    assert done.exit_code == 1
    assert "out of sync" in done.stderr
    with checked.application.app_context():
        shared_settings.write(db.session, config.load())
        db.session.commit()
    done = run("--host", "http://studio/")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Config check" in done.stdout and "✓" in done.stdout and "✗" not in done.stdout
    assert done.stdout.splitlines()[-1] == "Active users: 0"
    monkeypatch.setenv("ADMIN_TOKEN", "another")
    assert run("--host", "http://studio").stderr.startswith("Error: Error 403: ")
    monkeypatch.delenv("ADMIN_TOKEN")
    assert run().exit_code == 2  # not there


def test_without_a_token_there_is_no_check(client):
    assert client.get("/admin/config/check", headers={"Authorization": "Bearer "}).status_code == 404


def test_the_cache_that_is_none_is_cleared(zou):  # noqa: F811
    assert zou("clear-memory-cache").exit_code == 0
