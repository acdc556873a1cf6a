"""Who hears of a comment: notifications and the news of the production. Rules: contract/rules/notifications-and-news.md §2 and §5.

The rows belong to the inbox, a later domain, and are written through its tables: they must be in the comment's own transaction.
"""

import uuid

import sqlalchemy as sa

from zou.people.models import department_link
from zou.platform import events
from zou.platform.db import Base
from zou.platform.db.types import utcnow
from zou.productions.models import ProjectPersonLink
from zou.tasks.models import task_person_link


def recipients(tx, task, parent_id, departments=()):
    """(ids of who follows a task, ids of the team members of these departments), in one statement.

    Followers are the assignees, the subscribers of the task, and those of its task type on the entity's parent.
    """
    subscription = Base.metadata.tables["subscription"]
    follows = sa.or_(
        subscription.c.task_id == task.id,
        sa.and_(subscription.c.entity_id == parent_id, subscription.c.task_type_id == task.task_type_id),
    )
    parts = [
        sa.select(sa.literal("follower"), task_person_link.c.person_id).where(task_person_link.c.task_id == task.id),
        sa.select(sa.literal("follower"), subscription.c.person_id).where(follows),
    ]
    if departments:
        parts.append(
            sa.select(sa.literal("department"), department_link.c.person_id)
            .join(ProjectPersonLink, ProjectPersonLink.person_id == department_link.c.person_id)
            .where(department_link.c.department_id.in_(departments), ProjectPersonLink.project_id == task.project_id)
        )
    rows = tx.execute(sa.union(*parts)).all()
    return {id for kind, id in rows if kind == "follower"}, [id for kind, id in rows if kind == "department"]


def of_comment(tx, task, parent_id, comment, mentioned, is_changed, is_news=True):
    """Notify of a new comment: its followers, then those whom it mentions, never its author; and add it to the news of its production."""
    followers, members = recipients(tx, task, parent_id, mentioned.departments)
    author = comment.person_id
    told = [("comment", id, is_changed) for id in sorted(followers - {author}, key=str)]
    told += [("mention", id, False) for id in mentioned.persons if id != author]
    told += [("mention", id, False) for id in members if id != author]
    news = news_of(task, comment, is_changed) if is_news else None
    notify(tx, task, comment, author, told, utcnow(), news=news)
    if is_news:
        data = {"news_id": news["id"], "task_status_id": comment.task_status_id, "task_type_id": task.task_type_id}
        events.emit(tx, "news:new", data, task.project_id)


def notify(tx, task, comment, author_id, told, moment, reply_id=None, news=None):
    """Write notifications, and a row of news, in one statement, and tell their recipients. `told`: list of (type, person id, change)."""
    rows = [
        {
            "id": uuid.uuid4(), "read": False, "change": change, "type": kind, "person_id": person_id, "author_id": author_id,
            "comment_id": comment.id, "task_id": task.id, "reply_id": reply_id, "created_at": moment, "updated_at": moment,
        }
        for kind, person_id, change in told
    ]  # fmt: skip
    statements = [sa.insert(Base.metadata.tables["notification"]).values(rows)] if rows else []
    if news:
        added = sa.insert(Base.metadata.tables["news"]).values(news)
        statements = [added.add_cte(statements[0].cte("told")) if rows else added]
    for statement in statements:
        tx.execute(statement)
    for row in rows:
        data = {"notification_id": row["id"], "person_id": row["person_id"]}
        events.emit(tx, "notification:new", data, task.project_id, persist=False)


def news_of(task, comment, is_changed):
    """The row of news of a comment."""
    moment = comment.created_at.replace(microsecond=0)
    return {
        "id": uuid.uuid4(), "change": is_changed, "author_id": comment.person_id, "comment_id": comment.id, "task_id": task.id,
        "created_at": moment, "updated_at": moment,
    }  # fmt: skip
