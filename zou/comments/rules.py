"""Who may answer on a task, and who may read and change a comment. Rules: contract/rules/permissions.md §2 and §4."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from zou.comments.models import Comment, comment_department_mentions, comment_mentions
from zou.people.rules import (
    admin,
    assigned,
    in_team,
    is_client_of,
    is_vendor_of,
    leads,
    manages,
    nobody,
    reads_entity,
    role_on,
    supervises,
    supervises_department,
    table,
    task_access,
    task_action_access,
)
from zou.platform.db.payload import is_uuid
from zou.platform.rules import Rule, as_sql, rule


def holding(key, id):
    """SQL: the JSON list that replies contain when one of them has this id in its list under the key."""
    ids = sa.func.jsonb_build_array(sa.cast(id, sa.Text))
    return sa.func.jsonb_build_array(sa.func.jsonb_build_object(key, ids))


@rule
def named_in_comment(source, actor):
    """mentioned in a comment or reply of the task, by name or through a department"""
    comment = sa.alias(Comment.__table__, "said")
    mine, theirs = comment_mentions.alias(), comment_department_mentions.alias()
    ways = [
        sa.exists().where(mine.c.comment == comment.c.id, mine.c.person == actor.id),
        comment.c.replies.contains(holding("mentions", actor.id)),
    ]
    if actor.department_ids:
        ways.append(sa.exists().where(theirs.c.comment == comment.c.id, theirs.c.department.in_(actor.department_ids)))
        craft = table("department").alias("craft")
        named = comment.c.replies.contains(holding("department_mentions", craft.c.id))
        ways.append(sa.exists().where(craft.c.id.in_(actor.department_ids), named))
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

removes_comment = manages | wrote


@rule
def wrote_reply(source, actor):
    """who wrote the reply"""
    return source.replies.contains(sa.func.jsonb_build_array(sa.func.jsonb_build_object("person_id", sa.cast(actor.id, sa.Text))))


replies_to = task_action_access | mentioned | wrote
"""Who answers a comment; in a thread that clients read, only they and managers do, and clients of one studio."""

takes_back_reply = admin | wrote_reply


def may_change_comment(resource, values):
    """a manager in the team of the production, or an administrator; others, as far as the comment is theirs, and for pins and checklists
    supervisors of the department and who is assigned"""
    allowed = reads_comment
    for key, value in values.items():
        allowed = allowed & may_set(key, value)
    return manages | allowed


def may_set(key, value):
    """Rule: the actor, who is no manager, may send this key with this value."""
    if key == "pinned":
        return unchanged(key, value) | supervises_department
    if key == "checklist":
        return unchanged(key, value) | wrote | assigned | supervises_department
    if key in ("for_client", "object_id"):
        return wrote & unchanged(key, value)
    if key == "person_id":
        return wrote & Rule(lambda source, actor: isinstance(value, str) and value.lower() == str(actor.id), "naming nobody else")
    if key == "task_status_id":
        return wrote & (unchanged(key, value) | task_action_access) & status_allowed(value)
    return wrote


def unchanged(key, value):
    """Rule: the value is the one stored. Values of another type than the column's are a change."""

    def same(source, actor):
        column = getattr(source, key)
        if isinstance(column.type, JSONB):
            return column.is_not_distinct_from(sa.literal(value if value is not None else [], column.type))
        fits = is_uuid(value) if isinstance(column.type, sa.Uuid) else isinstance(value, bool)
        return column.is_not_distinct_from(value) if value is None or fits else False

    return Rule(same, f"leaving {key} as it is")


def status_allowed(status_id):
    """Rule: artists and clients may give a task this status; everybody else may give any."""
    if status_id is not None and not is_uuid(status_id):
        return nobody

    @rule
    def allowed(source, actor):
        """a status that is open to the role"""
        status, override = table("task_status").alias("wanted"), table("project_task_status_link").alias("override")
        linked = sa.and_(override.c.task_status_id == status.c.id, override.c.project_id == source.project_key())
        for_clients = sa.func.coalesce(override.c.is_client_allowed, status.c.is_client_allowed)
        is_artist, is_client = as_sql(role_on(source, actor, "user")), as_sql(role_on(source, actor, "client"))
        fitting = sa.case((is_artist, status.c.is_artist_allowed), (is_client, for_clients), else_=sa.true())
        found = sa.select(fitting).select_from(status.outerjoin(override, linked)).where(status.c.id == status_id)
        return sa.or_(sa.not_(sa.or_(is_artist, is_client)), found.correlate(source).scalar_subquery())

    return allowed


@rule
def attached(source, actor):
    """the file is attached to a comment or to a chat"""
    return sa.or_(source.comment_id.isnot(None), source.chat_message_id.isnot(None))


reads_attachment = attached & task_access
"""A file that hangs on nothing is for nobody; that of a chat is for those who reach the chat's entity, in the team of its production."""
