"""Posting comments on many tasks at once, for imports: a fixed number of statements for any number of them.

The rules are those of `posting`. What depends on the text of a comment or on the automations of the production takes the single door.
"""

import uuid

import sqlalchemy as sa

from zou.comments.models import Comment
from zou.comments.services import notices, posting
from zou.comments.services.posting import Draft, Visited
from zou.comments.services.status import advance
from zou.platform.db import Base
from zou.platform.db.types import utcnow
from zou.platform.errors import Invalid
from zou.tasks.models import StatusAutomation, Task

WRITTEN = ("task_status_id", "retake_count", "end_date", "done_date", "real_start_date", "last_comment_date")


def post_all(tx, actor, project, posts):
    """Post comments of the actor. `posts`: (locked task detached from the unit of work, id of a status, text), a task once.

    Those that the cap on retakes refuses are left out. Raises Denied. Emits as `posting.post`.
    """
    if not posts:
        return
    subjects = posting.subjects_of(tx, actor, [(task, status_id) for task, status_id, _ in posts])
    firing = automated(tx, project)
    single, many = [], []
    for task, _, text in posts:
        subject = subjects[task.id]
        posting.check_status(subject)
        try:
            posting.check_retakes(task, subject)
        except Invalid:
            continue
        is_single = "@" in text or "#" in text or (task.task_type_id, subject.status.id) in firing or is_late(task)
        (single if is_single else many).append((task, subject, text))
    write_all(tx, actor, many)
    for task, subject, text in single:
        attached = tx.get(Task, task.id, with_for_update=True, populate_existing=True)
        posting.write(tx, actor, attached, subject, Draft(text=text, author_id=actor.id), Visited())


def automated(tx, project):
    """(task type id, status id) pairs that start an automation of the production."""
    linked = Base.metadata.tables["project_status_automation_link"]
    columns = sa.select(StatusAutomation.in_task_type_id, StatusAutomation.in_task_status_id)
    rows = columns.join(linked, linked.c.status_automation_id == StatusAutomation.id).where(linked.c.project_id == project.id)
    return {tuple(row) for row in tx.execute(rows)}


def is_late(task):
    """Whether the task has a comment of a later moment than now, which only the history of the task can put in order."""
    return task.last_comment_date is not None and utcnow().replace(microsecond=0) < task.last_comment_date


def write_all(tx, actor, posts):
    """Write comments that mention nobody and start nothing. `posts`: (task, subject, text)."""
    if not posts:
        return
    moment = utcnow()
    made = [
        Comment(
            id=uuid.uuid4(), object_id=task.id, object_type="Task", task_status_id=subject.status.id, person_id=actor.id, text=text,
            checklist=[], links=[], for_client=False, created_at=moment, updated_at=moment,
        )
        for task, subject, text in posts
    ]  # fmt: skip
    names = ("id", "object_id", "object_type", "task_status_id", "person_id", "text", "checklist", "links", "for_client")
    tx.execute(sa.insert(Comment), [{name: getattr(row, name) for name in (*names, "created_at", "updated_at")} for row in made])
    following = notices.followers(tx, [task.id for task, _, _ in posts])
    notified, news = [], []
    for (task, subject, _), comment in zip(posts, made, strict=True):
        posting.tell(tx, task, comment)
        is_changed = advance(tx, task, comment, subject.status)
        told = [("comment", id, is_changed) for id in sorted(following.get(task.id, set()) - {actor.id}, key=str)]
        notified += [(task, row) for row in notices.notifications(task, comment, actor.id, told, moment)]
        if subject.kind != "Concept":
            news.append((task, comment, is_changed))
    changed = [{"id": task.id, "updated_at": moment, **{name: getattr(task, name) for name in WRITTEN}} for task, _, _ in posts]
    tx.execute(sa.update(Task), changed)
    notices.insert_notifications(tx, notified)
    notices.publish_all(tx, news)


def lock_tasks(tx, ids):
    """Tasks by their ids, locked in that order and detached from the unit of work: {id: task}."""
    chosen = sa.any_(sa.cast([str(id) for id in ids], sa.ARRAY(sa.Uuid(as_uuid=False))))
    found = tx.scalars(sa.select(Task).where(Task.id == chosen).order_by(Task.id).with_for_update(key_share=True)).all()
    for task in found:
        tx.expunge(task)
    return {task.id: task for task in found}
