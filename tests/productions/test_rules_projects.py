"""Rules of contract/rules/projects.md that the recordings do not reach, by paragraph."""

import pytest
import sqlalchemy as sa

from tests.making import join_team, open_status
from tests.making import make as insert
from zou.entities.models import Entity, EntityType
from zou.people.models import Department, Person
from zou.platform.events.models import ApiEvent
from zou.previews.models import PreviewBackgroundFile
from zou.productions.models import MetadataDescriptor, Project, ProjectStatus, ProjectTaskStatusLink, ProjectTaskTypeLink, ProjectTemplate
from zou.tasks.models import TaskStatus, TaskType

NOBODY = "01a47552-81f3-47b8-84ca-e8acf63af886"


@pytest.fixture
def told(tx):
    """`told(name)`: the data of the stored events of that name."""

    def read(name):
        tx.expire_all()
        return [event.data for event in tx.scalars(sa.select(ApiEvent).where(ApiEvent.name == name))]

    return read


def put(api, who, project, **values):
    return api(who, "put", f"/data/projects/{project.id}", json=values)


# --- §1 values ---------------------------------------------------------------------------------------------------------------------


VALUES = [
    ({"production_style": "2d3d"}, 200),
    ({"production_style": None}, 200),
    ({"production_style": "opera"}, 400),
    ({"resolution": None}, 200),
    ({"resolution": ""}, 200),
    ({"resolution": "1920x1080"}, 200),
    ({"resolution": "x1080"}, 200),
    ({"resolution": "19x1080"}, 400),
    ({"resolution": "19200x1080"}, 400),
    ({"resolution": "1920x1080 "}, 400),
    ({"hd_bitrate_compression": 28}, 200),
    ({"hd_bitrate_compression": None}, 200),
    ({"hd_bitrate_compression": 0}, 400),
    ({"hd_bitrate_compression": 29}, 400),
    ({"hd_bitrate_compression": True}, 400),
    ({"hd_bitrate_compression": 8.5}, 400),
    ({"ld_bitrate_compression": 29}, 400),
    ({"hd_bitrate_compression": 10, "ld_bitrate_compression": 11}, 400),
    ({"hd_bitrate_compression": 10, "ld_bitrate_compression": 10}, 200),
    ({"homepage": "anything", "production_type": "opera", "ratio": "1:1", "fps": "23.976"}, 200),
]


def test_values_of_a_production(api, people, project):
    """§1: which values are checked, and which are stored as they are."""
    for sent, status in VALUES:
        answer = put(api, people["manager"], project, **sent)
        assert answer.status_code == status, sent
        if status == 200:
            want = {key: "2d3d" if key == "production_style" else value for key, value in sent.items()}
            assert {key: answer.json[key] for key in sent} == want


def test_bitrates_that_stay_are_not_judged(api, people, project, tx):
    """§1: only a bitrate that changes is checked, and `data` is replaced as a whole."""
    tx.execute(sa.update(Project).values(hd_bitrate_compression=5, ld_bitrate_compression=40, data={"old": 1}))
    tx.commit()
    assert put(api, people["manager"], project, ld_bitrate_compression=40, hd_bitrate_compression=6).status_code == 200
    assert put(api, people["manager"], project, ld_bitrate_compression=7).status_code == 400
    assert put(api, people["manager"], project, data={"new": 2}).json["data"] == {"new": 2}


# --- §2, §3 episodes and lists -----------------------------------------------------------------------------------------------------


def test_first_episode_of_a_write_and_of_a_read(api, people, project, make, tx):
    """§2: the answer to a write names the first episode by name; §3: a read the first that runs, if one does."""
    kind = tx.scalar(sa.select(EntityType).where(EntityType.name == "Episode")) or make(EntityType, name="Episode")
    states = (("E02", "running"), ("E01", "complete"), ("E03", "running"))
    ids = {name: str(make(Entity, name=name, status=state, project_id=project.id, entity_type_id=kind.id).id) for name, state in states}
    assert put(api, people["manager"], project, production_type="tvshow").json["first_episode_id"] == ids["E01"]
    assert api(people["user"], "get", f"/data/projects/{project.id}").json["first_episode_id"] == ids["E02"]
    assert "first_episode_id" not in put(api, people["manager"], project, production_type="short").json


def test_a_production_by_its_name(api, people, project, make, tx):
    """§3: `name` finds one production, whatever the case; for administrators it is a pattern; none is 404."""
    open_ = open_status(tx).id
    twins = [make(Project, name=name, project_status_id=open_) for name in ("Wing It", "WING IT")]
    join_team(tx, twins[1], people["user"])
    path = "/data/projects/all"
    assert [row["name"] for row in api(people["admin"], "get", f"{path}?name=wing%25").json] == ["Wing It"]
    assert [row["name"] for row in api(people["user"], "get", f"{path}?name=wing it").json] == ["WING IT"]
    assert api(people["user"], "get", f"{path}?name=wing%25").status_code == 404
    assert api(people["admin"], "get", f"{path}?name=nothing").status_code == 404
    assert api(people["user"], "get", "/data/projects/open?name=wing it").json == []


def test_what_open_means(api, people, project, make, tx):
    """§1, §3: administrators list `Active`, `open` and `Open` as open, everybody else `Open` alone; by name."""
    for name in ("Active", "open", "Closed"):
        other = make(Project, name=f"A {name}", project_status_id=make(ProjectStatus, name=name).id)
        join_team(tx, other, people["user"])
    names = [row["name"] for row in api(people["admin"], "get", "/data/projects/open").json]
    assert names == sorted(["A Active", "A open", project.name])
    assert [row["name"] for row in api(people["user"], "get", "/data/projects/open").json] == [project.name]
    assert len(api(people["user"], "get", "/data/projects/all").json) == 4
    assert [row["name"] for row in api(people["admin"], "get", "/data/user/projects/open").json] == [project.name]


# --- §4 team -----------------------------------------------------------------------------------------------------------------------


def test_every_change_of_a_team_is_told(api, people, project, make, told):
    """§4: a new member and a role are two events, a member who is in already none, a removal always one."""
    boss, path = people["manager"], f"/data/projects/{project.id}/team"
    new = make(Person)
    steps = [
        ("post", path, {"person_id": str(new.id), "role": "supervisor"}, 201, 2),
        ("post", path, {"person_id": str(new.id)}, 201, 2),
        ("put", f"{path}/{new.id}", {"role": None}, 200, 3),
        ("put", f"{path}/{new.id}", {"role": "admin"}, 400, 3),
        ("post", path, {"person_id": str(new.id), "role": "admin"}, 400, 3),
        ("post", path, {"person_id": NOBODY}, 400, 3),
        ("delete", f"{path}/{new.id}", None, 204, 4),
        ("delete", f"{path}/{new.id}", None, 204, 5),
        ("put", f"{path}/{new.id}", {"role": "user"}, 400, 5),
    ]
    for verb, where, body, status, count in steps:
        answer = api(boss, verb, where, json=body)
        assert (answer.status_code, len(told("project:update"))) == (status, count), (verb, body)
    assert set(map(str, told("project:update")[0])) == {"project_id"}


@pytest.mark.parametrize(
    "who, key, absent", [("manager", "email", None), ("client", "role", "departments"), ("user", "departments", "email")]
)
def test_how_a_team_looks(api, people, project, who, key, absent):
    """§4: managers see whole persons, clients their form, everybody else the minimal one; each with `project_role`."""
    row = api(people[who], "get", f"/data/projects/{project.id}/team").json[0]
    assert key in row and row["project_role"] is None and absent not in row
    if who == "user":
        assert row["departments"] == []


# --- §5 settings -------------------------------------------------------------------------------------------------------------------


def test_a_linked_task_type_keeps_its_place(api, people, project, make, tx, told):
    """§5: `priority` counts for a new link only; one bitrate sent makes the other null; the event always goes out."""
    kind = make(TaskType)
    path, boss = f"/data/projects/{project.id}/settings/task-types", people["manager"]
    body = {"task_type_id": str(kind.id), "priority": 3, "hd_bitrate_compression": 10, "ld_bitrate_compression": 4}
    assert api(boss, "post", path, json=body).status_code == 201
    changes = {"task_type_id": str(kind.id), "priority": 9, "ld_bitrate_compression": 5, "is_client_visible": False}
    assert api(boss, "post", path, json=changes).status_code == 201
    link = tx.scalar(sa.select(ProjectTaskTypeLink).where(ProjectTaskTypeLink.task_type_id == kind.id))
    found = (link.priority, link.hd_bitrate_compression, link.ld_bitrate_compression, link.is_client_visible)
    assert found == (3, None, 5, False)
    assert api(boss, "post", path, json={"task_type_id": str(kind.id)}).status_code == 201
    assert len(told("project:update")) == 3
    assert (link.ld_bitrate_compression, link.is_client_visible) == (5, False)


RATES = [
    ({"ld_bitrate_compression": 40}, 201),
    ({"ld_bitrate_compression": 20}, 400),
    ({"hd_bitrate_compression": 20, "ld_bitrate_compression": 20}, 201),
    ({"hd_bitrate_compression": 29}, 400),
    ({"hd_bitrate_compression": 0}, 400),
    ({"ld_bitrate_compression": 12}, 201),
]


def test_bitrates_of_a_link(api, people, project, make, tx):
    """§5: the bitrate rules of §1, with the production as what is inherited; a stored one passes."""
    tx.execute(sa.update(Project).where(Project.id == project.id).values(hd_bitrate_compression=12))
    for sent, status in RATES:
        kind = make(TaskType)
        make(ProjectTaskTypeLink, project_id=project.id, task_type_id=kind.id, ld_bitrate_compression=40)
        body = {"task_type_id": str(kind.id), **sent}
        answer = api(people["manager"], "post", f"/data/projects/{project.id}/settings/task-types", json=body)
        assert answer.status_code == status, sent


def test_a_batch_adds_and_never_removes_unless_told(api, people, project, make, tx, told):
    """§5: what is missing comes, what is there changes, unknown ids are skipped, the same id may come twice."""
    one, two, status = make(TaskType), make(TaskType), make(TaskStatus)
    make(ProjectTaskTypeLink, project_id=project.id, task_type_id=one.id, priority=7)
    entries = [
        {"task_type_id": str(two.id), "priority": 2, "hd_bitrate_compression": 9},
        {"task_type_id": str(two.id).upper(), "is_client_visible": False},
        {"task_type_id": NOBODY},
        {"task_type_id": "no id"},
    ]
    path, boss = f"/data/projects/{project.id}/settings/batch", people["manager"]
    body = {"task_types": entries, "task_status_ids": [str(status.id), str(status.id), NOBODY], "asset_type_ids": [NOBODY]}
    for _ in range(2):
        assert api(boss, "post", path, json=body).status_code == 200
    links = {link.task_type_id: link for link in tx.scalars(sa.select(ProjectTaskTypeLink))}
    made = links[two.id]
    assert (links[one.id].priority, made.priority, made.is_client_visible, made.hd_bitrate_compression) == (7, 2, False, None)
    assert tx.scalar(sa.select(sa.func.count()).select_from(ProjectTaskStatusLink)) == 1
    assert api(boss, "post", path, json={"task_types": [{"task_type_id": str(one.id)}], "replace_task_types": True}).status_code == 200
    assert tx.scalars(sa.select(ProjectTaskTypeLink.task_type_id)).all() == [one.id]
    assert len(told("project:update")) == 3


@pytest.mark.parametrize("family", ["asset-types", "task-status", "status-automations", "preview-background-files"])
def test_unknown_and_unlinked_settings(api, people, project, family, told):
    """§5: an unknown id is a 400 when it is added and nothing when it is taken away; both need a manager."""
    key = {"task-status": "task_status_id"}.get(family, family[:-1].replace("-", "_") + "_id")
    path, boss = f"/data/projects/{project.id}/settings/{family}", people["manager"]
    assert api(boss, "post", path, json={key: NOBODY}).status_code == 400
    assert api(boss, "post", path, json={key: "no id"}).status_code == 400
    assert api(people["supervisor"], "post", path, json={key: NOBODY}).status_code == 403
    assert told("project:update") == []
    assert [api(boss, "delete", f"{path}/{id}").status_code for id in (NOBODY, "no-id")] == [204, 204]
    assert len(told("project:update")) == 2


def test_a_link_of_a_status_is_overwritten(api, people, project, make, tx):
    """§5: roles that are left out are none; parameters may come in the query string."""
    status, boss = make(TaskStatus), people["manager"]
    base = {"project_id": str(project.id), "task_status_id": str(status.id)}
    first = api(boss, "post", "/data/task-status-links", json={**base, "priority": 4, "roles_for_board": ["user"]})
    assert (first.status_code, first.json["roles_for_board"], first.json["priority"]) == (201, ["user"], 4)
    again = api(boss, "post", "/data/task-status-links", query_string=base)
    assert (again.json["roles_for_board"], again.json["priority"], again.json["id"]) == ([], 1, first.json["id"])
    for missing in base:
        rest = {key: value for key, value in base.items() if key != missing}
        assert api(boss, "post", "/data/task-status-links", json=rest).status_code == 400


# --- §6 templates ------------------------------------------------------------------------------------------------------------------


def test_what_a_new_template_takes(api, people, tx):
    """§6.1: names are needed and unique, other keys are ignored, an update leaves the four lists of links alone."""
    path, boss = "/data/project-templates", people["admin"]
    sent = {"name": "Short", "fps": "24", "nothing": 1, "team": [], "start_date": "2026-01-01", "task_types": [NOBODY]}
    made = api(boss, "post", path, json=sent)
    assert (made.status_code, made.json["fps"], "task_types" in made.json) == (201, "24", False)
    assert [api(boss, "post", path, json=body).status_code for body in ({"name": ""}, {"name": "Short"}, {})] == [400, 400, 400]
    changed = api(boss, "put", f"{path}/{made.json['id']}", json={"fps": "25", "task_types": "nonsense", "type": "x"})
    assert (changed.status_code, changed.json["fps"]) == (200, "25")
    assert api(boss, "delete", f"{path}/{NOBODY}").json == {"message": "Project template not found"}


def test_the_memory_of_columns(api, people, make, told):
    """§6.2: a list, bare or under its key, replaces what was there; entries get what they lack; null empties it."""
    template = make(ProjectTemplate)
    path, boss = f"/data/project-templates/{template.id}/metadata-descriptors", people["admin"]
    found = api(boss, "put", path, json=[{"name": "Delivery Code", "entity_type": "Shot"}]).json["metadata_descriptors"]
    assert found == [
        {
            "name": "Delivery Code", "field_name": "delivery_code", "entity_type": "Shot", "task_type_id": None, "data_type": None,
            "choices": [], "for_client": False, "departments": [], "position": None,
        }
    ]  # fmt: skip
    assert api(boss, "put", path, json={"metadata_descriptors": ["x"]}).status_code == 400
    assert api(boss, "put", path, json={"metadata_descriptors": None}).json["metadata_descriptors"] == []
    assert len(told("project-template:update")) == 2


def test_the_default_background_of_a_template(api, people, make):
    """§6.2: only a linked background, which is default no more when it goes; null clears."""
    template, background = make(ProjectTemplate), make(PreviewBackgroundFile)
    base, boss = f"/data/project-templates/{template.id}", people["admin"]
    choice = {"default_preview_background_file_id": str(background.id)}
    default = f"{base}/default-preview-background-file"
    assert api(boss, "put", default, json=choice).status_code == 400
    linked = api(boss, "post", f"{base}/preview-background-files", json={"preview_background_file_id": str(background.id)})
    assert (linked.status_code, linked.json) == (201, {"id": str(background.id), "name": background.name, "is_default": False})
    assert api(boss, "put", default, json=choice).json["default_preview_background_file_id"] == str(background.id)
    assert api(boss, "delete", f"{base}/preview-background-files/{background.id}").status_code == 204
    assert api(people["manager"], "get", f"/data/project-templates/{template.id}").json["default_preview_background_file_id"] is None


@pytest.mark.parametrize("family", ["task-types", "task-statuses", "asset-types", "status-automations", "preview-background-files"])
def test_odd_ids_of_templates(api, people, make, told, family):
    """§6.2: a malformed and an unknown id are told as `{message}`; a removal of nothing is told to clients all the same."""
    template = make(ProjectTemplate)
    key = {"task-statuses": "task_status_id"}.get(family, family[:-1].replace("-", "_") + "_id")
    path, boss = f"/data/project-templates/{template.id}/{family}", people["admin"]
    for id in ("no id", NOBODY):
        answer = api(boss, "post", path, json={key: id})
        assert (answer.status_code, list(answer.json)) == (400, ["message"])
    assert api(boss, "delete", f"{path}/{NOBODY}").status_code == 204
    assert len(told("project-template:update")) == 1


def test_roles_of_a_template_stay_when_none_are_sent(api, people, make):
    """§6.2: an empty list of roles is the usual ones at first and changes nothing later; `is_client_allowed` counts when sent, null too."""
    template, status = make(ProjectTemplate), make(TaskStatus)
    path, boss = f"/data/project-templates/{template.id}/task-statuses", people["admin"]
    sent = {"task_status_id": str(status.id)}
    assert api(boss, "post", path, json={**sent, "roles_for_board": []}).json["roles_for_board"][0] == "user"
    assert api(boss, "post", path, json={**sent, "roles_for_board": ["user"], "is_client_allowed": True}).json["is_client_allowed"] is True
    kept = api(boss, "post", path, json={**sent, "priority": 5}).json
    assert (kept["roles_for_board"], kept["is_client_allowed"], kept["priority"]) == (["user"], True, 5)
    assert api(boss, "post", path, json={**sent, "is_client_allowed": None}).json["is_client_allowed"] is None
    row = api(people["manager"], "get", path).json[0]
    assert (row["priority"], row["roles_for_board"], row["link_is_client_allowed"]) == (5, ["user"], None)


# --- §7 custom columns -------------------------------------------------------------------------------------------------------------


COLUMNS = [
    ({"name": "Size"}, 201),
    ({"name": "Size", "entity_type": "Sequence", "departments": [NOBODY]}, 201),
    ({"name": "Size", "entity_type": "Scene"}, 400),
    ({"name": "Size", "entity_type": "Task"}, 400),
    ({"name": "Size", "entity_type": "Task", "task_type_id": NOBODY}, 400),
    ({"name": "Size", "task_type_id": NOBODY}, 400),
    ({"name": "Size", "data_type": "colour"}, 400),
    ({"name": "Size", "departments": ["no id"]}, 404),
    ({"name": "Size", "choices": [1]}, 400),
    ({"name": ""}, 400),
    ({"name": "s" * 121}, 400),
    ({"name": "Taken"}, 400),
    ({"name": "tAKEN"}, 400),
    ({"name": "Taken", "entity_type": "Shot"}, 201),
]


def test_a_new_column(api, people, project, make, tx):
    """§7: what is checked of a new column."""
    make(MetadataDescriptor, project_id=project.id, name="Taken", field_name="taken")
    for sent, status in COLUMNS:
        answer = api(people["manager"], "post", f"/data/projects/{project.id}/metadata-descriptors", json=sent)
        assert answer.status_code == status, sent
        if status == 201:
            assert (answer.json["position"], answer.json["departments"], answer.json["data_type"]) == (None, [], "string")


def test_a_changed_column_is_reset(api, people, project, make):
    """§7: an update is not partial, but for the name, and the kind never changes."""
    craft = make(Department)
    path, boss = f"/data/projects/{project.id}/metadata-descriptors", people["manager"]
    sent = {"name": "Délai de rendu", "data_type": "list", "choices": ["a"], "for_client": True, "departments": [str(craft.id)]}
    made = api(boss, "post", path, json=sent).json
    assert (made["field_name"], made["departments"]) == ("delai_de_rendu", [str(craft.id)])
    row = api(boss, "put", f"{path}/{made['id']}", json={"entity_type": "Shot"}).json
    found = {key: row[key] for key in ("name", "entity_type", "data_type", "choices", "for_client", "departments")}
    assert found == {
        "name": "Délai de rendu", "entity_type": "Asset", "data_type": "string", "choices": [], "for_client": False, "departments": [],
    }  # fmt: skip


def test_columns_of_all_productions(api, people, project, make, tx):
    """§7: not for tasks; a key that nobody has changes and removes nothing."""
    path, boss = "/data/metadata-descriptors/all-projects", people["manager"]
    assert api(boss, "post", path, json={"name": "X", "entity_type": "Task", "task_type_id": NOBODY}).status_code == 400
    assert api(boss, "put", f"{path}/nothing", json={"entity_type": "Task"}).status_code == 400
    assert api(boss, "put", f"{path}/nothing", json={"entity_type": "Asset"}).json == []
    assert api(boss, "delete", f"{path}/nothing?entity_type=Asset").json == []
    assert api(boss, "delete", f"{path}/nothing").status_code == 400
    assert api(people["supervisor"], "delete", f"{path}/nothing?entity_type=Asset").status_code == 403
    other = insert(tx, Project, project_status_id=open_status(tx).id)
    join_team(tx, other, boss, role="user")  # managed by others
    assert [row["project_id"] for row in api(boss, "post", path, json={"name": "X"}).json] == [str(project.id)]
    order = {"entity_type": "Asset", "field_order": ["nothing", "x"]}
    ordered = api(boss, "post", "/actions/metadata-descriptors/all-projects/reorder", json=order).json
    assert [(row["field_name"], row["position"]) for row in ordered] == [("x", 1)]
