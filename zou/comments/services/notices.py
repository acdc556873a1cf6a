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
from zou.tasks.models import Task, task_person_link


def recipients(tx, task, departments=()):
    """(ids of who follows a task, ids of the team members of these departments)."""
    members = []
    if departments:
        of_department = (
            sa.select(department_link.c.person_id)
            .join(ProjectPersonLink, ProjectPersonLink.person_id == department_link.c.person_id)
            .where(department_link.c.department_id.in_(departments), ProjectPersonLink.project_id == task.project_id)
        )
        members = tx.scalars(of_department.distinct()).all()
    return followers(tx, [task.id]).get(task.id, set()), members


def followers(tx, task_ids):
    """{task id: ids of who follows it}, in one statement; tasks that nobody follows are absent.

    Followers are the assignees, the subscribers of the task, and those of its task type on the entity's parent.
    """
    subscription, entity = Base.metadata.tables["subscription"], Base.metadata.tables["entity"]
    chosen = sa.any_(sa.cast([str(id) for id in task_ids], sa.ARRAY(sa.Uuid(as_uuid=False))))
    on_parent = sa.and_(subscription.c.entity_id == entity.c.parent_id, subscription.c.task_type_id == Task.task_type_id)
    parts = [
        sa.select(task_person_link.c.task_id, task_person_link.c.person_id).where(task_person_link.c.task_id == chosen),
        sa.select(subscription.c.task_id, subscription.c.person_id).where(subscription.c.task_id == chosen),
        sa.select(Task.id, subscription.c.person_id)
        .join(entity, entity.c.id == Task.entity_id)
        .join(subscription, on_parent)
        .where(Task.id == chosen),
    ]
    found: dict = {}
    for task_id, person_id in tx.execute(sa.union(*parts)):
        found.setdefault(task_id, set()).add(person_id)
    return found


def of_comment(tx, task, comment, mentioned, is_changed):
    """Notify of a new comment: its followers, then those whom it mentions; never its author."""
    following, members = recipients(tx, task, mentioned.departments)
    author = comment.person_id
    told = [("comment", id, is_changed) for id in sorted(following - {author}, key=str)]
    told += [("mention", id, False) for id in mentioned.persons if id != author]
    told += [("mention", id, False) for id in members if id != author]
    notify(tx, task, comment, author, told, utcnow())


def notify(tx, task, comment, author_id, told, moment, reply_id=None):
    """Write notifications and tell their recipients. `told`: list of (type, person id, change)."""
    insert_notifications(tx, [(task, row) for row in notifications(task, comment, author_id, told, moment, reply_id)])


def notifications(task, comment, author_id, told, moment, reply_id=None):
    """The rows of notifications. `told`: list of (type, person id, change)."""
    return [
        {
            "id": uuid.uuid4(), "read": False, "change": change, "type": kind, "person_id": person_id, "author_id": author_id,
            "comment_id": comment.id, "task_id": task.id, "reply_id": reply_id, "created_at": moment, "updated_at": moment,
        }
        for kind, person_id, change in told
    ]  # fmt: skip


def insert_notifications(tx, rows):
    """Write (task, row of a notification) pairs, in one statement, and tell their recipients."""
    if rows:
        tx.execute(sa.insert(Base.metadata.tables["notification"]), [row for _, row in rows])
    for task, row in rows:
        data = {"notification_id": row["id"], "person_id": row["person_id"]}
        events.emit(tx, "notification:new", data, task.project_id, persist=False)


def publish(tx, task, comment, is_changed):
    """Add a comment to the news of its production."""
    publish_all(tx, [(task, comment, is_changed)])


def publish_all(tx, posted):
    """Add comments to the news, in one statement. `posted`: (task, comment, whether the status changed) each."""
    rows = []
    for task, comment, is_changed in posted:
        moment = comment.created_at.replace(microsecond=0)
        rows.append(
            {
                "id": uuid.uuid4(), "change": is_changed, "author_id": comment.person_id, "comment_id": comment.id, "task_id": task.id,
                "created_at": moment, "updated_at": moment,
            }
        )  # fmt: skip
    if rows:
        tx.execute(sa.insert(Base.metadata.tables["news"]), rows)
    for row, (task, comment, _) in zip(rows, posted, strict=True):
        data = {"news_id": row["id"], "task_status_id": comment.task_status_id, "task_type_id": task.task_type_id}
        events.emit(tx, "news:new", data, task.project_id)
