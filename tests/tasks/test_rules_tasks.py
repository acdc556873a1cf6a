"""Rules of contract/rules/tasks.md that the recordings do not reach, by paragraph."""

import datetime

import sqlalchemy as sa

from tests.making import join_team
from tests.making import make as insert
from zou.entities.models import Entity, EntityType
from zou.people.models import Department, Person
from zou.productions.models import Project, ProjectPersonLink, ProjectTaskTypeLink
from zou.tasks.models import Task, TaskStatus, TaskType, task_person_link

NOBODY = "01a47552-81f3-47b8-84ca-e8acf63af886"


def entity(make, project, kind, name="New", **columns):
    found = make.args[0].scalar(sa.select(EntityType).where(EntityType.name == kind)) or make(EntityType, name=kind)
    return make(Entity, name=name, project_id=project.id, entity_type_id=found.id, **columns)


def names(told):
    return [name for name, _ in told()]


# --- §2 creation -------------------------------------------------------------------------------------------------------------------


def test_tasks_for_a_kind(api, people, project, make, tx, modeling, task, told):
    """§2.1: an empty list means all; the query narrows; whatever has a task of the type is left out; others' ids are dropped."""
    tree, stone = entity(make, project, "Props", "Stone"), entity(make, project, "Props", "Rock")
    far = entity(make, insert(tx, Project), "Props", "Far")
    shot = entity(make, project, "Shot")
    path, boss = f"/actions/projects/{project.id}/task-types/{modeling.id}/assets/create-tasks", people["manager"]
    make(Task, project_id=project.id, entity_id=stone.id, task_type_id=modeling.id, name="other")
    assert [api(boss, "post", path, json=[str(id)]).status_code for id in (NOBODY, shot.id)] == [404, 404]
    assert [api(boss, "post", path, json=body).status_code for body in (["x"], {"a": 1})] == [400, 400]
    assert api(boss, "post", path, json=[str(far.id), str(task.entity_id), str(stone.id)]).json == []
    assert api(boss, "post", f"{path}?name=rock", json={}).json == []
    made = api(boss, "post", f"{path}?name=ston%25", json=[])
    assert (made.status_code, [row["entity_id"] for row in made.json]) == (201, [str(tree.id)])
    row = made.json[0]
    kept = ("name", "assignees", "assigner_id", "duration", "estimation", "completion_rate", "start_date", "task_type_name")
    assert [row[key] for key in kept] == ["main", [], str(boss.id), 0, 0, 0, None, "Modeling"]
    assert {"task_status_name", "task_status_short_name", "task_status_color", "task_type_color", "task_type_priority"} <= row.keys()
    assert names(told).count("task:new") == 1
    wrong = f"/actions/projects/{project.id}/task-types/{NOBODY}/assets/create-tasks"
    assert api(boss, "post", wrong, json=[]).status_code == 404
    assert api(people["supervisor"], "post", path, json=[]).status_code == 403


def test_tasks_for_any_kind(api, people, project, make, tx):
    """§2.1: the entity type is named in the path, in any case; `episode_id` is the parent; ids may be of any kind."""
    layout, boss = make(TaskType, for_entity="Sequence"), people["manager"]
    episode = entity(make, project, "Episode")
    inside, outside = entity(make, project, "Sequence", "A", parent_id=episode.id), entity(make, project, "Sequence", "B")
    path = f"/actions/projects/{project.id}/task-types/{layout.id}/create-tasks"
    assert api(boss, "post", f"{path}/nothing", json=[]).status_code == 404
    assert [row["entity_id"] for row in api(boss, "post", f"{path}/sequence?episode_id={episode.id}").json] == [str(inside.id)]
    assert [row["entity_id"] for row in api(boss, "post", f"{path}/sequence", json=[str(episode.id)]).json] == [str(episode.id)]
    assert [row["entity_id"] for row in api(boss, "post", f"{path}/SEQUENCE").json] == [str(outside.id)]


def test_default_statuses(api, people, project, make, tx):
    """§2.1, §6.2: concepts begin with their own status, which members make tasks for; it is made when it is missing."""
    kind, concept = make(TaskType, for_entity="Concept"), entity(make, project, "Concept")
    path = f"/actions/projects/{project.id}/task-types/{kind.id}/concepts/create-tasks"
    assert [api(people[who], "post", path, json=[]).status_code for who in ("client", "vendor", "outsider")] == [403, 403, 403]
    made = api(people["user"], "post", path, json=[str(concept.id)]).json
    keys = ("task_status_name", "task_status_short_name", "task_status_color")
    assert [made[0][key] for key in keys] == ["Neutral", "neutral", "#CCCCCC"]
    asset = entity(make, project, "Props")
    path = f"/actions/projects/{project.id}/task-types/{kind.id}/assets/create-tasks"
    todo = api(people["manager"], "post", path, json=[str(asset.id)]).json[0]
    assert [todo[key] for key in keys] == ["Todo", "todo", "#f5f5f5"]
    assert {status.short_name: status.is_default for status in tx.scalars(sa.select(TaskStatus))} == {"neutral": True, "todo": True}


def test_several_types_for_one_entity(api, people, project, make, modeling, task, asset, tx):
    """§2.2: types must fit the kind, the production and the workflow of the asset type; `main` tasks that are there are left out."""
    path, boss = f"/data/entities/{asset.id}/tasks", people["user"]
    shading, any_, layout = (make(TaskType, name=n, for_entity=k) for n, k in (("Shading", "Asset"), ("Any", None), ("Layout", "Shot")))

    def ask(*types):
        return api(boss, "post", path, json={"task_type_ids": [str(type_.id) for type_ in types]})

    assert api(boss, "post", path).json == []
    for type_ in (modeling, any_, layout):
        make(ProjectTaskTypeLink, project_id=project.id, task_type_id=type_.id)
    assert (ask(layout).status_code, ask(shading).status_code) == (400, 400)
    assert api(boss, "post", path, json={"task_type_ids": [NOBODY]}).status_code == 404
    kind = tx.get(EntityType, asset.entity_type_id)
    kind.task_types = [modeling]
    tx.commit()
    assert ask(any_).status_code == 400
    kind.task_types = []
    tx.commit()
    made = api(boss, "post", path)
    assert (made.status_code, [row["task_type_name"] for row in made.json]) == (201, ["Any"])
    assert ask(any_, modeling).json == []
    assert [api(people[who], "post", path).status_code for who in ("client", "vendor")] == [403, 403]


def test_a_new_task(api, people, project, asset, modeling, make, tx, told):
    """§2.3: what is checked and what is filled in by the generic creation."""
    boss, base = people["manager"], {"task_type_id": str(modeling.id), "entity_id": str(asset.id), "project_id": str(project.id)}
    for body, status in (
        ({"task_type_id": "x"}, 400), ({"entity_id": None}, 400), ({"task_type_id": NOBODY}, 404), ({"entity_id": NOBODY}, 404),
        ({"assignees": None}, 400), ({"assignees": "x"}, 400), ({"nothing": 1}, 400), ({"difficulty": 6}, 400),
        ({"task_type_id": str(make(TaskType, for_entity="Shot").id)}, 400),
    ):  # fmt: skip
        assert api(boss, "post", "/data/tasks", json={**base, **body}).status_code == status, body
    assert api(boss, "post", "/data/tasks", json=[base]).status_code == 400
    made = [
        api(boss, "post", "/data/tasks", json={**base, **body})
        for body in ({"name": ""}, {"name": None}, {"name": "x", "assignees": [NOBODY]})
    ]
    assert [answer.status_code for answer in made] == [201, 400, 201]
    assert (made[0].json["name"], made[2].json["assignees"]) == ("main", [])
    assert made[1].json == {"message": "Task already exists."}
    assert names(told) == ["task:new"] * 2


# --- §3 one task -------------------------------------------------------------------------------------------------------------------


def test_data_of_a_task(api, people, task):
    """§3.3: an object is merged; an empty one and null take the place of what is stored; dates are ISO 8601."""
    path, boss = f"/data/tasks/{task.id}", people["manager"]
    for sent, stored in (({"a": 1}, {"engine": "cycles", "a": 1}), ({}, {}), ({"b": 2}, {"b": 2}), (None, None), ({"c": 3}, {"c": 3})):
        assert api(boss, "put", path, json={"data": sent}).json["data"] == stored
    for date, status in (("2026-01-31", 200), ("2026-01-31T10:00:00", 200), ("", 400), ("31/01/2026", 400), (None, 200)):
        answer = api(boss, "put", path, json={"due_date": date})
        assert (answer.status_code, "assignees" in answer.json) == (status, False)


def test_a_whole_task(api, people, project, make, tx, modeling, working):
    """§3.2: sequence and episode where there are some, persons and assigner but for clients."""
    episode = entity(make, project, "Episode", "E1")
    sequence = entity(make, project, "Sequence", "S1", parent_id=episode.id)
    shot = entity(make, project, "Shot", "P1", parent_id=sequence.id)
    edit = entity(make, project, "Edit", "X1", parent_id=episode.id)
    ids = {"project_id": project.id, "task_type_id": modeling.id, "task_status_id": working.id, "assigner_id": people["manager"].id}
    made = {row.name: make(Task, entity_id=row.id, assignees=[people["user"]], **ids) for row in (episode, sequence, shot, edit)}
    for name, above in (("P1", ("S1", "E1")), ("S1", ("S1", "E1")), ("X1", (None, None)), ("E1", (None, None))):
        whole = api(people["user"], "get", f"/data/tasks/{made[name].id}/full").json
        assert tuple(whole.get(key, {}).get("name") for key in ("sequence", "episode")) == above, name
    assert (whole["type"], whole["is_subscribed"], whole["assigner"]["id"]) == ("Task", False, str(people["manager"].id))
    assert [person["id"] for person in whole["persons"]] == whole["assignees"] == [str(people["user"].id)]
    blank = api(people["client"], "get", f"/data/tasks/{made['P1'].id}/full").json
    assert (blank["persons"], blank["assignees"], "assigner" in blank, blank["assigner_id"]) == ([], [], False, None)
    assert "assignees" not in api(people["user"], "get", f"/data/tasks/{made['P1'].id}?relations=false").json


# --- §4 assignment -----------------------------------------------------------------------------------------------------------------


def test_who_assigns_whom(api, people, project, task, make, tx, modeling):
    """§4.1: managers anybody, supervisors as their departments go, artists of the department themselves."""
    craft, other = tx.get(Department, modeling.department_id), make(Department)
    path, artist, lead = f"/actions/tasks/{task.id}/assign", people["user"], people["supervisor"]

    def ask(who, person):
        return api(who, "put", path, json={"person_id": str(person.id)}).status_code

    assert (ask(lead, artist), ask(artist, artist), ask(people["manager"], artist), ask(people["outsider"], artist)) == (200, 403, 200, 403)
    lead.departments = [craft]
    tx.commit()
    assert ask(lead, artist) == 403  # no department in common
    artist.departments = [craft]
    tx.commit()
    assert (ask(lead, artist), ask(artist, artist), ask(artist, lead)) == (200, 200, 403)
    lead.departments = [other]
    tx.commit()
    assert ask(lead, artist) == 403
    clear = "/actions/tasks/clear-assignation"
    mine = {"task_ids": [str(task.id)], "person_id": str(artist.id)}
    assert api(lead, "put", clear, json=mine).json == []
    assert api(artist, "put", clear, json={"task_ids": [str(task.id)]}).json == []
    assert api(artist, "put", clear, json=mine).json == [str(task.id)]


def test_what_an_assignment_tells(api, people, project, task, make, tx, told):
    """§4.2: the person joins the team; who assigns is the assigner; who assigns themselves is not notified."""
    new, boss = make(Person), people["manager"]
    path = f"/actions/tasks/{task.id}/assign"
    assert api(boss, "put", f"/actions/tasks/{NOBODY}/assign", json={"person_id": str(new.id)}).status_code == 404
    assert api(boss, "put", path, json={"person_id": NOBODY}).json == {"error": "Assignee doesn't exist in database."}
    answer = api(boss, "put", path, json={"person_id": str(new.id)})
    assert (answer.json["assignees"], answer.json["assigner_id"]) == ([str(new.id)], str(boss.id))
    assert names(told) == ["task:assign", "task:update", "project:update"]
    api(boss, "put", path, json={"person_id": str(boss.id)})
    assert names(told)[3:] == ["task:assign", "task:update"]
    counted = sa.text("SELECT count(*) FROM notification")
    assert tx.scalar(counted) == 1
    assert tx.scalar(sa.select(ProjectPersonLink.role).where(ProjectPersonLink.person_id == new.id)) is None


def test_many_assignments(api, people, project, task, make, tx, told):
    """§4.2: what may not be assigned is left out, only the first production gets a new member; lists are not empty."""
    other = insert(tx, Project)
    join_team(tx, other, people["manager"])
    second = make(Task, project_id=other.id, entity_id=task.entity_id, task_type_id=task.task_type_id)
    third = make(Task, project_id=insert(tx, Project).id, entity_id=task.entity_id, task_type_id=task.task_type_id)
    new, boss = make(Person), people["manager"]
    ids = [str(task.id), str(second.id), str(third.id), NOBODY, "no id"]
    path = f"/actions/persons/{new.id}/assign"
    assert [row["id"] for row in api(boss, "put", path, json={"task_ids": ids}).json] == ids[:2]
    assert tx.scalars(sa.select(ProjectPersonLink.project_id).where(ProjectPersonLink.person_id == new.id)).all() == [project.id]
    for url, body in ((path, {}), ("/actions/tasks/clear-assignation", {}), ("/actions/tasks/set-priority", {"priority": 1})):
        assert api(boss, "put", url, json={"task_ids": [], **body}).status_code == 400
    assert api(boss, "put", f"/actions/persons/{NOBODY}/assign", json={"task_ids": ids}).status_code == 400
    before = len(told())
    absent = {"task_ids": ids[:1], "person_id": str(people["user"].id)}
    assert api(boss, "put", "/actions/tasks/clear-assignation", json=absent).json == ids[:1]
    assert names(told)[before:] == ["task:unassign", "task:update"]
    assert api(boss, "put", "/actions/tasks/clear-assignation", json={"task_ids": ids}).json == ids[:2]
    assert tx.scalar(sa.select(sa.func.count()).select_from(task_person_link)) == 0


def test_priorities(api, people, task, tx, told):
    """§4.2: from 0 on, by the rule of supervisors; what may not be changed is left out."""
    path, body = "/actions/tasks/set-priority", {"task_ids": [str(task.id), NOBODY], "priority": 3}
    assert [row["priority"] for row in api(people["supervisor"], "put", path, json=body).json] == [3]
    assert api(people["user"], "put", path, json=body).json == []
    for wrong in (-1, 1.5, "x", None):
        assert api(people["manager"], "put", path, json={**body, "priority": wrong}).status_code == 400
    assert names(told) == ["task:update"]


# --- §5 lists ----------------------------------------------------------------------------------------------------------------------


def test_tasks_of_a_production(api, people, project, task, make, tx):
    """§5.2: newest change first, with assignees; pages on demand; an unchanged list is not sent again."""
    shot = entity(make, project, "Shot", parent_id=entity(make, project, "Sequence", parent_id=entity(make, project, "Episode").id).id)
    kind = make(TaskType)
    newer = make(Task, project_id=project.id, entity_id=shot.id, task_type_id=kind.id)
    tx.execute(sa.update(Task).where(Task.id == newer.id).values(updated_at=datetime.datetime(2100, 1, 1)))
    tx.commit()
    path, reader = f"/data/projects/{project.id}/tasks", people["user"]
    whole = api(reader, "get", path)
    assert [row["id"] for row in whole.json] == [str(newer.id), str(task.id)] and whole.json[0]["assignees"] == []
    page = api(reader, "get", f"{path}?page=1").json
    assert {key: page[key] for key in ("total", "nb_pages", "limit", "offset", "page")} == {
        "total": 2, "nb_pages": 1, "limit": 100, "offset": 0, "page": 1,
    }  # fmt: skip
    episode_id = tx.scalar(sa.select(Entity.id).join(EntityType).where(EntityType.name == "Episode"))
    for query, count in ((f"task_type_id={kind.id}", 1), (f"episode_id={episode_id}", 1), (f"task_type_id={NOBODY}", 0)):
        assert len(api(reader, "get", f"{path}?{query}").json) == count
    assert whole.headers["Cache-Control"] == "private, no-cache"
    assert api(reader, "get", path, headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    assert api(people["manager"], "get", path, headers={"If-None-Match": whole.headers["ETag"]}).status_code == 200


def test_a_task_without_status_is_in_no_detailed_list(api, people, project, task, asset, make, tx):
    """§5.1: tasks that lack a status are not listed; the plain list of a type has them."""
    tx.execute(sa.update(Task).values(task_status_id=None))
    tx.commit()
    assert api(people["user"], "get", f"/data/assets/{asset.id}/tasks").json == []
    plain = api(people["user"], "get", f"/data/entities/{asset.id}/task-types/{task.task_type_id}/tasks").json
    assert [row["id"] for row in plain] == [str(task.id)]
    assert [row["id"] for row in api(people["user"], "get", f"/data/assets/{asset.id}/task-types").json] == [str(task.task_type_id)]


def test_an_episode_of_a_to_do(api, people, project, make, tx, working, modeling):
    """§5.3: where a task belongs: above its sequence, its own parent for a sequence, its source, else nowhere."""
    episode = entity(make, project, "Episode", "E1")
    sequence = entity(make, project, "Sequence", "S1", parent_id=episode.id)
    shot = entity(make, project, "Shot", "P1", parent_id=sequence.id)
    asset = entity(make, project, "Props", "A1", source_id=episode.id)
    loose = entity(make, project, "Props", "A2")
    for row in (sequence, shot, asset, loose):
        ids = {"project_id": project.id, "entity_id": row.id, "task_type_id": modeling.id, "task_status_id": working.id}
        make(Task, **ids, assignees=[people["user"]])
    found = {row["entity_name"]: row for row in api(people["user"], "get", "/data/user/tasks").json}
    places = {name: (row["episode_id"], row["episode_name"], row["sequence_name"]) for name, row in found.items()}
    own = (str(episode.id), "E1")
    assert places == {"S1": (*own, "E1"), "P1": (*own, "S1"), "A1": (*own, None), "A2": ("", None, None)}
    row = found["A2"]
    assert [row[key] for key in ("entity_source_id", "entity_preview_file_id", "last_comment", "assignees")] == [
        "", "", {}, [str(people["user"].id)],
    ]  # fmt: skip
    assert "episode_ids" not in row


# --- §6 types and statuses ---------------------------------------------------------------------------------------------------------


def test_names_of_task_types(api, people, make, modeling):
    """§6.1: a name is taken whatever its case and kind; an update that keeps it passes."""
    boss, other = people["admin"], make(TaskType, name="Shading")
    assert api(boss, "post", "/data/task-types", json={"name": "MODELING", "for_entity": "Shot", "color": "#000"}).status_code == 400
    for name, status in (("modelinG", 400), ("Shading", 200), ("SHADING", 200), ("Texturing", 200)):
        assert api(boss, "put", f"/data/task-types/{other.id}", json={"name": name}).status_code == status, name
    assert api(people["manager"], "post", "/data/task-types", json={"name": "X"}).status_code == 403


def test_a_used_task_type(api, people, project, make, modeling, task, tx):
    """§6.1: links and bars are named and can be detached; tasks keep the type in any case."""
    make(ProjectTaskTypeLink, project_id=project.id, task_type_id=modeling.id)
    path, boss = f"/data/task-types/{modeling.id}", people["admin"]
    answer = api(boss, "delete", path)
    told = "Task type is attached to projects. Re-issue the request with force=true to detach."
    assert (answer.status_code, answer.json["message"]) == (400, told)
    assert api(boss, "delete", f"{path}?force=true").json == {"message": "The change conflicts with records referencing this one."}
    assert tx.scalar(sa.select(sa.func.count()).select_from(ProjectTaskTypeLink)) == 1
    tx.execute(sa.delete(Task))
    tx.commit()
    assert api(boss, "delete", f"{path}?force=true").status_code == 204
