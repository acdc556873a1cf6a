"""Rules of contract/rules/entities.md and deletion.md §5 that the recordings do not reach, by paragraph."""

import pytest
import sqlalchemy as sa

from tests.making import join_team
from tests.making import make as insert
from zou.entities.models import AssetInstance, Entity, EntityConceptLink, EntityLink, EntityType, EntityVersion
from zou.inbox.models import News, Subscription
from zou.planning.models import ScheduleItem
from zou.playlists.models import Playlist, PlaylistShareLink
from zou.productions.models import Project
from zou.tasks.models import Task, TaskStatus, TaskType

NOBODY = "01a47552-81f3-47b8-84ca-e8acf63af886"


@pytest.fixture
def tree(make, kind, project):
    """An episode with a sequence, a shot, a scene, an edit and an asset, by kind."""
    found, of = {}, {"project_id": project.id}
    found["Episode"] = make(Entity, name="E01", entity_type_id=kind("Episode").id, **of)
    found["Sequence"] = make(Entity, name="SQ01", entity_type_id=kind("Sequence").id, parent_id=found["Episode"].id, **of)
    for name in ("Shot", "Scene"):
        found[name] = make(Entity, name=f"{name} 1", entity_type_id=kind(name).id, parent_id=found["Sequence"].id, **of)
    found["Edit"] = make(Entity, name="Edit 1", entity_type_id=kind("Edit").id, parent_id=found["Episode"].id, **of)
    found["Asset"] = make(Entity, name="Tree", entity_type_id=kind("Props").id, source_id=found["Episode"].id, **of)
    found["Concept"] = make(Entity, name="Concept 1", entity_type_id=kind("Concept").id, **of)
    return found


def ids_of(answer):
    return sorted(row["id"] for row in answer.json)


def left(tx, *entities):
    """Which of these entities are still there."""
    ids = set(tx.scalars(sa.select(Entity.id)))
    return [sa.inspect(entity).identity[0] in ids for entity in entities]


# --- §1 to §7: lists and creation --------------------------------------------------------------------------------------------------


def test_what_a_creation_answers_twice(api, people, project, tree, tx, told):
    """§4 to §7: all but assets with a name that is taken below their parent are answered as they are, with 201 and without event."""
    base, boss = f"/data/projects/{project.id}", people["manager"]
    below = {"shots": "sequence_id", "scenes": "sequence_id", "sequences": "episode_id", "edits": "episode_id"}
    for path, name, kind in (
        ("shots", "Shot 1", "Shot"), ("scenes", "Scene 1", "Scene"), ("sequences", "SQ01", "Sequence"), ("edits", "Edit 1", "Edit"),
        ("episodes", "E01", "Episode"), ("concepts", "Concept 1", "Concept"),
    ):  # fmt: skip
        parent = tree["Sequence"] if below.get(path) == "sequence_id" else tree["Episode"]
        sent = {"name": name, "description": "other", **({below[path]: str(parent.id)} if path in below else {})}
        again = api(boss, "post", f"{base}/{path}", json=sent)
        assert (again.status_code, again.json["id"], again.json["description"]) == (201, str(tree[kind].id), None), path
        assert api(boss, "post", f"{base}/{path}", json={"name": ""}).status_code == 400
        assert api(people["user"], "post", f"{base}/{path}", json=sent).status_code == (201 if path == "concepts" else 403)
    assert told() == []
    assets = f"{base}/asset-types/{tree['Asset'].entity_type_id}/assets/new"
    twins = [api(boss, "post", assets, json={"name": "Tree", "is_shared": None}) for _ in range(2)]
    assert [(answer.status_code, answer.json["status"], answer.json["data"]) for answer in twins] == [(201, "running", {})] * 2
    assert [name for name, _ in told()] == ["asset:new"] * 2
    assert told()[0][1]["asset_type"] == str(tree["Asset"].entity_type_id)


def test_events_of_a_creation(api, people, project, tree, told):
    """§4 to §7: what the events of new entities carry; an unknown status of an episode is `running`."""
    base, boss = f"/data/projects/{project.id}", people["manager"]
    made = {}
    for path, body in (
        ("shots", {"name": "n", "sequence_id": str(tree["Sequence"].id)}),
        ("shots", {"name": "n"}),
        ("sequences", {"name": "n"}),
        ("episodes", {"name": "n", "status": "nonsense"}),
        ("scenes", {"name": "n"}),
        ("edits", {"name": "n", "episode_id": str(tree["Episode"].id)}),
        ("concepts", {"name": "n"}),
        ("concept-folders", {"name": "n"}),
    ):
        made[path] = api(boss, "post", f"{base}/{path}", json=body).json
    episode_id, own = str(tree["Episode"].id), {"project_id": str(project.id)}
    names = ["shot", "shot", "sequence", "episode", "scene", "edit", "concept", "concept-folder"]
    assert [name for name, _ in told()] == [f"{name}:new" for name in names]
    data = [data for _, data in told()]
    assert (data[0]["episode_id"], data[1]["episode_id"], data[5]["parent_id"]) == (episode_id, None, episode_id)
    assert data[7] == {"concept_folder_id": made["concept-folders"]["id"], **own}
    assert (made["episodes"]["status"], made["episodes"]["created_by"]) == ("running", str(boss.id))


def test_parents_of_other_kinds_and_productions(api, people, project, tree):
    """§4, §5, §7: a parent that is not of the right kind in the production is not found."""
    for path, key in (("shots", "sequence_id"), ("scenes", "sequence_id"), ("sequences", "episode_id")):
        url = f"/data/projects/{project.id}/{path}"
        for id, status in ((tree["Shot"].id, 404), (NOBODY, 404), ("x", 400)):
            assert api(people["manager"], "post", url, json={"name": "n", key: str(id)}).status_code == status


def test_lists_without_a_production(api, people, project, tree):
    """§4 to §7: lists of shots, sequences, episodes, scenes, edits and concepts without a production are for administrators."""
    for path in ("shots", "shots/all", "sequences", "episodes", "scenes/all", "edits", "edits/all", "concepts"):
        assert api(people["manager"], "get", f"/data/{path}").status_code == 403, path
        assert len(api(people["admin"], "get", f"/data/{path}").json) == 1, path
        assert len(api(people["user"], "get", f"/data/{path}?project_id={project.id}").json) == 1
        assert api(people["user"], "get", f"/data/{path}?project_id={NOBODY}").status_code == 404
    assert len(api(people["user"], "get", f"/data/shots?sequence_id={tree['Sequence'].id}").json) == 1
    assert len(api(people["user"], "get", f"/data/sequences?episode_id={tree['Episode'].id}").json) == 1
    assert api(people["outsider"], "get", f"/data/sequences?episode_id={tree['Episode'].id}").status_code == 403
    assert api(people["user"], "get", "/data/episodes/no-id/sequences").json == []
    assert [api(people["vendor"], "get", f"/data/{path}?project_id={project.id}").status_code for path in ("scenes/all", "concepts")] == [
        403, 403,
    ]  # fmt: skip


def test_assets_of_an_episode(api, people, project, tree, make, kind, tx):
    """§3: those whose source it is and those cast in it, each once; an unknown one is 404; closed productions count too."""
    cast = make(Entity, name="Cast", project_id=project.id, entity_type_id=kind("Props").id)
    other = make(Entity, name="Other", project_id=project.id, entity_type_id=kind("Props").id)
    for asset in (cast, tree["Asset"]):
        make(EntityLink, entity_in_id=tree["Episode"].id, entity_out_id=asset.id)
    wanted = sorted([str(cast.id), str(tree["Asset"].id)])
    path = f"/data/assets?episode_id={tree['Episode'].id}"
    assert ids_of(api(people["user"], "get", path)) == wanted
    assert ids_of(api(people["user"], "get", f"{path}&project_id={project.id}&name=ca%25")) == [str(cast.id)]
    assert api(people["user"], "get", f"/data/assets?episode_id={NOBODY}").status_code == 404
    assert api(people["outsider"], "get", path).status_code == 403
    tx.execute(sa.update(Project).values(project_status_id=None))
    tx.commit()
    assert str(other.id) in ids_of(api(people["user"], "get", "/data/assets/all"))
    assert api(people["outsider"], "get", "/data/assets").json == []


def test_sharing(api, people, project, asset, make, kind, told):
    """§3: for managers of every production that is meant; ids of others are ignored in the routes of one; no event."""
    far = make(Entity, name="Far", project_id=make(Project).id, entity_type_id=kind("Props").id)
    boss, both = people["manager"], {"asset_ids": [str(asset.id), str(far.id)]}
    assert api(boss, "post", "/actions/assets/share", json=both).status_code == 403
    assert api(boss, "post", "/actions/assets/share", json={"asset_ids": [NOBODY]}).status_code == 404
    own = f"/actions/projects/{project.id}/assets/share"
    assert [(row["id"], row["is_shared"]) for row in api(boss, "post", own, json=both).json] == [(str(asset.id), True)]
    assert [row["is_shared"] for row in api(boss, "post", own, json={"is_shared": False}).json] == [False]
    assert api(people["user"], "post", own, json={}).status_code == 403
    assert told() == []


# --- §8 versions -------------------------------------------------------------------------------------------------------------------


def test_the_history_of_a_shot(api, people, project, shot, tx):
    """§8: a version has the name before and the data after a change of name or frames; PUT /data/shots keeps none."""
    path, boss = f"/data/entities/{shot.id}", people["manager"]
    for who, body in (
        (boss, {"data": {"frame_in": 5}}),
        (boss, {"data": {"frame_out": 50}}),
        (boss, {"data": {"note": "x"}}),
        (people["admin"], {"data": {"frame_in": 6}}),
        (boss, {"name": "SH011"}),
    ):
        assert api(who, "put", path, json=body).status_code == 200
    assert api(boss, "put", f"/data/shots/{shot.id}", json={"data": {"frame_in": 9}}).json["data"] == {"frame_in": 9}
    rows = api(boss, "get", f"/data/shots/{shot.id}/versions").json
    assert [(row["name"], row["data"]["frame_in"], row["data"].get("frame_out"), row["type"]) for row in rows] == [
        ("SH010", 6, 50, "ShotVersion"), ("SH010", 6, 50, "ShotVersion"), ("SH010", 5, 50, "ShotVersion"),
    ]  # fmt: skip


# --- §9 deletion -------------------------------------------------------------------------------------------------------------------


def test_what_has_tasks_is_canceled(api, people, project, tree, make, tx, told):
    """§9: with a task the entity is canceled, again and again; by force it goes, and so does one without tasks."""
    for name in ("Asset", "Shot", "Edit", "Concept"):
        entity, path, before = tree[name], f"/data/{name.lower()}s/{tree[name].id}", len(told())
        entity_id = entity.id
        make(Task, project_id=project.id, entity_id=entity_id)
        for _ in range(2):
            assert api(people["manager"], "delete", path).status_code == 204
        tx.expire_all()
        assert tx.get(Entity, entity.id).canceled is True
        assert [event for event, _ in told()[before:]] == [f"{name.lower()}:update"] * 2
        assert api(people["supervisor"], "delete", f"{path}?force=true").status_code == 403
        assert api(people["manager"], "delete", f"{path}?force=TRUE").status_code == 204
        assert (left(tx, entity), tx.scalar(sa.select(Task.id).where(Task.entity_id == entity_id))) == ([False], None)
        names = [event for event, _ in told()[before + 2 :]]
        assert names.count("task:delete") == 1 and f"{name.lower()}:delete" in names


def test_what_keeps_a_group(api, people, project, make, kind, tx, told):
    """§9, deletion.md §5: a sequence or episode to which a row refers is kept with 400, a scene is canceled."""
    own, person = {"project_id": project.id}, {"person_id": people["user"].id, "task_type_id": make(TaskType).id}
    rows = [
        (Task, "entity_id", own), (Entity, "parent_id", own | {"entity_type_id": kind("Props").id}), (Playlist, "episode_id", own),
        (Subscription, "entity_id", person), (EntityVersion, "entity_id", {"name": "v", "data": {}}),
    ]  # fmt: skip
    for model, column, values in rows:
        for name in ("Sequence", "Episode", "Scene"):
            group = make(Entity, name=f"{model.__name__} {name}", project_id=project.id, entity_type_id=kind(name).id)
            make(model, **{column: group.id}, **values)
            answer = api(people["manager"], "delete", f"/data/{name.lower()}s/{group.id}")
            tx.expire_all()
            canceled = tx.get(Entity, group.id).canceled
            if name == "Scene":
                assert (answer.status_code, canceled) == (204, True), model
            else:
                text = f"Some data are still linked to this {name.lower()}."
                assert (answer.status_code, answer.json, canceled) == (400, {"error": True, "message": text}, False), model
    assert {name for name, _ in told()} == {"scene:delete"}


def test_an_empty_group_goes(api, people, project, make, kind, tx, told):
    """§9: nothing refers to it: it goes, whatever is cast in it and however it is planned."""
    for name in ("Sequence", "Episode", "Scene"):
        group = make(Entity, name=f"G {name}", project_id=project.id, entity_type_id=kind(name).id)
        asset = make(Entity, name="Cast", project_id=project.id, entity_type_id=kind("Props").id)
        make(EntityLink, entity_in_id=group.id, entity_out_id=asset.id)
        assert api(people["manager"], "delete", f"/data/{name.lower()}s/{group.id}").status_code == 204
        assert left(tx, group, asset) == [False, True]
    assert [name for name, _ in told()] == ["sequence:delete", "episode:delete", "scene:delete"]


def test_an_episode_goes_by_force_with_all_below(api, people, project, tree, make, kind, tx, told):
    """deletion.md §5: shots, scenes, edits, its own assets, playlists with their links; what other episodes have stays."""
    boss, episode = people["manager"], tree["Episode"]
    stays = make(Entity, name="Free", project_id=project.id, entity_type_id=kind("Props").id)
    make(EntityLink, entity_in_id=episode.id, entity_out_id=stays.id)
    make(AssetInstance, asset_id=stays.id, scene_id=tree["Scene"].id, number=1)
    make(EntityConceptLink, entity_in_id=tree["Concept"].id, entity_out_id=tree["Asset"].id)
    make(EntityVersion, entity_id=tree["Shot"].id, name="SH0", data={})
    kind_of_task = make(TaskType)
    make(ScheduleItem, project_id=project.id, task_type_id=kind_of_task.id, object_id=episode.id)
    task = make(Task, project_id=project.id, entity_id=tree["Shot"].id, task_type_id=kind_of_task.id)
    make(News, task_id=task.id, author_id=boss.id)
    playlist, other = make(Playlist, project_id=project.id, episode_id=episode.id), make(Playlist, project_id=project.id)
    other_id = other.id
    make(PlaylistShareLink, playlist_id=playlist.id, token="t", created_by=boss.id)
    assert api(boss, "delete", f"/data/episodes/{episode.id}").status_code == 400
    assert api(boss, "delete", f"/data/episodes/{episode.id}?force=true").status_code == 204
    gone = [tree[name] for name in ("Episode", "Sequence", "Shot", "Scene", "Edit", "Asset")]
    assert left(tx, *gone, stays, tree["Concept"]) == [False] * 6 + [True, True]
    assert tx.scalars(sa.select(Playlist.id)).all() == [other_id]
    assert tx.scalar(sa.select(sa.func.count()).select_from(ScheduleItem)) == 0
    names = [name for name, _ in told()]
    for name in ("episode", "sequence", "shot", "edit", "asset", "task", "news", "playlist"):
        assert f"{name}:delete" in names, name


def test_a_list_of_removals(api, people, project, tree, make, tx):
    """§9: what is no UUID is refused, what is unknown, of another kind or production is left out; concepts go for good."""
    far = insert(tx, Entity, name="Far", project_id=insert(tx, Project).id, entity_type_id=tree["Asset"].entity_type_id)
    for name in ("Shot", "Concept"):
        make(Task, project_id=project.id, entity_id=tree[name].id)
    path, boss = f"/actions/projects/{project.id}/delete-entities", people["manager"]
    assert [api(boss, "post", path, json=body).status_code for body in ({}, ["x"], [1])] == [400] * 3
    ids = [str(entity.id) for entity in (tree["Shot"], tree["Concept"], tree["Sequence"], tree["Scene"], tree["Episode"], far)]
    assert api(boss, "post", path, json=[*ids, NOBODY]).json == ids[:2]
    assert left(tx, tree["Shot"], tree["Concept"], tree["Sequence"], far) == [True, False, True, True]
    assert api(boss, "post", f"/actions/projects/{NOBODY}/delete-entities", json=ids).status_code == 404
    assert api(people["supervisor"], "post", path, json=ids[:1]).status_code == 403
    assert api(boss, "post", path, json=ids[:1]).json == ids[:1]
    assert left(tx, tree["Shot"]) == [False]


def test_the_generic_removal(api, people, project, tree, make, tx, told):
    """deletion.md §5: casting and concept links go, and a sequence's subscriptions; anything else keeps the row."""
    boss, kind = people["manager"], make(TaskType)
    make(EntityLink, entity_in_id=tree["Shot"].id, entity_out_id=tree["Asset"].id)
    make(EntityConceptLink, entity_in_id=tree["Concept"].id, entity_out_id=tree["Asset"].id)
    assert api(boss, "delete", f"/data/entities/{tree['Asset'].id}").status_code == 204
    assert api(boss, "delete", f"/data/entities/{tree['Sequence'].id}").json == {
        "message": "The change conflicts with records referencing this one."
    }
    empty = make(Entity, name="SQ09", project_id=project.id, entity_type_id=tree["Sequence"].entity_type_id)
    make(Subscription, person_id=boss.id, entity_id=empty.id, task_type_id=kind.id)
    assert api(boss, "delete", f"/data/entities/{empty.id}").status_code == 204
    assert [name for name, _ in told()] == ["asset:delete", "sequence:delete"]
    make(Subscription, person_id=boss.id, entity_id=tree["Edit"].id, task_type_id=kind.id)
    assert api(boss, "delete", f"/data/entities/{tree['Edit'].id}").status_code == 400


# --- §11 boards --------------------------------------------------------------------------------------------------------------------


BOARDS = {
    "assets": {"id", "episode_id", "assigned_to"},
    "shots": {"id", "episode_id", "assigned_to"},
    "edits": {"id", "episode_id"},
    "concepts": {"id", "assigned_to"},
    "sequences": {"episode_id"},
    "episodes": {"episode_id"},
    "scenes": {"episode_id"},
}


def test_what_narrows_a_board(api, people, project, tree):
    """§11: each board takes its own parameters, and ids that are none are refused on all."""
    reader = people["user"]
    for board, honoured in BOARDS.items():
        path = f"/data/{board}/with-tasks?project_id={project.id}"
        assert len(api(reader, "get", path).json) == 1
        for key, value in (("id", NOBODY), ("assigned_to", "me"), ("episode_id", NOBODY), ("nb_frames", "7")):
            assert len(api(reader, "get", f"{path}&{key}={value}").json) == (key not in honoured), (board, key)
        for key in ("id", "episode_id"):
            assert api(reader, "get", f"{path}&{key}=x").status_code == 400
        assert len(api(reader, "get", f"{path}&episode_id=all").json) == 1
        assert api(people["admin"], "get", f"/data/{board}/with-tasks?project_id=x").status_code == 400


def test_forms_of_a_board(api, people, project, tree, make):
    """§11: plain, compact, lines and compact lines say the same; only the text `true` counts."""
    make(Task, project_id=project.id, entity_id=tree["Shot"].id, task_type_id=make(TaskType).id, task_status_id=make(TaskStatus).id)
    path = f"/data/shots/with-tasks?project_id={project.id}"
    plain = api(people["user"], "get", path)
    assert plain.headers["ETag"] and plain.headers["Cache-Control"] == "private, no-cache"
    compact = api(people["user"], "get", f"{path}&compact=true").json
    assert [dict(zip(compact["shot_fields"], row, strict=True)) | {"tasks": None} for row in compact["rows"]] == [
        row | {"tasks": None} for row in plain.json
    ]
    tasks = compact["rows"][0][compact["shot_fields"].index("tasks")]
    assert [dict(zip(compact["task_fields"], task, strict=True)) for task in tasks] == plain.json[0]["tasks"]
    lines = api(people["user"], "get", f"{path}&stream=true")
    assert lines.mimetype == "application/x-ndjson"
    assert lines.text.splitlines()[0] == '{"compact":false}' and len(lines.text.splitlines()) == 2
    both = api(people["user"], "get", f"{path}&stream=true&compact=true").text.splitlines()
    assert both[0].startswith('{"compact":true,"shot_fields":[') and both[1].startswith("[")
    assert api(people["user"], "get", f"{path}&compact=True").json == plain.json
    assert api(people["user"], "get", path, headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304


# --- §12 what is below an entity ---------------------------------------------------------------------------------------------------


def test_tasks_below_an_entity(api, people, project, tree, make, kind):
    """§12: which entities' tasks a list shows; `relations` is for assets, shots, sequences and edits alone."""
    type_, status, tasks = make(TaskType), make(TaskStatus), {}
    for name, entity in tree.items():
        tasks[name] = str(make(Task, project_id=project.id, entity_id=entity.id, task_type_id=type_.id, task_status_id=status.id).id)
    reader = people["user"]
    for path, names in (
        (f"sequences/{tree['Sequence'].id}/tasks", ["Sequence"]),
        (f"sequences/{tree['Sequence'].id}/shot-tasks", ["Shot", "Scene"]),
        (f"episodes/{tree['Episode'].id}/tasks", ["Episode"]),
        (f"episodes/{tree['Episode'].id}/shot-tasks", ["Shot", "Scene"]),
        (f"episodes/{tree['Episode'].id}/asset-tasks", ["Asset"]),
        (f"episodes/{tree['Episode'].id}/edit-tasks", ["Edit"]),
        (f"scenes/{tree['Scene'].id}/tasks", ["Scene"]),
        (f"edits/{tree['Edit'].id}/tasks", ["Edit"]),
    ):
        rows = api(reader, "get", f"/data/{path}?relations=true").json
        assert sorted(row["id"] for row in rows) == sorted(tasks[name] for name in names), path
        assert ("assignees" in rows[0]) == path.startswith(("sequences", "edits")), path
        assert rows[0]["entity_type_name"] and rows[0]["project_name"] == project.name
    for path in ("sequences/{Sequence}/shot-tasks", "episodes/{Episode}/shot-tasks", "episodes/{Episode}/asset-tasks"):
        url = "/data/" + path.format(**{name: entity.id for name, entity in tree.items()})
        assert api(people["vendor"], "get", url).status_code == 403


def test_a_vendor_reads_plain_tasks_of_a_group(api, people, project, tree, make):
    """§12: of a sequence or episode a vendor has the plain rows of their own tasks in open productions."""
    for name in ("Sequence", "Episode"):
        path, type_, status = f"/data/{name.lower()}s/{tree[name].id}/tasks", make(TaskType), make(TaskStatus)
        make(Task, project_id=project.id, entity_id=tree[name].id, task_type_id=type_.id, task_status_id=status.id)
        assert api(people["vendor"], "get", path).status_code == 403
        mine = make(Task, project_id=project.id, entity_id=tree[name].id, task_type_id=make(TaskType).id, assignees=[people["vendor"]])
        rows = api(people["vendor"], "get", path).json
        assert [row["id"] for row in rows] == [str(mine.id)] and "project_name" not in rows[0]


def test_entity_types_of_assets(api, people, project, tree, kind, make):
    """§3: types with their task types, narrowed by columns or to those that a production uses; temporal ones are none."""
    unused = make(EntityType, name="Unused")
    every = api(people["user"], "get", "/data/asset-types").json
    assert {"Unused", "Props"} <= {row["name"] for row in every} and not {"Shot", "Episode"} & {row["name"] for row in every}
    assert all(row["type"] == "AssetType" and row["task_types"] == [] for row in every)
    used = api(people["user"], "get", f"/data/asset-types?project_id={project.id}").json
    assert [row["name"] for row in used] == ["Props"]
    assert [row["name"] for row in api(people["user"], "get", "/data/asset-types?name=unus%25").json] == ["Unused"]
    of_project = api(people["user"], "get", f"/data/projects/{project.id}/asset-types").json
    assert [("task_types" in row, row["name"]) for row in of_project] == [(False, "Props")]
    for id in (kind("Shot").id, NOBODY, "no-id"):
        assert api(people["user"], "get", f"/data/asset-types/{id}").status_code == 404
    assert api(people["user"], "get", f"/data/asset-types/{unused.id}").json["name"] == "Unused"


def test_who_is_in_another_team(api, people, make, tree, tx, project):
    """§3, §4: what one person may not read, the lists of another production do not show."""
    other = insert(tx, Project)
    join_team(tx, other, people["outsider"])
    assert api(people["outsider"], "get", f"/data/projects/{other.id}/shots").json == []
    assert api(people["outsider"], "get", f"/data/projects/{project.id}/shots").status_code == 403
    assert api(people["outsider"], "get", f"/data/projects/{NOBODY}/shots").status_code == 404
    assert api(people["outsider"], "get", "/data/projects/no-id/shots").status_code == 404
