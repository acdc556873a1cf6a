"""Who may answer on a task: permission rules that need comments. Rules: contract/rules/permissions.md §2."""

import sqlalchemy as sa

from zou.comments.models import Comment, comment_department_mentions, comment_mentions
from zou.people.rules import admin, in_team, is_client_of, is_vendor_of, leads, reads_entity, supervises, task_action_access
from zou.platform.rules import rule


@rule
def named_in_comment(source, actor):
    """mentioned in a comment or reply of the task, by name or through a department"""
    comment = sa.alias(Comment.__table__, "said")
    mine, theirs = comment_mentions.alias(), comment_department_mentions.alias()
    ways = [
        sa.exists().where(mine.c.comment == comment.c.id, mine.c.person == actor.id),
        comment.c.replies.contains([{"mentions": [str(actor.id)]}]),
    ]
    if actor.department_ids:
        ways.append(sa.exists().where(theirs.c.comment == comment.c.id, theirs.c.department.in_(actor.department_ids)))
        ways += [comment.c.replies.contains([{"department_mentions": [str(id)]}]) for id in actor.department_ids]
    return sa.exists().where(comment.c.object_id == source.task_key(), sa.or_(*ways))


mentioned = in_team & ~is_vendor_of & named_in_comment
"""`task mention` of the contract: grants answering, nothing else."""

answers = task_action_access | mentioned
"""Who may post on a task; a mentioned person only with the status that the task has."""


@rule
def wrote(source, actor):
    """the author of the comment"""
    return source.person_id == actor.id


def author_is_client(source):
    """EXISTS: the author of the comment is a client on its production."""
    person, link = Comment.metadata.tables["person"].alias("author"), Comment.metadata.tables["project_person_link"].alias("place")
    role = sa.case((person.c.role == "admin", "admin"), else_=sa.func.coalesce(sa.func.nullif(link.c.role, "admin"), person.c.role))
    placed = person.outerjoin(link, sa.and_(link.c.person_id == person.c.id, link.c.project_id == source.project_key()))
    return sa.exists().select_from(placed).where(person.c.id == source.person_id, role == "client")


@rule
def by_client(source, actor):
    """written by a client of the production"""
    return author_is_client(source)


@rule
def for_clients(source, actor):
    """meant for clients"""
    return source.for_client.is_(True)


@rule
def clients_isolated(source, actor):
    """the production keeps its clients apart"""
    project = Comment.metadata.tables["project"].alias("house")
    return sa.exists().where(project.c.id == source.project_key(), project.c.is_clients_isolated.is_(True))


reads_comment = admin | (
    reads_entity
    & (leads | supervises | (is_client_of & (for_clients | wrote | (by_client & ~clients_isolated))) | (~is_client_of & ~by_client))
)
"""`comment access` of the contract."""
