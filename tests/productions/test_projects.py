"""Productions through the generic routes: what the recordings do not reach."""

import pytest
import sqlalchemy as sa

from tests.making import join_team
from zou.entities.models import Entity, EntityType
from zou.people.models import Department, Person
from zou.platform.events.models import ApiEvent
from zou.previews.models import PreviewBackgroundFile
from zou.productions.models import (
    MetadataDescriptor,
    Project,
    ProjectStatus,
    ProjectTaskStatusLink,
    ProjectTaskTypeLink,
    ProjectTemplate,
    ProjectTemplateTaskTypeLink,
)
from zou.tasks.models import TaskStatus, TaskType


def events(tx):
    tx.expire_all()
    return sorted(event.name for event in tx.scalars(sa.select(ApiEvent)))


def count(tx, model):
    return tx.scalar(sa.select(sa.func.count()).select_from(model))


@pytest.mark.parametrize(
    "sent",
    [
        {"production_style": "claymation"},
        {"production_style": ["3d"]},
        {"resolution": "1920*1080"},
        {"hd_bitrate_compression": 29},
        {"hd_bitrate_compression": True},
        {"hd_bitrate_compression": "12"},
        {"ld_bitrate_compression": 9, "hd_bitrate_compression": 8},
        {"revision_padding": None},
        {"name": None},
        {"team": ["not-a-uuid"]},
        {"type": "Project"},
        {"nb_episodes": 10**12},
    ],
)
def test_a_refused_production_is_not_written(api, people, project, tx, sent):
    answer = api(people["admin"], "post", "/data/projects", json={"name": "Third", "production_type": "tvshow", **sent})
    assert answer.status_code == 400
    assert (count(tx, Project), count(tx, Entity)) == (1, 0)
    assert events(tx) == []


def test_an_unknown_template_or_background_makes_no_production(api, people, project, tx, make):
    unknown = "01a47552-81f3-47b8-84ca-e8acf63af886"
    background = make(PreviewBackgroundFile)
    for sent, status in [
        ({"project_template_id": unknown}, 404),
        ({"project_template_id": "x"}, 404),
        ({"preview_background_files": [unknown]}, 404),
        ({"default_preview_background_file_id": str(background.id)}, 400),
    ]:
        assert api(people["admin"], "post", "/data/projects", json={"name": "Third", **sent}).status_code == status
    assert count(tx, Project) == 1


def test_a_template_gives_what_was_not_asked_for(api, people, tx, make):
    template = make(ProjectTemplate, fps="30", ratio="4:3", revision_padding=3, data={"k": 1})
    template.metadata_descriptors = [
        {"name": "Délivery code", "entity_type": "Asset"},
        {"name": "Craft", "entity_type": "Task"},
        {"entity_type": "Asset"},
    ]
    tx.commit()
    kind = make(TaskType)
    make(ProjectTemplateTaskTypeLink, project_template_id=template.id, task_type_id=kind.id, priority=4, is_client_visible=False)
    sent = {"name": "Third", "project_template_id": str(template.id), "fps": "60"}
    answer = api(people["admin"], "post", "/data/projects", json=sent)
    assert answer.status_code == 201
    assert [answer.json[key] for key in ("fps", "ratio", "revision_padding", "data")] == ["60", "4:3", 3, {"k": 1}]
    assert answer.json["task_types"] == [str(kind.id)]
    link = tx.scalars(sa.select(ProjectTaskTypeLink)).one()
    assert (link.priority, link.is_client_visible) == (4, False)
    column = tx.scalars(sa.select(MetadataDescriptor)).one()
    assert (column.field_name, column.data_type, column.choices, column.for_client) == ("delivery_code", "string", [], False)
    assert events(tx) == ["metadata-descriptor:new", "project:new", "project:update"]


def test_columns_about_productions_come_from_the_open_ones(api, people, project, tx, make):
    department = make(Department)
    closed = make(Project, project_status_id=make(ProjectStatus, name="Closed").id)
    for owner, name, position, kind in [
        (project, "Budget line", 2, "Project"),
        (make(Project, project_status_id=project.project_status_id), "Budget line", 1, "Project"),
        (project, "Weight", 1, "Asset"),
        (closed, "Old", 1, "Project"),
    ]:
        column = make(MetadataDescriptor, project_id=owner.id, name=name, field_name=name.lower(), position=position, entity_type=kind)
        column.departments = [department]
    tx.commit()
    made = api(people["admin"], "post", "/data/projects", json={"name": "Third"}).json
    column = tx.scalars(sa.select(MetadataDescriptor).where(MetadataDescriptor.project_id == made["id"])).one()
    assert (column.name, column.position, column.departments) == ("Budget line", 1, [department])


def test_a_series_gets_its_first_episode_once(api, people, project, tx, make):
    path = f"/data/projects/{project.id}"
    assert "first_episode_id" not in api(people["manager"], "get", path).json
    changed = api(people["manager"], "put", path, json={"production_type": "tvshow"}).json
    episode = tx.scalars(sa.select(Entity)).one()
    assert (episode.name, episode.project_id, episode.created_by) == ("E01", project.id, people["manager"].id)
    assert changed["first_episode_id"] == str(episode.id) == api(people["user"], "get", path).json["first_episode_id"]
    before = make(Entity, name="E00", project_id=project.id, entity_type_id=episode.entity_type_id, status="canceled")
    again = api(people["manager"], "put", path, json={"description": "Again"}).json
    assert again["first_episode_id"] == str(before.id)  # by name alone; a read prefers one that runs
    assert api(people["user"], "get", path).json["first_episode_id"] == str(episode.id)
    assert count(tx, EntityType) == 1
    assert events(tx) == ["episode:new", "project:update", "project:update"]


def test_a_change_keeps_links_and_refuses_backgrounds_of_others(api, people, project, tx, make):
    first, second = make(TaskType), make(TaskType)
    link = make(ProjectTaskTypeLink, project_id=project.id, task_type_id=first.id, priority=7)
    path = f"/data/projects/{project.id}"
    assert api(people["manager"], "put", path, json={"task_types": [str(first.id), str(second.id)]}).status_code == 200
    tx.expire_all()
    assert {(row.task_type_id, row.priority) for row in tx.scalars(sa.select(ProjectTaskTypeLink))} == {(first.id, 7), (second.id, None)}
    assert tx.get(ProjectTaskTypeLink, (project.id, first.id, link.id)) is not None
    background = make(PreviewBackgroundFile)
    refused = {"default_preview_background_file_id": str(background.id), "description": "No"}
    assert api(people["manager"], "put", path, json=refused).status_code == 400
    tx.expire_all()
    assert tx.get(Project, project.id).description is None
    accepted = {**refused, "preview_background_files": [str(background.id)]}
    assert api(people["manager"], "put", path, json=accepted).status_code == 200


def test_everybody_reads_the_columns_meant_for_them(api, people, project, tx, make):
    mine, other = make(Department), make(Department)
    people["vendor"].departments = [mine]
    tx.merge(people["vendor"])
    plain = make(MetadataDescriptor, project_id=project.id)
    shown = make(MetadataDescriptor, project_id=project.id, for_client=True)
    for department in (mine, other):
        column = make(MetadataDescriptor, project_id=project.id, name=department.name, field_name=str(department.id))
        column.departments = [department]
    tx.commit()
    seen = {"manager": 4, "user": 4, "client": 1, "vendor": 3}
    for who, number in seen.items():
        assert len(api(people[who], "get", f"/data/projects/{project.id}").json["descriptors"]) == number
        assert len(api(people[who], "get", "/data/metadata-descriptors").json) == number
    assert api(people["outsider"], "get", "/data/metadata-descriptors").json == []
    assert api(people["outsider"], "get", f"/data/projects/{project.id}").status_code == 403
    assert {str(plain.id), str(shown.id)} < {row["id"] for row in api(people["vendor"], "get", "/data/metadata-descriptors").json}


def test_a_role_in_the_team_outranks_the_persons_own(api, project, tx, make):
    guest, lead = make(Person, role="manager"), make(Person, role="user")
    join_team(tx, project, guest, role="client")
    join_team(tx, project, lead, role="manager")
    make(MetadataDescriptor, project_id=project.id)
    path = f"/data/projects/{project.id}"
    assert api(guest, "get", path).json["descriptors"] == []
    assert api(guest, "put", path, json={"description": "Mine"}).status_code == 403
    assert api(lead, "put", path, json={"description": "Ours"}).status_code == 200


def test_links_are_made_and_changed_in_place(api, people, project, tx, make):
    kind, status = make(TaskType), make(TaskStatus)
    sent = {"project_id": str(project.id), "task_type_id": str(kind.id)}
    first = api(people["manager"], "post", "/data/task-type-links", json=sent).json
    second = api(people["manager"], "post", "/data/task-type-links", json={**sent, "priority": "5"}).json
    assert (first["id"], first["priority"], second["priority"]) == (second["id"], 1, 5)
    sent = {"project_id": str(project.id), "task_status_id": str(status.id), "roles_for_board": ["user"]}
    assert api(people["manager"], "post", "/data/task-status-links", json=sent).json["roles_for_board"] == ["user"]
    assert events(tx) == ["project:update"] * 3


@pytest.mark.parametrize(
    "sent", [{"priority": "first"}, {"priority": 10**12}, {"task_type_id": ""}, {"task_type_id": "x"}, {"task_type_id": None}]
)
def test_a_refused_link_is_not_written(api, people, project, tx, make, sent):
    whole = {"project_id": str(project.id), "task_type_id": str(make(TaskType).id), **sent}
    assert api(people["admin"], "post", "/data/task-type-links", json=whole).status_code == 400
    unknown = {**whole, "priority": 1, "task_type_id": "01a47552-81f3-47b8-84ca-e8acf63af886"}
    assert api(people["admin"], "post", "/data/task-type-links", json=unknown).status_code == 400
    assert (count(tx, ProjectTaskTypeLink), events(tx)) == (0, [])


def test_unlinked_ids_count_in_an_order(api, people, project, tx, make):
    kinds = [make(TaskType) for _ in range(3)]
    for kind in (kinds[0], kinds[2]):
        make(ProjectTaskTypeLink, project_id=project.id, task_type_id=kind.id, priority=9)
    path = f"/actions/projects/{project.id}/task-type-links/reorder"
    ids = [str(kinds[n].id) for n in (2, 1, 0)]
    answer = api(people["manager"], "post", path, json={"task_type_ids": ids})
    assert [(row["task_type_id"], row["priority"]) for row in answer.json] == [(ids[0], 1), (ids[2], 3)]
    for wrong in ([], {}, {"task_type_ids": "x"}, {"task_type_ids": ["x"]}):
        assert api(people["manager"], "post", path, json=wrong).status_code == 400
    assert events(tx) == ["project:update"]
    assert count(tx, ProjectTaskStatusLink) == 0


@pytest.mark.parametrize("who", ["admin", "user", "client", "vendor"])
def test_a_list_is_one_statement_and_an_item_at_most_two_more(api, people, project, make, statements, who):
    make(MetadataDescriptor, project_id=project.id, for_client=True)
    with statements() as seen:
        assert len(api(people[who], "get", "/data/projects?relations=true").json) == 1
    assert len(seen) == 2
    with statements() as seen:
        assert api(people[who], "get", f"/data/projects/{project.id}").status_code == 200
    assert len(seen) <= 3


@pytest.mark.parametrize(
    "entry",
    [
        "x",
        {"name": 1},
        {"name": "n" * 121},
        {"name": "a", "data_type": "colour"},
        {"name": "a", "departments": ["x"]},
        {"name": "a", "position": "first"},
        {"name": "a", "task_type_id": "x"},
        {"name": "a", "choices": "x"},
    ],
)
def test_a_template_remembers_only_columns_that_can_be_taken_over(api, people, tx, make, entry):
    template = make(ProjectTemplate)
    for verb, path in (("post", "/data/project-templates"), ("put", f"/data/project-templates/{template.id}")):
        answer = api(people["admin"], verb, path, json={"name": "Series", "metadata_descriptors": [entry]})
        assert answer.status_code == 400
    assert (count(tx, ProjectTemplate), events(tx)) == (1, [])


@pytest.mark.parametrize("sent", [{"name": ""}, {"name": None}, {"name": "a\x00b"}, {"production_style": []}, {"fps": "1" * 11}])
def test_a_refused_template_is_not_written(api, people, tx, make, sent):
    template = make(ProjectTemplate, name="Kept")
    assert api(people["admin"], "post", "/data/project-templates", json={"name": "Series", **sent}).status_code == 400
    assert api(people["admin"], "put", f"/data/project-templates/{template.id}", json=sent).status_code == 400
    assert tx.scalars(sa.select(ProjectTemplate.name)).all() == ["Kept"]
    assert events(tx) == []


def test_each_series_has_a_first_episode_of_its_own(api, people, project, tx, make):
    kind = make(EntityType, name="Episode")
    project.production_type = "tvshow"
    other = make(Project, project_status_id=project.project_status_id, production_type="tvshow")
    join_team(tx, other, people["manager"])
    names = ((project, "E02"), (other, "E01"))
    first = {str(place.id): str(make(Entity, name=name, project_id=place.id, entity_type_id=kind.id).id) for place, name in names}
    for path in ("/data/projects/open", "/data/user/projects/open"):
        assert {row["id"]: row["first_episode_id"] for row in api(people["manager"], "get", path).json} == first
