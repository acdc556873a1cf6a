"""What imports write, line by line, and what they tell."""

import sqlalchemy as sa

from zou.comments.models import Comment
from zou.entities.models import Entity, EntityLink, EntityType, task_type_asset_type_link
from zou.inbox.models import News, Notification
from zou.people.models import Person, department_link
from zou.platform.events.models import ApiEvent
from zou.productions.models import ProjectTaskTypeLink, project_asset_type_link
from zou.tasks.models import StatusAutomation, Task, TaskType, task_person_link


def path(show, kind):
    return f"/import/csv/projects/{show.project.id}/{kind}"


def told(tx):
    """How often each event was stored."""
    return dict(tx.execute(sa.select(ApiEvent.name, sa.func.count()).group_by(ApiEvent.name)).all())


def entity(tx, name, **columns):
    found = sa.select(Entity).where(Entity.name == name, *[getattr(Entity, key) == value for key, value in columns.items()])
    return tx.scalars(found.execution_options(populate_existing=True)).one()


# --- assets ---


def test_assets_get_types_episodes_metadata_and_tasks(send, show, people, tx):
    rows = [
        ["Type", "Name", "Episode", "Description", "Resolution", "Ready for", "Size", "Done", "Owner", "Unknown"],
        ["props", "Chair", "E01", "wood", "2K", "animation", "12", "YES", "grace hopper", "x"],
        ["Furniture", "Table", "MP", "", "", "", "", "", "", "x"],
    ]
    answer = send(path(show, "assets"), rows)
    assert [(row["name"], row["type"]) for row in answer.json] == [("Chair", "Entity"), ("Table", "Entity")]
    chair, table = entity(tx, "Chair"), entity(tx, "Table")
    assert chair.data == {"resolution": "2K", "size": "12", "done": "true", "owner": str(show.artist.id)}
    assert (chair.entity_type_id, chair.ready_for, chair.created_by) == (show.props.id, show.types["Shot"].id, people["manager"].id)
    assert (chair.source_id, table.source_id) == (entity(tx, "E01").id, None)
    assert table.data == {"resolution": "", "size": "", "done": "", "owner": ""}
    assert tx.get(EntityType, table.entity_type_id).name == "Furniture"
    assert told(tx) == {"asset-type:new": 1, "episode:new": 1, "asset:new": 2, "task:new": 2}


def test_without_update_assets_stay_but_get_missing_tasks(send, show, make, tx):
    columns = {"project_id": show.project.id, "entity_type_id": show.props.id}
    chair = make(Entity, name="Chair", description="old", **columns)
    make(Entity, name="Bystander", **columns)
    send(path(show, "assets"), [["Type", "Name", "Description", "Modeling"], ["Props", "Chair", "new", "wipx"]])
    assert entity(tx, "Chair").description == "old"
    assert tx.scalars(sa.select(Task.entity_id)).all() == [chair.id]
    assert tx.scalar(sa.select(Task.task_status_id)) == show.todo.id
    answer = send(path(show, "assets"), [["Type", "Name", "Description", "Modeling"], ["Props", "Chair", "new", "wipx"]], update=True)
    assert answer.json[0]["description"] == entity(tx, "Chair").description == "new"
    assert tx.scalar(sa.select(Task.task_status_id)) == show.wip.id


def test_a_production_that_lists_its_types_takes_others_that_exist_and_no_new_ones(send, show, make, tx):
    other = make(EntityType, name="Vehicle")
    tx.execute(project_asset_type_link.insert().values(project_id=show.project.id, asset_type_id=show.props.id))
    tx.commit()
    assert send(path(show, "assets"), [["Type", "Name"], ["Boat", "Titanic"]]).status_code == 400
    assert send(path(show, "assets"), [["Type", "Name"], ["vehicle", "Car"], ["PROPS", "Chair"]]).status_code == 201
    assert set(tx.scalars(sa.select(project_asset_type_link.c.asset_type_id))) == {show.props.id, other.id}


def test_the_workflow_of_an_asset_type_narrows_its_tasks_and_a_cell_widens_them(send, show, make, tx):
    second = make(TaskType, name="Rigging", for_entity=None)
    make(ProjectTaskTypeLink, project_id=show.project.id, task_type_id=second.id)
    tx.execute(task_type_asset_type_link.insert().values(asset_type_id=show.props.id, task_type_id=show.types["Asset"].id))
    tx.commit()
    send(path(show, "assets"), [["Type", "Name", "Rigging"], ["Props", "Chair", ""], ["Props", "Table", "wipx"], ["Other", "Hero", ""]])
    made = tx.execute(
        sa.select(Entity.name, TaskType.name).join(Task, Task.entity_id == Entity.id).join(TaskType, Task.task_type_id == TaskType.id)
    )
    assert sorted(map(tuple, made)) == [
        ("Chair", "Modeling"), ("Hero", "Modeling"), ("Hero", "Rigging"), ("Table", "Modeling"), ("Table", "Rigging"),
    ]  # fmt: skip


def test_an_episode_outside_a_series_is_refused(send, show, tx):
    show.project.production_type = "short"
    tx.commit()
    answer = send(path(show, "assets"), [["Type", "Name", "Episode"], ["Props", "Chair", "E01"]])
    assert answer.json["message"] == "An episode column is present for a production that isn't a TV Show"
    assert send(path(show, "assets"), [["Type", "Name", "Episode"], ["Props", "Chair", ""]]).status_code == 201


def test_two_lines_about_one_asset_are_one_asset(send, show, tx):
    rows = [["Type", "Name", "Size"], ["Props", "Chair", "1"], ["Props", "Chair", "2"]]
    answer = send(path(show, "assets"), rows)
    assert [row["data"]["size"] for row in answer.json] == ["1", "1"]
    answer = send(path(show, "assets"), rows, update=True)
    assert [row["data"]["size"] for row in answer.json] == ["2", "2"]
    assert told(tx) == {"asset:new": 1, "task:new": 1, "asset:update": 2}


# --- shots and edits ---


def test_shots_get_episodes_sequences_frames_and_tasks(send, show, tx):
    rows = [
        ["Episode", "Sequence", "Name", "In", "Out", "FPS", "Resolution", "Animation", "Animation comment"],
        ["E01", "S01", "SH01", "1001", "1100", "24", "2K", "wipx", "Go"],
        ["E02", "S01", "SH01", "", "", "", "", "", ""],
    ]
    answer = send(path(show, "shots"), rows)
    assert [(row["nb_frames"], row["data"]) for row in answer.json] == [
        (100, {"frame_in": 1001, "frame_out": 1100, "fps": "24", "resolution": "2K"}),
        (0, {"fps": "", "resolution": ""}),
    ]
    assert told(tx) == {
        "episode:new": 2, "sequence:new": 2, "shot:new": 2, "task:new": 2, "comment:new": 1, "task:update": 1, "task:status-changed": 1,
        "news:new": 1,
    }  # fmt: skip
    assert [c.text for c in tx.scalars(sa.select(Comment))] == ["Go"]


def test_changed_shots_get_only_the_tasks_that_lines_name(send, show, make, tx):
    second = make(TaskType, name="Light", for_entity="Shot")
    send(path(show, "shots"), [["Episode", "Sequence", "Name"], ["E01", "S01", "SH01"], ["E01", "S01", "SH02"]])
    make(ProjectTaskTypeLink, project_id=show.project.id, task_type_id=second.id)
    rows = [["Episode", "Sequence", "Name", "Light"], ["E01", "S01", "SH01", "td"], ["E01", "S01", "SH02", ""]]
    send(path(show, "shots"), rows, update=True)
    lit = sa.select(Entity.name).join(Task, Task.entity_id == Entity.id).where(Task.task_type_id == second.id)
    assert tx.scalars(lit).all() == ["SH01"]


def test_edits_are_known_by_name_and_episode(send, show, tx):
    rows = [["Name", "Episode", "Description"], ["Cut", "E01", "a"], ["Cut", "", "b"], ["Cut", "E01", "c"]]
    answer = send(path(show, "edits"), rows, update=True)
    assert [row["description"] for row in answer.json] == ["c", "b", "c"]
    assert told(tx) == {"episode:new": 1, "edit:new": 2, "edit:update": 1, "task:new": 2}


# --- tasks ---


def test_persons_are_assigned_once_and_comments_posted_as_a_single_one_is(send, show, people, make, tx):
    tx.execute(task_person_link.delete())
    namesake = make(Person, first_name="Grace", last_name="Hopper", email="other@studio.example")
    rows = [
        ["Type", "Name", "Modeling", "Modeling comment", "Modeling assignations"],
        ["Props", "Chair", "Work in progress", "@Grace Hopper look", "GRACE@studio.example, Grace Hopper"],
        ["Props", "Table", "", "", f"{namesake.id}"],
        ["Props", "Lamp", "WIPX", "", ""],
    ]
    assert send(path(show, "assets"), rows).status_code == 201
    of_tasks = sa.select(Entity.name).join(Task, Task.entity_id == Entity.id)
    who = dict(tx.execute(of_tasks.add_columns(task_person_link.c.person_id).join(task_person_link)).all())
    assert who == {"Chair": show.artist.id, "Table": namesake.id}
    texts = dict(tx.execute(of_tasks.add_columns(Comment.text).join(Comment, Comment.object_id == Task.id)).all())
    assert texts == {"Chair": "@Grace Hopper look", "Table": "", "Lamp": ""}
    states = dict(tx.execute(of_tasks.add_columns(Task.task_status_id)).all())
    assert states == {"Chair": show.wip.id, "Table": show.todo.id, "Lamp": show.wip.id}
    assert tx.scalar(sa.select(sa.func.count()).select_from(News)) == 3
    kinds = tx.execute(sa.select(Notification.type, Notification.person_id).order_by(Notification.person_id)).all()
    assert set(map(tuple, kinds)) == {("comment", show.artist.id), ("comment", namesake.id)}
    events = told(tx)
    assert (events["task:assign"], events["comment:new"], events["task:status-changed"]) == (2, 3, 2)
    lines = send(path(show, "assets"), rows, update=True)
    assert lines.status_code == 201
    assert told(tx)["task:assign"] == 2


def test_the_cap_on_retakes_leaves_a_comment_out(send, show, make, tx):
    show.project.max_retakes = 1
    show.wip.is_retake = True
    tx.commit()
    rows = [["Type", "Name", "Modeling"], ["Props", "Chair", "wipx"]]
    assert send(path(show, "assets"), rows).status_code == 201
    back = [["Type", "Name", "Modeling"], ["Props", "Chair", "td"]]
    assert send(path(show, "assets"), back, update=True).status_code == 201
    assert send(path(show, "assets"), rows, update=True).status_code == 201
    assert tx.scalar(sa.select(Task.task_status_id)) == show.todo.id
    assert tx.scalar(sa.select(sa.func.count()).select_from(Comment)) == 2


def test_automations_and_hashtags_work_as_for_a_single_comment(send, show, make, tx):
    second = make(TaskType, name="Rigging", for_entity="Asset", priority=2)
    make(ProjectTaskTypeLink, project_id=show.project.id, task_type_id=second.id, priority=2)
    fired = {"in_task_type_id": show.types["Asset"].id, "in_task_status_id": show.wip.id, "out_task_type_id": second.id}
    automation = make(StatusAutomation, **fired, out_task_status_id=show.wip.id, out_field_type="status", entity_type="asset")
    linked = StatusAutomation.metadata.tables["project_status_automation_link"]
    tx.execute(linked.insert().values(project_id=show.project.id, status_automation_id=automation.id))
    tx.commit()
    rows = [["Type", "Name", "Modeling", "Modeling comment"], ["Props", "Chair", "wipx", "#rigging start"]]
    assert send(path(show, "assets"), rows).status_code == 201
    assert set(tx.scalars(sa.select(Task.task_status_id))) == {show.wip.id}
    assert tx.scalar(sa.select(sa.func.count()).select_from(Comment)) == 3


def test_who_cannot_be_assigned_is_told(send, show, make):
    make(Person, first_name="Robot", last_name="One", is_bot=True)
    make(Person, first_name="Pre", last_name="View", preview_project_id=show.project.id)
    for name in ("Robot One", "Pre View"):
        rows = [["Type", "Name", "Modeling assignations"], ["Props", "Chair", name]]
        answer = send(path(show, "assets"), rows)
        assert answer.json["message"] == f"{name} cannot be assigned (column Modeling assignations)"


# --- castings ---


def test_castings_reach_shots_assets_and_episodes(send, show, tx):
    send(path(show, "assets"), [["Type", "Name"], ["Props", "Big Chair"], ["Props", "Table"]])
    send(path(show, "shots"), [["Episode", "Sequence", "Name"], ["E01", "S01", "SH01"]])
    tx.execute(sa.delete(ApiEvent))
    tx.commit()
    rows = [
        ["Episode", "Parent", "Name", "Asset Type", "Asset", "Occurences", "Label"],
        ["e01", "s01", "sh01", "props", "big chair", "3", "Set Dress"],
        ["MP", "Props", "Table", "Props", "Big Chair", "", "fixed"],
        ["", "Episode", "E01", "Props", "Table", "1", ""],
        ["E01", "S01", "nothing", "Props", "Table", "1", ""],
    ]
    assert send(path(show, "casting"), rows).json == [None] * 4
    links = sa.select(EntityLink.entity_in_id, EntityLink.entity_out_id, EntityLink.nb_occurences, EntityLink.label, EntityLink.data)
    chair, table, shot, episode = (entity(tx, name).id for name in ("Big Chair", "Table", "SH01", "E01"))
    assert sorted(map(str, tx.execute(links))) == sorted(
        map(str, [(shot, chair, 3, "set-dress", None), (table, chair, 1, "fixed", None), (episode, table, 1, "", None),
                  (episode, chair, 1, "set-dress", {"auto": True})])
    )  # fmt: skip
    assert [entity(tx, name).nb_entities_out for name in ("SH01", "Table", "E01")] == [1, 1, 2]
    assert told(tx) == {
        "entity-link:new": 3, "shot:casting-update": 1, "asset:casting-update": 1, "episode:casting-update": 1, "asset:update": 1,
    }  # fmt: skip
    assert send(path(show, "casting"), [rows[0], ["E01", "S01", "SH01", "Props", "Big Chair", "5", "fixed"]]).status_code == 201
    changed = tx.execute(sa.select(EntityLink.nb_occurences, EntityLink.label).where(EntityLink.entity_in_id == shot)).one()
    assert tuple(changed) == (5, "fixed")


# --- estimations ---


def test_estimations_count_in_days_or_hours_and_end_on_working_days(send, show, make, tx):
    chair = make(Entity, name="Chair", project_id=show.project.id, entity_type_id=show.props.id)
    keys = {"project_id": show.project.id, "entity_id": chair.id, "task_type_id": show.types["Asset"].id}
    task = make(Task, **keys, task_status_id=show.todo.id)
    route = f"/import/csv/projects/{show.project.id}/task-types/{show.types['Asset'].id}/estimations"
    rows = [["Parent", "Entity", "Estimation", "Drawings", "Start date", "Difficulty"], ["props", "chair", "2.5", "7", "2026-03-05", "4"]]
    assert send(route, rows, who="supervisor").json == [None]
    tx.refresh(task)
    assert (task.estimation, task.nb_drawings, task.difficulty) == (1200, 7, 4)
    assert (str(task.start_date.date()), str(task.due_date.date())) == ("2026-03-05", "2026-03-09")  # Thursday, Monday
    assert send(route, [["Parent", "Entity", "Start date", "Estimation"], ["Props", "Chair", "2026-03-07", "6"]]).status_code == 201
    tx.refresh(task)
    assert str(task.due_date.date()) == "2026-03-13"  # five working days after a Saturday
    assert told(tx) == {"task:update": 2}


def test_an_episode_narrows_estimations(send, show, make):
    episodes = [make(Entity, name=name, project_id=show.project.id, entity_type_id=show.kinds["Episode"].id) for name in ("E01", "E02")]
    for episode in episodes:
        sequence = make(Entity, name="S", project_id=show.project.id, parent_id=episode.id, entity_type_id=show.kinds["Sequence"].id)
        shot = make(Entity, name="1", project_id=show.project.id, parent_id=sequence.id, entity_type_id=show.kinds["Shot"].id)
        keys = {"project_id": show.project.id, "entity_id": shot.id, "task_type_id": show.types["Shot"].id}
        episode.task = make(Task, **keys, task_status_id=show.todo.id)
    route = f"/import/csv/projects/{show.project.id}/episodes/{{}}/task-types/{show.types['Shot'].id}/estimations"
    rows = [["Parent", "Entity", "Drawings"], ["S", "1", "9"]]
    assert send(route.format(episodes[1].id), rows).status_code == 201
    tx = sa.orm.object_session(episodes[1].task)
    tx.expire_all()
    assert [episode.task.nb_drawings for episode in episodes] == [0, 9]
    assert send(route.format("all"), rows).status_code == 201
    assert send(route.format("nonsense"), rows).status_code == 404


# --- persons ---


def test_persons_take_codes_and_labels_and_are_changed_on_request(send, show, tx):
    work = {"Role": "production manager", "Contract Type": "FREELANCE", "Position": "lead", "Seniority": "Senior", "Country": "fr"}
    cells = {"First Name": "Ada", "Last Name": "Lovelace", "Email": "Ada@Studio.Example.com", **work}
    cells |= {"Active": "no", "Departments": "Layout", "Studio": "North"}
    rows = [list(cells), list(cells.values())]
    answer = send("/import/csv/persons", rows, who="admin")
    ada = answer.json[0]
    keys = ("email", "role", "contract_type", "position", "seniority", "country", "active")
    assert [ada[key] for key in keys] == ["ada@studio.example.com", "manager", "freelance", "lead", "senior", "FR", False]
    assert (ada["studio_id"], "password" in ada) == (str(show.studio.id), False)
    assert tx.scalars(sa.select(department_link.c.department_id)).all() == [show.department.id]
    rows[1][0:2], rows[1][9] = ["Augusta", "King"], ""  # no department
    assert send("/import/csv/persons", rows, who="admin").json[0]["first_name"] == "Ada"
    changed = send("/import/csv/persons", rows, who="admin", update=True).json[0]
    assert changed["full_name"] == "Augusta King"
    assert tx.scalars(sa.select(department_link.c.department_id)).all() == [show.department.id]
    assert told(tx) == {}


def test_a_protected_account_keeps_its_role_and_stays_active(send, show, app, tx, monkeypatch):
    monkeypatch.setitem(app.config, "PROTECTED_ACCOUNTS", ["grace@studio.example.com"])
    show.artist.email = "grace@studio.example.com"
    tx.commit()
    rows = [["First Name", "Last Name", "Email", "Role", "Active"], ["Grace", "Hopper", "grace@studio.example.com", "vendor", "no"]]
    answer = send("/import/csv/persons", rows, who="admin", update=True)
    assert sorted(error["column"] for error in answer.json["data"]["errors"]) == ["Active", "Role"]
    assert send("/import/csv/persons", rows, who="admin").status_code == 201
