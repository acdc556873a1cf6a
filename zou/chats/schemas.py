"""Payloads of chats."""

from zou.chats.models import Chat, ChatMessage
from zou.platform.db.payload import RelatedIds, RowSchema


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
