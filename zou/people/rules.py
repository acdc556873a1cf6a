"""Who may do what: the permission model of contract/rules/permissions.md as named rules.

Read aloud: `reads = in_team | admin`. Each rule is a predicate over a row (a model, its alias, or a `Draft`) and an actor, and
compiles to SQL. A row's production is `project_key()` of its model, its entity `entity_key()`, its task `task_key()`.

Effective role: the role that the team gives the person on the production of the row, else the person's own; an admin stays admin.
The contract's server keeps the last role it looked up in a slot of the request, so that a check may see the role of another
production; here the role is always that of the row at hand.
"""

import sqlalchemy as sa

from zou.platform.db.cascade import table
from zou.platform.rules import Rule, admin, rule
from zou.platform.rules import anyone as anyone  # named here for the domains, with all the others

# --- who the actor is, whatever the row ---------------------------------------------------------------------------------------


@rule
def nobody(source, actor):
    """nobody"""
    return False


@rule
def manager(source, actor):
    """a manager or administrator of the studio"""
    return actor.role in ("admin", "manager")


@rule
def person(source, actor):
    """a person (not a bot)"""
    return actor.identity_type in ("person", "person_api")


@rule
def staff(source, actor):
    """a supervisor, manager or administrator of the studio"""
    return actor.role in ("admin", "manager", "supervisor")


@rule
def manages_studio(source, actor):
    """a manager of the studio"""
    return actor.role == "manager"


@rule
def not_vendor(source, actor):
    """not a vendor"""
    return actor.role != "vendor"


@rule
def not_client(source, actor):
    """not a client"""
    return actor.role != "client"


@rule
def client(source, actor):
    """a client"""
    return actor.role == "client"


@rule
def vendor(source, actor):
    """a vendor"""
    return actor.role == "vendor"


@rule
def about_no_bot(source, actor):
    """about a person, not a bot"""
    return sa.not_(source.is_bot)


# --- the actor and a person --------------------------------------------------------------------------------------------------


@rule
def is_listed(source, actor):
    """not the preview account of a production; for a client, in the team of one of their open productions"""
    listed = source.preview_project_id.is_(None)
    return sa.and_(listed, works_with(source, actor)) if actor.role == "client" else listed


@rule
def meets(source, actor):
    """anybody; for a client, persons in the team of one of their open productions"""
    return works_with(source, actor) if actor.role == "client" else True


def works_with(source, actor):
    """EXISTS: an open production whose team has both."""
    theirs, mine = table("project_person_link").alias("theirs"), table("project_person_link").alias("mine")
    return sa.exists().where(
        theirs.c.person_id == source.id,
        mine.c.project_id == theirs.c.project_id,
        mine.c.person_id == actor.id,
        theirs.c.project_id.in_(open_productions()),
    )


# --- the actor and the production of the row ----------------------------------------------------------------------------------


def membership(source, actor, *conditions):
    """EXISTS: the actor's link to the production of the row, with further conditions on it."""
    link = table("project_person_link").alias("membership")
    return sa.exists().where(link.c.project_id == source.project_key(), link.c.person_id == actor.id, *[c(link) for c in conditions])


def has_role(actor, *roles):
    """A condition on a team link: the role it gives the actor is one of these."""
    return lambda link: sa.func.coalesce(sa.func.nullif(link.c.role, "admin"), actor.role).in_(roles)


@rule
def in_team(source, actor):
    """in the team of the production"""
    return membership(source, actor)


@rule
def leads(source, actor):
    """a manager in the team of the production"""
    return membership(source, actor, has_role(actor, "manager", "admin"))


@rule
def supervises(source, actor):
    """a supervisor in the team of the production"""
    return membership(source, actor, has_role(actor, "supervisor"))


@rule
def is_client_of(source, actor):
    """a client on the production"""
    return role_on(source, actor, "client")


@rule
def reads_as_client(source, actor):
    """a client on the production"""
    if actor.is_admin:
        return False
    as_client = source.project_key().in_(productions_of(actor, has_role(actor, "client")))
    if actor.role != "client":
        return as_client
    return sa.or_(as_client, sa.not_(source.project_key().in_(productions_of(actor))))


@rule
def is_vendor_of(source, actor):
    """a vendor on the production"""
    return role_on(source, actor, "vendor")


def role_on(source, actor, role):
    """The actor's effective role on the production of the row is `role`; outside the team, the actor's own role counts."""
    if actor.is_admin:
        return False
    mine = membership(source, actor, has_role(actor, role))
    return sa.or_(mine, sa.not_(membership(source, actor))) if actor.role == role else mine


@rule
def mine_and_open(source, actor):
    """in the team of the production, which is open"""
    return source.project_key().in_(productions_of(actor, is_open=True))


def open_productions():
    """SELECT of the productions that are open."""
    project, status = table("project").alias("production"), table("project_status")
    opened = sa.select(status.c.id).where(status.c.name == "Open").scalar_subquery()
    return sa.select(project.c.id).where(project.c.project_status_id == opened)


def productions_of(actor, *conditions, is_open=False):
    """SELECT of the productions whose team the actor is in; `conditions` are about the team link, such as `has_role(...)`.

    `IN (...)` of it costs a list one look at the teams, where a correlated EXISTS is asked for each row.
    """
    link = table("project_person_link").alias("membership")
    mine = sa.select(link.c.project_id).where(link.c.person_id == actor.id, *[condition(link) for condition in conditions])
    return mine.where(link.c.project_id.in_(open_productions())) if is_open else mine


def has_another_role(actor, role):
    """A condition on a team link: the role it gives the actor is not this one."""
    return lambda link: sa.not_(has_role(actor, role)(link))


# --- the actor and the task or entity of the row --------------------------------------------------------------------------------


@rule
def assigned(source, actor):
    """assigned to the task"""
    link = table("task_person_link").alias("assignation")
    return sa.exists().where(link.c.task_id == source.task_key(), link.c.person_id == actor.id)


@rule
def works_on_entity(source, actor):
    """assigned to a task of the entity"""
    return works_on(source.entity_key(), actor)


def works_on(entity_id, actor):
    """EXISTS: the actor is assigned to a task of that entity (a SQL expression)."""
    task, link = table("task").alias("work"), table("task_person_link").alias("assignation")
    return sa.exists().where(task.c.entity_id == entity_id, link.c.task_id == task.c.id, link.c.person_id == actor.id)


@rule
def finds_entity(source, actor):
    """in the team of the production, which is open; a vendor, if assigned to a task of the entity"""
    task, link = table("task").alias("work"), table("task_person_link").alias("assignation")
    theirs = sa.select(task.c.entity_id).join(link, link.c.task_id == task.c.id).where(link.c.person_id == actor.id)
    as_vendor = source.project_key().in_(productions_of(actor, has_role(actor, "vendor"), is_open=True))
    as_another = source.project_key().in_(productions_of(actor, has_another_role(actor, "vendor"), is_open=True))
    return sa.or_(as_another, sa.and_(as_vendor, source.entity_key().in_(theirs)))


@rule
def finds_task(source, actor):
    """in the team of the production, which is open; a vendor, if assigned to the task"""
    link = table("task_person_link").alias("assignation")
    theirs = sa.select(link.c.task_id).where(link.c.person_id == actor.id)
    as_vendor = source.project_key().in_(productions_of(actor, has_role(actor, "vendor")))
    as_another = source.project_key().in_(productions_of(actor, has_another_role(actor, "vendor"), is_open=True))
    return sa.or_(as_another, sa.and_(as_vendor, source.task_key().in_(theirs)))


@rule
def created_entity(source, actor):
    """creator of the entity"""
    entity = table("entity").alias("creation")
    return sa.exists().where(entity.c.id == source.entity_key(), entity.c.created_by == actor.id)


def departments_allow(actor, department_id):
    """The actor has no department at all, or the given one (a SQL expression)."""
    return True if not actor.department_ids else department_id.in_(actor.department_ids)


@rule
def supervises_department(source, actor):
    """a supervisor in the team, of the department of the task type or without department"""
    is_supervisor = membership(source, actor, has_role(actor, "supervisor"))
    if not actor.department_ids:
        return is_supervisor
    task_type = table("task_type").alias("craft")
    of_mine = sa.exists().where(task_type.c.id == source.task_type_key(), task_type.c.department_id.in_(actor.department_ids))
    return sa.and_(is_supervisor, of_mine)


# --- what these add up to -----------------------------------------------------------------------------------------------------

member = admin | in_team
"""`member(P)` of the contract."""

manages = admin | leads
"""`manager(P)` of the contract."""

supervises_or_manages = manages | supervises
"""`supervisor(P)` of the contract."""

directs = manages | supervises_department
"""`sup-dept(P, TT)` of the contract."""

reaches = ~is_vendor_of | works_on_entity
"""`reaches(E)` of the contract: a vendor sees the entities that hold a task of theirs."""

reads_entity = member & reaches
"""Project access and entity access."""

not_restricted = ~is_vendor_of & ~is_client_of
"""Neither vendor nor client on the production."""

task_access = reads_entity
"""`task access(T)` of the contract."""

task_action_access = admin | (in_team & (leads | is_client_of | assigned | supervises_department | created_entity))
"""`task action access(T)` of the contract."""


def self_as(column):
    """The row is about the actor: its column names them."""
    return Rule(lambda source, actor: getattr(source, column) == actor.id, "the person it is about")
