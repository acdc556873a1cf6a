"""Previews: numbers, files, pictures, the main one."""

import io
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image

from tests.renders import HEIGHT, WIDTH, light, photoshop, written
from zou.comments.models import Comment
from zou.entities.models import Entity
from zou.files.models import StoredFile
from zou.inbox.models import News
from zou.platform.events.models import ApiEvent
from zou.previews.models import PreviewFile, PreviewFileStorageState
from zou.productions.models import Project
from zou.tasks.models import Task


def events_of(tx):
    return list(tx.scalars(sa.select(ApiEvent.name).order_by(ApiEvent.created_at)))


def stored(app):
    """Names of all files in the preview folder."""
    return sorted(path.name for path in Path(app.config["PREVIEW_FOLDER"]).rglob("*") if path.is_file())


def test_a_picture_goes_in_and_comes_out_in_every_size(add_preview, upload, picture, api, people, tx, task):
    added = add_preview()
    assert (added.status_code, added.json["revision"], added.json["position"], added.json["status"]) == (201, 1, 1, "processing")
    id = added.json["id"]
    waiting = api(people["user"], "get", f"/pictures/thumbnails/preview-files/{id}.png")
    assert (waiting.status_code, waiting.headers["Cache-Control"]) == (404, "no-store")
    asked = api(people["user"], "get", f"/pictures/thumbnails/preview-files/{id}.png", headers={"Accept": "application/json"})
    assert (asked.status_code, asked.json) == (202, {"status": "processing", "preview_file_id": id})

    sent = upload(id, picture)
    assert sent.status_code == 201
    values = {key: sent.json[key] for key in ("extension", "original_name", "width", "height", "status")}
    assert values == {"extension": "png", "original_name": "render", "width": 320, "height": 180, "status": "ready"}
    sizes = {"thumbnails": (150, 100), "thumbnails-square": (100, 100), "previews": (1200, 675), "originals": (320, 180)}
    for name, size in sizes.items():
        got = api(people["client"], "get", f"/pictures/{name}/preview-files/{id}.png")
        assert (got.status_code, got.content_type) == (200, "image/png")
        assert Image.open(io.BytesIO(got.data)).size == size
    assert got.headers["Cache-Control"] == "private, max-age=604800"
    again = api(people["client"], "get", f"/pictures/originals/preview-files/{id}.png", headers={"If-None-Match": got.headers["ETag"]})
    assert again.status_code == 304
    part = api(people["client"], "get", f"/pictures/originals/preview-files/{id}.png", headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, got.data[:10])
    tx.refresh(task)
    assert str(task.last_preview_file_id) == id
    assert events_of(tx) == ["preview-file:new", "comment:update", "preview-file:update", "preview-file:update"] + [
        "comment:update",
        "preview-file:add-file",
    ]
    assert tx.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 4
    assert set(tx.scalars(sa.select(PreviewFileStorageState.state))) == {"ok"}


@pytest.mark.parametrize("content", [b"just a text\n" * 20, b"\x89PNG\r\n\x1a\n", b""], ids=["text", "header", "empty"])
def test_a_text_named_png_is_refused_and_leaves_no_trace(add_preview, upload, api, people, tx, app, content):
    id = add_preview().json["id"]
    before, told = stored(app), events_of(tx)
    row = api(people["admin"], "get", f"/data/tasks/{tx.get(PreviewFile, id).task_id}/comments").json[0]["previews"]
    answer = upload(id, content)
    assert (answer.status_code, answer.json["message"]) == (400, "Uploaded file is not a readable picture.")
    assert stored(app) == before
    assert events_of(tx) == told
    assert tx.scalars(sa.select(StoredFile)).all() == []
    assert api(people["admin"], "get", f"/data/tasks/{tx.get(PreviewFile, id).task_id}/comments").json[0]["previews"] == row
    assert list(Path(app.config["TMP_DIR"]).iterdir()) == []


def test_a_file_of_an_unknown_kind_takes_its_row_along(add_preview, upload, tx):
    id = add_preview().json["id"]
    answer = upload(id, b"MZ", "virus.exe")
    assert (answer.status_code, answer.json["message"]) == (400, "Wrong file format, extension: exe")
    assert tx.scalars(sa.select(PreviewFile)).all() == []


def test_a_second_file_is_refused(add_preview, upload, picture, app):
    id = add_preview().json["id"]
    assert upload(id, picture).status_code == 201
    kept = stored(app)
    assert upload(id, picture, "other.png").status_code == 400
    assert stored(app) == kept


def test_a_failing_transaction_takes_its_files_back(add_preview, upload, picture, app, monkeypatch):
    id = add_preview().json["id"]
    before = stored(app)

    def fail(*arguments):
        raise ValueError("the disk of the database is full")

    monkeypatch.setattr("zou.previews.services.uploads.finish", fail)
    assert upload(id, picture).status_code == 500
    assert stored(app) == before


def test_a_document_is_kept_as_it_is(add_preview, upload, api, people):
    id = add_preview().json["id"]
    sent = upload(id, b"o cube", "cube.OBJ")
    assert (sent.json["extension"], sent.json["file_size"], sent.json["status"]) == ("obj", 6, "ready")
    got = api(people["user"], "get", f"/pictures/originals/preview-files/{id}.obj")
    assert (got.status_code, got.data, got.content_type) == (200, b"o cube", "application/octet-stream")
    assert api(people["user"], "get", f"/pictures/originals/preview-files/{id}.exe").status_code == 400
    kept = api(people["user"], "get", f"/pictures/originals/preview-files/{id}/download")
    assert kept.headers["Content-Disposition"].startswith("attachment; filename=production_")
    assert kept.headers["Content-Disposition"].endswith("_v1.obj")


def test_a_movie_is_made_playable_with_pictures_and_tiles(add_preview, upload, movie, api, people, tx):
    tx.execute(sa.update(Project).values(resolution="320x180", fps="24"))
    tx.commit()
    id = add_preview().json["id"]
    sent = upload(id, movie, "shot.mov")
    assert (sent.status_code, sent.json["status"], sent.json["extension"]) == (201, "ready", "mp4")
    assert (sent.json["width"], sent.json["height"]) == (320, 180)
    assert sent.json["data"]["movie_prefixes"] == ["previews", "lowdef"]
    for path in ("movies/originals", "movies/low"):
        got = api(people["user"], "get", f"/{path}/preview-files/{id}.mp4", headers={"Range": "bytes=4-7"})
        assert (got.status_code, got.data, got.content_type) == (206, b"ftyp", "video/mp4")
    tiles = api(people["user"], "get", f"/movies/tiles/preview-files/{id}.png")
    assert Image.open(io.BytesIO(tiles.data)).size == (178 * 8, 300)
    assert api(people["user"], "get", f"/movies/source/preview-files/{id}.mp4").status_code == 404
    assert api(people["user"], "get", f"/pictures/thumbnails/preview-files/{id}.png").status_code == 200


def test_a_movie_that_cannot_be_read_is_broken(add_preview, upload, tx):
    id = add_preview().json["id"]
    sent = upload(id, b"no movie" * 100, "shot.mov")
    assert (sent.status_code, sent.json["status"]) == (201, "broken")
    assert tx.scalars(sa.select(StoredFile)).all() == []


def test_revisions_are_numbered(add_preview, make, api, people, task, comment, tx):
    assert [(added["revision"], added["position"]) for added in (add_preview().json, add_preview().json)] == [(1, 1), (1, 2)]
    other = make(Comment, object_id=task.id, person_id=people["user"].id, task_status_id=task.task_status_id)
    news = make(News, author_id=people["user"].id, task_id=task.id, comment_id=other.id)
    path = f"/actions/tasks/{task.id}/comments/{other.id}/add-preview"
    taken = api(people["user"], "post", path, json={"revision": 1})
    assert (taken.status_code, taken.json["message"][:26]) == (400, "Revision 1 already exists ")
    assert api(people["user"], "post", path, json={"revision": -1}).status_code == 400
    second = api(people["user"], "post", path, json={})
    assert (second.json["revision"], second.json["position"], second.json["comments"]) == (2, 1, [str(other.id)])
    tx.refresh(news)
    assert str(news.preview_file_id) == second.json["id"]
    extra = api(people["user"], "post", f"/actions/tasks/{task.id}/comments/{other.id}/preview-files/{second.json['id']}")
    assert (extra.status_code, extra.json["revision"], extra.json["position"]) == (201, 2, 2)


def test_previews_of_a_revision_change_places(add_preview, api, people):
    ids = [add_preview().json["id"] for _ in range(3)]
    path = f"/actions/preview-files/{ids[2]}/update-position"
    moved = api(people["user"], "put", path, json={"position": 1})
    assert [(row["id"], row["position"]) for row in moved.json] == [(ids[2], 1), (ids[0], 2), (ids[1], 3)]
    assert [row["id"] for row in api(people["user"], "put", path, json={"position": 9}).json] == [ids[2], ids[0], ids[1]]
    assert api(people["vendor"], "put", path, json={"position": 1}).status_code == 403


def test_one_file_a_revision_where_the_production_wants_that(add_preview, tx):
    tx.execute(sa.update(Project).values(is_single_preview_per_revision=True))
    tx.commit()
    assert add_preview().status_code == 201
    assert add_preview().status_code == 400
    assert tx.scalar(sa.select(sa.func.count()).select_from(PreviewFile)) == 1


@pytest.mark.parametrize("role, code", [("manager", 200), ("user", 200), ("client", 403), ("vendor", 403), ("outsider", 403)])
def test_who_may_choose_the_main_preview(add_preview, upload, picture, api, people, tx, task, role, code):
    id = add_preview().json["id"]
    upload(id, picture)
    answer = api(people[role], "put", f"/actions/preview-files/{id}/set-main-preview", json={})
    assert answer.status_code == code
    main = tx.scalar(sa.select(Entity.preview_file_id).where(Entity.id == task.entity_id))
    assert str(main) == (id if code == 200 else "None")
    if code == 200:
        assert (answer.json["preview_file_id"], answer.json["preview_file_status"]) == (id, "ready")
        assert events_of(tx)[-2:] == ["preview-file:set-main", "asset:update"]


def test_a_ready_preview_becomes_the_main_one_where_that_is_automatic(add_preview, upload, picture, tx, task):
    tx.execute(sa.update(Project).values(is_set_preview_automated=True))
    tx.commit()
    id = add_preview().json["id"]
    upload(id, picture)
    assert str(tx.scalar(sa.select(Entity.preview_file_id).where(Entity.id == task.entity_id))) == id


def test_a_frame_of_a_picture_cannot_be_shown(add_preview, upload, picture, api, people):
    id = add_preview().json["id"]
    upload(id, picture)
    answer = api(people["user"], "put", f"/actions/preview-files/{id}/set-main-preview", json={"frame_number": 3})
    assert (answer.status_code, answer.json["message"]) == (400, "Can't use a given frame on non movie preview")


def test_the_last_preview_of_a_task_becomes_the_main_one(add_preview, upload, picture, api, people, task, make):
    none = api(people["user"], "put", f"/actions/tasks/{task.id}/set-main-preview")
    assert none.status_code == 400
    id = add_preview().json["id"]
    upload(id, picture)
    assert api(people["user"], "put", f"/actions/tasks/{task.id}/set-main-preview").json["preview_file_id"] == id
    many = api(people["user"], "put", "/actions/tasks/set-main-preview", json={"task_ids": [str(task.id)]})
    assert [entity["preview_file_id"] for entity in many.json] == [id]


@pytest.mark.parametrize("role, code", [("manager", 201), ("vendor", 403), ("outsider", 403)])
def test_who_may_send_a_file(add_preview, upload, picture, role, code):
    assert upload(add_preview().json["id"], picture, role=role).status_code == code


def test_who_may_see_a_picture(add_preview, upload, picture, api, people, tx, task, make):
    id = add_preview().json["id"]
    upload(id, picture)
    path = f"/pictures/thumbnails/preview-files/{id}.png"
    codes = {role: api(people[role], "get", path).status_code for role in ("client", "vendor", "outsider")}
    assert codes == {"client": 200, "vendor": 403, "outsider": 403}
    tx.execute(sa.update(Entity).where(Entity.id == task.entity_id).values(is_shared=True, preview_file_id=id))
    tx.commit()
    codes = {role: api(people[role], "get", path).status_code for role in ("vendor", "outsider")}
    assert codes == {"vendor": 403, "outsider": 200}
    assert api(people["outsider"], "get", f"/pictures/previews/preview-files/{id}.png").status_code == 403
    assert api(None, "get", path).status_code == 401
    assert tx.get(Task, task.id) is not None


@pytest.mark.parametrize("id", ["no-id", "01a47552-81f3-47b8-84ca-e8acf63af886"])
def test_an_unknown_preview_is_not_found(api, people, upload, picture, id):
    assert api(people["user"], "get", f"/pictures/thumbnails/preview-files/{id}.png").status_code == 404
    assert upload(id, picture).status_code == 404


@pytest.mark.parametrize("name", ["beauty.exr", "scan.dpx", "plate.tif", "light.hdr", "paint.psd", "still.WEBP"])
def test_pictures_that_browsers_do_not_show_are_kept_and_have_a_web_version(add_preview, upload, api, people, tx, tmp_path, app, name):
    extension = name.rsplit(".")[1].lower()
    path = tmp_path / f"a.{extension}"
    if extension == "webp":
        Image.new("RGB", (WIDTH, HEIGHT), "red").save(path)
    elif extension == "psd":
        photoshop(path)
    else:
        written(path, light())
    content, id = path.read_bytes(), add_preview().json["id"]
    sent = upload(id, content, name)
    values = {key: sent.json[key] for key in ("extension", "status", "width", "height", "file_size")}
    assert values == {"extension": extension, "status": "ready", "width": WIDTH, "height": HEIGHT, "file_size": len(content)}
    for folder, size in {"thumbnails": (150, 100), "thumbnails-square": (100, 100), "previews": (1200, 675), "originals": (32, 18)}.items():
        got = api(people["user"], "get", f"/pictures/{folder}/preview-files/{id}.png")
        assert (got.status_code, Image.open(io.BytesIO(got.data)).size) == (200, size)
    assert api(people["user"], "get", f"/pictures/originals/preview-files/{id}.{extension}").data == content
    kept = api(people["user"], "get", f"/pictures/originals/preview-files/{id}/download")
    assert (kept.data, kept.headers["Content-Disposition"][-len(extension) - 1 :]) == (content, f".{extension}")
    assert len(tx.scalars(sa.select(PreviewFileStorageState)).all()) == 5
    assert api(people["manager"], "delete", f"/data/preview-files/{id}?force=true").status_code == 204
    assert [row for row in stored(app) if id in row] == []


def test_a_file_that_is_not_the_picture_it_claims_is_a_document_or_refused(add_preview, upload, api, people, tx):
    """The contract's server keeps EXR and Photoshop files as they come; the kinds that only this server takes must be what they claim."""
    id = add_preview().json["id"]
    sent = upload(id, b"not a render", "beauty.exr")
    assert (sent.status_code, sent.json["status"], sent.json["width"]) == (201, "ready", 0)
    assert api(people["user"], "get", f"/pictures/thumbnails/preview-files/{id}.png").status_code == 404
    for name in ("a.tif", "a.dpx", "a.hdr", "a.webp"):
        answer = upload(add_preview().json["id"], b"not a picture", name)
        assert (answer.status_code, answer.json["message"]) == (400, "Uploaded file is not a readable picture.")
    assert len(tx.scalars(sa.select(StoredFile)).all()) == 1
