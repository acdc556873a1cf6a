"""Payloads of chats."""

import sqlalchemy as sa
from marshmallow import Schema, fields
from sqlalchemy.dialects.postgresql import aggregate_order_by

from zou.chats.models import Chat, ChatMessage
from zou.comments.models import AttachmentFile
from zou.comments.schemas import ATTACHED
from zou.platform.db.payload import Computed, RelatedIds, RowSchema
from zou.platform.http.shapes import many


class ChatSchema(RowSchema):
    """The conversation around an entity."""

    class Meta(RowSchema.Meta):
        model = Chat

    participants = RelatedIds()


class ChatMessageSchema(RowSchema):
    """A message of a chat."""

    class Meta(RowSchema.Meta):
        model = ChatMessage

    attachment_files = RelatedIds()


class PlainMessageSchema(RowSchema):
    """A message without its attachments."""

    class Meta(RowSchema.Meta):
        model = ChatMessage


class EntityChatSchema(ChatSchema):
    """The chat of an entity. `messages` is empty, as clients know it: they read the messages by a route of their own."""

    messages = Computed(lambda source: sa.literal_column("'[]'::json"), described=many(PlainMessageSchema))


def attached(*keys):
    """A key with the attachments of a message, in these columns."""

    def expression(source):
        pairs = [part for key in keys for part in (key, getattr(AttachmentFile, key))]
        listed = sa.func.json_agg(aggregate_order_by(sa.func.json_build_object(*pairs), AttachmentFile.created_at, AttachmentFile.id))
        own = sa.select(listed).where(AttachmentFile.chat_message_id == source.id).correlate(sa.inspect(source).selectable)
        return sa.func.coalesce(own.scalar_subquery(), sa.text("'[]'::json"))

    return Computed(expression, described=many(ATTACHED))


class MessageItemSchema(PlainMessageSchema):
    """A message with its attachments, as chats show it."""

    attachment_files = attached("id", "name", "extension")


class PostedMessageSchema(PlainMessageSchema):
    """A message that was just posted with files."""

    attachment_files = attached("id", "name", "extension", "size")


class NewMessageSchema(Schema):
    """What somebody says."""

    message = fields.String(required=True)
