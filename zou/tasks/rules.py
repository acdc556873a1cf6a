"""Who may assign whom: contract/rules/tasks.md §4.1."""

import sqlalchemy as sa

from zou.people.models import Person, department_link
from zou.people.rules import (
    admin,
    assigned,
    in_team,
    is_client_of,
    leads,
    manages,
    member,
    supervises,
    supervises_department,
    table,
)
from zou.platform.rules import Rule, rule
from zou.productions.models import Project


@rule
def in_my_departments(source, actor):
    """of the department of the task type"""
    task_type = table("task_type").alias("craft")
    mine = task_type.c.department_id.in_(actor.department_ids)
    return sa.exists().where(task_type.c.id == source.task_type_key(), mine) if actor.department_ids else False


@rule
def without_department(source, actor):
    """without department"""
    return not actor.department_ids


def shares_department(person):
    """Rule: the actor and the person have a department in common."""

    def predicate(source, actor):
        theirs = department_link.c.department_id.in_(actor.department_ids)
        return sa.exists().where(department_link.c.person_id == person.id, theirs) if actor.department_ids else False

    return Rule(predicate, "in a department of the person")


def is_self(person_id):
    """Rule: the actor is that person."""
    return Rule(lambda source, actor: str(actor.id) == str(person_id), "that person themselves")


@rule
def bots_work(source, actor):
    """where bots may work on the production"""
    project = Project.__table__.alias("studio_floor")
    return sa.exists().where(project.c.id == source.project_key(), project.c.is_bot_collaboration_enabled)


def bots_allowed(person):
    """Rule: the person is no bot, or the production lets bots work."""
    return Rule(lambda source, actor: bots_work.clause(source, actor) if person.is_bot else True, "a bot only where bots may work")


@rule
def reads_tasks_of(source, actor):
    """about a person, not a bot; vendors only about themselves"""
    return sa.and_(sa.not_(source.is_bot), sa.true() if actor.role != "vendor" else source.id == actor.id)


reads_episode_stats = member & (~is_client_of | Rule(lambda source, actor: source.is_client_stats_visible, "where it shows them"))
"""Clients see how the tasks of episodes stand where the production lets them."""


def may_assign(person):
    """Rule: the actor may assign that person."""
    supervisor = supervises & (without_department | (in_my_departments & shares_department(person)))
    return bots_allowed(person) & (admin | (in_team & (leads | supervisor | (is_self(person.id) & in_my_departments))))


def may_unassign(person_id):
    """Rule: the actor may take that person, or everybody, off the task."""
    return manages | supervises_department | (in_team & assigned & is_self(person_id))


assigns, unassigns = may_assign(Person), may_unassign(Person.id)
"""The same as words, whoever the person is."""
