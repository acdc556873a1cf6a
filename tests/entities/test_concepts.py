"""Concepts, their folders, and what they are about."""

import pytest
import sqlalchemy as sa

from tests.making import make as insert
from zou.entities.models import Entity, EntityConceptLink
from zou.productions.models import Project
from zou.tasks.models import Task


@pytest.fixture
def folder(make, kind, project):
    return make(Entity, name="Places", project_id=project.id, entity_type_id=kind("ConceptFolder").id)


@pytest.fixture
def concept(make, kind, project, folder):
    return make(Entity, name="Tower", project_id=project.id, entity_type_id=kind("Concept").id, parent_id=folder.id)


def test_a_concept_is_about_entities_of_its_production(api, people, asset, kind, tx, told):
    other = insert(tx, Project)
    far = insert(tx, Entity, name="Far", project_id=other.id, entity_type_id=asset.entity_type_id)
    links = [{"id": str(asset.id)}, {"id": str(far.id)}]
    path = f"/data/projects/{asset.project_id}/concepts"
    made = api(people["user"], "post", path, json={"name": "Tower", "entity_concept_links": links})
    assert (made.status_code, made.json["entity_concept_links"]) == (201, [str(asset.id)])
    again = api(people["user"], "post", path, json={"name": "Tower", "entity_concept_links": []})
    assert again.json["id"] == made.json["id"]
    assert told() == [("concept:new", {"concept_id": made.json["id"], "project_id": str(asset.project_id)})]


@pytest.mark.parametrize("who, status", [("manager", 200), ("user", 200), ("client", 403), ("vendor", 403), ("outsider", 403)])
def test_clients_and_vendors_have_no_concepts(api, people, concept, who, status):
    of_project = f"?project_id={concept.project_id}"
    lists = [f"/data/concepts{of_project}", f"/data/concepts/with-tasks{of_project}", f"/data/projects/{concept.project_id}/concepts"]
    for path in [*lists, *[f"/data/concepts/{concept.id}{part}" for part in ("", "/tasks", "/task-types", "/preview-files")]]:
        assert api(people[who], "get", path).status_code == status, path


def test_a_vendor_reads_the_concept_of_their_task(api, people, concept, make):
    make(Task, project_id=concept.project_id, entity_id=concept.id, assignees=[people["vendor"]])
    assert api(people["vendor"], "get", f"/data/concepts/{concept.id}").status_code == 200


def test_a_removed_folder_leaves_its_concepts(api, people, concept, folder, tx, told):
    assert api(people["user"], "delete", f"/data/concept-folders/{folder.id}").status_code == 403
    assert api(people["supervisor"], "delete", f"/data/concept-folders/{folder.id}").status_code == 204
    tx.expunge_all()
    assert tx.get(Entity, concept.id).parent_id is None
    assert tx.get(Entity, folder.id) is None
    assert [name for name, _ in told()] == ["concept:update", "concept-folder:delete"]


def test_moves_leave_out_what_is_no_concept_of_the_production(api, people, concept, asset, tx):
    ids = [str(asset.id), str(concept.id)]
    answer = api(people["supervisor"], "post", f"/actions/projects/{concept.project_id}/move-concepts", json={"concept_ids": ids})
    assert (answer.status_code, answer.json) == (200, [str(concept.id)])
    tx.refresh(concept)
    assert concept.parent_id is None


def test_a_name_that_is_taken_is_no_new_name(api, people, folder, make, tx):
    make(Entity, name="People", project_id=folder.project_id, entity_type_id=folder.entity_type_id)
    answer = api(people["supervisor"], "put", f"/data/concept-folders/{folder.id}", json={"name": "People"})
    assert answer.status_code == 400
    tx.refresh(folder)
    assert folder.name == "Places"


def test_what_is_linked_shows_a_client_neither_concepts_nor_details(api, people, concept, asset, shot, make, tx):
    make(EntityConceptLink, entity_in_id=concept.id, entity_out_id=asset.id)
    make(EntityConceptLink, entity_in_id=shot.id, entity_out_id=asset.id)
    make(Task, project_id=shot.project_id, entity_id=shot.id, estimation=60, assignees=[people["user"]])
    path = f"/data/entities/{asset.id}/entities-linked/with-tasks"
    assert {row["type"] for row in api(people["user"], "get", path).json} == {"Concept", "Shot"}
    [row] = api(people["client"], "get", path).json
    assert (row["type"], row["tasks"][0]["assignees"], row["tasks"][0]["estimation"]) == ("Shot", [], 0)


def test_what_is_linked_from_elsewhere_stays_there(api, people, asset, kind, make, tx):
    other = insert(tx, Project)
    far = make(Entity, name="Far", project_id=other.id, entity_type_id=kind("Concept").id)
    make(EntityConceptLink, entity_in_id=far.id, entity_out_id=asset.id)
    path = f"/data/entities/{asset.id}/entities-linked/with-tasks"
    assert api(people["manager"], "get", path).json == []
    assert [row["name"] for row in api(people["admin"], "get", path).json] == ["Far"]
    assert tx.scalar(sa.select(sa.func.count()).select_from(EntityConceptLink)) == 1
