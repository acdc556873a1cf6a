"""Permission rules of planning that need more than those of `zou.people.rules`."""

import sqlalchemy as sa

from zou.people.rules import admin, assigned, has_role, is_client_of, is_vendor_of, leads, self_as, staff, table
from zou.platform.rules import Rule, rule


@rule
def is_logged_by_assignee(source, actor):
    """the person is assigned to the task"""
    link = table("task_person_link").alias("assignee")
    return sa.exists().where(link.c.task_id == source.task_id, link.c.person_id == source.person_id)


removes_hours = is_logged_by_assignee & (admin | self_as("person_id") | leads)
"""`check_time_spent_access` of the contract."""


def shares_project(source, actor, role):
    """EXISTS: a production with both the actor, in that role, and the person of the row."""
    mine, theirs = table("project_person_link").alias("mine"), table("project_person_link").alias("theirs")
    return sa.exists().where(
        mine.c.project_id == theirs.c.project_id,
        mine.c.person_id == actor.id,
        theirs.c.person_id == source.person_id,
        has_role(actor, role)(mine),
    )


@rule
def manages_person(source, actor):
    """a manager of a production that the person is in"""
    return shares_project(source, actor, "manager")


@rule
def supervises_person(source, actor):
    """a supervisor of a production that the person is in, with a department of theirs or without any"""
    supervised = shares_project(source, actor, "supervisor")
    if not actor.department_ids:
        return supervised
    link = table("department_link").alias("membership")
    shared = sa.exists().where(link.c.person_id == source.person_id, link.c.department_id.in_(actor.department_ids))
    return sa.and_(supervised, shared)


about_themselves = self_as("person_id")

reads_hours = about_themselves | staff
"""Who sees hours of a person: supervisors and managers those on tasks that they direct."""

sees_entry = about_themselves | (~is_client_of & (~is_vendor_of | assigned))
"""Which hours the lists of a task, an entity and a production show to who may ask for them: clients see their own alone."""

reads_reason = admin | self_as("person_id") | manages_person
"""Who sees a whole day off."""

reads_day_off = reads_reason | supervises_person
"""Who sees that a person is off."""


def changes_day_off(resource, body):
    """the person it is about, or an administrator; only administrators give it to another person"""
    person_id = body.get("person_id", str(resource.actor.id))
    stays = str(person_id).lower() == str(resource.actor.id)
    return admin | (self_as("person_id") & Rule(lambda source, actor: stays, "the person stays the same"))
