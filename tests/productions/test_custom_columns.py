"""Custom columns of productions and the values that rows have in them."""

import pytest
import sqlalchemy as sa

from tests.making import join_team
from zou.entities.models import Entity, EntityType
from zou.people.models import Department
from zou.platform.events.models import ApiEvent
from zou.productions.models import MetadataDescriptor, Project


@pytest.fixture
def column(make, project):
    return make(MetadataDescriptor, project_id=project.id, name="Size", field_name="size", entity_type="Asset")


@pytest.fixture
def entities(make, project):
    """Two assets of different types and a shot of the production, and an asset of another one, all with a size."""
    prop, shot = make(EntityType), make(EntityType, name="Shot")
    other = make(Project)
    data = {"size": 3, "weight": 1}
    return {
        "prop": make(Entity, project_id=project.id, entity_type_id=prop.id, data=data),
        "character": make(Entity, project_id=project.id, entity_type_id=make(EntityType).id, data={"size": None}),
        "shot": make(Entity, project_id=project.id, entity_type_id=shot.id, data=data),
        "foreign": make(Entity, project_id=other.id, entity_type_id=prop.id, data=data),
    }


def data_of(tx, entities):
    tx.expire_all()
    return {name: tx.get(Entity, entity.id).data for name, entity in entities.items()}


def path(project, column=None):
    return f"/data/projects/{project.id}/metadata-descriptors" + (f"/{column.id}" if column else "")


def test_another_name_moves_the_values_of_the_rows_described_and_of_no_other(api, people, project, column, entities, tx):
    answer = api(people["manager"], "put", path(project, column), json={"name": "Größe / cm"})
    assert (answer.status_code, answer.json["field_name"]) == (200, "grosse_cm")
    assert data_of(tx, entities) == {
        "prop": {"grosse_cm": 3, "weight": 1},
        "character": {"grosse_cm": None},
        "shot": {"size": 3, "weight": 1},
        "foreign": {"size": 3, "weight": 1},
    }
    assert [event.name for event in tx.scalars(sa.select(ApiEvent))] == ["metadata-descriptor:update"]


def test_a_column_goes_with_its_values(api, people, project, column, entities, tx):
    assert api(people["manager"], "delete", path(project, column)).status_code == 204
    assert data_of(tx, entities)["prop"] == {"weight": 1}
    assert data_of(tx, entities)["shot"] == {"size": 3, "weight": 1}
    assert tx.scalars(sa.select(MetadataDescriptor)).all() == []


@pytest.mark.parametrize("name, message", [("", "empty"), ("x" * 121, "too long"), ("weight", "exists"), ("WEIGHT!", "exists")])
def test_a_name_that_cannot_be_changes_nothing(api, people, project, column, entities, make, tx, name, message):
    make(MetadataDescriptor, project_id=project.id, name="Weight", field_name="weight", entity_type="Asset")
    answer = api(people["manager"], "put", path(project, column), json={"name": name})
    assert answer.status_code == 400
    assert message in answer.json["message"]
    assert data_of(tx, entities)["prop"] == {"size": 3, "weight": 1}


def test_a_column_is_found_under_its_own_production_only(api, people, project, make, column):
    other = make(Project)
    assert api(people["admin"], "get", path(other, column)).status_code == 404
    assert api(people["admin"], "delete", path(other, column)).status_code == 404


@pytest.mark.parametrize(
    "mine, named, status",
    [((), (), 403), ((), (0,), 201), ((0,), (0,), 201), ((0, 1), (0,), 201), ((0,), (0, 1), 403), ((0,), (1,), 403), ((0,), (), 403)],
)
def test_a_supervisor_adds_columns_for_their_own_departments(api, people, project, make, tx, mine, named, status):
    crafts = [make(Department), make(Department)]
    people["supervisor"].departments = [crafts[n] for n in mine]
    tx.commit()
    body = {"name": "Rig", "departments": [str(crafts[n].id) for n in named]}
    assert api(people["supervisor"], "post", path(project), json=body).status_code == status
    assert len(tx.scalars(sa.select(MetadataDescriptor)).all()) == (status == 201)


def test_what_the_item_refuses_the_list_does_not_show(api, people, project, make, column):
    shown = make(MetadataDescriptor, project_id=project.id, entity_type="Asset", for_client=True)
    listed = api(people["client"], "get", path(project))
    assert [row["id"] for row in listed.json] == [str(shown.id)]
    assert api(people["client"], "get", path(project, shown)).status_code == 200
    assert api(people["client"], "get", path(project, column)).status_code == 403
    assert api(people["outsider"], "get", path(project, shown)).status_code == 403


def test_all_projects_means_the_open_ones_that_one_manages(api, people, project, make, tx):
    managed = make(Project, project_status_id=project.project_status_id)
    join_team(tx, managed, people["manager"])
    make(Project, project_status_id=project.project_status_id)
    closed = make(Project)
    join_team(tx, closed, people["manager"])
    make(MetadataDescriptor, project_id=managed.id, name="Code", field_name="code", entity_type="Project")
    made = api(people["manager"], "post", "/data/metadata-descriptors/all-projects", json={"entity_type": "Project", "name": "Code"})
    assert (made.status_code, [row["project_id"] for row in made.json]) == (201, [str(project.id)])
    gone = api(people["manager"], "delete", "/data/metadata-descriptors/all-projects/code?entity_type=Project")
    assert len(gone.json) == 2


def test_a_clash_in_one_production_changes_none(api, people, project, make, tx):
    other = make(Project, project_status_id=project.project_status_id)
    for production in (project, other):
        make(MetadataDescriptor, project_id=production.id, name="Code", field_name="code", entity_type="Project")
    make(MetadataDescriptor, project_id=other.id, name="Number", field_name="number", entity_type="Project")
    body = {"entity_type": "Project", "name": "Number"}
    assert api(people["admin"], "put", "/data/metadata-descriptors/all-projects/code", json=body).status_code == 400
    tx.expire_all()
    assert sorted(column.name for column in tx.scalars(sa.select(MetadataDescriptor))) == ["Code", "Code", "Number"]


def test_columns_that_are_not_named_follow_by_name(api, people, project, make):
    rows = [make(MetadataDescriptor, project_id=project.id, name=name, field_name=name) for name in ("b", "c", "a")]
    body = {"entity_type": "Asset", "descriptor_ids": [str(rows[1].id)]}
    answer = api(people["manager"], "post", path(project) + "/reorder", json=body)
    assert [(row["name"], row["position"]) for row in answer.json] == [("c", 1), ("a", 2), ("b", 3)]
