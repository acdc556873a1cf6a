"""Files that nginx sends from the folder itself: only with leave of the server, with ranges and validators."""

import subprocess
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from tests.conftest import token_of
from tests.operation.test_config_files import answered, program, write_site
from tests.previews.conftest import comment, task  # noqa: F401  (fixtures)
from tests.processes import free_port  # noqa: F401  (fixture)
from zou.people.models import Organisation
from zou.platform.storage import store
from zou.previews.models import PreviewFile

CONTENT = bytes(range(256)) * 400


@pytest.fixture
def document(app, make, task, monkeypatch):  # noqa: F811
    """A document of a task, stored in a local folder."""
    monkeypatch.setitem(app.config, "ZOU_NGINX_FILES", "/stored-files")
    make(Organisation, use_original_file_name=True)
    preview = make(PreviewFile, task_id=task.id, extension="zip", original_name="scène 1", file_size=len(CONTENT))
    with app.app_context():
        path = store().buckets["files"].path(f"previews-{preview.id}")
        path.parent.mkdir(parents=True)
        path.write_bytes(CONTENT)
        yield preview
        path.unlink()


def test_the_server_says_where_nginx_finds_a_file(api, people, document):
    path = f"/pictures/originals/preview-files/{document.id}/download"
    for headers in ({}, {"Range": "bytes=0-9"}, {"If-None-Match": "*"}):
        answer = api(people["user"], "get", path, headers=headers)
        id = str(document.id)
        assert (answer.status_code, answer.data) == (200, b"")
        assert answer.headers["X-Accel-Redirect"] == f"/stored-files/files/previews/{id[:3]}/{id[3:6]}/{id}"
        assert answer.headers["Cache-Control"] == "private, max-age=604800"
        assert "sc%C3%A8ne" in answer.headers["Content-Disposition"]
        assert "X-Sendfile" not in answer.headers
        assert answer.content_type == "application/octet-stream"
    assert "X-Accel-Redirect" not in api(people["outsider"], "get", path).headers


def asked(url, **headers):
    """The answer of a site, whatever its status."""
    try:
        return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10)
    except urllib.error.HTTPError as error:
        return error


def test_nginx_sends_the_file(app, people, document, free_port, tmp_path):  # noqa: F811
    below = DispatcherMiddleware(NotFound(), {"/api": app})  # gunicorn takes the prefix from a header, this server does not
    backend = make_server("127.0.0.1", 0, below, threaded=False)
    threading.Thread(target=backend.serve_forever, daemon=True).start()
    (tmp_path / "previews").symlink_to(Path(app.config["PREVIEW_FOLDER"]))
    site = write_site("nginx/zou.conf", tmp_path, free_port, tmp_path, backend.server_port)
    proxy = subprocess.Popen([program("nginx"), *site], stderr=subprocess.DEVNULL)
    try:
        here, token = f"http://127.0.0.1:{free_port}", {"Authorization": f"Bearer {token_of(app, people['user'])}"}
        url = f"{here}/api/pictures/originals/preview-files/{document.id}/download"
        answered(f"{here}/api/")
        whole = asked(url, **token)
        assert (whole.status, whole.read(), whole.headers["Content-Length"]) == (200, CONTENT, str(len(CONTENT)))
        assert "attachment" in whole.headers["Content-Disposition"]
        assert whole.headers["Cache-Control"] == "private, max-age=604800"
        assert "X-Accel-Redirect" not in whole.headers
        part = asked(url, Range="bytes=10-19", **token)
        assert (part.status, part.read()) == (206, CONTENT[10:20])
        assert asked(url, **{"If-None-Match": whole.headers["ETag"]}, **token).status == 304
        assert asked(url).status == 401
        id = str(document.id)
        assert asked(f"{here}/stored-files/files/previews/{id[:3]}/{id[3:6]}/{id}", **token).status == 404
    finally:
        proxy.terminate()
        proxy.wait(20)
        backend.shutdown()
        backend.server_close()
