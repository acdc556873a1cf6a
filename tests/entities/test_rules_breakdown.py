"""Rules of contract/rules/breakdown.md that the recordings do not reach, by paragraph."""

import pytest
import sqlalchemy as sa

from tests.making import make as insert
from zou.entities.models import AssetInstance, Entity, EntityLink, EntityType
from zou.productions.models import Project, ProjectTaskTypeLink
from zou.tasks.models import Task, TaskType

NOBODY = "01a47552-81f3-47b8-84ca-e8acf63af886"


@pytest.fixture
def episode(make, kind, project):
    return make(Entity, name="E01", project_id=project.id, entity_type_id=kind("Episode").id)


@pytest.fixture
def sequence(make, kind, project, episode):
    return make(Entity, name="SQ01", project_id=project.id, entity_type_id=kind("Sequence").id, parent_id=episode.id)


@pytest.fixture
def shots(make, kind, project, sequence):
    """Two shots of the episode."""
    of = {"project_id": project.id, "entity_type_id": kind("Shot").id, "parent_id": sequence.id}
    return [make(Entity, name=name, **of) for name in ("SH010", "SH020")]


def cast(api, who, project, entity, *entries):
    return api(who, "put", f"/data/projects/{project.id}/entities/{entity.id}/casting", json=list(entries))


def entry(asset, times=1, **more):
    return {"asset_id": str(asset.id), "nb_occurences": times, **more}


def links_of(tx, entity):
    tx.expire_all()
    return {link.entity_out_id: link for link in tx.scalars(sa.select(EntityLink).where(EntityLink.entity_in_id == entity.id))}


def count_of(tx, entity):
    return tx.scalar(sa.select(Entity.nb_entities_out).where(Entity.id == entity.id))


# --- §2 writing --------------------------------------------------------------------------------------------------------------------


def test_the_last_of_two_entries_counts(api, people, project, asset, shot, tx, told):
    """§2.1: an asset listed twice is written twice: entity-link:new, then entity-link:update; 0 is stored; what is not whole is ignored."""
    sent = [entry(asset, 2, label="a"), {"asset_id": str(asset.id)}, entry(asset, 0, label="b"), {"nb_occurences": 1}]
    answer = cast(api, people["manager"], project, shot, *sent)
    assert (answer.status_code, answer.json) == (200, sent)
    link = links_of(tx, shot)[asset.id]
    assert (link.nb_occurences, link.label, link.data) == (0, "b", None)
    names = [(name, data.get("nb_occurences")) for name, data in told()]
    assert names == [("entity-link:new", 2), ("entity-link:update", 0), ("shot:casting-update", None)]


def test_unknown_assets_are_told_but_not_cast(api, people, project, asset, shot, tx, told):
    """§2.1: unknown ids are skipped, although the event lists them; a canceled asset is cast but not counted."""
    tx.execute(sa.update(Entity).where(Entity.id == asset.id).values(canceled=True))
    tx.commit()
    assert cast(api, people["manager"], project, shot, entry(asset), {"asset_id": NOBODY, "nb_occurences": 1}).status_code == 200
    assert list(links_of(tx, shot)) == [asset.id]
    name, data = told()[-1]
    assert (name, data["nb_entities_out"]) == ("shot:casting-update", 0)
    assert data["added_asset_ids"] == sorted([NOBODY, str(asset.id)])


REFUSED = [
    ("entities/{shot}/casting", {}, 400),
    ("entities/{foreign}/casting", [], 403),
    (f"entities/{NOBODY}/casting", [], 404),
    ("entities/casting", [], 400),
    ("entities/casting", {"{foreign}": []}, 403),
    ("entities/casting", {"{shot}": {}}, 400),
    ("entities/casting/assets/{asset}", {"entity_ids": ["{foreign}"]}, 403),
    ("entities/casting/assets/{shot}", {"entity_ids": ["{shot}"]}, 404),
    ("entities/casting/assets/{asset}", {"entity_ids": ["{shot}"], "nb_occurences": -1}, 400),
    ("entities/casting/assets/{foreign}", {"entity_ids": ["{shot}"]}, 200),
]


def named(value, ids):
    """A value with ids in the places of their names."""
    if isinstance(value, dict):
        return {named(key, ids): named(item, ids) for key, item in value.items()}
    if isinstance(value, list):
        return [named(item, ids) for item in value]
    for word, id in ids.items():
        value = value.replace(word, str(id)) if isinstance(value, str) else value
    return value


def test_what_may_be_cast_where(api, people, project, asset, shot, kind, tx):
    """§2: entities are those of the production, the asset of any; everything else has its status."""
    foreign = insert(tx, Entity, name="Far", project_id=insert(tx, Project).id, entity_type_id=kind("Props").id)
    ids = {"{shot}": shot.id, "{asset}": asset.id, "{foreign}": foreign.id}
    for path, body, status in REFUSED:
        url, sent = f"/data/projects/{project.id}/{named(path, ids)}", named(body, ids)
        assert api(people["manager"], "put", url, json=sent).status_code == status, (path, body)
        assert api(people["supervisor"], "put", url, json=sent).status_code == 403


def test_an_asset_casts_assets_with_defaults(api, people, asset, make, kind, project):
    """§2: the casting of an asset is checked, completed and answered as it was stored."""
    part = make(Entity, name="Leaf", project_id=project.id, entity_type_id=kind("Props").id)
    path, boss = f"/data/assets/{asset.id}/casting", people["manager"]
    assert api(boss, "put", path, json=[{"asset_id": str(part.id)}]).json == [{"asset_id": str(part.id), "nb_occurences": 1, "label": ""}]
    for body in ([{}], [{"asset_id": "x"}], [{"asset_id": str(part.id), "nb_occurences": -1}], {"asset_id": str(part.id)}):
        assert api(boss, "put", path, json=body).status_code == 400


def test_one_asset_keeps_what_is_not_sent(api, people, project, asset, shot, tx, told):
    """§2.2: number and label that are left out stay; nothing to remove is nothing; an update is told as one."""
    path, boss = f"/data/projects/{project.id}/entities/casting/assets/{asset.id}", people["manager"]
    ids = [str(shot.id)]
    assert api(boss, "put", path, json={"entity_ids": ids, "nb_occurences": 0}).json == {ids[0]: []}
    assert told() == []
    for body in ({"nb_occurences": 3, "label": "x"}, {"label": "y"}, {"nb_occurences": 4}):
        found = api(boss, "put", path, json={"entity_ids": ids, **body}).json[ids[0]][0]
    assert (found["nb_occurences"], found["label"]) == (4, "y")
    assert [name for name, _ in told() if name.startswith("entity-link")] == ["entity-link:new", "entity-link:update", "entity-link:update"]
    added = [data["added_asset_ids"] for name, data in told() if name == "shot:casting-update"]
    assert added == [[str(asset.id)], [], []]


# --- §3 episodes -------------------------------------------------------------------------------------------------------------------


def test_the_episode_follows_its_shots(api, people, project, asset, shots, episode, tx, told):
    """§3: the first shot casts the asset in the episode, the last one takes it out again, unless it was cast there by hand."""
    boss, (one, two) = people["manager"], shots
    for shot in shots:
        cast(api, boss, project, shot, entry(asset, 2, label="animate"))
    link = links_of(tx, episode)[asset.id]
    assert (link.nb_occurences, link.label, link.data, count_of(tx, episode)) == (1, "animate", {"auto": True}, 1)
    assert [name for name, _ in told()].count("asset:update") == 1
    cast(api, boss, project, one)
    assert list(links_of(tx, episode)) == [asset.id]
    cast(api, boss, project, two)
    assert (links_of(tx, episode), count_of(tx, episode)) == ({}, 0)
    last = [(name, data) for name, data in told() if name in ("episode:casting-update", "asset:update")][-2:]
    assert [name for name, _ in last] == ["episode:casting-update", "asset:update"]
    assert (last[0][1]["removed_asset_ids"], last[0][1]["nb_entities_out"]) == ([str(asset.id)], 0)
    cast(api, boss, project, episode, entry(asset))
    cast(api, boss, project, one, entry(asset))
    cast(api, boss, project, one)
    assert list(links_of(tx, episode)) == [asset.id]


def test_what_leaves_an_episode_leaves_its_shots(api, people, project, asset, shots, episode, tx, told):
    """§3: an episode without the asset has no shot with it; §2.1: each entry of an episode is told before the casting."""
    boss = people["manager"]
    for shot in shots:
        cast(api, boss, project, shot, entry(asset))
    cast(api, boss, project, episode, entry(asset))
    assert [name for name, _ in told()][-2:] == ["asset:update", "episode:casting-update"]
    cast(api, boss, project, episode)
    assert [links_of(tx, entity) for entity in (*shots, episode)] == [{}, {}, {}]
    gone = [data["shot_id"] for name, data in told() if name == "shot:casting-update" and data["removed_asset_ids"] == [str(asset.id)]]
    assert sorted(gone) == sorted(str(shot.id) for shot in shots)


def test_a_removed_link_of_an_episode_leaves_the_shots(api, people, project, asset, shots, episode, tx):
    """§2.3: removing one link by its id does not go down to the shots; it is answered with 200."""
    cast(api, people["manager"], project, shots[0], entry(asset))
    path = f"/data/projects/{project.id}/entity-links/{links_of(tx, episode)[asset.id].id}"
    answer = api(people["manager"], "delete", path)
    assert (answer.status_code, answer.json["entity_in_id"], answer.json["type"]) == (200, str(episode.id), "EntityLink")
    assert (links_of(tx, episode), list(links_of(tx, shots[0]))) == ({}, [asset.id])
    assert api(people["manager"], "delete", path).status_code == 404


# --- §1 reading --------------------------------------------------------------------------------------------------------------------


def test_canceled_assets(api, people, project, asset, shots, make, kind, tx):
    """§1: a canceled asset is in no casting, but where an asset is cast in shows canceled assets; shots only when they are live."""
    whole = make(Entity, name="Forest", project_id=project.id, entity_type_id=kind("Props").id, canceled=True)
    for user in (whole, *shots):
        make(EntityLink, entity_in_id=user.id, entity_out_id=asset.id, nb_occurences=1)
    tx.execute(sa.update(Entity).where(Entity.id == shots[1].id).values(canceled=True))
    tx.commit()
    found = api(people["user"], "get", f"/data/assets/{asset.id}/cast-in").json
    assert [row.get("shot_name") or row["asset_name"] for row in found] == ["SH010", "Forest"]
    assert found[0]["episode_name"] == "E01" and "episode_id" not in found[1]
    tx.execute(sa.update(Entity).where(Entity.id == asset.id).values(canceled=True))
    tx.commit()
    base = f"/data/projects/{project.id}"
    assert api(people["user"], "get", f"{base}/entities/{shots[0].id}/casting").json == []
    assert api(people["user"], "get", f"{base}/sequences/all/casting").json == {}
    assert len(api(people["user"], "get", f"/data/shots/{shots[0].id}/assets").json) == 1


def test_castings_of_a_production(api, people, project, asset, shots, sequence, episode, kind, make):
    """§1: by entity, by shot of a sequence or episode, by asset of a type; each form has its keys."""
    base, reader = f"/data/projects/{project.id}", people["user"]
    cast(api, people["manager"], project, shots[0], entry(asset))
    short = {"asset_id", "asset_name", "asset_type_name", "preview_file_id", "nb_occurences", "label", "name"}
    shared = short | {"is_shared", "project_id"}
    assert set(api(reader, "get", f"{base}/episodes/casting").json) == {str(shots[0].id), str(episode.id)}
    for path, keys in (
        ("episodes/casting", shared),
        ("sequences/all/casting", shared | {"sequence_name"}),
        (f"sequences/{sequence.id}/casting", shared | {"sequence_name"}),
        (f"episodes/{episode.id}/sequences/all/casting", shared | {"sequence_name"}),
    ):
        assert set(api(reader, "get", f"{base}/{path}").json[str(shots[0].id)][0]) == keys
    assert api(reader, "get", f"{base}/episodes/main/sequences/all/casting").json == {}
    assert api(reader, "get", f"{base}/asset-types/{kind('Shot').id}/casting").status_code == 404
    part = make(Entity, name="Leaf", project_id=project.id, entity_type_id=asset.entity_type_id)
    make(EntityLink, entity_in_id=asset.id, entity_out_id=part.id)
    assert set(api(reader, "get", f"{base}/asset-types/{asset.entity_type_id}/casting").json[str(asset.id)][0]) == short
    assert api(people["vendor"], "get", f"{base}/sequences/all/casting").status_code == 403


# --- §4 instances ------------------------------------------------------------------------------------------------------------------


def test_names_of_instances(api, people, project, make, kind):
    """§4: the name of an instance is that of its asset in plain letters, case kept."""
    scene = make(Entity, name="SC01", project_id=project.id, entity_type_id=kind("Scene").id)
    path = f"/data/scenes/{scene.id}/asset-instances"
    for name, made in (("Old Tree", "Old_Tree_0001"), ("Été à Paris", "Ete_a_Paris_0001"), ("a.b-c", "a_b_c_0001")):
        asset = make(Entity, name=name, project_id=project.id, entity_type_id=kind("Props").id)
        assert api(people["user"], "post", path, json={"asset_id": str(asset.id)}).json["name"] == made
    assert api(people["user"], "post", path, json={"asset_id": NOBODY}).status_code == 404


def test_cameras_of_a_scene(api, people, project, asset, make, kind, tx, told):
    """§4: only instances of the type Camera, which is made and told when it is missing."""
    scene = make(Entity, name="SC01", project_id=project.id, entity_type_id=kind("Scene").id)
    make(AssetInstance, asset_id=asset.id, scene_id=scene.id, number=1)
    tx.execute(sa.delete(EntityType).where(EntityType.name == "Camera"))
    tx.commit()
    path = f"/data/scenes/{scene.id}/camera-instances"
    assert [api(people["user"], "get", path).json for _ in range(2)] == [{}, {}]
    assert [name for name, _ in told()] == ["asset-type:new"]
    camera = make(Entity, name="Cam", project_id=project.id, entity_type_id=kind("Camera").id)
    make(AssetInstance, asset_id=camera.id, scene_id=scene.id, number=1)
    assert list(api(people["user"], "get", path).json) == [str(camera.id)]


# --- §5 readiness ------------------------------------------------------------------------------------------------------------------


def test_what_is_ready(api, people, project, make, kind, tx):
    """§5: an asset is ready up to its step; shared by another production always; steps without place come first, as ready ones last."""
    types = {name: make(TaskType, for_entity="Shot").id for name in ("layout", "anim", "unlinked")} | {None: None}
    for place, name in enumerate(("layout", "anim"), start=1):
        make(ProjectTaskTypeLink, project_id=project.id, task_type_id=types[name], priority=place)
    cases = [
        ("anim", "layout", project, 1), ("anim", "anim", project, 1), ("layout", "anim", project, 0), (None, "layout", project, 0),
        ("unlinked", "layout", project, 0), ("anim", "unlinked", project, 1), (None, "anim", insert(tx, Project), 1),
    ]  # fmt: skip
    for ready_for, step, owner, number in cases:
        of = {"project_id": owner.id, "entity_type_id": kind("Props").id, "is_shared": owner is not project}
        asset = make(Entity, name="Tree", ready_for=types[ready_for], **of)
        shot = make(Entity, name=f"{ready_for} {step} {number}", project_id=project.id, entity_type_id=kind("Shot").id)
        work = make(Task, project_id=project.id, entity_id=shot.id, task_type_id=types[step])
        assert cast(api, people["manager"], project, shot, entry(asset)).status_code == 200
        tx.expire_all()
        assert tx.get(Task, work.id).nb_assets_ready == number, (ready_for, step)


# --- §6 links of a production ------------------------------------------------------------------------------------------------------


FORMS = [
    ("", "list", 3),
    ("limit=2", "list", 2),
    ("limit=0", "list", 3),
    ("limit=-1", "list", 3),
    ("page=0", "list", 3),
    ("page=1&limit=2", "page", 2),
    ("page=2&limit=2", "page", 1),
    ("page=1&limit=-3", "page", 3),
    ("cursor_created_at=2000-01-01T00:00:00.000000&limit=2", "cursor", 2),
    ("cursor_created_at=2000-01-01T00:00:00.000000&limit=0", "cursor", 3),
    ("cursor_created_at=2100-01-01T00:00:00.000000", "cursor", 0),
]


def test_links_of_a_production(api, people, project, asset, shots, shot, make):
    """§6: the three forms, and limits that are none."""
    for user in (*shots, shot):
        make(EntityLink, entity_in_id=user.id, entity_out_id=asset.id)
    keys = {"list": None, "page": {"data", "total", "nb_pages", "limit", "offset", "page"}, "cursor": {"data", "total", "limit"}}
    path = f"/data/projects/{project.id}/entity-links"
    for query, form, count in FORMS:
        answer = api(people["manager"], "get", f"{path}?{query}").json
        rows = answer if form == "list" else answer["data"]
        assert len(rows) == count, query
        assert form == "list" or set(answer) == keys[form] and answer["total"] == 3
        assert all(("updated_at" in row) == (form != "list") for row in rows)
    assert api(people["user"], "get", path).status_code == 403
    assert api(people["manager"], "get", f"/data/projects/{NOBODY}/entity-links").status_code == 404
