"""Rows of another installation, written under their own ids."""

import uuid

import orjson
import pytest
import sqlalchemy as sa

from tests.world import build
from zou.comments.models import AttachmentFile, Comment, comment_mentions
from zou.entities.models import Entity, EntityLink
from zou.exchange.services import kitsu
from zou.platform.db import Base
from zou.platform.events.models import ApiEvent
from zou.playlists.models import BuildJob, Playlist
from zou.previews.models import PreviewFile
from zou.productions.models import Project, ProjectPersonLink
from zou.tasks.models import Task, task_person_link


@pytest.fixture
def world(tx, make):
    """A connected row of every kind."""
    rows = build(tx)
    rows = dict(rows if isinstance(rows, dict) else vars(rows))
    playlist = next(row for row in rows.values() if type(row) is Playlist)
    return {**rows, "job": make(BuildJob, playlist_id=playlist.id, job_type="movie", status="running")}


@pytest.fixture
def send(api, people):
    """`send(kind, entries)`: the answer to rows of another installation."""
    return lambda kind, entries, query="": api(people["admin"], "post", f"/import/kitsu/{kind}{query}", json=entries)


def row_of(world, kind):
    """The first row of the world of a kind."""
    return next(row for row in world.values() if type(row) is kitsu.KINDS[kind].model)


def serialised(api, people, kind, row):
    """The row as the generic route shows it."""
    path = {"news": "news", "entities": "entities"}.get(kind, kind)
    answer = api(people["admin"], "get", f"/data/{path}/{row.id}?relations=true")
    return answer.json if answer.status_code == 200 else None


def dump(tx):
    """All rows of the contract's tables but the log, without the dates of their last change."""
    found = {}
    for name, table in Base.metadata.tables.items():
        if table.schema is None and name not in ("api_event", "entity_type"):
            columns = [whole_seconds(column) for column in table.columns if column.name != "updated_at"]
            found[name] = sorted(map(str, tx.execute(sa.select(*columns)).all()))
    return found


def whole_seconds(column):
    """A column; of a moment the part that another installation sends."""
    return sa.func.date_trunc("second", column) if isinstance(column.type, sa.DateTime) else column


@pytest.mark.parametrize("kind", kitsu.KINDS)
def test_a_row_comes_back_as_it_was(api, people, send, world, tx, kind):
    row = row_of(world, kind)
    entry = serialised(api, people, kind, row)
    if entry is None:
        entry = {column.name: orjson.loads(orjson.dumps(getattr(row, column.key), default=str)) for column in row.__table__.columns}
        entry |= {"notification_type": entry.pop("type")} if kind == "notifications" else {}
    tx.execute(sa.delete(ApiEvent))
    tx.commit()
    before = dump(tx)
    answer = send(kind, [entry])
    assert (answer.status_code, [answer.json[0]["id"]]) == (200, [str(row.id)]), answer.text
    tx.expire_all()
    after = dump(tx)
    if kind == "preview-files":
        assert tx.get(PreviewFile, row.id).data == {"imported_only": True}
        before.pop("preview_file"), after.pop("preview_file")
    assert after == before
    names = tx.scalars(sa.select(ApiEvent.name)).all()
    assert [name.split(":")[1] for name in names] == ["update"], names


def entity(show, **columns):
    return {"id": str(uuid.uuid4()), "name": "X", "project_id": str(show.project.id), **columns}


def test_entities_say_their_kind_and_frames_otherwise(show, send, tx):
    sequence, shot, asset = entity(show, type="Sequence"), entity(show, type="Shot", name="Y"), entity(show, type="Asset", name="Z")
    shot |= {
        "sequence_id": sequence["id"],
        "frame_in": 1,
        "frame_out": 9,
        "fps": "25",
        "data": {"a": 1},
        "preview_file_id": str(uuid.uuid4()),
    }
    shot |= {"entities_out": [asset["id"], str(uuid.uuid4())], "sequence_name": "derived", "tasks": []}
    asset |= {"asset_type_id": str(show.props.id)}
    assert send("entities", [sequence, shot, asset]).status_code == 200
    stored = tx.get(Entity, uuid.UUID(shot["id"]))
    assert (str(stored.parent_id), stored.entity_type_id, stored.preview_file_id) == (sequence["id"], show.kinds["Shot"].id, None)
    assert stored.data == {"a": 1, "frame_in": 1, "frame_out": 9, "fps": "25"}
    assert tx.get(Entity, uuid.UUID(asset["id"])).entity_type_id == show.props.id
    assert [str(id) for id in tx.scalars(sa.select(EntityLink.entity_out_id))] == [asset["id"]]
    assert set(tx.scalars(sa.select(ApiEvent.name))) == {"sequence:new", "shot:new", "asset:new"}
    assert send("entities", [{**shot, "entities_out": []}], "?silent=1").status_code == 200
    assert tx.scalars(sa.select(EntityLink)).all() == []
    assert tx.scalar(sa.select(sa.func.count()).select_from(ApiEvent)) == 3


def test_links_of_productions_are_added_those_of_tasks_and_comments_replaced(show, send, people, make, tx):
    team = [str(people["user"].id), str(show.artist.id), str(uuid.uuid4())]
    project = {"id": str(show.project.id), "name": show.project.name, "team": team, "task_types": [str(show.types["Asset"].id)]}
    before = set(tx.scalars(sa.select(ProjectPersonLink.person_id)))
    assert send("projects", [project]).status_code == 200
    assert set(tx.scalars(sa.select(ProjectPersonLink.person_id))) == before | {show.artist.id}
    chair = make(Entity, name="Chair", project_id=show.project.id, entity_type_id=show.props.id)
    task = {"id": str(uuid.uuid4()), "name": "main", "project_id": str(show.project.id), "entity_id": str(chair.id)}
    task |= {"task_type_id": str(show.types["Asset"].id), "task_status_id": str(show.todo.id)}
    for assignees in ([str(show.artist.id), str(people["user"].id)], [str(people["user"].id)]):
        assert send("tasks", [{**task, "assignees": assignees}]).status_code == 200
        assert sorted(str(id) for id in tx.scalars(sa.select(task_person_link.c.person_id))) == sorted(assignees)
    assert send("tasks", [task]).status_code == 200
    assert len(tx.execute(sa.select(task_person_link)).all()) == 1
    comment = {"id": str(uuid.uuid4()), "object_id": task["id"], "object_type": "Task", "text": "a", "person_id": str(show.artist.id)}
    assert send("comments", [{**comment, "mentions": [str(show.artist.id)], "previews": [], "attachment_files": []}]).status_code == 200
    file = make(AttachmentFile, name="a.png", extension="png", mimetype="image/png", size=1)
    assert send("comments", [{**comment, "mentions": [], "attachment_files": [str(file.id)]}]).status_code == 200
    assert tx.execute(sa.select(comment_mentions)).all() == []
    assert tx.get(AttachmentFile, file.id, populate_existing=True).comment_id == uuid.UUID(comment["id"])


def test_one_bad_entry_writes_none(show, send, counts, tx):
    before = counts()
    good, bad = entity(show, type="Shot"), entity(show, type="Shot", name="Y", project_id=str(uuid.uuid4()))
    assert send("entities", [good, bad]).status_code == 400
    for entry in ({**bad, "id": "x"}, {**bad, "project_id": "x"}, {**bad, "name": None}, "x", None):
        answer = send("entities", [good, entry])
        assert (answer.status_code, answer.json["message"] != "") == (400, True)
    assert send("entities", [good, {**bad, "id": 5}]).json["data"]["errors"][0]["line"] == 2
    assert counts() == before


VALUES = (None, "x", [{"id": "x"}], 2**40)


@pytest.mark.parametrize("kind", kitsu.KINDS)
def test_no_odd_entry_is_a_fault(api, people, send, world, kind):
    row = row_of(world, kind)
    entry = {column.name: orjson.loads(orjson.dumps(getattr(row, column.key), default=str)) for column in row.__table__.columns}
    for body in ({}, "x", 1, [1], [None], [[]], [{}], [{"id": 1}]):
        assert send(kind, body).status_code == 400
    keys = {*entry, "type", *kitsu.KINDS[kind].added, *kitsu.KINDS[kind].replaced, "asset_type_id", "frame_in"}
    for key in keys:
        for value in VALUES:
            answer = send(kind, [{**entry, key: value}], "?silent=true")
            assert answer.status_code in (200, 400), (key, value, answer.text[:300])


def test_many_rows_are_no_more_statements(show, send, statements, tx):
    counted = []
    for count in (100, 300):
        entries = [entity(show, type="Shot", name=f"{count}/{n}", entities_out=[]) for n in range(count)]
        for _ in range(2):
            with statements() as seen:
                assert send("entities", entries).status_code == 200
            counted.append(len(seen))
    assert counted[2] <= counted[0] + 1
    assert counted[3] <= counted[1] + 2
    assert isinstance(tx.get(Project, show.project.id), Project)
    assert tx.scalar(sa.select(sa.func.count()).select_from(Task)) + tx.scalar(sa.select(sa.func.count()).select_from(Comment)) == 0
