"""Replies to comments, and acknowledgements. Rules: contract/rules/comments.md §5 and §6.1."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from zou.comments.models import AttachmentFile, comment_acknoledgments
from zou.comments.services import attachments, mentions, notices
from zou.platform import events
from zou.platform.db import Base
from zou.platform.db.types import utcnow
from zou.platform.errors import NotFound


def add(tx, task, comment, author_id, text, files):
    """Answer a comment, which is locked. Returns (the stored reply, its attachments). Emits comment:reply and notification:new."""
    moment = utcnow().replace(microsecond=0)
    mentioned = mentions.find(tx, text, task.project_id)
    reply = {
        "id": str(uuid.uuid4()), "date": moment.isoformat(), "person_id": str(author_id), "text": text,
        "mentions": [str(id) for id in mentioned.persons], "department_mentions": [str(id) for id in mentioned.departments],
        "created_at": moment.isoformat(),
    }  # fmt: skip
    earlier = {uuid.UUID(known["person_id"]) for known in comment.replies or [] if known.get("person_id")}
    comment.replies = [*(comment.replies or []), reply]
    flag_modified(comment, "replies")
    attached = attachments.attach(tx, comment.id, files, reply["id"])
    data = {"task_id": task.id, "comment_id": comment.id, "reply_id": reply["id"]}
    events.emit(tx, "comment:reply", data, task.project_id)
    followers, members = notices.recipients(tx, task, mentioned.departments)
    followers = (followers | earlier | {comment.person_id}) - {author_id}
    told = [("reply", id, False) for id in sorted(followers, key=str)]
    notices.notify(tx, task, comment, author_id, told, moment, reply["id"])
    named = [("reply-mention", id, False) for id in (*mentioned.persons, *members) if id != author_id]
    notices.notify(tx, task, comment, author_id, named, utcnow(), reply["id"])
    return reply, attached


def find(comment, reply_id):
    """The reply of a comment with this id. Raises NotFound."""
    found = next((reply for reply in comment.replies or [] if reply.get("id") == str(reply_id)), None)
    if found is None:
        raise NotFound()
    return found


def remove(tx, task, comment, reply):
    """Remove a reply, its attachments and its notifications. Emits comment:delete-reply."""
    comment.replies = [known for known in comment.replies if known.get("id") != reply["id"]]
    flag_modified(comment, "replies")
    for row in tx.scalars(sa.select(AttachmentFile).where(AttachmentFile.reply_id == reply["id"])).all():
        attachments.detach(tx, row)
    notification = Base.metadata.tables["notification"]
    tx.execute(sa.delete(notification).where(notification.c.reply_id == reply["id"]))
    data = {"task_id": task.id, "comment_id": comment.id, "reply_id": reply["id"]}
    events.emit(tx, "comment:delete-reply", data, task.project_id, persist=False)


def acknowledge(tx, task, comment, person_id):
    """Turn a person's acknowledgement of a comment, which is locked, on or off. Emits comment:acknowledge or :unacknowledge."""
    link = comment_acknoledgments
    gone = tx.execute(sa.delete(link).where(link.c.comment == comment.id, link.c.person == person_id)).rowcount
    if not gone:
        tx.execute(sa.insert(link).values(comment=comment.id, person=person_id))
    name = "comment:unacknowledge" if gone else "comment:acknowledge"
    events.emit(tx, name, {"comment_id": comment.id, "person_id": person_id}, task.project_id, persist=False)
