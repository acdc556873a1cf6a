"""The generic routes of entities: kinds, who sees and changes what, merged data, versions, readiness."""

import threading

import pytest
import sqlalchemy as sa
from flask_jwt_extended import create_access_token
from sqlalchemy.orm import Session

from tests.making import join_team, make, open_status
from zou.entities.models import Entity, EntityLink, EntityType, EntityVersion
from zou.people.models import Department, Person
from zou.platform.events.models import ApiEvent
from zou.productions.models import MetadataDescriptor, Project, ProjectTaskTypeLink
from zou.tasks.models import Task, TaskType


def stored(tx, row):
    tx.refresh(row)
    return row


def names(answer):
    return sorted(row["name"] for row in answer.json)


def test_the_type_of_a_row_is_its_kind(api, people, asset, shot):
    rows = api(people["user"], "get", "/data/entities").json
    assert {row["name"]: row["type"] for row in rows} == {"Tree": "Asset", "SH010": "Shot"}
    assert api(people["user"], "get", f"/data/entities/{shot.id}").json["type"] == "Shot"


@pytest.mark.parametrize("who", ["admin", "user", "vendor"])
def test_a_list_is_one_statement_besides_the_persons_own(api, people, make, kind, project, statements, who):
    for n in range(20):
        make(Entity, name=f"Prop {n}", project_id=project.id, entity_type_id=kind("Props").id)
    with statements() as seen:
        assert api(people[who], "get", "/data/entities").status_code == 200
    assert len(seen) == 2


def test_an_item_is_two_statements(api, people, asset, statements):
    with statements() as seen:
        assert api(people["user"], "get", f"/data/entities/{asset.id}").status_code == 200
    assert len(seen) == 2


def test_a_vendor_on_one_production_sees_all_of_another(api, make, tx, kind):
    person = make(Person, role="user")
    for name, role in (("Closed hands", "vendor"), ("Open hands", None)):
        production = make(Project, name=name, project_status_id=open_status(tx).id)
        join_team(tx, production, person, role=role)
        make(Entity, name=name, project_id=production.id, entity_type_id=kind("Props").id)
    assert names(api(person, "get", "/data/entities")) == ["Open hands"]


def test_a_vendor_sees_the_entities_of_their_tasks(api, make, people, asset, shot, project):
    assert names(api(people["vendor"], "get", "/data/entities")) == []
    assert api(people["vendor"], "get", f"/data/entities/{shot.id}").status_code == 403
    make(Task, project_id=project.id, entity_id=shot.id, assignees=[people["vendor"]])
    assert names(api(people["vendor"], "get", "/data/entities")) == ["SH010"]
    assert api(people["vendor"], "get", f"/data/entities/{shot.id}").status_code == 200


def test_nobody_lists_what_they_may_not_read(api, people, asset):
    assert names(api(people["outsider"], "get", "/data/entities")) == []
    assert api(people["outsider"], "get", f"/data/entities/{asset.id}").status_code == 403


def test_data_is_merged(api, people, asset, tx):
    answer = api(people["manager"], "put", f"/data/entities/{asset.id}", json={"data": {"color": "red"}})
    assert answer.json["data"] == {"size": "big", "color": "red"}
    assert stored(tx, asset).data == {"size": "big", "color": "red"}


def test_two_people_who_change_different_keys_at_once_lose_none(application):
    """Real connections, real commits: what is made here is removed at the end."""
    with application.app_context():
        from zou.platform.db import db

        engine = db.engines[None]
        token = create_access_token
    with Session(engine) as tx:
        admin = make(tx, Person, role="admin")
        production = make(tx, Project)
        type_ = make(tx, EntityType)
        entity = make(tx, Entity, project_id=production.id, entity_type_id=type_.id, data={})
        ids = {"api_event": None, "entity": entity.id, "entity_type": type_.id, "project": production.id, "person": admin.id}
    try:
        with application.app_context():
            headers = {"Authorization": f"Bearer {token(str(ids['person']), additional_claims={'identity_type': 'person'})}"}
        statuses, start = [], threading.Barrier(4)

        def write(name):
            start.wait()
            for n in range(5):
                body = {"data": {f"{name}{n}": n}}
                statuses.append(application.test_client().put(f"/data/entities/{ids['entity']}", json=body, headers=headers).status_code)

        threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert statuses == [200] * 20
        with Session(engine) as tx:
            assert tx.get(Entity, ids["entity"]).data == {f"{name}{n}": n for name in "abcd" for n in range(5)}
    finally:
        with Session(engine) as tx:
            tx.execute(sa.delete(ApiEvent).where(ApiEvent.user_id == ids["person"]))
            for model, key in ((Entity, "entity"), (EntityType, "entity_type"), (Project, "project"), (Person, "person")):
                tx.execute(sa.delete(model).where(model.id == ids[key]))
            tx.commit()


@pytest.mark.parametrize("body", [{"status": "nearly"}, {"data": ["a"]}, {"name": None}, {"nb_frames": "many"}, {"parent_id": "here"}])
def test_a_refused_change_writes_nothing(api, people, asset, tx, told, body):
    answer = api(people["manager"], "put", f"/data/entities/{asset.id}", json={"description": "New", **body})
    assert answer.status_code == 400
    assert (stored(tx, asset).description, asset.data) == (None, {"size": "big"})
    assert told() == []


def test_a_namesake_is_refused(api, people, asset, make, tx, project):
    make(Entity, name="Bush", project_id=project.id, entity_type_id=asset.entity_type_id)
    answer = api(people["manager"], "put", f"/data/entities/{asset.id}", json={"name": "Bush"})
    assert answer.status_code == 400
    assert stored(tx, asset).name == "Tree"


def test_the_creator_in_the_team_changes_and_removes(api, people, make, project, asset, tx):
    mine = make(Entity, name="Mine", project_id=project.id, entity_type_id=asset.entity_type_id, created_by=people["user"].id)
    assert api(people["user"], "put", f"/data/entities/{mine.id}", json={"name": "Ours"}).status_code == 200
    assert api(people["user"], "put", f"/data/entities/{asset.id}", json={"name": "Ours too"}).status_code == 403
    assert api(people["user"], "delete", f"/data/entities/{mine.id}").status_code == 204


def test_the_creator_who_left_the_team_removes_nothing(api, people, make, project, asset, tx):
    make(Entity, name="Left", project_id=project.id, entity_type_id=asset.entity_type_id, created_by=people["outsider"].id)
    left = tx.scalar(sa.select(Entity).where(Entity.name == "Left"))
    assert api(people["outsider"], "delete", f"/data/entities/{left.id}").status_code == 403
    assert stored(tx, left).name == "Left"


@pytest.fixture
def modeling(make):
    return make(Department, name="Modeling")


@pytest.mark.parametrize(
    "described, body, status",
    [
        (True, {"data": {"material": "wood"}}, 200),
        (False, {"data": {"material": "wood"}}, 403),
        (True, {"data": {"material": "wood", "other": 1}}, 403),
        (True, {"data": {}}, 403),
        (True, {"data": {"material": "wood"}, "name": "Bush"}, 403),
    ],
)
def test_a_supervisor_fills_in_the_columns_of_their_departments(api, people, make, tx, asset, project, modeling, described, body, status):
    people["supervisor"].departments = [modeling]
    tx.commit()
    columns = {"field_name": "material", "departments": [modeling] if described else []}
    make(MetadataDescriptor, project_id=project.id, entity_type="Asset", **columns)
    assert api(people["supervisor"], "put", f"/data/entities/{asset.id}", json=body).status_code == status
    assert stored(tx, asset).data == ({"size": "big", "material": "wood"} if status == 200 else {"size": "big"})


def test_a_supervisor_without_department_fills_in_any_data(api, people, asset):
    assert api(people["supervisor"], "put", f"/data/entities/{asset.id}", json={"data": {"any": 1}}).status_code == 200
    assert api(people["supervisor"], "put", f"/data/entities/{asset.id}", json={"name": "Bush"}).status_code == 403


def versions(tx, shot):
    tx.expire_all()
    found = tx.scalars(sa.select(EntityVersion).where(EntityVersion.entity_id == shot.id).order_by(EntityVersion.created_at))
    return [(version.name, version.data["frame_in"], version.data["frame_out"]) for version in found]


def test_a_shot_keeps_its_earlier_frames_and_names(api, people, shot, tx):
    path = f"/data/entities/{shot.id}"
    api(people["manager"], "put", path, json={"data": {"note": "no frames"}})
    assert versions(tx, shot) == []
    api(people["manager"], "put", path, json={"data": {"frame_out": 20}})
    assert versions(tx, shot) == [("SH010", 1, 20)]
    api(people["manager"], "put", path, json={"data": {"frame_out": 30}})
    assert versions(tx, shot) == [("SH010", 1, 30)]  # soon after, by the same person: one version
    api(people["admin"], "put", path, json={"data": {"frame_in": 5}})
    assert versions(tx, shot) == [("SH010", 1, 30), ("SH010", 5, 30)]


def test_a_ready_asset_counts_for_the_tasks_of_its_shots(api, people, make, project, asset, shot, tx):
    types = [make(TaskType, for_entity="Shot") for _ in range(3)]
    for place, type_ in enumerate(types, 1):
        make(ProjectTaskTypeLink, project_id=project.id, task_type_id=type_.id, priority=place)
    tasks = [make(Task, project_id=project.id, entity_id=shot.id, task_type_id=type_.id) for type_ in types]
    make(EntityLink, entity_in_id=shot.id, entity_out_id=asset.id)
    assert api(people["manager"], "put", f"/data/entities/{asset.id}", json={"ready_for": str(types[1].id)}).status_code == 200
    assert [stored(tx, task).nb_assets_ready for task in tasks] == [1, 1, 0]
    assert stored(tx, shot).nb_entities_out == 1


def test_a_removal_takes_the_links_and_stops_at_tasks(api, people, make, project, asset, shot, tx, told):
    make(EntityLink, entity_in_id=shot.id, entity_out_id=asset.id)
    task, told_of = make(Task, project_id=project.id, entity_id=asset.id), {"asset_id": str(asset.id), "project_id": str(project.id)}
    assert api(people["manager"], "delete", f"/data/entities/{asset.id}").status_code == 400
    assert tx.scalar(sa.select(sa.func.count()).select_from(EntityLink)) == 1
    tx.delete(task)
    tx.commit()
    assert api(people["manager"], "delete", f"/data/entities/{asset.id}").status_code == 204
    assert tx.scalar(sa.select(sa.func.count()).select_from(EntityLink)) == 0
    assert told() == [("asset:delete", told_of)]
