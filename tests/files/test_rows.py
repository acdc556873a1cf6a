"""Rows of working and output files."""

import pytest
import sqlalchemy as sa

from zou.entities.models import Entity, EntityType
from zou.files.models import FileStatus, OutputFile, WorkingFile
from zou.platform.events.models import ApiEvent
from zou.productions.models import Project
from zou.tasks.models import Task


@pytest.fixture
def task(make, project, people, tx):
    made = make(Task, project_id=project.id, entity_id=make(Entity, project_id=project.id, entity_type_id=make(EntityType).id).id)
    made.assignees = [people["user"]]
    tx.commit()
    return made


@pytest.fixture
def output(make, task):
    return make(OutputFile, entity_id=task.entity_id, file_status_id=make(FileStatus).id)


def test_events_of_an_output_file_name_the_production_of_its_entity(api, people, output, project, tx):
    assert api(people["admin"], "put", f"/data/output-files/{output.id}", json={"comment": "Better"}).status_code == 200
    assert api(people["admin"], "delete", f"/data/output-files/{output.id}").status_code == 204
    told = [(event.name, event.project_id) for event in tx.scalars(sa.select(ApiEvent).order_by(ApiEvent.created_at))]
    assert told == [("output-file:update", project.id), ("output-file:delete", project.id)]


def test_each_output_file_embeds_its_own_source(api, people, output, make, task):
    sources = [make(WorkingFile, task_id=task.id, entity_id=task.entity_id) for _ in range(2)]
    for source in sources:
        make(OutputFile, entity_id=task.entity_id, file_status_id=output.file_status_id, source_file_id=source.id)
    found = api(people["user"], "get", "/data/output-files").json
    embedded = {row["source_file_id"]: row["source_file"] and row["source_file"]["id"] for row in found}
    assert embedded == {None: None, **{str(source.id): str(source.id) for source in sources}}


@pytest.mark.parametrize(
    "who, status", [("admin", 200), ("manager", 200), ("user", 200), ("supervisor", 403), ("client", 403), ("outsider", 403)]
)
def test_who_changes_an_output_file(api, people, output, tx, who, status):
    answer = api(people[who], "put", f"/data/output-files/{output.id}", json={"comment": "Better"})
    assert answer.status_code == status
    tx.expire_all()
    assert (tx.get(OutputFile, output.id).comment == "Better") == (status == 200)


def test_a_quality_that_is_none_is_refused(api, people, output, tx):
    for quality in ["best", "", 3, ["low"], {"a": 1}]:
        answer = api(people["admin"], "put", f"/data/output-files/{output.id}", json={"quality": quality})
        assert (answer.status_code, answer.json["message"]) == (400, "Invalid quality")
    assert tx.get(OutputFile, output.id).quality is None


def test_lists_hold_what_the_item_route_shows(api, people, output, make):
    elsewhere = make(Entity, project_id=make(Project).id, entity_type_id=make(EntityType).id)
    make(OutputFile, entity_id=elsewhere.id, file_status_id=output.file_status_id)
    other_task = make(Task, project_id=elsewhere.project_id, entity_id=elsewhere.id)
    make(WorkingFile, task_id=other_task.id, entity_id=elsewhere.id)
    assert [row["id"] for row in api(people["user"], "get", "/data/output-files").json] == [str(output.id)]
    assert api(people["outsider"], "get", "/data/output-files").json == []
    assert api(people["user"], "get", "/data/working-files").json == []
    for path in ("/data/output-files", "/data/working-files"):
        assert api(people["vendor"], "get", path).status_code == 403


@pytest.mark.parametrize("path", ["working-files", "output-files", "softwares", "output-types"])
def test_a_malformed_id_names_nothing(api, people, path):
    assert api(people["admin"], "get", f"/data/{path}/not-a-uuid").status_code == 404


def test_statements(api, people, output, statements):
    for path, most in [("/data/output-files", 2), (f"/data/output-files/{output.id}", 3), ("/data/working-files", 2)]:
        with statements() as seen:
            assert api(people["user"], "get", path).status_code == 200
        assert len(seen) <= most
