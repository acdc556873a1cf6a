"""Payloads of comments."""

import functools

import orjson
import sqlalchemy as sa
from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import aliased

from zou.comments.models import AttachmentFile, Comment, comment_preview_link
from zou.people.models import Person
from zou.people.schemas import PersonSafeSchema, PersonShortSchema
from zou.platform.db.payload import Computed, Embedded, RelatedIds, RowSchema, ids_of
from zou.platform.db.projection import json_row, select_list
from zou.platform.http.shapes import ID, TEXT, WHOLE, keys, many, maybe, named
from zou.previews.models import PreviewFile
from zou.tasks.schemas import TaskStatusSchema

PREVIEW_KEYS = (
    "id",
    "task_id",
    "revision",
    "extension",
    "width",
    "height",
    "duration",
    "status",
    "validation_status",
    "original_name",
    "position",
    "annotations",
)


ATTACHED = named(
    "AttachedFile",
    "A file of a comment, or of the reply that it names.",
    keys({"reply_id": maybe(ID), "size": maybe(WHOLE)}, id=ID, name=TEXT, extension=maybe(TEXT)),
)


class AuthorWithDepartmentsSchema(PersonSafeSchema):
    """A person without secrets, with the ids of their departments although embedded."""

    departments = Computed(lambda person: ids_of(person, "departments"), described=many(ID))

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

    attachment_files = Computed(lambda source: attachments_of(source, "id", "name", "extension", "size"), described=many(ATTACHED))
    task_status = Embedded(TaskStatusSchema, link="task_status_id")
    person = Embedded(PersonSafeSchema, link="person_id")

    class Meta(RowSchema.Meta):
        model = Comment


class CommentOfAuthorSchema(PostedCommentSchema):
    """The same, where the author was named in the request: the contract then tells their departments too."""

    person = Embedded(AuthorWithDepartmentsSchema, link="person_id")

    class Meta(RowSchema.Meta):
        model = Comment


class PreviewOfCommentSchema(RowSchema):
    """A preview as its comment shows it."""

    class Meta(RowSchema.Meta):
        model = PreviewFile
        fields = PREVIEW_KEYS


class AttachedFiles(RelatedIds):
    """The attachments of a comment as objects."""

    def __init__(self, **kwargs):
        super().__init__(item=fields.Dict(), **kwargs)

    def sql(self, source):
        return attachments_of(source, "id", "name", "extension", "size")


class ShownPreviews(RelatedIds):
    """The previews of a comment as objects. `hidden`: a validation status whose previews are left out."""

    def __init__(self, hidden=None, **kwargs):
        super().__init__(item=fields.Nested(PreviewOfCommentSchema), **kwargs)
        self.hidden = hidden

    def sql(self, source):
        link = comment_preview_link
        ids = sa.select(link.c.preview_file).where(link.c.comment == source.id).correlate(sa.inspect(source).selectable)
        shown = sa.true() if self.hidden is None else PreviewFile.validation_status != self.hidden
        listed = sa.select(*select_list(PreviewOfCommentSchema, PreviewFile)).where(PreviewFile.id.in_(ids), shown)
        rows = listed.order_by(PreviewFile.position).correlate_except(PreviewFile.__table__).subquery("o").lateral("o")
        objects = sa.func.coalesce(sa.func.json_agg(sa.func.row_to_json(sa.literal_column("o"))), sa.text("'[]'::json"))
        return sa.select(objects).select_from(rows).scalar_subquery()


def replies_with_authors(source):
    """SQL: the replies of a comment, each with its author under `person`."""
    elements = sa.func.jsonb_array_elements(source.replies)
    reply = elements.table_valued(sa.column("value", JSONB), with_ordinality="n", joins_implicitly=True).render_derived("reply")
    author = aliased(Person)
    person = json_row(PersonShortSchema, author, where=sa.cast(author.id, sa.Text) == sa.func.lower(reply.c.value["person_id"].astext))
    with_author = reply.c.value.op("||")(sa.func.jsonb_build_object("person", person))
    listed = sa.select(sa.func.jsonb_agg(aggregate_order_by(with_author, reply.c.n)))
    is_list = sa.func.jsonb_typeof(source.replies) == "array"
    return sa.case((is_list, sa.func.coalesce(listed.scalar_subquery(), sa.text("'[]'::jsonb"))), else_=source.replies)


class CommentItemSchema(CommentRowSchema):
    """A comment on its own, with its author, those of its replies, and its attachments."""

    person = Embedded(PersonShortSchema, link="person_id")
    replies = Computed(replies_with_authors)
    attachment_files = AttachedFiles()


class CommentWithPreviewsSchema(CommentItemSchema):
    """The same with its previews."""

    previews = ShownPreviews()


class ClientCommentWithPreviewsSchema(CommentItemSchema):
    """The same for clients, who see no rejected preview."""

    previews = ShownPreviews(hidden="rejected")


class TaskCommentSchema(CommentWithPreviewsSchema):
    """A comment in the list of its task: with its previews and status."""

    task_status = fields.Dict()


class LinkedRow(fields.Raw):
    """The whole row that a relationship to one leads to, in its list form, or null; for rows of later domains."""

    def sql(self, source):
        relation = sa.inspect(source).mapper.relationships[self.name]
        target = aliased(relation.mapper.class_)
        ((local, remote),) = relation.local_remote_pairs
        return json_row(plain_schema(relation.mapper.class_), target, where=getattr(target, remote.name) == getattr(source, local.name))


@functools.cache
def plain_schema(model):
    """A schema of all columns of a model."""
    meta = type("Meta", (RowSchema.Meta,), {"model": model})
    return type(f"{model.__name__}Columns", (RowSchema,), {"Meta": meta, "__doc__": f"The columns of {model.__name__}."})


class AttachmentFileSchema(RowSchema):
    """A file attached to a comment or to a chat message, with the whole row that it is attached to."""

    class Meta(RowSchema.Meta):
        model = AttachmentFile

    comment = Embedded(CommentRowSchema, link="comment_id")
    chat_message = LinkedRow(dump_only=True)


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
    """An answer to a comment; null is an empty text."""

    text = fields.String(load_default="", allow_none=True)


class MoveCommentSchema(Schema):
    """Where a comment goes."""

    target_task_id = fields.String(required=True)


class CopyClientCommentsSchema(Schema):
    """Tasks whose last comment by a client is posted again, and what to put before its text."""

    task_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1))
    prefix = fields.String(load_default="")
