"""What Shotgun sends, entry by entry; what it says is gone; and what odd entries do."""

import pytest
import sqlalchemy as sa

from zou.comments.models import Comment
from zou.entities.models import Entity, EntityLink, EntityType
from zou.exchange.models import DataImportError
from zou.exchange.resources import trackers
from zou.people.models import Department, Person, department_link
from zou.platform.events.models import ApiEvent
from zou.previews.models import PreviewFile
from zou.productions.models import Project, ProjectPersonLink
from zou.tasks.models import Task, TaskStatus, TaskType, task_person_link

LINK = {"type": "Project", "id": 1, "name": "Agent"}
STUDIO = {
    "persons": [
        {"id": 1, "firstname": "Ada", "lastname": "King", "email": "Ada@studio.example", "login": "ada", "sg_status_list": "act",
         "permission_rule_set": {"name": "Manager"}, "department": {"name": "Rigging"}},
        {"id": 2, "firstname": "No", "lastname": "Body", "email": "changeme@email.com", "login": "x"},
        {"id": 3, "lastname": "without first name", "email": "x@studio.example"},
    ],
    "projects": [{**LINK, "sg_status": "Paused", "sg_fps": "24", "sg_empty": None}],
    "episodes": [{"id": 10, "code": "E01", "description": "first", "project": LINK}, {"id": 11, "code": "E", "description": None,
                  "project": {"id": 9, "name": "unknown"}}],
    "sequences": [{"id": 20, "code": "S01", "description": None, "project": LINK, "episode": {"id": 10, "type": "Episode"}}],
    "scenes": [{"id": 30, "code": "SC1", "project": LINK, "sequence_sg_scenes_1_sequences": [{"id": 20}]}],
    "assets": [{"id": 50, "code": "Chair", "description": "wood", "sg_asset_type": "Furniture", "project": LINK, "parents": []},
               {"id": 51, "code": "Leg", "description": "", "sg_asset_type": "Furniture", "project": LINK, "parents": [{"id": 50}]},
               {"id": 52, "code": "Untyped", "description": "", "sg_asset_type": None, "project": LINK}],
    "shots": [{"id": 40, "code": "SH1", "project": LINK, "sg_sequence": {"id": 20}, "sg_scene": {"id": 30},
               "assets": [{"id": 50}, {"id": 99}],
               "sg_cut_in": 10, "sg_cut_duration": 5, "sg_mood": "dark"}],
    "steps": [{"id": 60, "code": "Rigging Body", "short_name": "rig", "color": "1,2,3", "entity_type": "Asset"},
              {"id": 61, "code": "Bad", "color": "red"}],
    "status": [{"id": 70, "code": "wipz", "name": "In progress", "bg_color": "255,0,0"}],
    "tasks": [{"id": 80, "cached_display_name": "Rig", "start_date": "2026-03-02", "due_date": None, "sg_sort_order": 3, "duration": 60,
               "step": {"id": 60}, "sg_status_list": "wipz", "created_by": {"id": 1}, "project": LINK,
               "entity": {"id": 50, "type": "Asset"},
               "task_assignees": [{"id": 1}, {"id": 99}]},
              {"id": 81, "cached_display_name": "No step", "start_date": None, "due_date": None, "sg_sort_order": None, "duration": None,
               "sg_status_list": "wipz", "project": LINK}],
    "versions": [{"id": 90, "code": "v1", "description": "first", "user": {"id": 1}, "sg_task": {"id": 80},
                  "sg_uploaded_movie": {"url": "https://s.example/m.mov", "name": "m.mov"}},
                 {"id": 91, "code": "v2", "description": None, "sg_task": {"id": 99}}],
    "notes": [{"id": 95, "content": "Nice", "user": {"id": 1}, "created_at": "2026-03-02T10:00:00+01:00", "tasks": [{"id": 80}]},
              {"id": 96, "content": "On nothing", "user": {"id": 1}, "created_at": "2026-03-02T10:00:00", "tasks": []}],
    "project-connections": [{"id": 98, "project": LINK, "user": {"id": 1}}],
}  # fmt: skip
TAKEN = {"episodes": 1, "persons": 1, "assets": 2, "steps": 1, "tasks": 1, "versions": 1, "notes": 1}


@pytest.fixture
def shotgun(api, people):
    """`shotgun(name, entries)`: the answer to what Shotgun sends."""
    return lambda name, entries: api(people["admin"], "post", f"/import/shotgun/{name}", json=entries)


@pytest.fixture
def studio(shotgun):
    """A studio that came from Shotgun: the names of its routes with what they answered."""
    return {name: shotgun(name, entries).json for name, entries in STUDIO.items()}


def one(tx, model, number):
    return tx.scalars(sa.select(model).where(model.shotgun_id == number).execution_options(populate_existing=True)).one()


def test_a_studio_moves(studio, tx):
    assert {name: len(rows) for name, rows in studio.items()} == {name: TAKEN.get(name, 1) for name in STUDIO}
    ada, project = one(tx, Person, 1), one(tx, Project, 1)
    assert (ada.email, ada.role, ada.active, ada.password, ada.desktop_login) == ("ada@studio.example", "manager", True, None, "ada")
    assert (project.data, project.file_tree["working"]["mountpoint"]) == ({"sg_fps": "24"}, "/simple")
    episode, sequence, scene, shot = one(tx, Entity, 10), one(tx, Entity, 20), one(tx, Entity, 30), one(tx, Entity, 40)
    assert (sequence.parent_id, scene.parent_id, shot.parent_id, shot.source_id) == (episode.id, sequence.id, sequence.id, scene.id)
    data = {"frame_in": 10, "frame_out": 15, "sg_cut_duration": 5, "sg_mood": "dark", "sg_scene": {"id": 30}}
    assert shot.data == data
    chair, leg = one(tx, Entity, 50), one(tx, Entity, 51)
    links = tx.execute(sa.select(EntityLink.entity_in_id, EntityLink.entity_out_id)).all()
    assert sorted(map(tuple, links)) == sorted([(shot.id, chair.id), (chair.id, leg.id)])
    step = one(tx, TaskType, 60)
    assert (step.color, step.for_entity, tx.get(Department, step.department_id).name) == ("#010203", "Asset", "Rigging")
    task = one(tx, Task, 80)
    assert (task.name, task.entity_id, task.assigner_id, task.duration, task.sort_order) == ("Rig", chair.id, ada.id, 60, 3)
    assert task.task_status_id == one(tx, TaskStatus, 70).id
    assert tx.scalars(sa.select(task_person_link.c.person_id)).all() == [ada.id]
    version, note = one(tx, PreviewFile, 90), one(tx, Comment, 95)
    assert (version.source, version.task_id, version.person_id, version.uploaded_movie_name) == ("Shotgun", task.id, ada.id, "m.mov")
    assert (note.text, note.object_id, str(note.created_at)) == ("Nice", task.id, "2026-03-02 10:00:00")
    assert tx.scalar(sa.select(ProjectPersonLink.shotgun_id).where(ProjectPersonLink.person_id == ada.id)) == 98


def test_the_same_again_makes_nothing_new(studio, shotgun, tx):
    kinds = (Person, Project, Entity, EntityLink, EntityType, TaskType, TaskStatus)
    tables = (*kinds, Task, PreviewFile, Comment, Department, ProjectPersonLink)

    def count():
        return {model.__name__: tx.scalar(sa.select(sa.func.count()).select_from(model)) for model in tables}

    before = count()
    for name, entries in STUDIO.items():
        assert shotgun(name, entries).status_code == 200
    assert count() == before


@pytest.mark.parametrize("name, modes", [("simple", {"working", "output", "preview"}), ("no-such-tree", set())])
def test_a_production_from_shotgun_gets_the_file_tree_of_the_studio(app, shotgun, tx, monkeypatch, name, modes):
    monkeypatch.setitem(app.config, "DEFAULT_FILE_TREE", name)
    shotgun("projects", STUDIO["projects"])
    assert set(one(tx, Project, 1).file_tree) == modes


def test_a_known_person_only_changes_department(studio, shotgun, tx):
    entry = {**STUDIO["persons"][0], "firstname": "Augusta", "department": {"name": "Layout"}}
    assert shotgun("persons", [entry]).json[0]["first_name"] == "Ada"
    names = sa.select(Department.name).join(department_link).where(department_link.c.person_id == one(tx, Person, 1).id)
    assert tx.scalars(names).all() == ["Layout"]


def test_secrets_of_a_known_person_are_not_answered(studio, shotgun, tx):
    person = one(tx, Person, 1)
    person.password, person.totp_secret, person.jti = b"$2b$hash", "JBSWY3DP", "abc"
    tx.commit()
    row = shotgun("persons", [STUDIO["persons"][0]]).json[0]
    secrets = ("password", "totp_secret", "jti", "fido_credentials", "otp_recovery_codes", "email_otp_secret")
    assert [row[key] for key in secrets] == [None] * 6


def test_what_the_database_refuses_writes_nothing(studio, shotgun, tx):
    entries = [{"id": 71, "code": "good", "name": "Good", "bg_color": None}, {"id": 72, "code": "x" * 30, "name": "Bad", "bg_color": None}]
    assert shotgun("status", entries).status_code == 400
    assert tx.scalars(sa.select(TaskStatus.shotgun_id).where(TaskStatus.shotgun_id.isnot(None))).all() == [70]


ODD = (None, 1, "x", [], {}, {"id": "1"}, {"id": -1}, {"id": True}, {"id": 2**40}, {"id": 1, "code": 5}, {"id": 1, "code": ""})
VALUES = (None, 1.5, [None], {"id": "x"})


@pytest.mark.parametrize("name", STUDIO)
def test_no_odd_entry_is_a_fault(studio, shotgun, name):
    for body in ({}, "x", 1, [[]], [[{}]], list(ODD)):
        assert shotgun(name, body).status_code in (200, 400)
    entry = STUDIO[name][0]
    for key in entry:
        for value in VALUES:
            answer = shotgun(name, [{**entry, key: value}])
            assert answer.status_code in (200, 400), (key, value, answer.text[:300])


def test_rows_go_by_their_id_there(studio, api, people, tx):
    def remove(name, number):
        return api(people["admin"], "post", f"/import/shotgun/remove/{name}", json={"id": number}).json["success"]

    assert [remove(name, number) for name, number in (("step", 60), ("sequence", 20), ("project", 1), ("status", 70))] == [False] * 4
    assert remove("task", 80) is False  # it has a note and a version
    kept = [one(tx, model, number) for model, number in ((TaskType, 60), (Entity, 20), (Project, 1), (TaskStatus, 70), (Task, 80))]
    assert len(kept) == 5
    order = [("note", 95), ("version", 90), ("task", 80), ("shot", 40), ("scene", 30), ("sequence", 20), ("episode", 10), ("asset", 51),
             ("asset", 50), ("step", 60), ("status", 70), ("project-connection", 98), ("person", 1)]  # fmt: skip
    assert [remove(name, number) for name, number in order] == [True] * len(order)
    assert [remove(name, number) for name, number in order] == [True] * len(order)  # what is not there is gone
    assert remove("project", 1) is False  # the log names it
    tx.execute(sa.delete(ApiEvent))
    tx.commit()
    assert remove("project", 1) is True
    assert tx.scalars(sa.select(Entity.shotgun_id).where(Entity.shotgun_id.isnot(None))).all() == []


def test_an_asset_whose_task_stays_is_canceled(studio, api, people, tx):
    answer = api(people["admin"], "post", "/import/shotgun/remove/asset", json={"id": 50})
    assert answer.json == {"success": True, "removed_instance_id": str(one(tx, Entity, 50).id)}
    assert (one(tx, Entity, 50).canceled, one(tx, Task, 80).name) == (True, "Rig")
    assert tx.scalar(sa.select(sa.func.count()).where(ApiEvent.name == "asset:delete")) == 1


def test_a_removal_needs_an_id(api, people):
    for name in trackers.REMOVED:
        for body in ({}, [], {"id": "1"}, {"id": None}, {"id": 2**40}):
            assert api(people["admin"], "post", f"/import/shotgun/remove/{name}", json=body).status_code == 400


def test_failures_are_kept_listed_and_forgotten(api, people, tx):
    made = api(people["admin"], "post", "/import/shotgun/errors", json={"id": 5})
    assert (made.status_code, made.json["event_data"], made.json["source"]) == (201, {"id": 5}, "shotgun")
    assert [row["id"] for row in api(people["admin"], "get", "/import/shotgun/errors").json] == [made.json["id"]]
    for body in ([], "x"):
        assert api(people["admin"], "post", "/import/shotgun/errors", json=body).status_code == 400
    path = f"/import/shotgun/errors/{made.json['id']}"
    assert [api(people["admin"], "delete", path).status_code for _ in range(2)] == [204, 404]
    assert tx.scalars(sa.select(DataImportError)).all() == []
