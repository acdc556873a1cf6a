"""Asset instances in scenes, shots and assets; shots of scenes."""

import pytest

from tests.making import make as insert
from zou.entities.models import AssetInstance, Entity
from zou.productions.models import Project
from zou.tasks.models import Task


@pytest.fixture
def scene(make, kind, project):
    return make(Entity, name="SC01", project_id=project.id, entity_type_id=kind("Scene").id)


@pytest.fixture
def far(tx, kind):
    """An asset of another production."""
    return insert(tx, Entity, name="Far", project_id=insert(tx, Project).id, entity_type_id=kind("Props").id)


def put(api, person, scene, asset):
    return api(person, "post", f"/data/scenes/{scene.id}/asset-instances", json={"asset_id": str(asset.id)})


def test_instances_are_numbered_in_their_place(api, people, scene, asset, shot, told):
    names = [put(api, people["user"], scene, asset).json["name"] for _ in range(2)]
    assert names == ["Tree_0001", "Tree_0002"]
    inside = f"/data/assets/{asset.id}/asset-asset-instances"
    made = api(people["user"], "post", inside, json={"asset_to_instantiate_id": str(asset.id)})
    assert (made.json["name"], made.json["target_asset_id"]) == ("Tree_0001", str(asset.id))
    found = api(people["user"], "get", f"/data/scenes/{scene.id}/asset-instances").json
    assert [row["number"] for row in found[str(asset.id)]] == [1, 2]
    assert [name for name, _ in told()] == ["asset_instance:new"] * 3


@pytest.mark.parametrize("who, status", [("manager", 201), ("user", 201), ("client", 403), ("vendor", 403), ("outsider", 403)])
def test_clients_put_nothing_into_scenes_and_vendors_only_where_they_work(api, people, scene, asset, tx, who, status):
    assert put(api, people[who], scene, asset).status_code == status
    assert tx.query(AssetInstance).count() == (status == 201)


def test_a_vendor_works_on_the_scene_of_their_task(api, people, scene, asset, make):
    make(Task, project_id=scene.project_id, entity_id=scene.id, assignees=[people["vendor"]])
    assert put(api, people["vendor"], scene, asset).status_code == 201
    assert api(people["vendor"], "get", f"/data/scenes/{scene.id}/asset-instances").json == {}  # the asset is not theirs


def test_assets_of_other_productions_are_used_when_they_are_shared(api, people, scene, far, tx):
    assert put(api, people["manager"], scene, far).status_code == 404
    far.is_shared = True
    tx.commit()
    assert put(api, people["manager"], scene, far).status_code == 201


def test_twice_in_a_shot_is_once(api, people, scene, asset, shot, told):
    instance = put(api, people["user"], scene, asset).json["id"]
    path, body = f"/data/shots/{shot.id}/asset-instances", {"asset_instance_id": instance}
    assert [api(people["user"], "post", path, json=body).status_code for _ in range(2)] == [201, 201]
    assert [row["id"] for row in api(people["user"], "get", path).json[str(asset.id)]] == [instance]
    assert list(api(people["user"], "get", f"/data/assets/{asset.id}/shot-asset-instances").json) == [str(shot.id)]
    assert [api(people["user"], "delete", f"{path}/{instance}").status_code for _ in range(2)] == [204, 204]
    names = [name for name, _ in told()]
    assert names == ["asset_instance:new", "asset_instance:add-to-shot", "asset_instance:remove-from-shot"]


def test_a_shot_of_another_production_comes_from_no_scene_here(api, people, scene, shot, far, kind, tx):
    far.entity_type_id = kind("Shot").id
    tx.commit()
    path = f"/data/scenes/{scene.id}/shots"
    assert api(people["manager"], "post", path, json={"shot_id": str(far.id)}).status_code == 404
    assert api(people["manager"], "post", path, json={"shot_id": str(shot.id)}).json["source_id"] == str(scene.id)
    assert api(people["client"], "delete", f"{path}/{shot.id}").status_code == 403
    assert api(people["manager"], "delete", f"{path}/{shot.id}").status_code == 204
    tx.refresh(shot)
    assert shot.source_id is None
