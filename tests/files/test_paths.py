"""Working and output files by the templates of file trees."""

import pytest
import sqlalchemy as sa

from zou.entities.models import AssetInstance, Entity, EntityType
from zou.files.models import OutputFile, OutputType, Software, WorkingFile
from zou.files.services import trees
from zou.platform.errors import Invalid
from zou.platform.events.models import ApiEvent
from zou.tasks.models import Task, TaskType


@pytest.fixture
def shot(tx, make, project):
    """Shot P01 of sequence S01, in a production with the tree `simple`."""
    project.name, project.file_tree = "Cosmos Landromat", trees.shipped("simple")
    kinds = {name: make(EntityType, name=name) for name in ("Sequence", "Shot", "Props")}
    sequence = make(Entity, name="S01", project_id=project.id, entity_type_id=kinds["Sequence"].id)
    row = make(Entity, name="P01", project_id=project.id, entity_type_id=kinds["Shot"].id, parent_id=sequence.id)
    make(Entity, name="Tree", project_id=project.id, entity_type_id=kinds["Props"].id)
    tx.commit()
    return row


@pytest.fixture
def task(tx, make, project, people, shot):
    """The animation of the shot, which is the artist's."""
    row = make(Task, project_id=project.id, entity_id=shot.id, task_type_id=make(TaskType, name="Animation").id)
    row.assignees = [people["user"]]
    tx.commit()
    return row


@pytest.fixture
def output(make, task):
    """The body of an output of the shot."""
    return {"output_type_id": str(make(OutputType, name="Cache", short_name="cch").id), "task_type_id": str(task.task_type_id)}


def test_a_working_file_gets_its_place_and_the_next_revision(api, people, task, tx):
    sent = {"name": "main", "comment": "first"}
    paths = [api(people["user"], "post", f"/data/tasks/{task.id}/working-files/new", json=sent).json["path"] for _ in range(2)]
    folder = "/simple/productions/cosmos_landromat/shots/s01/p01/animation/blender/"
    assert paths == [f"{folder}cosmos_landromat_s01_p01_animation_main_v00{n}" for n in (1, 2)]
    last = api(people["user"], "get", f"/data/tasks/{task.id}/working-files/last-revisions").json
    assert {name: row["revision"] for name, row in last.items()} == {"main": 2}


@pytest.mark.parametrize("tree", [None, {}, {"working": []}, {"working": {"mountpoint": "/a", "root": ""}}, [1], "text"])
def test_a_broken_tree_is_told_and_nothing_is_written(api, people, project, task, tx, tree):
    project.file_tree = tree
    tx.commit()
    for route in ("working-file-path", "working-files/new"):
        assert api(people["user"], "post", f"/data/tasks/{task.id}/{route}", json={"name": "main"}).status_code == 400
    for model in (Software, WorkingFile, ApiEvent):
        assert tx.scalars(sa.select(model)).all() == []


def test_an_output_twice_is_refused_and_a_new_one_gets_the_next_revision(api, people, shot, output, tx):
    path = f"/data/entities/{shot.id}/output-files/new"
    first = api(people["user"], "post", path, json={**output, "extension": ".abc", "nb_elements": 3})
    assert first.json["path"].endswith("/animation/cache/cosmos_landromat_s01_p01_animation_cache_main_v001_[1-3].abc")
    assert (first.status_code, first.json["folder_path"].rpartition("/")[2]) == (201, "cache")
    again = api(people["user"], "post", path, json={**output, "revision": 1})
    assert (again.status_code, again.json) == (400, {"error": "The given output file already exists."})
    assert api(people["user"], "post", path, json=output).json["revision"] == 2
    assert tx.scalar(sa.select(sa.func.count()).select_from(OutputFile)) == 2


def test_an_instance_has_its_own_templates(api, people, shot, output, make, tx):
    asset = tx.scalar(sa.select(Entity).where(Entity.name == "Tree"))
    instance = make(AssetInstance, asset_id=asset.id, number=1, name="Tree_0001")
    tx.commit()
    path = f"/data/asset-instances/{instance.id}/entities/{shot.id}/output-file-path"
    answer = api(people["user"], "post", path, json={**output, "representation": "abc", "revision": 3})
    assert answer.json == {
        "folder_path": "/simple/productions/export/cosmos_landromat/shot/s01/p01/animation/cache/props/tree/instance_0001/abc",
        "file_name": "cosmos_landromat_s01_p01_animation_cache_main_tree_0001_v003",
    }


def test_a_path_is_read_as_far_as_it_is_known(api, people, project, shot, task):
    path = "/simple/productions/cosmos_landromat/shots/S01/P01/Animation/maya"
    found = api(people["user"], "post", "/data/entities/guess-from-path", json={"project_id": str(project.id), "file_path": path}).json
    known = {"Project": str(project.id), "Sequence": str(shot.parent_id), "Shot": str(shot.id), "TaskType": str(task.task_type_id)}
    assert {"Template": "shot", **known} in found
    wild = path.replace("S01", "%25").replace("P01", "___")
    found = api(people["user"], "post", "/data/entities/guess-from-path", json={"project_id": str(project.id), "file_path": wild}).json
    assert {"Template": "shot", "Project": str(project.id)} in found


def test_a_vendor_lists_files_only_of_entities_with_a_task_of_theirs(api, people, shot, task, output, tx):
    api(people["user"], "post", f"/data/entities/{shot.id}/output-files/new", json=output)
    api(people["user"], "post", f"/data/tasks/{task.id}/working-files/new", json={"name": "main"})
    lists = ("output-files", "output-files/last-revisions", "output-types", "working-files")
    seen = {name: len(api(people["vendor"], "get", f"/data/entities/{shot.id}/{name}").json) for name in lists}
    assert seen == dict.fromkeys(lists, 0)
    tx.get(Task, task.id).assignees.append(people["vendor"])
    tx.commit()
    seen = {name: len(api(people["vendor"], "get", f"/data/entities/{shot.id}/{name}").json) for name in lists}
    assert seen == dict.fromkeys(lists, 1)


@pytest.mark.parametrize("name", ["", "../simple", "a.b", None, 3])
def test_a_shipped_tree_has_a_plain_name(name):
    with pytest.raises(Invalid):
        trees.shipped(name)


def test_the_two_shipped_trees_can_be_had():
    assert [sorted(trees.shipped(name)) for name in ("default", "simple")] == [["output", "preview", "working"]] * 2
    assert trees.shipped("other") is None
