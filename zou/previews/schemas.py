"""Payloads of previews."""

from marshmallow import INCLUDE, Schema, ValidationError, fields, validate

from zou.platform.db.payload import RelatedIds, RowSchema
from zou.previews.models import PreviewBackgroundFile, PreviewFile


class PreviewFileSchema(RowSchema):
    """A picture, movie or document that shows a revision of a task."""

    comments = RelatedIds()

    class Meta(RowSchema.Meta):
        model = PreviewFile


class PreviewBackgroundFileSchema(RowSchema):
    """An environment picture behind 3D previews."""

    class Meta(RowSchema.Meta):
        model = PreviewBackgroundFile


class FlagField(fields.Boolean):
    """A boolean of a query string, as clients write it: true, True, 1."""

    truthy = {"t", "T", "true", "True", "TRUE", "on", "On", "1", 1, "yes", "y"}

    def _deserialize(self, value, attr, data, **kwargs):
        return value in self.truthy


class UploadQuery(Schema):
    """How to treat an uploaded movie."""

    normalize = FlagField(load_default=True)
    no_job = FlagField(load_default=False)


class WholeNumber(fields.Integer):
    """A whole number, or its text; a boolean counts as 0 or 1, a fraction is refused."""

    def _deserialize(self, value, attr, data, **kwargs):
        if isinstance(value, float) and not value.is_integer():
            raise ValidationError("Not a whole number.")
        return super()._deserialize(int(value) if isinstance(value, bool) else value, attr, data, **kwargs)


class RevisionSchema(Schema):
    """The number of a new preview; without one, the next of the task."""

    revision = WholeNumber(load_default=None, allow_none=True, validate=validate.Range(min=0))


class PositionSchema(Schema):
    """A place among the previews of a revision, from 1."""

    position = WholeNumber(required=True, validate=validate.Range(min=0))


class MainPreviewSchema(Schema):
    """The frame of a movie that stands for it."""

    frame_number = WholeNumber(load_default=None, allow_none=True)


class PreviewTaskIdsSchema(Schema):
    """Tasks to act on."""

    task_ids = fields.List(fields.String(), required=True, validate=validate.Length(min=1))


class PresentPreviewSchema(PreviewFileSchema):
    """A preview as the lists of an entity show it."""

    class Meta(PreviewFileSchema.Meta):
        fields = (
            "id", "name", "original_name", "extension", "revision", "position", "file_size", "status", "validation_status", "task_id",
            "person_id", "created_at", "token_in", "token_out",
        )  # fmt: skip


class TimeField(fields.Raw):
    """The moment of an annotation, kept as it was sent: seconds, or a text."""

    def _deserialize(self, value, attr, data, **kwargs):
        if not isinstance(value, int | float | str):
            raise ValidationError("A time is a number or a text.")
        return value


class ObjectsField(fields.List):
    """A list that may be absent or null."""

    def __init__(self, inner):
        super().__init__(inner, allow_none=True)


class DrawingSchema(Schema):
    """What is drawn at one moment; the drawing tool's own keys are kept."""

    class Meta:
        unknown = INCLUDE

    objects = ObjectsField(fields.Dict())


class AnnotationSchema(Schema):
    """A moment of a preview and what is drawn there; further keys are kept."""

    class Meta:
        unknown = INCLUDE

    time = TimeField(required=True)
    drawing = fields.Nested(DrawingSchema, allow_none=True)


class AnnotationRemovalSchema(Schema):
    """The ids of objects to take off a moment."""

    class Meta:
        unknown = INCLUDE

    time = TimeField(required=True)
    objects = ObjectsField(fields.Raw())


class AnnotationsSchema(Schema):
    """Changes of the drawings on a preview, applied in this order."""

    additions = fields.List(fields.Nested(AnnotationSchema), load_default=list)
    updates = fields.List(fields.Nested(AnnotationSchema), load_default=list)
    deletions = fields.List(fields.Nested(AnnotationRemovalSchema), load_default=list)


class FrameQuery(Schema):
    """A frame of a movie, from 1."""

    frame_number = fields.Integer(load_default=0)


class AnnotatedFrameQuery(Schema):
    """A frame of a movie, from 1; pictures have none."""

    frame_number = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=1))


class RunningQuery(Schema):
    """How many previews, and after which one."""

    limit = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=0, max=10_000))
    cursor_preview_file_id = fields.String(load_default=None, allow_none=True)
