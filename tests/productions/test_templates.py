"""Templates of productions: made from one, applied to another."""

import pytest
import sqlalchemy as sa

from zou.people.models import Department
from zou.platform.events.models import ApiEvent
from zou.productions.models import (
    MetadataDescriptor,
    Project,
    ProjectTaskStatusLink,
    ProjectTaskTypeLink,
    ProjectTemplate,
    ProjectTemplateTaskTypeLink,
)
from zou.tasks.models import TaskStatus, TaskType


@pytest.fixture
def template(make):
    return make(ProjectTemplate)


def test_a_production_made_into_a_template_comes_out_of_it_the_same(api, people, make, project, tx):
    task_type, status, craft = make(TaskType), make(TaskStatus), make(Department)
    project.fps, project.revision_padding, project.data = "24", 3, {"code": "x"}
    tx.add(
        ProjectTaskTypeLink(project_id=project.id, task_type_id=task_type.id, priority=4, hd_bitrate_compression=9, is_client_visible=False)
    )
    tx.add(
        ProjectTaskStatusLink(project_id=project.id, task_status_id=status.id, priority=2, roles_for_board=["user"], is_client_allowed=True)
    )
    column = make(
        MetadataDescriptor, project_id=project.id, name="Size", field_name="size", for_client=True, choices=["s", "l"], position=2
    )
    column.departments = [craft]
    tx.commit()
    made = api(people["admin"], "post", f"/data/project-templates/from-project/{project.id}", json={"name": "Like it"})
    assert made.status_code == 201
    other = make(Project)
    assert api(people["admin"], "post", f"/data/projects/{other.id}/apply-template/{made.json['id']}").status_code == 200
    tx.expire_all()
    assert (other.fps, other.revision_padding, other.data) == ("24", 3, {"code": "x"})
    link = tx.scalars(sa.select(ProjectTaskTypeLink).where(ProjectTaskTypeLink.project_id == other.id)).one()
    assert (link.task_type_id, link.priority, link.hd_bitrate_compression, link.is_client_visible) == (task_type.id, 4, 9, False)
    link = tx.scalars(sa.select(ProjectTaskStatusLink).where(ProjectTaskStatusLink.project_id == other.id)).one()
    assert (link.task_status_id, link.roles_for_board, link.is_client_allowed) == (status.id, ["user"], True)
    copy = tx.scalars(sa.select(MetadataDescriptor).where(MetadataDescriptor.project_id == other.id)).one()
    assert (copy.name, copy.choices, copy.for_client, copy.position, copy.departments) == ("Size", ["s", "l"], True, 2, [craft])


def test_a_link_that_is_there_keeps_what_is_not_sent(api, people, template, make, tx):
    path, id = f"/data/project-templates/{template.id}/task-types", str(make(TaskType).id)
    first = {"task_type_id": id, "priority": 2, "hd_bitrate_compression": 8, "is_client_visible": False}
    assert api(people["admin"], "post", path, json=first).status_code == 201
    again = api(people["admin"], "post", path, json={"task_type_id": id, "priority": 5})
    assert [again.json[key] for key in ("priority", "hd_bitrate_compression", "is_client_visible")] == [5, 8, False]
    assert [event.name for event in tx.scalars(sa.select(ApiEvent))] == ["project-template:update"] * 2


def test_the_order_of_a_list_adds_what_is_missing(api, people, template, make, tx):
    first, second = make(TaskType), make(TaskType)
    api(people["admin"], "post", f"/data/project-templates/{template.id}/task-types", json={"task_type_id": str(first.id)})
    path = f"/actions/project-templates/{template.id}/task-types/reorder"
    answer = api(people["admin"], "post", path, json={"task_type_ids": [str(second.id), str(first.id)]})
    assert [(row["task_type_id"], row["priority"]) for row in answer.json] == [(str(second.id), 1), (str(first.id), 2)]
    unknown = api(people["admin"], "post", path, json={"task_type_ids": [str(first.id), str(template.id)]})
    assert unknown.status_code == 400 and set(unknown.json) == {"message"}
    tx.expire_all()
    links = tx.scalars(sa.select(ProjectTemplateTaskTypeLink).order_by(ProjectTemplateTaskTypeLink.priority)).all()
    assert [link.task_type_id for link in links] == [second.id, first.id]


@pytest.mark.parametrize("who, reads, writes", [("admin", 200, 201), ("manager", 200, 403), ("supervisor", 403, 403), ("client", 403, 403)])
def test_who_uses_templates(api, people, template, make, who, reads, writes):
    path = f"/data/project-templates/{template.id}/task-statuses"
    assert api(people[who], "get", path).status_code == reads
    assert api(people[who], "post", path, json={"task_status_id": str(make(TaskStatus).id)}).status_code == writes


def test_a_template_that_is_not_there(api, people, project):
    for answer in (
        api(people["admin"], "get", f"/data/project-templates/{project.id}/task-types"),
        api(people["admin"], "post", f"/data/projects/{project.id}/apply-template/{project.id}"),
    ):
        assert (answer.status_code, set(answer.json)) == (404, {"message"})
    assert api(people["manager"], "get", f"/data/project-templates/{project.id}/task-types").status_code == 404
    assert api(people["user"], "get", f"/data/project-templates/{project.id}/task-types").status_code == 403
