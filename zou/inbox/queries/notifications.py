"""The notifications of a person with all that a list of them shows. Rules: contract/rules/user.md §7."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from zou.comments.models import Comment, comment_department_mentions, comment_mentions, comment_preview_link
from zou.comments.rules import by_client, reads_comment
from zou.entities.models import Entity
from zou.entities.queries import naming
from zou.inbox.models import Notification, Subscription
from zou.people.models import Person
from zou.people.rules import in_team, table, task_access
from zou.platform.db.prepared import prepared
from zou.platform.db.projection import aggregate
from zou.platform.rules import as_sql
from zou.previews.models import PreviewFile
from zou.productions.models import Project, ProjectPersonLink
from zou.tasks.models import Task

MOST = 100
NAMED = ("mention", "reply-mention")
EMPTY = sa.text("'[]'::json")


def linked(link, target):
    """Scalar subquery: JSON list of what a table of mentions says of the comment."""
    ids = sa.select(sa.func.json_agg(link.c[target])).where(link.c.comment == Comment.id).correlate(Comment)
    return sa.func.coalesce(ids.scalar_subquery(), EMPTY)


def answer():
    """Lateral: the reply that the notification is about, as `reply`; no row without one."""
    listed = sa.case((sa.func.jsonb_typeof(Comment.replies) == "array", Comment.replies))
    replies = sa.func.jsonb_array_elements(listed).table_valued(sa.column("reply", JSONB), name="replies").render_derived()
    found = sa.select(replies.c.reply).where(replies.c.reply["id"].astext == sa.cast(Notification.reply_id, sa.Text)).limit(1)
    return found.correlate(Comment, Notification).lateral("answer")


class Listing:
    """The joins of a list of notifications; conditions may use its aliases."""

    def __init__(self, actor):
        self.actor = actor
        self.playlist = table("playlist").alias("list")
        self.author = aliased(Person)
        self.reply = answer()

    def columns(self):
        """The labelled expressions of an item."""
        is_reply, task, playlist, actor = Notification.type.in_(("reply", "reply-mention")), Task, self.playlist.c, self.actor
        veiled = sa.and_(
            sa.not_(as_sql(reads_comment.clause(Comment, actor))),
            sa.or_(Notification.type.not_in(NAMED), as_sql(by_client.clause(Comment, actor))),  # who was addressed reads what was said
        )
        reply = self.reply.c.reply
        preview = (
            sa.select(comment_preview_link.c.preview_file)
            .join(PreviewFile, PreviewFile.id == comment_preview_link.c.preview_file)
            .where(comment_preview_link.c.comment == Comment.id)
            .order_by(PreviewFile.position, PreviewFile.created_at)
            .limit(1)
            .correlate(Comment)
            .scalar_subquery()
        )
        follows = sa.select(Subscription.id).where(Subscription.task_id == Notification.task_id, Subscription.person_id == actor.id)
        in_list = playlist.id.is_not(None)
        return [
            Notification.id, sa.literal("Notification").label("type"), Notification.type.label("notification_type"),
            Notification.author_id, Notification.comment_id, Notification.task_id, task.task_type_id, Comment.task_status_id,
            linked(comment_mentions, "person").label("mentions"),
            linked(comment_department_mentions, "department").label("department_mentions"),
            mentions_of(reply, "mentions", is_reply).label("reply_mentions"),
            mentions_of(reply, "department_mentions", is_reply).label("reply_department_mentions"),
            preview.label("preview_file_id"), Project.id.label("project_id"), Project.name.label("project_name"),
            sa.case((veiled, sa.case((Comment.id.is_not(None), ""))), else_=Comment.text).label("comment_text"),
            sa.case((sa.and_(is_reply, sa.not_(veiled)), sa.func.coalesce(reply["text"].astext, "")), else_="").label("reply_text"),
            sa.func.date_trunc(sa.literal_column("'second'"), Notification.created_at).label("created_at"),
            Notification.read, Notification.change,
            sa.case((Entity.id.is_not(None), naming.full_name()), else_="").label("full_entity_name"),
            sa.case((in_list, playlist.episode_id), else_=naming.episode_id()).label("episode_id"),
            Entity.preview_file_id.label("entity_preview_file_id"), follows.limit(1).scalar_subquery().label("subscription_id"),
            Notification.playlist_id, sa.func.coalesce(playlist.name, "").label("playlist_name"),
            sa.func.coalesce(playlist.for_entity, "").label("playlist_for_entity"),
            sa.func.coalesce(playlist.is_for_all, False).label("playlist_is_for_all"),
        ]  # fmt: skip

    def rows(self, *conditions):
        """The reader's notifications that are still for them, newest first."""
        author, playlist = self.author, self.playlist.c
        return (
            sa.select(*self.columns())
            .select_from(Notification)
            .join(author, author.id == Notification.author_id)
            .outerjoin(Task, Task.id == Notification.task_id)
            .outerjoin(Entity, Entity.id == Task.entity_id)
            .outerjoin(Comment, Comment.id == Notification.comment_id)
            .outerjoin(self.reply, sa.true())
            .outerjoin(self.playlist, playlist.id == Notification.playlist_id)
            .outerjoin(Project, Project.id == sa.func.coalesce(Task.project_id, playlist.project_id))
            .where(*of_reader(self.actor), *conditions)
            .order_by(Notification.created_at.desc(), Notification.id)
        )


def mentions_of(reply, key, is_reply):
    """The ids under a key of a reply, for the notifications that are about one."""
    return sa.case((is_reply, sa.func.coalesce(reply[key], sa.cast(sa.literal("[]"), JSONB))),
                   else_=sa.cast(sa.literal("[]"), JSONB))  # fmt: skip


def of_reader(actor):
    """Conditions: a notification of the actor, about a task or playlist that they still have access to.

    Who is named in a comment reads that, whether or not they work on its task, as long as they are in the team.
    """
    task, playlist, link = aliased(Task), table("playlist").alias("told"), aliased(ProjectPersonLink)
    mine = sa.select(link.project_id).where(link.person_id == actor.id)
    named = sa.and_(Notification.type.in_(NAMED), as_sql(in_team.clause(task, actor)))
    of_task = sa.exists().where(task.id == Notification.task_id, sa.or_(as_sql(task_access.clause(task, actor)), named))
    of_list = sa.exists().where(playlist.c.id == Notification.playlist_id, sa.true() if actor.is_admin else playlist.c.project_id.in_(mine))
    return [
        Notification.person_id == actor.id,
        sa.or_(Notification.task_id.is_(None), of_task),
        sa.or_(Notification.playlist_id.is_(None), of_list),
    ]


def unread(actor):
    """Select of one text: how many notifications the actor has not read."""
    return sa.select(sa.cast(sa.func.count(), sa.Text)).where(*of_reader(actor), Notification.read.is_(False))


def conditions(actor, wanted):
    """Conditions for the parameters of the list. `wanted`: {parameter: value read}, those not given absent."""
    subscribed = sa.exists().where(Subscription.task_id == Notification.task_id, Subscription.person_id == actor.id)
    made = {
        "after": lambda value: Notification.created_at > value,
        "before": lambda value: Notification.created_at < value,
        "task_type_id": lambda value: Task.task_type_id == value,
        "task_status_id": lambda value: Task.task_status_id == value,
        "type": lambda value: sa.cast(Notification.type, sa.Text) == value,
        "read": lambda value: Notification.read.is_(value),
        "watching": lambda value: subscribed if value else sa.not_(subscribed),
    }
    return [made[key](value) for key, value in wanted.items()]


@prepared
def latest(actor, wanted):
    """Select of one text: the newest notifications of the actor that match, at most a hundred."""
    order = (Notification.created_at.desc(), Notification.id)
    chosen = sa.select(Notification.id).outerjoin(Task, Task.id == Notification.task_id).order_by(*order).limit(MOST)
    chosen = chosen.where(*of_reader(actor), *conditions(actor, wanted))
    return aggregate(
        Listing(actor).rows(Notification.id == sa.any_(sa.func.array(chosen.scalar_subquery())))
    )  # what is shown of them is joined to these only


@prepared
def one(actor, id):
    """Select of one text: one notification of the actor; no row for that of another person."""
    row = Listing(actor).rows(Notification.id == id).subquery("r")
    return sa.select(sa.cast(sa.func.row_to_json(sa.literal_column("r")), sa.Text)).select_from(row)
