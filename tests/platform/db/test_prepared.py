"""Statements that are kept: one for all who ask alike, and never the rights of another."""

import uuid
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from tests.kept import Comparison, spelled
from tests.making import join_team, make, open_status
from zou.auth.actor import Actor
from zou.entities.models import Entity, EntityType
from zou.people.models import Department, Person
from zou.people.rules import admin, directs, in_team, self_as
from zou.platform.db.prepared import prepared
from zou.productions.models import MetadataDescriptor, Project
from zou.tasks.models import Task, TaskStatus, TaskType


def actor(role="user", departments=(), id=None):
    return Actor(id or uuid.uuid4(), role, "person", list(departments), None, {})


@prepared
def rows(actor, project_id, *, rule, limit=None):
    statement = sa.select(Task.id).where(Task.project_id == project_id, rule.clause(Task, actor))
    return statement.limit(limit)


def test_a_statement_is_built_once_for_all_who_ask_alike():
    first, second = actor(), actor()
    one, two = rows(first, uuid.uuid4(), rule=in_team), rows(second, uuid.uuid4(), rule=in_team)
    assert one.statement is two.statement
    assert (one.values["actor_id"], two.values["actor_id"]) == (first.id, second.id)


def test_it_is_another_one_where_its_form_differs():
    project, rule = uuid.uuid4(), admin | directs
    found = [rows(who, project, rule=rule).statement for who in (actor("admin"), actor(), actor(departments=[uuid.uuid4()]))]
    found += [rows(actor(), None, rule=rule).statement, rows(actor(), project, rule=rule, limit=3).statement]
    found += [rows(actor(), str(project), rule=rule).statement]
    assert len(set(map(id, found))) == 6


def test_departments_are_values():
    rule, ours, theirs = admin | directs, [uuid.uuid4()], [uuid.uuid4(), uuid.uuid4()]
    one, two = (rows(actor("supervisor", departments), None, rule=rule) for departments in (ours, theirs))
    assert one.statement is two.statement
    assert two.values["actor_department_ids"] == theirs
    assert str(ours[0]) in spelled(*one) and str(ours[0]) not in spelled(*two)


@dataclass(frozen=True)
class Filters:
    name: str | None = None
    ids: tuple | None = None


@prepared
def filtered(filters, wanted):
    given = [] if filters.name is None else [Project.name == filters.name]
    given += [] if filters.ids is None else [Project.id.in_(filters.ids)]
    return sa.select(Project.id).where(*given, *[getattr(Project, key) == value for key, value in wanted.items()])


def test_filters_are_taken_one_by_one(tx, make):
    ours, others = (make(Project, project_status_id=open_status(tx).id) for _ in range(2))
    for given in (Filters(), Filters(name=ours.name), Filters(ids=(ours.id, others.id)), Filters(ours.name, (others.id,))):
        for wanted in ({}, {"id": ours.id}, {"id": str(others.id)}):
            expected = set(tx.scalars(filtered.build(given, wanted)))
            assert set(tx.scalars(*filtered(given, wanted))) == expected, (given, wanted)


def test_a_condition_in_python_on_a_value_is_a_mistake():
    @prepared
    def compared(actor, name):
        return sa.select(sa.true()) if actor.id == "me" else sa.select(sa.false())

    @prepared
    def asked(name):
        return sa.select(sa.true()) if name else sa.select(sa.false())

    @prepared
    def said(name):
        return sa.select(sa.literal(f"{name}"))

    for mistake, given in ((compared, (actor(), "a")), (asked, ("a",)), (said, ("a",))):
        with pytest.raises(TypeError):
            mistake(*given)
    with pytest.raises(TypeError, match="not a value"):
        asked(Project)


@pytest.fixture
def crowd(tx, make):
    """Two productions with a task each, and people who ask about them."""
    found = {"projects": [make(Project, project_status_id=open_status(tx).id) for _ in range(2)]}
    craft = make(Department)
    kind, type_, status = make(EntityType), make(TaskType, department_id=craft.id), make(TaskStatus)
    found["tasks"] = []
    for project in found["projects"]:
        entity = make(Entity, project_id=project.id, entity_type_id=kind.id)
        columns = {"task_type_id": type_.id, "task_status_id": status.id, "entity_id": entity.id}
        found["tasks"].append(make(Task, project_id=project.id, duration=60, **columns))
    found["craft"] = craft
    return found


def readable(api, person, path, rows):
    return [api(person, "get", path.format(row.id)).status_code for row in rows]


def test_two_of_one_role_in_different_teams(api, tx, crowd):
    first, second = (make(tx, Person, role="user") for _ in range(2))
    join_team(tx, crowd["projects"][0], first)
    join_team(tx, crowd["projects"][1], second)
    for path in ("/data/tasks/{}", "/data/tasks/{}/full", "/data/tasks/{}/comments"):
        for _ in range(2):
            assert readable(api, first, path, crowd["tasks"]) == [200, 403]
            assert readable(api, second, path, crowd["tasks"]) == [403, 200]
    for person, project in ((first, 0), (second, 1), (first, 0)):
        found = api(person, "get", "/data/user/context").json["projects"]
        assert [row["id"] for row in found] == [str(crowd["projects"][project].id)]


def test_two_of_different_roles_in_turn(api, tx, crowd):
    team = {role: make(tx, Person, role=role) for role in ("manager", "client", "vendor", "user")}
    join_team(tx, crowd["projects"][0], *team.values())
    path = f"/data/tasks/{crowd['tasks'][0].id}/full"
    for _ in range(2):
        found = {role: api(person, "get", path) for role, person in team.items()}
        assert {role: answer.status_code for role, answer in found.items()} == {"manager": 200, "client": 200, "vendor": 403, "user": 200}
        assert (found["manager"].json["duration"], found["client"].json["duration"], found["user"].json["duration"]) == (60, 0, 60)


def test_a_role_that_changes_counts_at_once(api, tx, crowd):
    person = make(tx, Person, role="user")
    path = f"/data/tasks/{crowd['tasks'][0].id}"
    assert api(person, "get", path).status_code == 403
    join_team(tx, crowd["projects"][0], person)
    assert api(person, "get", path).status_code == 200
    assert api(person, "get", f"{path}/full").json["duration"] == 60
    join_team(tx, crowd["projects"][1], person, role="client")
    assert api(person, "get", f"/data/tasks/{crowd['tasks'][1].id}/full").json["duration"] == 0


def test_two_vendors_of_different_departments(api, tx, crowd):
    project, craft = crowd["projects"][0], crowd["craft"]
    column = make(tx, MetadataDescriptor, project_id=project.id, entity_type="Asset", name="Camera", field_name="camera")
    column.departments = [craft]
    ours, others = (make(tx, Person, role="vendor") for _ in range(2))
    ours.departments, others.departments = [craft], [make(tx, Department)]
    tx.flush()
    join_team(tx, project, ours, others)
    for _ in range(2):
        for person, expected in ((ours, ["camera"]), (others, [])):
            [found] = api(person, "get", "/data/projects/open").json
            assert [row["field_name"] for row in found["descriptors"]] == expected


def test_what_is_kept_is_what_is_built_for_each(api, tx, crowd):
    project, task = crowd["projects"][0], crowd["tasks"][0]
    people = [make(tx, Person, role=role) for role in ("admin", "user", "user", "supervisor", "supervisor", "client", "vendor")]
    people[3].departments, people[4].departments = [crowd["craft"]], [make(tx, Department)]
    tx.flush()
    join_team(tx, project, *people)
    paths = [
        f"/data/tasks/{task.id}", f"/data/tasks/{task.id}/full", f"/data/projects/{project.id}", "/data/user/context",
        "/data/user/tasks", "/data/user/notifications", f"/data/projects/{project.id}/news?person_id={people[1].id}",
        f"/data/tasks/open-tasks?person_id={people[1].id},{people[2].id}&start_date=2026-03-02", "/data/user/tasks-to-check?page=2",
        f"/data/assets/with-tasks?project_id={project.id}", f"/data/projects/{project.id}/tasks", "/data/tasks/open-tasks/burndown",
    ]  # fmt: skip
    with Comparison() as comparison:
        for path in paths:
            for person in people:
                assert api(person, "get", path).status_code in (200, 403)
    assert comparison.different == []
    assert comparison.compared > 20


def test_a_rule_about_oneself_is_not_the_one_of_the_first(tx, make):
    mine, theirs = make(Person), make(Person)
    statement = prepared(lambda actor, *, rule: sa.select(Person.id).where(rule.clause(Person, actor)))
    for person in (mine, theirs, mine):
        assert tx.scalars(*statement(actor(id=person.id), rule=self_as("id"))).all() == [person.id]
