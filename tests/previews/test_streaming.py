"""Movies in an object store: a player gets the part that it asks for at once, while this machine makes its copy."""

import os
import time

import pytest

from tests.platform.storage.fake_swift import Swift
from zou.platform.storage import filling, from_settings
from zou.platform.storage import swift as driver
from zou.previews.models import PreviewFile

CONTENT = os.urandom(1_500_000)


@pytest.fixture
def swift(app, tmp_path, monkeypatch):
    """A Swift that is the storage of the application."""
    server = Swift()
    with app.app_context():
        monkeypatch.setitem(app.extensions, "storage", from_settings(server.settings(tmp_path)))
    yield server
    server.stop()
    driver.pools.clear()


@pytest.fixture
def preview(make, task, swift):
    """A ready movie."""
    row = make(PreviewFile, task_id=task.id, extension="mp4", data={"movie_prefixes": ["previews"]})
    swift.objects["studio-movies"][f"previews-{row.id}"] = CONTENT
    return row


def test_a_part_comes_from_the_store_until_there_is_a_copy(app, api, people, preview, swift, tmp_path):
    path = f"/movies/originals/preview-files/{preview.id}.mp4"
    first = api(people["user"], "get", path, headers={"Range": "bytes=1000-1999"})
    assert (first.status_code, first.data) == (206, CONTENT[1000:2000])
    assert first.headers["Content-Range"] == f"bytes 1000-1999/{len(CONTENT)}"
    assert (first.content_type, first.headers["Accept-Ranges"]) == ("video/mp4", "bytes")
    assert "ETag" not in first.headers
    assert "Last-Modified" not in first.headers
    assert swift.ranges == [(1000, 1999)]
    copy = tmp_path / "tmp" / f"cache-previews-{preview.id}.mp4"
    deadline = time.monotonic() + 10
    while (not copy.exists() or filling.under_way) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert copy.read_bytes() == CONTENT
    second = api(people["user"], "get", path, headers={"Range": "bytes=-10"})
    assert (second.status_code, second.data, "ETag" in second.headers) == (206, CONTENT[-10:], True)
    assert swift.ranges == [(1000, 1999)]


@pytest.mark.parametrize("asked, status", [("bytes=0-0,5-6", 200), (f"bytes={len(CONTENT)}-", 416), ("bytes=5-1", 200), ("pages=1-2", 200)])
def test_other_ranges_are_answered_as_of_any_file(api, people, preview, swift, asked, status):
    answer = api(people["user"], "get", f"/movies/originals/preview-files/{preview.id}.mp4", headers={"Range": asked})
    assert answer.status_code == status
    assert status == 416 or answer.data == CONTENT
    assert swift.ranges == []


def test_a_movie_that_is_not_there_is_noted(api, people, preview, swift):
    swift.objects["studio-movies"].clear()
    path = f"/movies/low/preview-files/{preview.id}.mp4"
    assert api(people["user"], "get", path, headers={"Range": "bytes=0-9"}).status_code == 404
    swift.objects["studio-movies"][f"lowdef-{preview.id}"] = CONTENT
    assert api(people["user"], "get", path, headers={"Range": "bytes=0-9"}).status_code == 404  # not asked again for an hour
