"""A comment that was posted on the wrong task goes to another one. Rules: contract/rules/comments.md §6.3."""

import sqlalchemy as sa

from zou.comments.models import comment_preview_link
from zou.comments.services import mentions, notices
from zou.entities.models import Entity, EntityType
from zou.people.rules import table
from zou.platform import events
from zou.platform.errors import Invalid
from zou.tasks.models import Task
from zou.tasks.services import history


def move(tx, comment, source, target_id):
    """Move a comment, which is locked, to another task of the same entity; date, text, files and status stay.

    Both tasks become what their comments say, and who follows the new one is notified. Raises Invalid. Emits task:update,
    comment:delete, comment:new, notification:new, news:new.
    """
    if comment.object_id != source.id:
        raise Invalid("Comment does not belong to the given task.")
    if source.id == target_id:
        raise Invalid("Source and target tasks must be different.")
    tasks = tx.scalars(sa.select(Task).where(Task.id.in_([source.id, target_id])).order_by(Task.id).with_for_update()).all()
    target = next(task for task in tasks if task.id == target_id)
    if target.entity_id != source.entity_id:
        raise Invalid("A comment can only be moved between tasks of the same entity.")
    link = comment_preview_link
    if comment.preview_file_id or tx.scalar(sa.select(sa.exists().where(link.c.comment == comment.id))):
        raise Invalid("A comment attached to a preview revision cannot be moved.")
    for name in ("notification", "news"):
        tx.execute(sa.delete(table(name)).where(table(name).c.comment_id == comment.id))
    comment.object_id = target.id
    tx.flush()
    history.recompute(tx, source.id)
    history.recompute(tx, target.id)
    tell(tx, comment, source, target)


def tell(tx, comment, source, target):
    """Tell that a comment is gone from one task and new on another."""
    events.emit(tx, "comment:delete", {"comment_id": comment.id, "task_id": source.id}, source.project_id)
    data = {
        "comment_id": comment.id, "task_id": target.id, "task_status_id": comment.task_status_id, "person_id": comment.person_id,
        "for_client": bool(comment.for_client),
    }  # fmt: skip
    events.emit(tx, "comment:new", data, target.project_id)
    types = sa.select(EntityType.name).join(Entity, Entity.entity_type_id == EntityType.id)
    kind = tx.scalar(types.where(Entity.id == target.entity_id))
    notices.of_comment(tx, target, comment, mentions.find(tx, comment.text, target.project_id), False)
    if kind != "Concept":
        notices.publish(tx, target, comment, False)
