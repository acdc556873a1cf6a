"""The built web client and the API from one process."""

import pytest

from tests.conftest import SETTINGS
from zou.app import create_app

PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SCRIPT = "console.log('kitsu');" * 500


@pytest.fixture(scope="module")
def browser(database_url, tmp_path_factory):
    """A client of an application that serves a small build."""
    folder = tmp_path_factory.mktemp("dist")
    (folder / "index.html").write_text("<!doctype html><title>Kitsu</title>")
    (folder / "favicon.ico").write_bytes(b"\0\0\1")
    (folder / "assets").mkdir()
    (folder / "assets" / "index-B3x9_aQ1.js").write_text(SCRIPT)
    return create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": database_url, "ZOU_KITSU_FOLDER": str(folder)}).test_client()


def test_the_page_is_served_for_every_path_of_its_router_and_never_kept(browser):
    for path in ("/", "/productions/1/assets", "/login", "/data/projects"):
        answer = browser.get(path, headers=PAGE)
        assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (200, "text/html", "no-cache")
        assert "Kitsu" in answer.text
    again = browser.get("/", headers={**PAGE, "If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_files_whose_name_holds_a_hash_are_kept_for_a_year_and_compressed(browser):
    answer = browser.get("/assets/index-B3x9_aQ1.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.mimetype == "text/javascript"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    icon = browser.get("/favicon.ico")
    assert (icon.data, icon.headers["Cache-Control"]) == (b"\0\0\1", "no-cache")


def test_the_api_is_below_api_and_at_the_root(browser):
    for path in ("/api/", "/api"):
        assert browser.get(path, headers=PAGE).json["api"] == "Zou"
    assert browser.get("/api/data/projects", headers=PAGE).status_code == 401
    assert browser.get("/data/projects").status_code == 401
    assert browser.get("/status").json["name"] == "Zou"
    assert browser.post("/api/auth/login", json={}).status_code == 400
    assert browser.get("/api/nothing", headers=PAGE).status_code == 404


def test_nothing_outside_the_folder_is_served(browser):
    for path in ("/../setup.cfg", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../etc/passwd"):
        assert browser.get(path).status_code == 404
        assert "Kitsu" in browser.get(path, headers=PAGE).text


def test_a_folder_without_a_client_is_refused(database_url, tmp_path):
    with pytest.raises(ValueError, match=r"no index\.html"):
        create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": database_url, "ZOU_KITSU_FOLDER": str(tmp_path)})


def test_without_the_setting_a_browser_gets_the_api(client):
    assert client.get("/", headers=PAGE).json["api"] == "Zou"
