"""Previews of comments: a new one, and more files of the same revision."""

import sqlalchemy as sa

from zou.comments.models import Comment, comment_preview_link
from zou.comments.rules import reads_comment
from zou.people.rules import anyone, manages, task_action_access
from zou.platform.db.payload import is_uuid
from zou.platform.errors import NotFound
from zou.platform.http import Resource, asks, body, permission, returns
from zou.platform.http.filters import flag
from zou.platform.http.shapes import FLAG
from zou.previews.models import PreviewFile
from zou.previews.schemas import PreviewFileSchema, RevisionSchema
from zou.previews.services import numbering, removal
from zou.tasks.models import Task


def comment_of(tx, task, comment_id):
    """The comment of a task. Raises NotFound for one of another task."""
    comment = tx.get(Comment, comment_id) if is_uuid(comment_id) else None
    if comment is None or comment.object_id != task.id:
        raise NotFound()
    return comment


class AddPreviewResource(Resource):
    """A new preview of a comment."""

    @permission(task_action_access, on=Task, lock=True)
    @body(RevisionSchema)
    @returns(PreviewFileSchema, status=201, relations=True)
    def post(self, task, comment_id, body):
        """Add a preview to a comment; its file is uploaded afterwards. Without `revision` it gets the next number."""
        comment = comment_of(self.tx, task, comment_id)
        return numbering.add(self.tx, task, comment, self.actor.id, body["revision"])


class AddExtraPreviewResource(Resource):
    """One more file of a revision."""

    @permission(task_action_access, on=Task, lock=True)
    @returns(PreviewFileSchema, status=201, relations=True)
    def post(self, task, comment_id, preview_file_id):
        """Add a file to the revision of a preview; it is uploaded afterwards."""
        comment = comment_of(self.tx, task, comment_id)
        preview = self.tx.get(PreviewFile, preview_file_id) if is_uuid(preview_file_id) else None
        if preview is None or preview.task_id != task.id:
            raise NotFound()
        return numbering.add(self.tx, task, comment, self.actor.id, preview.revision)

    @permission(task_action_access, on=Task, lock=True, then=reads_comment)
    @asks(force=FLAG)
    @returns(status=204)
    def delete(self, task, comment_id, preview_file_id):
        """Take a preview off a comment and remove it; with `force`, which is for managers, its files are removed at once."""
        comment = comment_of(self.tx, task, comment_id)
        link = comment_preview_link.c
        preview = self.fetch(PreviewFile, preview_file_id, anyone, lock=True)
        is_linked = sa.exists().where(link.comment == comment.id, link.preview_file == preview.id)
        if preview.task_id != task.id or not self.tx.scalar(sa.select(is_linked)):
            raise NotFound()
        self.fetch(Comment, comment_id, reads_comment)
        if flag("force"):
            self.fetch(Task, str(task.id), manages)
        removal.remove(self.tx, preview, flag("force"))
