"""Tasks of open productions across the studio: lists in pages, statistics, burndown. Rules: contract/rules/tasks.md §5.5."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from zou.people.models import Person, department_link
from zou.people.rules import finds_task
from zou.platform.db.prepared import prepared
from zou.platform.db.projection import aggregate
from zou.productions.models import Project
from zou.productions.queries.lists import named_open
from zou.tasks.models import Task, TaskStatus, TaskType, task_person_link
from zou.tasks.queries.lists import assigned_to
from zou.tasks.queries.todo import TodoList, text_of
from zou.tasks.queries.views import columns_seen, for_client

EMPTY = sa.text("'[]'::json")


@dataclass(frozen=True)
class Filters:
    """What a list of open tasks is narrowed to; None: not at all. `person_ids`: assigned to any of them; `unassigned`: to nobody."""

    project_id: str | None = None
    task_type_id: str | None = None
    task_status_id: str | None = None
    studio_id: str | None = None
    department_id: str | None = None
    person_ids: tuple | None = None
    unassigned: bool = False
    start_date: datetime | None = None
    due_date: datetime | None = None
    priority: int | None = None


class Pool:
    """The tasks that an actor may see and filters let through. `role`: the actor's on the production of the filters, if they name one."""

    def __init__(self, actor, filters, role=None):
        self.actor = actor
        self.conditions = [*scope(actor, filters, role), *narrowed(actor, filters)]

    def select(self, *columns):
        """A select over tasks of the pool, with their production, type and status."""
        statement = sa.select(*columns).select_from(Task).join(Project, Project.id == Task.project_id)
        statement = statement.join(TaskType, TaskType.id == Task.task_type_id).join(TaskStatus, TaskStatus.id == Task.task_status_id)
        return statement.where(*self.conditions)

    def sums(self):
        """Labelled number, duration and estimation of grouped tasks."""
        return [
            sa.func.count().label("amount"),
            sa.func.sum(for_client(self.actor, Task.duration, 0)).label("duration"),
            sa.func.sum(for_client(self.actor, Task.estimation, 0)).label("estimation"),
        ]


def scope(actor, filters, role):
    """Conditions: of the production that is asked for, else of open ones, as far as the actor sees their tasks."""
    if filters.project_id is not None:
        mine = [assigned_to(actor.id)] if role == "vendor" else []
        return [Task.project_id == filters.project_id, *mine]
    opened = sa.select(Project.id).where(Project.project_status_id == named_open())
    seen = [] if actor.is_admin else [finds_task.clause(Task, actor)]
    return [Task.project_id.in_(opened), *seen]


def narrowed(actor, filters):
    """Conditions of the filters. Dates that a client may not read match nothing; without a type, tasks of concepts are left out."""
    if filters.task_type_id is not None:
        yield Task.task_type_id == filters.task_type_id
    else:
        yield TaskType.for_entity != "Concept"
    if filters.task_status_id is not None:
        yield Task.task_status_id == filters.task_status_id
    if filters.start_date is not None:
        yield for_client(actor, Task.start_date) >= filters.start_date
    if filters.due_date is not None:
        yield for_client(actor, Task.due_date) <= filters.due_date
    if filters.priority is not None:
        yield TaskType.priority == filters.priority
    link = task_person_link
    if filters.unassigned:
        yield Task.id.not_in(sa.select(link.c.task_id))
    elif filters.person_ids is not None:
        yield Task.id.in_(sa.select(link.c.task_id).where(link.c.person_id.in_(filters.person_ids)))
    if filters.studio_id is not None:
        of_studio = sa.select(Person.id).where(Person.studio_id == filters.studio_id)
        yield Task.id.in_(sa.select(link.c.task_id).where(link.c.person_id.in_(of_studio)))
    if filters.department_id is not None:
        members = sa.select(department_link.c.person_id).where(department_link.c.department_id == filters.department_id)
        yield Task.id.in_(sa.select(link.c.task_id).where(link.c.person_id.in_(members)))


@prepared
def listing(actor, filters, limit, offset, *, role):
    """Select of (number of tasks, statistics as JSON text, JSON array of a page of them)."""
    pool, todo = Pool(actor, filters, role), TodoList(actor)
    names = [
        TaskType.name.label("type_name"), TaskStatus.name.label("status_name"), TaskType.color.label("type_color"),
        TaskStatus.color.label("status_color"), TaskStatus.short_name.label("status_short_name"),
    ]  # fmt: skip
    rows = todo.joined(sa.select(*columns_seen(pool.actor), *todo.places(), *names)).where(*pool.conditions)
    rows = rows.order_by(*todo.names(), Task.id).limit(limit).offset(offset)
    status = pool.select(Task.task_status_id, *pool.sums()).group_by(Task.task_status_id).subquery("s")
    amounts = sa.func.json_agg(sa.func.json_build_object("task_status_id", status.c.task_status_id, "amount", status.c.amount))
    stats = sa.func.json_build_object(
        "total_duration", zero(status.c.duration), "total_estimation", zero(status.c.estimation), "total", zero(status.c.amount),
        "status", sa.func.coalesce(amounts, EMPTY),
    )  # fmt: skip
    return sa.select(zero(status.c.amount), text_of(stats), aggregate(rows).scalar_subquery()).select_from(status)


@prepared
def by_project(actor, filters, *, role):
    """Select of one text: {production: numbers of its tasks, also by type and status}."""
    pool = Pool(actor, filters, role)
    done = sa.case((TaskStatus.is_done.is_(True), 1), else_=0)
    keys = [Task.project_id, Task.task_type_id, Task.task_status_id]
    group = pool.select(*keys, *pool.sums(), sa.func.sum(done).label("done")).group_by(*keys).subquery("g")
    numbers = [("amount", group.c.amount), ("amount_done", group.c.done), ("total_duration", group.c.duration),
               ("total_estimation", group.c.estimation)]  # fmt: skip
    own = [part for key in ("task_status_id", "task_type_id", "project_id") for part in (key, group.c[key])]
    cell = sa.func.json_build_object(*own, *[part for pair in numbers for part in pair])
    totals = [part for key, column in numbers for part in (key, zero(column))]
    project = sa.func.json_build_object(*totals, "task_types", sa.func.json_agg(cell))
    projects = sa.select(group.c.project_id, project.label("numbers")).group_by(group.c.project_id).subquery("p")
    return sa.select(text_of(sa.func.coalesce(sa.func.json_object_agg(projects.c.project_id, projects.c.numbers), sa.text("'{}'::json"))))


@prepared
def burndown(actor, filters, *, role):
    """Select of one text: how many tasks there are, the window in which they are to be done, and how many were done on each day.

    The window is that of the tasks' dates, else of the productions'; what was done before it counts on its first day.
    """
    pool = Pool(actor, filters, role)
    day = [sa.cast(for_client(pool.actor, column), sa.Date) for column in (Task.start_date, Task.due_date, Task.done_date)]
    task = pool.select(
        day[0].label("start"), day[1].label("due"), day[2].label("done"), for_client(pool.actor, Task.estimation, 0).label("estimation"),
        Project.start_date.label("project_start"), Project.end_date.label("project_end"),
    ).cte("t")  # fmt: skip
    first = sa.func.coalesce(sa.func.min(task.c.start), sa.func.min(task.c.project_start))
    last = sa.func.coalesce(sa.func.max(task.c.due), sa.func.max(task.c.project_end))
    window = sa.select(
        sa.func.count().label("total"), zero(task.c.estimation).label("estimation"),
        sa.case((first > last, last), else_=first).label("first"), sa.case((first > last, first), else_=last).label("last"),
    ).cte("w")  # fmt: skip
    done_on = sa.func.greatest(task.c.done, window.c.first)
    days = sa.select(done_on.label("date"), sa.func.count().label("done"), zero(task.c.estimation).label("done_estimation"))
    days = days.join(window, sa.true()).where(task.c.done.is_not(None)).group_by(done_on).subquery("d")
    ordered = sa.func.json_agg(aggregate_order_by(sa.func.row_to_json(sa.literal_column("d")), days.c.date))
    found = sa.select(sa.func.coalesce(ordered, EMPTY).label("days"), sa.func.min(days.c.date).label("first"),
                      sa.func.max(days.c.date).label("last")).subquery("f")  # fmt: skip
    answer = sa.func.json_build_object(
        "total", window.c.total, "total_estimation", window.c.estimation, "start_date", sa.func.least(window.c.first, found.c.first),
        "end_date", sa.func.greatest(window.c.last, found.c.last), "done_by_day", found.c.days,
    )  # fmt: skip
    return sa.select(text_of(answer)).select_from(window.join(found, sa.true()))


def zero(column):
    """The sum of a column, 0 of no rows."""
    return sa.func.coalesce(sa.func.sum(column), 0)
