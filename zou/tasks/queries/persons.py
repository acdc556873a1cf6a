"""Tasks by the persons who are assigned to them. Rules: contract/rules/tasks.md §5.3 and §5.6."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from zou.people.models import Person
from zou.people.rules import finds_task, has_role, productions_of, reads_as_client
from zou.platform.db.prepared import prepared
from zou.platform.db.projection import json_list
from zou.productions.models import Project
from zou.productions.queries.lists import named_open
from zou.tasks.models import Task, task_person_link
from zou.tasks.queries import todo
from zou.tasks.queries.lists import assigned_to
from zou.tasks.schemas import TaskSchema

STAFF = ("admin", "manager", "supervisor", "user")
"""Roles that may know who works on what."""


def visible(actor):
    """Conditions: the production is open, and the actor may know who works on the task: a vendor their own tasks, a client none."""
    opened = [Task.project_id.in_(sa.select(Project.id).where(Project.project_status_id == named_open()))]
    return opened if actor.is_admin else [*opened, (finds_task & ~reads_as_client).clause(Task, actor)]


@prepared
def todo_list(actor, person_id, *, done):
    """Select of one text: what a person has to do, or has done, as far as the actor may know."""
    return todo.of_person(actor, person_id, done, visible(actor))


@prepared
def related(actor, person_id, task_type_id):
    """Select of one text: the tasks of a type on the entities that a person works on, as far as the actor may know."""
    entities = sa.select(Task.entity_id).where(assigned_to(person_id), *visible(actor))
    tasks = sa.select(Task).where(Task.entity_id.in_(entities), Task.task_type_id == task_type_id, *visible(actor))
    return json_list(TaskSchema, tasks.order_by(Task.created_at, Task.id))


@prepared
def dates(actor, project_id):
    """Select of one text: when the tasks of each active person begin and end, and when productions that are not shown keep them busy.

    Shown are one production, else the open ones in which the actor works; all of them for an administrator. Of the other open ones only
    the periods are told, those that overlap joined.
    """
    link, opened = task_person_link, sa.select(Project.id).where(Project.project_status_id == named_open())
    shown = sa.true() if actor.is_admin else Task.project_id.in_(productions_of(actor, has_role(actor, *STAFF)))
    if project_id is not None:
        shown = sa.and_(shown, Task.project_id == project_id)
        opened = opened.union_all(sa.select(sa.cast(project_id, sa.Uuid)))
    work = (
        sa.select(link.c.person_id, Task.start_date.label("start"), Task.due_date.label("due"), shown.label("shown"))
        .join(Task, Task.id == link.c.task_id)
        .join(Person, sa.and_(Person.id == link.c.person_id, Person.active))
        .where(Task.project_id.in_(opened))
        .cte("work")
    )
    own = sa.select(work.c.person_id, sa.func.min(work.c.start).label("first"), sa.func.max(work.c.due).label("last"))
    own = own.where(work.c.shown).group_by(work.c.person_id).subquery("own")
    busy = busy_periods(work)
    person_id = sa.func.coalesce(own.c.person_id, busy.c.person_id)
    item = sa.func.json_build_object(
        "person_id", person_id, "min_date", todo.seconds(own.c.first), "max_date", todo.seconds(own.c.last),
        "busy_periods", sa.func.coalesce(busy.c.periods, sa.text("'[]'::json")),
    )  # fmt: skip
    items = sa.func.coalesce(sa.func.json_agg(item), sa.text("'[]'::json"))
    return sa.select(sa.cast(items, sa.Text)).select_from(own.join(busy, busy.c.person_id == own.c.person_id, full=True))


def busy_periods(work):
    """Subquery of (person_id, periods): the work that is not shown, overlapping periods joined."""
    before = {"partition_by": work.c.person_id, "order_by": (work.c.start, work.c.due)}
    hidden = sa.and_(sa.not_(work.c.shown), work.c.start.is_not(None), work.c.due.is_not(None))
    reached = sa.func.max(work.c.due).over(**before, rows=(None, -1))
    apart = sa.case((work.c.start <= reached, 0), else_=1).label("apart")
    ordered = sa.select(work.c.person_id, work.c.start, work.c.due, apart).where(hidden).subquery("ordered")
    number = sa.func.sum(ordered.c.apart).over(partition_by=ordered.c.person_id, order_by=(ordered.c.start, ordered.c.due))
    numbered = sa.select(ordered, number.label("number")).subquery("numbered")
    first, last = sa.func.min(numbered.c.start).label("start"), sa.func.max(numbered.c.due).label("due")
    joined = sa.select(numbered.c.person_id, first, last).group_by(numbered.c.person_id, numbered.c.number).subquery("joined")
    period = sa.func.json_build_object("start_date", spelled(joined.c.start), "end_date", spelled(joined.c.due))
    periods = sa.func.json_agg(aggregate_order_by(period, joined.c.start)).label("periods")
    return sa.select(joined.c.person_id, periods).group_by(joined.c.person_id).subquery("busy")


def spelled(column):
    """A moment with a space between date and time."""
    return sa.func.to_char(column, "YYYY-MM-DD HH24:MI:SS")
