"""What is assigned to a person, and what waits for their verdict. Rules: contract/rules/user.md §4 and §5."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from zou.entities.models import Entity
from zou.entities.queries.criteria import Viewer, columns_seen
from zou.entities.queries.kinds import is_kind
from zou.people.rules import has_role, productions_of
from zou.platform.db.prepared import prepared
from zou.platform.db.projection import aggregate
from zou.productions.models import Project
from zou.productions.queries.lists import mine, named_open
from zou.tasks.models import Task, TaskStatus, TaskType, task_person_link
from zou.tasks.queries.lists import assigned_to
from zou.tasks.queries.todo import TodoList, of_person

MOST_ROWS = 2**31 - 1
ORDERS = ("priority", "due_date", "estimation", "entity_name")


def assigned_and_open(actor):
    """Condition: the task is the actor's, in an open production that they are in; administrators are in all of them."""
    projects = sa.select(Project.id).where(Project.project_status_id == named_open())
    if not actor.is_admin:
        projects = projects.where(mine(actor))
    return sa.and_(Task.project_id.in_(projects), assigned_to(actor.id))


@prepared
def todo_list(actor, *, done):
    """Select of one text: the tasks of the actor in their open productions, done or not."""
    return of_person(actor, actor.id, done, [Project.project_status_id == named_open(), mine(actor)])


def of_kind(kind, actor, *conditions):
    """Conditions: entities of a kind that hold a task of the actor."""
    worked_on = sa.select(Task.entity_id).where(assigned_and_open(actor))
    return [is_kind(kind), Entity.id.in_(worked_on), *conditions]


def parents(kind, actor, project_id, levels):
    """Conditions: entities of a kind above shots that hold a task of the actor. `levels`: 1 for sequences, 2 for episodes."""
    shot = aliased(Entity)
    above = sa.select(shot.parent_id).join(Task, Task.entity_id == shot.id).where(is_kind("Shot", shot), assigned_and_open(actor))
    if levels == 2:
        sequence = aliased(Entity)
        above = sa.select(sequence.parent_id).where(sequence.id.in_(above))
    return [Entity.project_id == project_id, is_kind(kind), Entity.id.in_(above)]


def entities(kind, schema, actor, conditions):
    """Select of one text: entities of a kind as the actor sees them."""
    return aggregate(sa.select(*columns_seen(schema, Viewer(actor), kind)).where(*conditions))


# --- tasks to check ---------------------------------------------------------------------------------------------------------------


def may_check(actor):
    """Conditions on the tasks whose verdict is up to the actor; None for an actor who checks nothing."""
    if actor.role not in ("admin", "manager", "supervisor"):
        return None
    conditions = [TaskStatus.is_feedback_request.is_(True), Project.project_status_id == named_open()]
    if not actor.is_admin:
        conditions.append(Project.id.in_(productions_of(actor, has_role(actor, "manager", "supervisor"))))
    if actor.role == "supervisor" and actor.department_ids:
        conditions.append(TaskType.department_id.in_(actor.department_ids))
    return conditions


def narrowed(todo, wanted):
    """Conditions for the parameters of the list. `wanted`: {parameter: value read}, those not given absent or None."""
    equal = {"project_id": Task.project_id, "task_type_id": Task.task_type_id, "task_status_id": Task.task_status_id}
    found = [column == wanted[key] for key, column in equal.items() if wanted.get(key) is not None]
    episode = wanted.get("episode_id")
    if episode is not None:
        found.append(sa.or_(todo.parent.parent_id == episode, Entity.source_id == episode, Entity.parent_id == episode))
    persons = wanted.get("person_id")
    link = task_person_link.c
    if wanted.get("unassigned"):
        found.append(~sa.exists().where(link.task_id == Task.id))
    elif persons is not None:
        found.append(Task.id.in_(sa.select(link.task_id).where(link.person_id.in_(persons))))
    if wanted.get("due_date_since") is not None:
        found.append(Task.due_date >= wanted["due_date_since"])
    if wanted.get("due_date_until") is not None:
        found.append(Task.due_date <= wanted["due_date_until"])
    return found


def ordered(todo, name):
    """The order that a name stands for; the task's id is always last."""
    names, episode = todo.names(), todo.episode_name()
    orders = {
        "priority": [Task.priority.desc().nulls_last(), Task.due_date.asc().nulls_last(), *names],
        "due_date": [Task.due_date.asc().nulls_last(), *names],
        "estimation": [Task.estimation.desc().nulls_last(), *names],
        "entity_name": [Project.name, TaskType.name, episode, todo.parent.name, Entity.name],
    }
    return [*orders.get(name, names), Task.id]


def to_check(actor, wanted):
    """Statement and values of (JSON array, number, minutes worked, minutes estimated) of the tasks to check; None for who checks nothing.

    `wanted`: the parameters; with `page` and `limit` the array is that page, the numbers are of all pages.
    """
    if may_check(actor) is None:
        return None
    filters, page, order = dict(wanted), wanted.get("page"), wanted.get("order_by") or None
    order = order if order in ORDERS else order and "names"  # whatever else is sent: there are five statements, not one for each word
    for key in ("page", "limit", "order_by"):
        filters.pop(key, None)
    if filters.get("person_id") == "unassigned":
        filters |= {"person_id": None, "unassigned": True}
    if page is None:
        return all_to_check(actor, filters, order=order)
    offset = (page - 1) * wanted["limit"]
    return page_to_check(actor, filters, *((wanted["limit"], offset) if offset < MOST_ROWS else (0, 0)), order=order)


@prepared
def all_to_check(actor, wanted, *, order):
    """Select of (JSON array of the tasks to check, three nulls)."""
    todo = TodoList(actor)
    array = aggregate(todo.rows([*may_check(actor), *narrowed(todo, wanted)], ordered(todo, order) if order else ()))
    return sa.select(array.scalar_subquery(), sa.null(), sa.null(), sa.null())


@prepared
def page_to_check(actor, wanted, limit, offset, *, order):
    """Select of (JSON array of a page of the tasks to check, their number, minutes worked, minutes estimated)."""
    todo = TodoList(actor)
    conditions = [*may_check(actor), *narrowed(todo, wanted)]
    rows = todo.rows(conditions, ordered(todo, order)).limit(limit).offset(offset)
    number = todo.joined(sa.select(sa.func.count().label("n"), sum_of(Task.duration, "worked"), sum_of(Task.estimation, "estimated")))
    stats = number.where(*conditions).subquery("stats")
    return sa.select(aggregate(rows).scalar_subquery(), stats.c.n, stats.c.worked, stats.c.estimated)


def sum_of(column, name):
    """The sum of a column, 0 without rows."""
    return sa.func.coalesce(sa.func.sum(column), 0).label(name)


@prepared
def values_to_check(actor):
    """Select of one text: the ids by which the tasks to check can be narrowed, each list sorted. For who checks any."""
    conditions, todo = may_check(actor), TodoList(actor)
    columns = {"project": Task.project_id, "task_type": Task.task_type_id, "task_status": Task.task_status_id, "episode": todo.episode_id()}
    scope = todo.joined(sa.select(Task.id.label("task"), *[column.label(name) for name, column in columns.items()])).where(*conditions)
    scope = scope.cte("scope")
    parts = []
    for name in columns:
        parts += [f"{name}_ids", sorted_ids(sa.select(scope.c[name].label("id")).where(scope.c[name].is_not(None)))]
    link = task_person_link.c
    parts += ["person_ids", sorted_ids(sa.select(link.person_id.label("id")).where(link.task_id.in_(sa.select(scope.c.task))))]
    return sa.select(sa.cast(sa.func.json_build_object(*parts), sa.Text))


def sorted_ids(statement):
    """Scalar subquery: the distinct ids of a select of `id`, sorted."""
    ids = statement.distinct().subquery()
    array = sa.func.json_agg(aggregate_order_by(ids.c.id, ids.c.id))
    return sa.select(sa.func.coalesce(array, sa.text("'[]'::json"))).select_from(ids).scalar_subquery()
