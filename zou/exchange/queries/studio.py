"""Lists over all productions that a manager works on, for spreadsheets. Columns and orders: contract/rules/exports.md §6."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from zou.entities.models import Entity, EntityType
from zou.entities.queries.kinds import type_named
from zou.entities.queries.naming import full_name as entity_name
from zou.exchange.queries import FROM_CURSOR
from zou.exchange.queries.entities import assignees
from zou.people.models import Department, Person, Studio, department_link
from zou.people.rules import admin, directs, in_team, is_client_of, is_vendor_of
from zou.people.schemas import full_name
from zou.planning.models import TimeSpent
from zou.platform.rules import as_sql
from zou.productions.models import Project, ProjectStatus
from zou.productions.queries.lists import OPEN_NAMES
from zou.tasks.models import Task, TaskStatus, TaskType

reads_tasks = admin | (in_team & ~is_client_of & ~is_vendor_of)
"""Whose tasks a manager exports: those of the productions they are in, but as a client or a vendor."""


def persons(actor):
    """Select of the persons: neither bots, guests nor preview accounts."""
    names = sa.select(sa.func.string_agg(Department.name, aggregate_order_by(sa.literal_column("','"), Department.name)))
    names = names.join(department_link, department_link.c.department_id == Department.id).where(department_link.c.person_id == Person.id)
    columns = {
        "First Name": Person.first_name,
        "Last Name": Person.last_name,
        "Email": Person.email,
        "Phone": Person.phone,
        "Role": Person.role,
        "Departments": names.correlate(Person).scalar_subquery(),
        "Studio": Studio.name,
        "Country": Person.country,
        "Contract Type": Person.contract_type,
        "Position": Person.position,
        "Seniority": Person.seniority,
        "Daily Salary": Person.daily_salary,
        "Active": sa.case((Person.active.is_(True), "yes"), else_="no"),
    }
    listed = (Person.is_bot.is_(False), Person.is_guest.is_not(True), Person.preview_project_id.is_(None))
    rows = named(columns).select_from(Person).outerjoin(Studio, Studio.id == Person.studio_id).where(*listed)
    return rows.order_by(sa.func.lower(Person.first_name), sa.func.lower(Person.last_name))


def projects(actor):
    """Select of the productions that the actor is in; all for an administrator."""
    rows = named({"Name": Project.name, "Status": ProjectStatus.name}).select_from(Project)
    rows = rows.outerjoin(ProjectStatus, ProjectStatus.id == Project.project_status_id)
    return rows.where(as_sql((admin | in_team).clause(Project, actor))).order_by(Project.name)


def task_types(actor):
    """Select of the task types of departments."""
    rows = named({"Department": Department.name, "Name": TaskType.name}).select_from(TaskType)
    return rows.join(Department, Department.id == TaskType.department_id).order_by(Department.name, TaskType.name)


def tasks(actor):
    """Select of the tasks of open productions that the actor is in."""
    parent, grandparent, assigner = aliased(Entity), aliased(Entity), aliased(Person)
    columns = {
        "Project": Project.name,
        "Task Type": TaskType.name,
        "Episode": grandparent.name,
        "Sequence": parent.name,
        "Entity Type": EntityType.name,
        "Entity": Entity.name,
        "Assigner": full_name(assigner),
        "Assignees": assignees(", "),
        "Duration": Task.duration,
        "Estimation": Task.estimation,
        "Start date": day(Task.start_date),
        "Due date": day(Task.due_date),
        "WIP date": day(Task.real_start_date),
        "Validation date": day(Task.end_date),
        "Task Status": TaskStatus.name,
    }
    order = (Project.name, TaskType.name, Task.name, grandparent.name, parent.name, EntityType.name, Entity.name)
    return (
        named(columns)
        .select_from(Task)
        .join(Project, Project.id == Task.project_id)
        .join(ProjectStatus, ProjectStatus.id == Project.project_status_id)
        .join(TaskType, TaskType.id == Task.task_type_id)
        .join(TaskStatus, TaskStatus.id == Task.task_status_id)
        .join(Entity, Entity.id == Task.entity_id)
        .join(EntityType, EntityType.id == Entity.entity_type_id)
        .outerjoin(parent, parent.id == Entity.parent_id)
        .outerjoin(grandparent, grandparent.id == parent.parent_id)
        .outerjoin(assigner, assigner.id == Task.assigner_id)
        .where(ProjectStatus.name == "Open", as_sql(reads_tasks.clause(Task, actor)))
        .order_by(*[sa.nulls_first(column) for column in order])
    )


def time_spents(actor):
    """Select of the hours logged on open productions, as far as the actor reads them in timesheets."""
    is_shot = Entity.entity_type_id == type_named("Shot")
    columns = {
        "Project": Project.name,
        "Person": full_name(Person),
        "Entity Type Name": EntityType.name,
        "Entity": sa.case((is_shot, entity_name(Entity)), else_=Entity.name),
        "Task Type": TaskType.name,
        "Date": TimeSpent.date,
        "Time spent": TimeSpent.duration,
    }
    return (
        named(columns)
        .select_from(TimeSpent)
        .join(Person, Person.id == TimeSpent.person_id)
        .join(Task, Task.id == TimeSpent.task_id)
        .join(TaskType, TaskType.id == Task.task_type_id)
        .join(Project, Project.id == Task.project_id)
        .join(ProjectStatus, ProjectStatus.id == Project.project_status_id)
        .join(Entity, Entity.id == Task.entity_id)
        .join(EntityType, EntityType.id == Entity.entity_type_id)
        .where(ProjectStatus.name.in_(OPEN_NAMES), as_sql(directs.clause(Task, actor)))
        .order_by(TimeSpent.date, Person.last_name, Project.name, EntityType.name, Entity.name)
    )


def named(columns):
    """Select of expressions under the headers of their columns."""
    return sa.select(*[expression.label(header) for header, expression in columns.items()])


def day(moment):
    """SQL: the day of a moment, as text."""
    return sa.func.to_char(moment, "YYYY-MM-DD")


def table(tx, statement):
    """Yield the lines of an export, the header first."""
    result = tx.execute(statement, execution_options=FROM_CURSOR)
    yield list(result.keys())
    yield from map(list, result)
