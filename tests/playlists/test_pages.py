"""Lists of playlists, one with its previews, entries that are added."""

import uuid

import pytest
import sqlalchemy as sa

from zou.entities.models import Entity
from zou.platform.events.models import ApiEvent
from zou.playlists.models import Playlist
from zou.previews.models import PreviewFile
from zou.productions.models import Project
from zou.tasks.models import Task, TaskType

UNKNOWN = "01a47552-81f3-47b8-84ca-e8acf63af886"
ODD = [None, 3, "x", [], {}, [3], [None], [{}], [{"entity_id": None}], [{"entity_id": "x"}], [{"entity_id": UNKNOWN}], ["\x00"]]


def test_a_playlist_of_200_entries_costs_what_one_of_two_does(api, people, project, playlist, shots, make, tx, statements):
    address = f"/data/projects/{project.id}/playlists/{playlist.id}"
    with statements() as few:
        assert api(people["user"], "get", address).status_code == 200
    entity, task, _ = shots[0]
    like = {"name": "main", "project_id": project.id, "task_type_id": task.task_type_id, "task_status_id": task.task_status_id}
    entries = []
    for n in range(200):
        copy = Entity(name=f"Copy {n}", project_id=project.id, entity_type_id=entity.entity_type_id, parent_id=entity.parent_id)
        tx.add(copy)
        tx.flush()
        work = Task(entity_id=copy.id, **like)
        tx.add(work)
        tx.flush()
        preview = PreviewFile(name=f"copy {n}", task_id=work.id, revision=1, extension="mp4", status="ready")
        tx.add(preview)
        tx.flush()
        entries.append({"entity_id": str(copy.id), "preview_file_id": str(preview.id)})
    playlist.shots = entries
    tx.commit()
    with statements() as many:
        answer = api(people["user"], "get", address)
    assert [entry["preview_file_id"] for entry in answer.json["shots"]] == [entry["preview_file_id"] for entry in entries]
    assert len(many) == len(few) <= 5
    with statements() as adding:
        wanted = {"entity_ids": [entry["entity_id"] for entry in entries] + [str(shots[2][0].id)]}
        answer = api(people["manager"], "post", f"/actions/playlists/{playlist.id}/add-entities", json=wanted)
    assert answer.json["shots"][200:] == [{"entity_id": str(shots[2][0].id), "preview_file_id": str(shots[2][2][1].id)}]
    assert len(adding) <= 9


def test_an_entry_shows_its_preview_and_all_of_its_entity(api, people, project, playlist, shots, make):
    _, task, (first, second) = shots[0]
    side = make(PreviewFile, task_id=task.id, revision=1, position=2, extension="png")
    entry = api(people["user"], "get", f"/data/projects/{project.id}/playlists/{playlist.id}").json["shots"][0]
    assert (entry["preview_file_id"], entry["preview_file_status"]) == (str(first.id), "Ready")
    assert [other["id"] for other in entry["preview_file_previews"]] == [str(side.id)]
    listed = entry["preview_files"][str(task.task_type_id)]
    assert [(preview["id"], [p["id"] for p in preview["previews"]]) for preview in listed] == [
        (str(second.id), []),
        (str(first.id), [str(side.id)]),
    ]


def test_a_preview_that_is_gone_is_left_out(api, people, project, playlist, tx):
    playlist.shots = [{**playlist.shots[0], "preview_file_id": str(uuid.uuid4())}, {"shot_id": playlist.shots[1]["entity_id"]}, {}, None, 3]
    tx.commit()
    entries = api(people["user"], "get", f"/data/projects/{project.id}/playlists/{playlist.id}").json["shots"]
    assert ["preview_file_id" in entry for entry in entries] == [False, False, False]
    assert entries[1]["id"] == playlist.shots[1]["shot_id"]
    assert entries[2] == {"id": None, "preview_files": []}


@pytest.mark.parametrize("who", ["admin", "manager", "supervisor", "user", "client", "vendor", "outsider"])
def test_no_list_shows_what_the_item_refuses(api, people, project, playlist, make, who):
    inside = make(Playlist, name="Inside", project_id=project.id)
    listed = api(people[who], "get", f"/data/projects/{project.id}/playlists")
    seen = {row["id"] for row in listed.json} if listed.status_code == 200 else set()
    for row in (playlist, inside):
        item = api(people[who], "get", f"/data/projects/{project.id}/playlists/{row.id}").status_code
        assert (item == 200) is (str(row.id) in seen)
        assert (api(people[who], "get", f"/data/playlists/{row.id}").status_code == 200) is (str(row.id) in seen)


def test_lists_are_sorted_and_paged(api, people, project, playlist, make):
    for n in range(24):
        make(Playlist, name=f"List {n:02d}", project_id=project.id, for_entity="asset")
    address = f"/data/projects/{project.id}/playlists?sort_by=name"
    pages = [api(people["user"], "get", f"{address}&page={page}").json for page in (0, 1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 5, 0]
    assert [row["name"] for row in pages[1] + pages[2]] == ["Dailies", *[f"List {n:02d}" for n in range(24)]]
    assert pages[1][0]["first_preview_file_id"] == playlist.shots[0]["preview_file_id"]
    assert "first_preview_file_id" not in pages[1][1] and "shots" not in pages[1][0]


def test_the_pseudo_episodes(api, people, project, shots, make):
    rows = {
        "main": make(Playlist, project_id=project.id),
        "all": make(Playlist, project_id=project.id, is_for_all=True),
        str(shots[0][0].parent_id): make(Playlist, project_id=project.id, episode_id=shots[0][0].parent_id, for_entity="asset"),
    }
    for name, row in rows.items():
        address = f"/data/projects/{project.id}/episodes/{name}/playlists"
        assert [found["id"] for found in api(people["user"], "get", address).json] == [str(row.id)]
        shown = api(people["user"], "get", f"{address}?for_entity=shot").json
        assert [found["id"] for found in shown] == ([str(row.id)] if name in ("main", "all") else [])
    assert api(people["user"], "get", f"/data/projects/{project.id}/episodes/{uuid.uuid4()}/playlists").status_code == 404


@pytest.mark.parametrize("query", ["page=x", "page=999999999999999999999", "task_type_id=x", "sort_by=shots", "sort_by=x", "task_type_id="])
def test_odd_queries_are_no_fault(api, people, project, playlist, query):
    answer = api(people["user"], "get", f"/data/projects/{project.id}/playlists?{query}")
    assert answer.status_code == (400 if query in ("page=x", "task_type_id=x") else 200)


@pytest.mark.parametrize("key", ["entities", "entity_ids"])
@pytest.mark.parametrize("value", ODD, ids=repr)
def test_odd_entries_are_refused_and_nothing_is_written(api, people, playlist, tx, key, value):
    before = list(playlist.shots)
    answer = api(people["manager"], "post", f"/actions/playlists/{playlist.id}/add-entities", json={key: value})
    assert answer.status_code == 400
    tx.expire_all()
    assert playlist.shots == before
    assert tx.scalars(sa.select(ApiEvent)).all() == []


def test_an_entity_of_another_production_is_refused(api, people, playlist, make, shots):
    other = make(Entity, project_id=make(Project).id, entity_type_id=shots[0][0].entity_type_id)
    answer = api(people["admin"], "post", f"/actions/playlists/{playlist.id}/add-entity", json={"entity_id": str(other.id)})
    assert answer.status_code == 400


def test_a_couple_is_there_once(api, people, playlist, shots, tx):
    entity, _, (first, second) = shots[0]
    wanted = [{"entity_id": str(entity.id), "preview_file_id": id} for id in (str(first.id), str(second.id).upper(), "", str(uuid.uuid4()))]
    answer = api(people["manager"], "post", f"/actions/playlists/{playlist.id}/add-entities", json={"entities": wanted})
    assert [entry["preview_file_id"] for entry in answer.json["shots"][2:]] == [str(second.id)]
    names = tx.scalars(sa.select(ApiEvent.name)).all()
    assert names == ["playlist:add_entity"]


def test_a_temporary_playlist_shows_the_newest_and_stores_nothing(api, people, project, shots, tx, statements):
    body = {"task_ids": [str(task.id) for _, task, _ in reversed(shots)]}
    with statements() as seen:
        answer = api(people["user"], "post", f"/data/projects/{project.id}/playlists/temp", json=body)
    assert [(entry["name"], entry["preview_file_id"]) for entry in answer.json] == [
        (entity.name, str(previews[1].id)) for entity, _, previews in reversed(shots)
    ]
    assert len(seen) <= 6
    ordered = api(people["user"], "post", f"/data/projects/{project.id}/playlists/temp?sort=true", json=body).json
    assert [entry["name"] for entry in ordered] == ["SH00", "SH01", "SH02"]
    assert tx.scalars(sa.select(Playlist)).all() == []


def test_keys_of_an_entry_stay_and_task_types_are_in_their_order(api, people, project, playlist, shots, make, tx):
    entity, task, (first, _) = shots[0]
    urgent = make(TaskType, name="Layout", for_entity="Shot", priority=9)
    layout = make(Task, project_id=project.id, entity_id=entity.id, task_type_id=urgent.id, task_status_id=task.task_status_id)
    make(PreviewFile, task_id=layout.id, revision=1, extension="png")
    note = {"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz": {"deep": {"deeper": [{}]}}, "preview_files": "old"}
    playlist.shots = [{**playlist.shots[0], **note}, {"id": playlist.shots[0]["entity_id"].upper(), "preview_file_id": "x"}]
    tx.commit()
    answer = api(people["user"], "get", f"/data/projects/{project.id}/playlists/{playlist.id}")
    one, other = answer.json["shots"]
    assert one["zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"] == note["zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"]
    assert one["preview_file_id"] == str(first.id)
    for entry in (one, other):
        assert entry["id"] == str(entity.id)
        assert list(entry["preview_files"]) == [str(urgent.id), str(task.task_type_id)]
    assert "preview_file_id" not in other
