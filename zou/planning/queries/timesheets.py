"""Time spent by persons, in minutes, as statements that yield JSON. Rules: contract/rules/time-and-timesheets.md §2 and §3.

Who reads what is decided by row: an administrator and the person themselves all of it; managers the productions that they lead;
supervisors those that they supervise, and there the task types of their departments.
"""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou.entities.models import Entity, EntityType
from zou.people.models import Person
from zou.people.rules import directs, has_role, leads, productions_of, supervises_department, supervises_or_manages
from zou.planning.models import TimeSpent
from zou.planning.rules import reads_hours
from zou.planning.schemas import TimeSpentSchema
from zou.platform.db.prepared import prepared
from zou.platform.db.projection import aggregate, select_list
from zou.platform.errors import Denied, Invalid
from zou.platform.rules import as_sql
from zou.productions.models import Project
from zou.tasks.models import Task, TaskType

EMPTY_OBJECT = sa.text("'{}'::json")


def of_person(actor, person):
    """Conditions over `Task`: which hours of a person the actor reads. Raises Denied for who reads none of them."""
    if actor.is_admin or actor.id == person.id:
        return []
    if actor.role not in ("manager", "supervisor"):
        raise Denied(rule=reads_hours)
    return [as_sql(directs.clause(Task, actor))]


def check_project(tx, actor, project_id):
    """Raise Denied for a production in whose team the actor neither manages nor supervises."""
    mine = productions_of(actor, has_role(actor, "manager", "supervisor")).subquery()
    if not actor.is_admin and not tx.scalar(sa.select(sa.exists().where(mine.c.project_id == project_id))):
        raise Denied(rule=supervises_or_manages)


def check_everybody(tx, actor, project_id=None, department_id=None, studio_id=None):
    """Raise Denied for a production that is not the actor's, Invalid for a department that is not the supervisor's."""
    if actor.role in ("manager", "supervisor"):
        if project_id:
            check_project(tx, actor, project_id)
        theirs = [str(id) for id in actor.department_ids]
        if actor.role == "supervisor" and department_id and theirs and department_id.lower() not in theirs:
            raise Invalid("Supervisor not allowed to access this department")


def of_everybody(actor, wanted):
    """Conditions over `Task`, `TimeSpent`, `TaskType` and `Person`: the hours of all persons that the actor reads, narrowed.

    `wanted`: ids under project_id, department_id and studio_id, those not asked for absent.
    """
    conditions = []
    if actor.role in ("manager", "supervisor"):
        conditions.append(as_sql((leads | supervises_department).clause(Task, actor)))
    elif not actor.is_admin:
        conditions.append(TimeSpent.person_id == actor.id)
    columns = {"project_id": Task.project_id, "department_id": TaskType.department_id, "studio_id": Person.studio_id}
    return conditions + [columns[key] == value for key, value in wanted.items()]


def rows(person_id, conditions=(), with_task=False):
    """Select of one text: what a person logged, row by row. `with_task`: each with the production and the type of its task."""
    columns = select_list(TimeSpentSchema, TimeSpent)
    if with_task:
        columns += [Task.project_id, Task.task_type_id]
    statement = sa.select(*columns).select_from(TimeSpent).join(Task, Task.id == TimeSpent.task_id)
    return aggregate(statement.where(TimeSpent.person_id == person_id, *conditions))


def between(start, end):
    """Condition: logged from the first of two days up to the day before the second one."""
    return sa.and_(TimeSpent.date >= start, TimeSpent.date < end)


def by_task(person_id, conditions):
    """Select of one text: the minutes of a person, summed by task, each with the names of what it is about."""
    parent, grandparent = aliased(Entity), aliased(Entity)
    summed = (
        sa.select(TimeSpent.task_id, sa.func.sum(TimeSpent.duration).label("duration"))
        .join(Task, Task.id == TimeSpent.task_id)
        .where(TimeSpent.person_id == person_id, *conditions)
        .group_by(TimeSpent.task_id)
        .subquery("summed")
    )
    columns = [
        Task.id.label("task_id"), Task.task_type_id, Task.project_id, Project.name.label("project_name"),
        Entity.name.label("entity_name"), EntityType.name.label("entity_type_name"), parent.name.label("sequence_name"),
        grandparent.name.label("episode_name"), summed.c.duration,
    ]  # fmt: skip
    return aggregate(
        sa.select(*columns)
        .select_from(summed)
        .join(Task, Task.id == summed.c.task_id)
        .join(Project, Project.id == Task.project_id)
        .join(Entity, Entity.id == Task.entity_id)
        .join(EntityType, EntityType.id == Entity.entity_type_id)
        .outerjoin(parent, parent.id == Entity.parent_id)
        .outerjoin(grandparent, grandparent.id == parent.parent_id)
    )


@prepared
def table(actor, wanted, first, last, *, unit):
    """Select of one text: {unit: {person: minutes}}. `unit`: year, month, week (ISO) or day; `first`, `last`: only of this time.

    A week belongs to the year in which ISO 8601 counts it, so the last days of a December may be in the next one.
    """
    conditions = of_everybody(actor, wanted)
    summed = sa.select(TimeSpent.date, TimeSpent.person_id, sa.func.sum(TimeSpent.duration).label("minutes")).select_from(TimeSpent)
    if conditions:  # who reads all hours needs none of the other tables
        summed = summed.join(Task, Task.id == TimeSpent.task_id).join(TaskType, TaskType.id == Task.task_type_id)
        summed = summed.join(Person, Person.id == TimeSpent.person_id)
    if first is not None:
        conditions.append(TimeSpent.date.between(first, last))
    summed = summed.where(TimeSpent.person_id.is_not(None), *conditions).group_by(TimeSpent.date, TimeSpent.person_id).subquery("summed")
    # The days of a person are added up first: there are fewer of them, and to name the unit of a day costs more than to add.
    key = sa.cast(sa.extract(unit, summed.c.date), sa.Integer)
    units = sa.select(key.label("unit"), summed.c.person_id, sa.func.sum(summed.c.minutes).label("minutes")).group_by(
        key, summed.c.person_id
    )
    units = units.subquery("units")
    persons = sa.func.json_object_agg(units.c.person_id, units.c.minutes).label("persons")
    made = sa.select(units.c.unit, persons).group_by(units.c.unit).subquery("made")
    whole = sa.func.coalesce(sa.func.json_object_agg(made.c.unit, made.c.persons), EMPTY_OBJECT)
    return sa.select(sa.cast(whole, sa.Text)).select_from(made)
