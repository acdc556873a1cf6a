"""Bodies of the requests about playlists and shared pages. Fields: contract/routes.json, groups playlists and shared."""

from marshmallow import Schema, fields, validate

from zou.platform.db.payload import is_uuid
from zou.previews.schemas import AnnotationRemovalSchema, AnnotationSchema, FlagField

MAX_PERSON_NAME = 80


class UuidText(fields.Field):
    """A UUID as text in small letters; an empty text is none where none is allowed."""

    default_error_messages = {"invalid": "Not a valid UUID."}

    def deserialize(self, value, attr=None, data=None, **kwargs):
        return super().deserialize(None if value == "" and self.allow_none else value, attr, data, **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        if not is_uuid(value):
            raise self.make_error("invalid")
        return value.lower()


class EntrySchema(Schema):
    """An entry to add to a playlist."""

    entity_id = UuidText(required=True)
    preview_file_id = UuidText(load_default=None, allow_none=True)


class EntriesSchema(Schema):
    """Entries to add: `entities`, or `entity_ids`, as the web client sends them."""

    entities = fields.List(fields.Nested(EntrySchema), load_default=None, validate=validate.Length(min=1))
    entity_ids = fields.List(UuidText(), load_default=None, validate=validate.Length(min=1))


class TemporarySchema(Schema):
    """Tasks and entities to review at once."""

    task_ids = fields.List(UuidText(), load_default=list)
    entity_ids = fields.List(UuidText(), load_default=list)


class SortQuery(Schema):
    """Whether entries are sorted."""

    sort = FlagField(load_default=False)


class FullQuery(Schema):
    """Whether every frame is encoded again."""

    full = FlagField(load_default=False)


class AudienceSchema(Schema):
    """Which clients to tell."""

    studio_id = UuidText(load_default=None, allow_none=True)
    department_id = UuidText(load_default=None, allow_none=True)


class NewLinkSchema(Schema):
    """A share link to make."""

    expiration_date = fields.String(load_default=None, allow_none=True)
    can_comment = fields.Boolean(load_default=True)
    password = fields.String(load_default=None, allow_none=True)


class InvitationSchema(Schema):
    """Who is invited to a shared page."""

    emails = fields.List(fields.String(), load_default=list, allow_none=True)
    person_ids = fields.List(UuidText(), load_default=list, allow_none=True)
    message = fields.String(load_default=None, allow_none=True)


class NewGuestSchema(Schema):
    """A person without account who opens a shared page."""

    first_name = fields.String(load_default="Guest", allow_none=True, validate=validate.Length(max=MAX_PERSON_NAME))
    last_name = fields.String(load_default="", allow_none=True, validate=validate.Length(max=MAX_PERSON_NAME))
    guest_id = UuidText(load_default=None, allow_none=True)


class GuestBody(Schema):
    """Which guest asks."""

    guest_id = UuidText(required=True)


class GuestCommentBody(GuestBody):
    """A comment of a guest."""

    task_id = UuidText(required=True)
    task_status_id = UuidText(required=True)
    text = fields.String(load_default="", allow_none=True)
    checklist = fields.List(fields.Raw(), load_default=list, allow_none=True)


class GuestCommentChangeBody(GuestBody):
    """What a guest changes of their comment; what is left out stays."""

    text = fields.String(load_default=None, allow_none=True)
    checklist = fields.List(fields.Raw(), load_default=None, allow_none=True)
    task_status_id = UuidText(load_default=None, allow_none=True)


class GuestAnnotationsBody(GuestBody):
    """What a guest draws on a preview; null is nothing."""

    preview_file_id = UuidText(required=True)
    additions = fields.List(fields.Nested(AnnotationSchema), load_default=None, allow_none=True)
    updates = fields.List(fields.Nested(AnnotationSchema), load_default=None, allow_none=True)
    deletions = fields.List(fields.Nested(AnnotationRemovalSchema), load_default=None, allow_none=True)
