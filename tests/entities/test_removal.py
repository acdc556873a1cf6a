"""Removal of many entities at once, and sharing."""

import pytest

from zou.entities.models import AssetInstance, Entity, EntityLink
from zou.tasks.models import Task


def remove(api, person, project, entities, query=""):
    return api(person, "post", f"/actions/projects/{project.id}/delete-entities{query}", json=[str(entity.id) for entity in entities])


def test_entities_with_tasks_are_canceled_the_others_go(api, people, project, asset, shot, make, tx, told):
    make(Task, project_id=project.id, entity_id=asset.id)
    make(EntityLink, entity_in_id=shot.id, entity_out_id=asset.id)
    assert remove(api, people["manager"], project, [shot, asset]).json == [str(shot.id), str(asset.id)]
    tx.expunge_all()
    assert (tx.get(Entity, asset.id).canceled, tx.get(Entity, shot.id)) == (True, None)
    assert sorted(name for name, _ in told()) == ["asset:update", "shot:delete"]
    assert remove(api, people["manager"], project, [asset]).json == [str(asset.id)]  # canceled already: removed for good
    tx.expunge_all()
    assert tx.get(Entity, asset.id) is None


def test_one_that_may_not_go_keeps_all(api, people, project, asset, shot, tx, make):
    mine = make(Entity, name="Mine", project_id=project.id, entity_type_id=asset.entity_type_id, created_by=people["user"].id)
    assert remove(api, people["user"], project, [mine, asset], "?force=true").status_code == 403
    assert remove(api, people["user"], project, [mine], "?force=true").json == [str(mine.id)]
    tx.expunge_all()
    assert (tx.get(Entity, mine.id), tx.get(Entity, asset.id).name) == (None, "Tree")


def test_an_asset_goes_with_its_instances(api, people, project, asset, shot, make, tx):
    instance = make(AssetInstance, asset_id=asset.id, number=1)
    instance.shots = [shot]
    tx.commit()
    assert api(people["manager"], "delete", f"/data/assets/{asset.id}?force=true").status_code == 204
    tx.expunge_all()
    assert (tx.get(AssetInstance, instance.id), tx.get(Entity, asset.id), tx.get(Entity, shot.id).name) == (None, None, "SH010")


@pytest.mark.parametrize("count", [2, 30])
def test_a_long_list_is_as_many_statements_as_a_short_one(api, people, project, asset, make, statements, count):
    rows = [make(Entity, name=f"P{n}", project_id=project.id, entity_type_id=asset.entity_type_id) for n in range(count)]
    with statements() as seen:
        assert len(remove(api, people["manager"], project, rows, "?force=true").json) == count
    assert len([statement for statement in seen if "api_event" not in statement]) < 45


def test_a_manager_shares_assets(api, people, project, asset, tx, told):
    body = {"asset_ids": [str(asset.id)], "is_shared": True}
    assert api(people["user"], "post", "/actions/assets/share", json=body).status_code == 403
    assert [row["is_shared"] for row in api(people["manager"], "post", "/actions/assets/share", json=body).json] == [True]
    path = f"/actions/projects/{project.id}/asset-types/{asset.entity_type_id}/assets/share"
    assert api(people["manager"], "post", path, json={"is_shared": False}).json[0]["is_shared"] is False
    assert told() == []
