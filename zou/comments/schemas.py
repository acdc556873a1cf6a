"""Payloads of comments."""

import orjson
import sqlalchemy as sa
from marshmallow import Schema, ValidationError, fields

from zou.comments.models import AttachmentFile, Comment
from zou.people.models import Person
from zou.people.schemas import PersonSafeSchema
from zou.platform.db.payload import Computed, Embedded, RelatedIds, RowSchema, ids_of
from zou.tasks.schemas import TaskStatusSchema


class AuthorWithDepartmentsSchema(PersonSafeSchema):
    """A person without secrets, with the ids of their departments although embedded."""

    departments = Computed(lambda person: ids_of(person, "departments"))

    class Meta(PersonSafeSchema.Meta):
        model = Person


def attachments_of(comment, *keys):
    """JSON list of the files of a comment."""
    pairs = [part for key in keys for part in (key, getattr(AttachmentFile, key))]
    files = sa.select(sa.func.json_agg(sa.func.json_build_object(*pairs))).where(AttachmentFile.comment_id == comment.id)
    return sa.func.coalesce(files.correlate(sa.inspect(comment).selectable).scalar_subquery(), sa.text("'[]'::json"))


class CommentRowSchema(RowSchema):
    """A comment with the ids of what is linked to it."""

    previews = RelatedIds()
    mentions = RelatedIds()
    department_mentions = RelatedIds()
    acknowledgements = RelatedIds()
    attachment_files = RelatedIds()

    class Meta(RowSchema.Meta):
        model = Comment


class PostedCommentSchema(CommentRowSchema):
    """A comment as the answer to its posting: with its author, status and files."""

    attachment_files = Computed(lambda source: attachments_of(source, "id", "name", "extension", "size"))
    task_status = Embedded(TaskStatusSchema, link="task_status_id")
    person = Embedded(PersonSafeSchema, link="person_id")

    class Meta(RowSchema.Meta):
        model = Comment


class CommentOfAuthorSchema(PostedCommentSchema):
    """The same, where the author was named in the request: the contract then tells their departments too."""

    person = Embedded(AuthorWithDepartmentsSchema, link="person_id")

    class Meta(RowSchema.Meta):
        model = Comment


class ListField(fields.Field):
    """A list, as JSON or as its text in a form; empty and null are the empty list."""

    def deserialize(self, value, attr=None, data=None, **kwargs):
        return super().deserialize([] if value is None else value, attr, data, **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        if isinstance(value, str):
            try:
                value = orjson.loads(value) if value else []
            except orjson.JSONDecodeError as error:
                raise ValidationError(f"Not a JSON list: {error}") from None
        if not isinstance(value, list):
            raise ValidationError("Not a list.")
        return value


class NewCommentSchema(Schema):
    """A comment to post on a task. Author, date and `for_client` count from managers only."""

    task_status_id = fields.String(required=True)
    comment = fields.String(load_default="")
    checklist = ListField(load_default=list, allow_none=True)
    links = ListField(load_default=list, allow_none=True)
    person_id = fields.String(load_default="", allow_none=True)
    created_at = fields.String(load_default="", allow_none=True)
    for_client = fields.Boolean(load_default=False)


class ReplySchema(Schema):
    """An answer to a comment."""

    text = fields.String(load_default="")
