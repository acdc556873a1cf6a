"""Rules of contract/rules/files.md that the recordings do not reach, by paragraph."""

import io

import pytest
import sqlalchemy as sa

from tests.files.test_paths import output, shot, task  # noqa: F401  (fixtures)
from zou.entities.models import AssetInstance, Entity
from zou.files.models import FileStatus, OutputFile, Software, WorkingFile
from zou.platform.events.models import ApiEvent
from zou.tasks.models import Task, TaskType

NOBODY = "01a47552-81f3-47b8-84ca-e8acf63af886"


@pytest.fixture
def told(tx):
    """`told()`: names of the events since the last call, oldest first."""
    seen = set()

    def read():
        tx.expire_all()
        rows = [row for row in tx.execute(sa.select(ApiEvent.id, ApiEvent.name).order_by(ApiEvent.created_at)) if row.id not in seen]
        seen.update(row.id for row in rows)
        return [row.name for row in rows]

    return read


@pytest.fixture
def instance(make, shot, tx):  # noqa: F811
    """An instance of the tree."""
    tree = tx.scalars(sa.select(Entity).where(Entity.name == "Tree")).one()
    return make(AssetInstance, asset_id=tree.id, name="Tree_0001", number=1)


def test_a_new_working_file(api, people, task, make, tx, told):  # noqa: F811
    """§2: its defaults, the software that is made, what is told each time, and what is refused."""
    path = f"/data/tasks/{task.id}/working-files/new"
    boss = people["manager"]
    first = api(boss, "post", path, json={"name": "main", "description": "lost", "person_id": "", "software_id": None})
    assert first.status_code == 201 and "outputs" not in first.json
    assert (first.json["revision"], first.json["comment"], first.json["person_id"]) == (1, "", str(boss.id))
    assert sorted(told()) == ["software:new", "task:assign", "task:update", "working-file:new"]
    blender = tx.scalars(sa.select(Software)).one()
    assert (blender.name, blender.short_name, blender.file_extension) == ("Blender", "blender", ".blend")
    assert boss.id in {person.id for person in tx.get(Task, task.id, populate_existing=True).assignees}
    assert api(boss, "post", path, json={"name": "main", "revision": 7, "sep": "|"}).json["path"].count("|") == 1
    assert told() == ["task:assign", "task:update", "working-file:new"]
    again = api(boss, "post", path, json={"name": "main", "revision": 7})
    assert (again.status_code, again.json) == (400, {"error": "The given working file already exists."})
    assert api(boss, "post", path, json={"name": "main"}).json["revision"] == 8
    assert api(boss, "post", path, json={"name": "other"}).json["revision"] == 1
    assert api(boss, "post", path, json={"name": "main", "software_id": NOBODY}).status_code == 404
    assert [api(boss, "post", path, json=body).status_code for body in ({}, {"name": ""}, {"name": None})] == [400] * 3
    assert [api(boss, "post", path.replace(str(task.id), id), json={"name": "x"}).status_code for id in (NOBODY, "x")] == [404] * 2


def test_the_path_of_a_working_file(api, people, task, project, tx):  # noqa: F811
    """§2: nothing is stored; a mode or a tree that is none is told with what was sent."""
    path, boss = f"/data/tasks/{task.id}/working-file-path", people["manager"]
    shown = api(boss, "post", path, json={"comment": "x"}).json
    assert set(shown) == {"path", "name"} and shown["name"].endswith("_main_v001")
    assert api(boss, "post", path, json={"revision": 12, "name": "b"}).json["name"].endswith("_b_v012")
    refused = api(boss, "post", path, json={"mode": "nonsense"})
    assert (refused.status_code, refused.json["received_data"], set(refused.json)) == (
        400, {"mode": "nonsense"}, {"message", "received_data"},
    )  # fmt: skip
    assert tx.scalar(sa.select(sa.func.count()).select_from(WorkingFile)) == 0


def test_lists_of_working_files(api, people, task, shot, make, tx):  # noqa: F811
    """§2, §1: the last revisions first, those below zero hidden; by task and exact name; a file says what came of it."""
    of = {"task_id": task.id, "entity_id": shot.id}
    files = [make(WorkingFile, name=name, revision=revision, **of) for name, revision in (("a", 1), ("a", 2), ("b", 3), ("a", -1))]
    made = make(OutputFile, entity_id=shot.id, source_file_id=files[0].id, revision=1, file_status_id=make(FileStatus).id)
    boss = people["manager"]

    def revisions(path):
        return [row["revision"] for row in api(boss, "get", path).json]

    assert revisions(f"/data/tasks/{task.id}/working-files") == [3, 2, 1]
    entity = f"/data/entities/{shot.id}/working-files"
    queries = {"": [3, 2, 1], "?name=a": [2, 1], "?name=": [3, 2, 1], "?name=A": [], f"?task_id={task.id}": [3, 2, 1]}
    assert {query: revisions(entity + query) for query in queries} == queries
    assert [row["outputs"] for row in api(boss, "get", f"{entity}?relations=true").json] == [[], [], [str(made.id)]]
    assert "outputs" not in api(boss, "get", entity).json[0]
    for path in (f"/data/working-files/{files[0].id}?relations=false", f"/data/files/{files[0].id}"):
        assert api(boss, "get", path).json["outputs"] == [str(made.id)]
    assert api(boss, "get", f"/data/files/{made.id}").json["type"] == "OutputFile"
    assert [api(boss, "get", f"/data/files/{id}").status_code for id in (NOBODY, "x")] == [404, 404]
    assert api(people["vendor"], "get", "/data/working-files").status_code == 403


def test_what_is_done_with_a_working_file(api, people, task, shot, make, tx, told):  # noqa: F811
    """§2: a comment, a change, a scene; nothing is told of them."""
    row = make(WorkingFile, name="a", revision=1, task_id=task.id, entity_id=shot.id)
    path, artist = f"/actions/working-files/{row.id}", people["user"]
    assert api(artist, "put", f"{path}/comment", json={"comment": "new"}).json["comment"] == "new"
    assert [api(artist, "put", f"{path}/comment", json=body).status_code for body in ({}, {"comment": ""})] == [400, 400]
    assert api(artist, "put", f"{path}/modified").json["updated_at"] >= row.updated_at.isoformat()[:19]
    assert api(people["vendor"], "put", f"{path}/modified").status_code == 403
    scene = f"/data/working-files/{row.id}/file"
    missing = api(artist, "get", scene)
    assert (missing.status_code, missing.json) == (404, {"error": True, "message": f"Working file not found for: {row.id}"})
    assert api(artist, "post", scene, data={"x": "y"}).status_code == 400
    for content in (b"one", b"second"):
        sent = api(artist, "post", scene, data={"file": (io.BytesIO(content), "a.exe")})
        assert (sent.status_code, sent.json["outputs"]) == (201, [])
    shown = api(artist, "get", scene)
    assert (shown.data, shown.mimetype) == (b"second", "application/octet-stream")
    assert api(artist, "get", scene, headers={"Range": "bytes=0-2"}).data == b"sec"
    assert told() == []
    for status, answer in (("validated", 200), ("rejected", 200), ("neutral", 200), ("good", 400)):
        assert api(people["admin"], "put", f"/data/working-files/{row.id}", json={"validation_status": status}).status_code == answer


def test_a_new_output(api, people, shot, output, instance, make, tx, told):  # noqa: F811
    """§3: what is refused, each kind of owner with its own key; the next revision; elements are counted in the name of an entity's."""
    boss = people["manager"]
    forms = {"error": f"/data/entities/{shot.id}", "message": f"/data/asset-instances/{instance.id}/entities/{shot.id}"}
    for key, form in forms.items():
        new = f"{form}/output-files/new"
        made = api(boss, "post", new, json={**output, "nb_elements": 5, "extension": ".abc", "working_file_id": NOBODY, "mode": "x"})
        assert (made.status_code, made.json["revision"], made.json["source_file_id"]) == (201, 1, None)
        assert (made.json["name"], made.json["representation"], made.json["person_id"]) == ("main", "", str(boss.id))
        assert made.json["path"] == f"{made.json['folder_path']}/{made.json['file_name']}.abc"
        assert made.json["file_name"].endswith("_[1-5]") == (key == "error")
        assert told()[-1] == "output-file:new"
        twice = api(boss, "post", new, json={**output, "revision": 1})
        assert (twice.status_code, twice.json) == (400, {key: "The given output file already exists."})
        for more, status, message in (
            ({"output_type_id": NOBODY}, 400, "Cannot find given output type."),
            ({"person_id": NOBODY}, 400, "Cannot find given person."),
            ({"task_type_id": NOBODY}, 404, None),
            ({"task_type_id": ""}, 400, None),
        ):
            refused = api(boss, "post", new, json={**output, **more})
            assert refused.status_code == status and (message is None or refused.json == {key: message})
        assert api(boss, "post", new, json={**output, "revision": -3, "representation": "other"}).json["revision"] == 2
        assert api(boss, "post", f"{form}/output-files/next-revision", json=output).json == {"next_revision": 3}
        assert api(boss, "post", f"{form}/output-files/next-revision", json={**output, "name": "b"}).json == {"next_revision": 1}
    status = tx.scalars(sa.select(FileStatus)).one()
    assert (status.name, status.color) == ("To review", "#FFFFFF")
    place = api(boss, "post", f"{forms['error']}/output-file-path", json={**output, "extension": ".x", "separator": "|"}).json
    assert "|" in place["folder_path"] and place["file_name"].endswith("_v003")
    assert api(boss, "post", f"{forms['message']}/output-file-path", json=output).json["file_name"].endswith("_v000")
    for owner in (f"/data/entities/{NOBODY}", f"/data/asset-instances/{instance.id}/entities/{NOBODY}"):
        assert api(boss, "post", f"{owner}/output-files/next-revision", json=output).status_code == 404


def test_outputs_of_instances_count_for_their_asset(api, people, instance, shot, output, make, tx):  # noqa: F811
    """§3: the next revision of an entity counts its instances; its lists do not, its types do."""
    columns = {"name": "main", "representation": "", "entity_id": instance.asset_id, "file_status_id": make(FileStatus).id, **output}
    make(OutputFile, asset_instance_id=instance.id, temporal_entity_id=shot.id, revision=4, **columns)
    make(OutputFile, revision=2, **columns)
    base, boss = f"/data/entities/{instance.asset_id}", people["manager"]
    assert api(boss, "post", f"{base}/output-files/next-revision", json=output).json == {"next_revision": 5}
    for path in ("output-files", "output-files/last-revisions", f"output-types/{output['output_type_id']}/output-files"):
        assert [row["revision"] for row in api(boss, "get", f"{base}/{path}").json] == [2], path
    assert [row["id"] for row in api(boss, "get", f"{base}/output-types").json] == [output["output_type_id"]]
    seen = f"/data/asset-instances/{instance.id}"
    for query, count in (("", 1), (f"?temporal_entity_id={shot.id}", 1), (f"?temporal_entity_id={NOBODY}", 0), ("?name=x", 0)):
        assert len(api(boss, "get", f"{seen}/output-files{query}").json) == count, query
    assert api(boss, "get", f"{seen}/entities/{shot.id}/output-types/{NOBODY}/output-files").status_code == 404


def test_lists_of_outputs(api, people, project, shot, output, make, tx):  # noqa: F811
    """§3: newest or last first, those below zero hidden; with a status the last is that of the status, whatever has its number."""
    ok, wait, other = make(FileStatus, name="ok"), make(FileStatus, name="wait"), make(TaskType)
    kind = output["task_type_id"]
    rows = [
        ("main", "", 1, ok.id, kind), ("main", "", 2, wait.id, kind), ("main", "obj", 1, wait.id, kind), ("b", "", 1, wait.id, other.id),
        ("main", "", -1, wait.id, kind),
    ]  # fmt: skip
    for name, representation, revision, status, of in rows:
        make(
            OutputFile, name=name, representation=representation, revision=revision, file_status_id=status, task_type_id=of,
            output_type_id=output["output_type_id"], entity_id=shot.id,
        )  # fmt: skip
    boss, base = people["manager"], f"/data/entities/{shot.id}/output-files"

    def found(path, **more):
        return sorted((row["name"], row["representation"], row["revision"]) for row in api(boss, "get", path, **more).json)

    assert len(found(base)) == 4
    assert found(f"{base}?representation=obj") == found(base, json={"representation": "obj"}) == [("main", "obj", 1)]
    assert len(found(f"{base}?representation=&name=&file_status_id=")) == 4
    assert found(f"{base}/last-revisions") == [("b", "", 1), ("main", "", 2), ("main", "obj", 1)]
    assert found(f"{base}/last-revisions?file_status_id={ok.id}") == [("main", "", 1)]
    assert found(f"{base}/last-revisions?task_type_id={other.id}") == [("b", "", 1)]
    of_type = f"/data/entities/{shot.id}/output-types/{output['output_type_id']}/output-files"
    assert len(found(f"{of_type}?representation=obj")) == 1 and ("main", "obj", 1) not in found(f"{of_type}?representation=")
    assert api(boss, "get", f"/data/entities/{shot.id}/output-types/{NOBODY}/output-files").status_code == 404
    whole = f"/data/projects/{project.id}/output-files"
    assert len(found(whole)) == 4 and len(found(f"{whole}?name=b")) == 1
    assert [api(people[who], "get", whole).status_code for who in ("admin", "supervisor", "user", "vendor", "client")] == [200, *[403] * 4]
