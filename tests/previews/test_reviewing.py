"""Drawings on previews, the stills made of them, backgrounds, and what a cascade leaves behind."""

import io
import threading
import zipfile

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import Session

from tests.conftest import token_of
from tests.making import make
from tests.world import build
from zou.comments.models import Comment
from zou.entities.models import Entity
from zou.files.models import StoredFile
from zou.people.models import Person
from zou.platform.media import drawings
from zou.previews.models import PreviewBackgroundFile, PreviewFile
from zou.previews.services import annotations
from zou.tasks.models import Task

HDR = b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 4 +X 4\n" + b"\x80@ \x81" * 16
STROKE = {
    "id": "a", "type": "path", "path": [["M", 0, 0], ["L", 320, 180]], "stroke": "#ff0000", "strokeWidth": 20, "left": 0, "top": 0,
    "width": 320, "height": 180, "canvasWidth": 320, "canvasHeight": 180, "fill": None,
}  # fmt: skip


@pytest.fixture
def preview(add_preview, upload, picture, tx):
    """A picture of the task."""
    id = add_preview().json["id"]
    upload(id, picture)
    return tx.get(PreviewFile, id)


@pytest.fixture
def annotate(api, people, preview):
    """`annotate(**body)`: the answer to changed drawings."""

    def send(role="manager", **body):
        return api(people[role], "put", f"/actions/preview-files/{preview.id}/update-annotations", json=body)

    return send


def test_drawings_are_added_replaced_and_removed_by_their_ids(annotate):
    first = annotate(additions=[{"time": 1, "drawing": {"objects": [{"id": "a", "n": 1}, {"n": 2}]}}])
    (a, b) = first.json["annotations"][0]["drawing"]["objects"]
    assert (first.status_code, a, b["n"], len(b["id"])) == (200, {"id": "a", "n": 1}, 2, 36)
    again = annotate(additions=[{"time": 1, "drawing": {"objects": [{"id": "a", "n": 9}, {"id": "c"}]}}, {"time": "1"}])
    assert [drawn["id"] for drawn in again.json["annotations"][0]["drawing"]["objects"]] == ["a", b["id"], "c"]
    moved = annotate(updates=[{"time": 1, "drawing": {"objects": [{"id": "a", "n": 3}, {"id": "unknown"}]}}])
    assert moved.json["annotations"][0]["drawing"]["objects"] == [b, {"id": "c"}, {"id": "a", "n": 3}]
    gone = annotate(deletions=[{"time": 1, "objects": ["a", b["id"], "c", "x"]}])
    assert gone.json["annotations"] == []


@pytest.mark.parametrize(
    "body",
    [{"additions": None}, {"additions": {}}, {"additions": [{}]}, {"additions": [3]}, {"updates": [{"time": []}]},
     {"additions": [{"time": 1, "drawing": []}]}, {"deletions": [{"time": 1, "objects": 3}]},
     {"additions": [{"time": 1, "drawing": {"objects": [1]}}]}],
)  # fmt: skip
def test_odd_drawings_are_refused(annotate, tx, preview, body):
    assert annotate(**body).status_code == 400
    tx.refresh(preview)
    assert preview.annotations is None


@pytest.mark.parametrize("role, status", [("user", 403), ("vendor", 403), ("client", 200), ("supervisor", 200), ("manager", 200)])
def test_reviewers_draw(annotate, role, status):
    assert annotate(role, additions=[]).status_code == status


def test_changes_of_two_reviewers_commute():
    def changed(*changes):
        sheets = []
        for change, sheet in changes:
            change(sheets, sheet)
        return {sheet["time"]: sorted(drawn["id"] for drawn in annotations.objects_of(sheet)) for sheet in sheets}

    one, other = {"time": 0, "drawing": {"objects": [{"id": "a"}]}}, {"time": 0, "drawing": {"objects": [{"id": "b"}]}}
    assert changed((annotations.add, one), (annotations.add, other)) == changed((annotations.add, other), (annotations.add, one))


def test_stills_show_what_was_drawn(annotate, api, people, preview):
    path = f"/actions/preview-files/{preview.id}"
    assert api(people["manager"], "get", f"{path}/extract-annotated-frame").status_code == 400
    annotate(additions=[{"time": 0, "drawing": {"objects": [STROKE, {"type": "path", "path": "odd"}, {"type": "unknown"}]}}])
    still = api(people["manager"], "get", f"{path}/extract-annotated-frame")
    picture = Image.open(io.BytesIO(still.data))
    assert (picture.size, picture.getpixel((600, 337))) == ((1200, 675), (255, 0, 0, 255))
    archive = api(people["manager"], "get", f"{path}/extract-annotated-frames")
    (name,) = zipfile.ZipFile(io.BytesIO(archive.data)).namelist()
    assert name.endswith("_frame_1.png")
    assert api(people["manager"], "get", f"{path}/extract-annotated-frames-pdf").data[:5] == b"%PDF-"
    assert api(people["user"], "get", f"{path}/extract-annotated-frame").status_code == 403


@pytest.mark.parametrize(
    "kind", [*sorted(drawings.TEXTS), "rect", "circle", "ellipse", "line", "arrow", "polyline", "polygon", "psstroke", "group"]
)
@pytest.mark.parametrize("value", [None, "x", -1, 1e300, [], [{"x": 1}], [{"x": 1e300, "y": 2}, {"x": 3, "y": 4}]])
def test_no_object_stops_a_still(kind, value):
    keys = "left top width height scaleX angle strokeWidth stroke fill points strokePoints text fontSize rx radius x1 eraser objects"
    drawn = {"stroke": "#00ff00", **dict.fromkeys(keys.split(), value), "type": kind, "text": "note"}
    assert drawings.draw(Image.new("RGB", (32, 18)), [drawn]).size == (32, 18)


def test_a_frame_of_a_movie_can_be_had(add_preview, upload, movie, api, people):
    id = add_preview().json["id"]
    upload(id, movie, "shot.mov")
    path = f"/actions/preview-files/{id}"
    for number in (0, 1, 3):
        assert Image.open(io.BytesIO(api(people["manager"], "get", f"{path}/extract-frame?frame_number={number}").data)).height == 1080
    assert api(people["manager"], "get", f"{path}/extract-frame?frame_number=9999").status_code == 404
    assert api(people["manager"], "get", f"{path}/extract-annotated-frame").status_code == 400
    assert api(people["user"], "get", f"{path}/extract-tile").content_type == "image/png"


def test_the_file_of_a_background_is_kept_and_shown(api, people, make, tx):
    background = make(PreviewBackgroundFile, name="Studio")
    tx.commit()
    path = f"/pictures/preview-background-files/{background.id}"
    sent = api(people["admin"], "post", path, data={"file": (io.BytesIO(HDR), "dawn.hdr")})
    assert (sent.status_code, sent.json["file_size"], sent.json["original_name"]) == (201, len(HDR), "dawn")
    assert api(people["user"], "get", f"{path}.hdr").data == HDR
    thumbnail = api(people["user"], "get", f"/pictures/thumbnails/preview-background-files/{background.id}.png")
    assert Image.open(io.BytesIO(thumbnail.data)).size == (300, 200)
    refused = api(people["admin"], "post", path, data={"file": (io.BytesIO(b"no light"), "dawn.hdr")})
    assert refused.status_code == 400
    assert tx.scalars(sa.select(PreviewBackgroundFile)).all() == []


def test_a_comment_takes_its_preview_along_and_another_one_stands_for_the_entity(api, people, preview, comment, task, project, make, tx):
    project.is_set_preview_automated = True
    older = make(PreviewFile, task_id=task.id, revision=9, position=1, status="ready", extension="png")
    tx.get(Entity, task.entity_id).preview_file_id = preview.id
    comment_id, task_id, entity_id, older_id = comment.id, task.id, task.entity_id, older.id
    tx.commit()
    assert api(people["manager"], "delete", f"/data/comments/{comment_id}").status_code == 204
    tx.expire_all()
    assert tx.get(Comment, comment_id) is None
    assert tx.get(Task, task_id).last_preview_file_id == older_id
    assert tx.get(Entity, entity_id).preview_file_id == older_id
    assert all(tx.scalars(sa.select(StoredFile.deleted_at.is_not(None))))


@pytest.mark.parametrize("times", [(1, 1), (1, 2)], ids=["one frame", "two frames"])
def test_what_two_reviewers_draw_at_once_adds_up(own_application, times):
    """Each adds, replaces and removes strokes of their own, again and again: nothing is lost, whatever the order."""
    app, engine = own_application
    with Session(engine, expire_on_commit=False) as tx:
        world = build(tx)
        preview, people = world[PreviewFile], [make(tx, Person, role="admin") for _ in times]
        preview.annotations = [{"time": 1, "drawing": {"objects": [{"id": "first"}]}}]
        tx.commit()
    headers = [{"Authorization": f"Bearer {token_of(app, person)}"} for person in people]
    path, rounds, codes = f"/actions/preview-files/{preview.id}/update-annotations", 12, []
    start = threading.Barrier(len(people))

    def review(who, time):
        start.wait()
        for number in range(rounds):
            names = [f"{who}-{number}-{part}" for part in ("kept", "gone")]
            strokes = [{"time": time, "drawing": {"objects": [{"id": name, "n": 0} for name in names]}}]
            changed = [{"time": time, "drawing": {"objects": [{"id": names[0], "n": 1}]}}]
            removed = [{"time": time, "objects": [names[1]]}]
            for body in ({"additions": strokes}, {"updates": changed, "deletions": removed}):
                codes.append(app.test_client().put(path, json=body, headers=headers[who]).status_code)

    threads = [threading.Thread(target=review, args=pair) for pair in enumerate(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(engine) as tx:
        sheets = tx.get(PreviewFile, preview.id).annotations
    assert set(codes) == {200}
    drawn = {stroke["id"]: stroke.get("n") for sheet in sheets for stroke in sheet["drawing"]["objects"]}
    assert drawn == {"first": None} | {f"{who}-{number}-kept": 1 for who in range(2) for number in range(rounds)}
    assert [sheet["time"] for sheet in sheets] == sorted(set(times))
