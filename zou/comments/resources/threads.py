"""The comments of a task, their replies, acknowledgements and attachments."""

import sqlalchemy as sa
from flask import request
from sqlalchemy.orm import aliased

from zou.comments import queries
from zou.comments.answers import REPLY
from zou.comments.models import AttachmentFile, Comment
from zou.comments.resources.posting import sent_files
from zou.comments.rules import attached, author_is_client, reads_attachment, reads_comment, removes_comment, replies_to, takes_back_reply
from zou.comments.rules import mentioned as is_mentioned
from zou.comments.schemas import ATTACHED, AttachmentFileSchema, CommentRowSchema, MoveCommentSchema, ReplySchema, TaskCommentSchema
from zou.comments.services import attachments, moving, replies
from zou.comments.services.rows import CommentRows
from zou.people.models import Person
from zou.people.rules import admin, anyone, is_client_of, manages, member, not_restricted, reads_entity, task_action_access
from zou.people.schemas import full_name
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Denied, NotFound
from zou.platform.http import Json, Resource, asks, body, permission, returns, takes
from zou.platform.http.files import file_answer
from zou.platform.http.paging import paged
from zou.platform.http.shapes import ID, WHOLE, upload
from zou.platform.rules import as_sql
from zou.platform.storage import store
from zou.productions.models import Project
from zou.tasks.models import Task

ELSEWHERE = "The comment is about another task."
INLINE = {"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/avif"}


class TaskCommentsResource(Resource):
    """The comments of a task."""

    @permission(reads_entity, on=Task)
    @returns(TaskCommentSchema, many=True)
    def get(self, task):
        """Comments of a task, newest first, as far as the person may read them."""
        return Json(queries.of_task(self.tx, task, self.actor))


class ProjectCommentsResource(Resource):
    """The comments of a production."""

    @permission(member & not_restricted, on=Project)
    @asks(page=WHOLE, limit=WHOLE)
    @returns(CommentRowSchema, relations=True, paged=True)
    def get(self, project):
        """Comments of a production that the person may read, newest change first, as a list or in pages."""
        readable = as_sql(reads_comment.clause(Comment, self.actor))
        statement = sa.select(Comment).join(Task, Task.id == Comment.object_id).where(Task.project_id == project.id, readable)
        statement = statement.order_by(Comment.updated_at.desc(), Comment.id)
        return paged(self.tx, CommentRowSchema, statement, Comment)


class TaskCommentResource(Resource):
    """A comment of a task."""

    @permission(reads_comment, on=Comment)
    @returns(CommentRowSchema)
    def get(self, comment, task_id):
        """One comment of a task."""
        if str(comment.object_id) != task_id.lower():
            raise NotFound()
        return comment

    @permission(removes_comment, on=Comment)
    @returns(status=204)
    def delete(self, comment, task_id):
        """Remove a comment with its previews and attachments; the task is what its remaining comments say."""
        if str(comment.object_id) != task_id.lower():
            raise NotFound()
        CommentRows(Comment).remove(self.tx, self.actor, comment)


class MoveCommentResource(Resource):
    """The task of a comment."""

    @permission(manages, on=Task, lock=False)
    @body(MoveCommentSchema)
    @returns(CommentRowSchema, relations=True)
    def post(self, task, comment_id, body):
        """Move a comment to another task of the same entity."""
        comment = locked_comment(self.tx, comment_id)
        target = self.fetch(Task, body["target_task_id"], manages)
        moving.move(self.tx, comment, task, target.id)
        return comment


def locked_comment(tx, comment_id):
    """The comment with this id, locked. Raises NotFound."""
    comment = tx.get(Comment, comment_id, with_for_update={"of": Comment}) if is_uuid(comment_id) else None
    if comment is None:
        raise NotFound()
    return comment


class CommentReplyResource(Resource):
    """A reply to a comment."""

    body_first = True

    @permission(anyone, then=replies_to)
    @body(ReplySchema)
    @returns(REPLY)
    def post(self, task_id, comment_id, body):
        """Answer a comment; every file of a multipart request is attached to the reply."""
        task = self.fetch(Task, task_id, anyone)
        comment = locked_comment(self.tx, comment_id)
        if comment.object_id != task.id:
            raise Denied(ELSEWHERE)
        self.check_thread(task, comment)
        reply, attached = replies.add(self.tx, task, comment, self.actor.id, body["text"] or "", sent_files())
        author = self.tx.execute(
            sa.select(
                Person.id, Person.first_name, Person.last_name, full_name(Person).label("full_name"), Person.has_avatar, Person.role
            ).where(Person.id == self.actor.id)
        ).one()  # fmt: skip
        answer = {**reply, "person": author._asdict()}
        if attached:
            answer["attachment_files"] = [attachments.short(row, "reply_id") for row in attached]
        return answer

    def check_thread(self, task, comment):
        """Raise Denied for who may not answer, and between clients of different studios, and for artists in a thread of clients."""
        author, me = aliased(Person), aliased(Person)
        rules = {"acts": task_action_access | is_mentioned, "client": is_client_of, "manages": manages}
        found = self.tx.execute(
            sa.select(
                *[as_sql(rule.clause(Task, self.actor)).label(name) for name, rule in rules.items()],
                author_is_client(Comment).label("of_client"),
                sa.func.coalesce(author.studio_id.is_distinct_from(me.studio_id), False).label("elsewhere"),
            )
            .select_from(Task)
            .join(Comment, Comment.object_id == Task.id)
            .join(author, author.id == Comment.person_id)
            .join(me, me.id == self.actor.id)
            .where(Task.id == task.id, Comment.id == comment.id)
        ).one()
        if not (found.acts or comment.person_id == self.actor.id):
            raise Denied(rule=replies_to)
        if found.client and found.of_client and found.elsewhere:
            raise Denied("Only for: clients of the studio of who wrote the comment.")
        if not found.manages and not found.client and (comment.for_client or found.of_client):
            raise Denied(rule=manages | is_client_of)


class CommentReplyItemResource(Resource):
    """One reply."""

    @permission(anyone, then=takes_back_reply)
    @returns(CommentRowSchema)
    def delete(self, task_id, comment_id, reply_id):
        """Remove a reply, its attachments and its notifications."""
        comment = locked_comment(self.tx, comment_id)
        reply = replies.find(comment, reply_id)
        task = self.fetch(Task, str(comment.object_id), anyone)
        if not self.actor.is_admin and reply.get("person_id") != str(self.actor.id):
            raise Denied(rule=takes_back_reply)
        if str(task.id) != task_id.lower():
            raise NotFound()
        replies.remove(self.tx, task, comment, reply)
        return comment


class CommentAckResource(Resource):
    """The acknowledgement of a comment."""

    @permission(reads_entity, on=Task)
    @returns(CommentRowSchema, relations=True)
    def post(self, task, comment_id):
        """Acknowledge a comment, or take that back."""
        comment = locked_comment(self.tx, comment_id)
        if comment.object_id != task.id:
            raise NotFound()
        replies.acknowledge(self.tx, task, comment, self.actor.id)
        return comment


class OwnCommentResource(Resource):
    """What only the author of a comment, or a manager, may do."""

    def own_comment(self, task_id, comment_id):
        """A comment that the actor wrote, or manages. Raises NotFound, Denied also for one of another task."""
        comment = locked_comment(self.tx, comment_id)
        may = comment.person_id == self.actor.id or self.tx.scalar(
            sa.select(as_sql(manages.clause(Comment, self.actor))).select_from(Comment).where(Comment.id == comment.id)
        )
        if not may:
            raise Denied(rule=removes_comment)
        if str(comment.object_id) != task_id.lower():
            raise Denied(ELSEWHERE)
        return comment


class CommentAttachmentsResource(OwnCommentResource):
    """Files of a comment."""

    @permission(anyone, then=removes_comment)
    @takes(upload(reply_id=ID), "multipart/form-data")
    @returns(ATTACHED, 201, many=True)
    def post(self, task_id, comment_id):
        """Attach files to a comment; with `reply_id`, to one of its replies."""
        comment = self.own_comment(task_id, comment_id)
        reply_id = request.form.get("reply_id")
        if reply_id:
            replies.find(comment, reply_id)
        rows = attachments.attach(self.tx, comment.id, sent_files(), reply_id or None)
        keys = ("reply_id",) if reply_id else ()
        return [attachments.short(row, *keys) for row in rows]


class CommentAttachmentResource(OwnCommentResource):
    """One file of a comment."""

    @permission(anyone, then=removes_comment)
    @returns(status=204)
    def delete(self, task_id, comment_id, attachment_file_id):
        """Remove a file of a comment."""
        comment = self.own_comment(task_id, comment_id)
        row = self.tx.get(AttachmentFile, attachment_file_id) if is_uuid(attachment_file_id) else None
        if row is None:
            raise NotFound()
        if row.comment_id != comment.id:
            raise Denied("The file is attached to another comment.")
        attachments.detach(self.tx, row)


class AttachmentContentResource(Resource):
    """The content of an attachment."""

    @permission(anyone, then=attached & reads_entity)
    @returns(content="application/octet-stream")
    def get(self, attachment_file_id, file_name):
        """The file attached to a comment, shown in place when it is a picture that browsers show safely."""
        row = self.fetch(AttachmentFile, attachment_file_id, anyone)
        if row.comment_id is None:
            raise Denied(rule=attached)
        comment = self.fetch(Comment, str(row.comment_id), anyone)
        self.fetch(Task, str(comment.object_id), reads_entity)
        try:
            path = store().local_path("files", "attachments", row.id, row.extension or "", row.size)
        except FileNotFoundError:
            raise NotFound() from None
        if path.stat().st_size != row.size:
            raise NotFound()
        mimetype = row.mimetype or "application/octet-stream"
        return file_answer(path, mimetype, row.updated_at, download_as=None if mimetype in INLINE else row.name)


class AttachmentThumbnailResource(Resource):
    """The small picture of an attachment."""

    @permission(reads_attachment, on=AttachmentFile)
    @returns(content="image/png")
    def get(self, row):
        """The small picture of a picture in a chat; other attachments have none."""
        try:
            path = store().local_path("pictures", "thumbnails", row.id, "png")
        except FileNotFoundError:
            raise NotFound() from None
        return file_answer(path, "image/png", row.updated_at)


class TaskAttachmentsResource(Resource):
    """The attachments of a task."""

    @permission(admin, on=Task)
    @returns(AttachmentFileSchema, many=True)
    def get(self, task):
        """Files attached to the comments of a task."""
        return sa.select(AttachmentFile).join(Comment, Comment.id == AttachmentFile.comment_id).where(Comment.object_id == task.id)


class ProjectAttachmentsResource(Resource):
    """The attachments of a production."""

    @permission(admin, on=Project)
    @returns(AttachmentFileSchema, many=True)
    def get(self, project):
        """Files attached to the comments of a production."""
        of_comments = sa.select(AttachmentFile).join(Comment, Comment.id == AttachmentFile.comment_id)
        return of_comments.join(Task, Task.id == Comment.object_id).where(Task.project_id == project.id)
