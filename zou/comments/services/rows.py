"""The rows of comments as the generic routes write them: contract/rules/crud.md §6.3, comments.md §6."""

import sqlalchemy as sa
from sqlalchemy.orm import object_session

from zou.comments.models import Comment, comment_department_mentions, comment_mentions
from zou.comments.services import mentions, notices
from zou.people import removal
from zou.people.rules import table
from zou.platform import events
from zou.platform.rows import Rows
from zou.tasks.models import Task
from zou.tasks.services import history


class CommentRows(Rows):
    """Comments. A creation here only stores: no status change, notification or news."""

    model = Comment
    protected = frozenset({"mentions", "department_mentions"})

    def check_new(self, tx, actor, values):
        """A comment always has a list of things to check."""
        self.fill(values)

    def check_change(self, tx, actor, row, values):
        """Whoever changes a comment is its editor."""
        self.fill(values)
        values["editor_id"] = str(actor.id)

    def fill(self, values):
        """Take null for an empty text or list."""
        for key, empty in (("text", ""), ("checklist", [])):
            if key in values and values[key] is None:
                values[key] = empty

    def changed(self, tx, actor, row, before):
        """Find out anew who is mentioned, and what status the task has."""
        task = tx.get(Task, row.object_id)
        if task is None:
            return
        renew_mentions(tx, task, row)
        if "task_status_id" in before and str(before["task_status_id"]) != str(row.task_status_id):
            self.recompute(tx, row.object_id, row.person_id, before["task_status_id"])

    def remove(self, tx, actor, row, force=False):
        """Delete a comment with its notifications, news, previews and attachments; the task is what the remaining comments say.

        Emits news:delete, comment:delete, task:update, task:status-changed.
        """
        project_id, task_id, person_id = self.event_project(row), row.object_id, row.person_id
        removal.remove(tx, "comment", [row.id])
        events.emit(tx, "comment:delete", {"comment_id": row.id, "task_id": task_id}, project_id=project_id)
        tx.expunge(row)
        if project_id is not None:
            self.recompute(tx, task_id, person_id)

    def recompute(self, tx, task_id, person_id, given=None):
        """Set a task anew from its comments. `person_id`: who moved its status, if it moved: the author of the comment.

        `given`: the status that the comment gave before it was changed; it is told as the one before.
        """
        previous_id = tx.scalar(sa.select(Task.task_status_id).where(Task.id == task_id))
        task = history.recompute(tx, task_id)
        if str(task.task_status_id) != str(previous_id):
            history.tell_status(tx, task, given or previous_id, person_id)

    def event_data(self, row):
        """The comment, its task and author, and whether it is for clients."""
        return {"comment_id": row.id, "task_id": row.object_id, "person_id": row.person_id, "for_client": row.for_client}

    def event_project(self, row):
        """The production of the task; None when the comment is on something else."""
        session = object_session(row)
        return session.scalar(sa.select(Task.project_id).where(Task.id == row.object_id))

    def tell(self, tx, row, verb):
        """Emit comment:new, which names no production, or comment:update."""
        events.emit(tx, f"comment:{verb}", self.event_data(row), project_id=None if verb == "new" else self.event_project(row))


def renew_mentions(tx, task, comment):
    """Set the mentions of a comment from its text, and write their notifications anew.

    Who is mentioned by name and with a department gets one; so does an author who mentions themselves. Emits notification:new.
    """
    mentioned, notification = mentions.find(tx, comment.text, task.project_id), table("notification")
    for link, column, ids in (
        (comment_mentions, "person", mentioned.persons),
        (comment_department_mentions, "department", mentioned.departments),
    ):
        tx.execute(sa.delete(link).where(link.c.comment == comment.id))
        if ids:
            tx.execute(sa.insert(link).values([{"comment": comment.id, column: id} for id in dict.fromkeys(ids)]))
    tx.execute(sa.delete(notification).where(notification.c.comment_id == comment.id, notification.c.type == "mention"))
    told = set(mentioned.persons)
    if mentioned.departments:
        told |= set(notices.recipients(tx, task, mentioned.departments)[1])
    date = comment.created_at.replace(microsecond=0)
    notices.notify(tx, task, comment, comment.person_id, [("mention", id, False) for id in sorted(told, key=str)], date)
