"""Hours logged, as statements that yield JSON. Rules: contract/rules/time-and-timesheets.md §2."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from zou.planning.models import DayOff, TimeSpent
from zou.planning.rules import sees_entry
from zou.planning.schemas import DayOffDatesSchema, DayOffSchema, TimeSpentSchema
from zou.platform.db.projection import json_groups, json_list, json_row, select_list
from zou.platform.rules import as_sql
from zou.productions.models import ProjectPersonLink
from zou.tasks.models import Task, TaskType

ROW = sa.literal_column("r")
EMPTY = sa.text("'{}'::jsonb")


def by_person(task_id, actor, date=None):
    """Select of one text: `{"total": minutes, person id: [entries]}` of a task, as far as the actor may see.

    `date`: text that the database reads as a day.
    """
    rows = sa.select(*select_list(TimeSpentSchema, TimeSpent)).where(TimeSpent.task_id == task_id, seen(actor)).order_by(TimeSpent.date)
    if date is not None:
        rows = rows.where(TimeSpent.date == day(date))
    entries = rows.subquery("r")
    groups = sa.select(
        entries.c.person_id, sa.func.sum(entries.c.duration).label("total"), sa.func.json_agg(sa.func.row_to_json(ROW)).label("rows")
    ).select_from(entries).where(entries.c.person_id.isnot(None)).group_by(entries.c.person_id).subquery("g")  # fmt: skip
    people = sa.func.coalesce(sa.cast(sa.func.json_object_agg(groups.c.person_id, groups.c.rows), JSONB), EMPTY)
    total = sa.func.jsonb_build_object("total", sa.func.coalesce(sa.func.sum(groups.c.total), 0))
    return sa.select(sa.cast(total.concat(people), sa.Text))


def of_project(project_id, actor):
    """Select of one text: entries on the tasks of a production that the actor may see."""
    rows = sa.select(TimeSpent).join(Task, Task.id == TimeSpent.task_id).where(Task.project_id == project_id)
    return json_list(TimeSpentSchema, rows.where(seen(actor)))


def of_entity(entity_id, actor):
    """Select of the entries on the tasks of an entity that the actor may see, latest day first."""
    rows = sa.select(TimeSpent).join(Task, Task.id == TimeSpent.task_id).where(Task.entity_id == entity_id)
    return rows.where(seen(actor)).order_by(TimeSpent.date.desc(), TimeSpent.id)


def seen(actor):
    """Condition: the actor may see the entry."""
    return as_sql(sees_entry.clause(TimeSpent, actor))


def of_task_type(project_id, task_type_id, start, end):
    """Select of one text: `{person id: [entries, latest first]}` of a task type of a production. `start`, `end`: days as text, or None."""
    rows = sa.select(*select_list(TimeSpentSchema, TimeSpent)).join(Task, Task.id == TimeSpent.task_id)
    rows = rows.where(Task.project_id == project_id, Task.task_type_id == task_type_id)
    if start is not None:
        rows = rows.where(TimeSpent.date >= day(start))
    if end is not None:
        rows = rows.where(TimeSpent.date <= day(end))
    return json_groups(rows.order_by(TimeSpent.date.desc()), "person_id")


def days_off(project_id, actor, whole, start, end):
    """Select of one text: `{person id: [days off, earliest first]}` of the team of a production.

    `whole`: whether the actor sees why others are off; otherwise only why they are themselves. `start`, `end`: days as text, or None.
    """
    shown = sa.true() if whole else DayOff.person_id == actor.id
    form = sa.case((shown, json_row(DayOffSchema, DayOff)), else_=json_row(DayOffDatesSchema, DayOff))
    team = sa.select(ProjectPersonLink.person_id).where(ProjectPersonLink.project_id == project_id)
    rows = sa.select(DayOff.person_id, form.label("row")).where(DayOff.person_id.in_(team))
    if start is not None:
        rows = rows.where(DayOff.end_date >= day(start))
    if end is not None:
        rows = rows.where(DayOff.date <= day(end))
    return json_groups(rows.order_by(DayOff.date), "person_id", "row")


def by_department(project_id):
    """Select of one text: `{department id: {"total": minutes, person id: {"total": minutes, "YYYY-MM": minutes}}}` of a production.

    Hours on task types without a department are left out.
    """
    month = sa.func.to_char(TimeSpent.date, "YYYY-MM")
    months = (
        sa.select(TaskType.department_id, TimeSpent.person_id, month.label("month"), sa.func.sum(TimeSpent.duration).label("total"))
        .join(Task, Task.id == TimeSpent.task_id)
        .join(TaskType, TaskType.id == Task.task_type_id)
        .where(Task.project_id == project_id, TaskType.department_id.isnot(None), TimeSpent.person_id.isnot(None))
        .group_by(TaskType.department_id, TimeSpent.person_id, month)
        .subquery("months")
    )
    people = totalled(months.c.month, months.c.total, months.c.total, months.c.department_id, months.c.person_id)
    departments = totalled(people.c.person_id, people.c.hours, people.c.total, people.c.department_id)
    made = sa.func.coalesce(sa.func.jsonb_object_agg(departments.c.department_id, departments.c.hours), EMPTY)
    return sa.select(sa.cast(made, sa.Text))


def totalled(key, value, minutes, *group):
    """A subquery with the columns of `group`, `total` and `hours`: `{key: value, "total": minutes}`."""
    total = sa.func.sum(minutes)
    hours = sa.func.jsonb_object_agg(key, value).concat(sa.func.jsonb_build_object("total", total))
    return sa.select(*group, total.label("total"), hours.label("hours")).group_by(*group).subquery()


def day(text):
    """A text that the database reads as a day."""
    return sa.cast(sa.literal(text, sa.Text), sa.Date)
