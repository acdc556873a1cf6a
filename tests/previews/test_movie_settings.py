"""What the settings change of the movies that are made of an upload."""

import re
from pathlib import Path

import pytest

from zou.previews.services import movies
from zou.previews.services.movies import Wanted


@pytest.fixture
def prefixes(app, tmp_path, movie, monkeypatch):
    """prefixes(**settings): {bucket prefix: path} of the movies made of an upload of one second, with these settings."""
    upload = tmp_path / "shot.mov"
    upload.write_bytes(movie)

    def make(**values):
        for name, value in {"MOVIE_ENCODING_PRESET": "ultrafast", **values}.items():
            monkeypatch.setitem(app.config, name, value)
        with app.app_context():
            made = movies.process("11111111-2222-3333-4444-555555555555", None, upload, tmp_path, Wanted(None, 90, "10.000", 4, 2), True)
        assert made.status == "ready", made
        return {file.prefix: file.source for file in made.files if file.bucket == "movies"}

    return make


def test_the_versions_of_a_movie_that_are_made(prefixes):
    assert set(prefixes()) == {"previews", "lowdef"}
    assert set(prefixes(SKIP_NORMALIZATION_HIGHDEF=True)) == {"lowdef"}
    assert set(prefixes(PREVIEW_SAVE_SOURCE_FILE=True)) == {"lowdef", "source"}
    kept = prefixes(SKIP_NORMALIZATION_FULL=True, PREVIEW_SAVE_SOURCE_FILE=False)
    assert set(kept) == {"previews"} and kept["previews"].name == "shot.mov"


def test_the_encoder_s_buffer(prefixes):
    for factor in (2, 3):
        encoded = prefixes(MOVIE_VBV_BUFSIZE_FACTOR=factor)["previews"].read_bytes()
        assert re.search(rb"vbv_maxrate=(\d+) vbv_bufsize=(\d+)", encoded).groups() == (b"4000", str(4000 * factor).encode())


def test_a_production_may_ask_for_no_more_than_the_studio_gives(app, task, tx, monkeypatch):
    monkeypatch.setitem(app.config, "MOVIE_HIGHDEF_BITRATE", 5)
    monkeypatch.setitem(app.config, "MOVIE_LOWDEF_BITRATE", 9)
    with app.app_context():
        found = movies.wanted(tx, task.id)
    assert (found.high, found.low) == (5, 5)


@pytest.mark.parametrize("removes", [False, True])
def test_files_of_a_removed_row_go_when_the_studio_wants_it(app, api, people, add_preview, upload, picture, monkeypatch, removes):
    monkeypatch.setitem(app.config, "REMOVE_FILES", removes)
    id = add_preview().json["id"]
    assert upload(id, picture).status_code == 201
    folder = Path(app.config["PREVIEW_FOLDER"])
    assert len(list(folder.rglob(f"*{id}"))) == 4
    assert api(people["admin"], "delete", f"/data/preview-files/{id}").status_code == 204
    assert len(list(folder.rglob(f"*{id}"))) == (0 if removes else 4)
