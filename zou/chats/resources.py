"""HTTP of chats. Who reaches an entity takes part in its conversation. Rules: contract/rules/chats.md."""

import sqlalchemy as sa

from zou.chats import queries, services
from zou.chats.answers import CHATS
from zou.chats.models import ChatMessage
from zou.chats.schemas import ChatSchema, EntityChatSchema, MessageItemSchema, NewMessageSchema, PlainMessageSchema, PostedMessageSchema
from zou.comments.resources.posting import sent_files
from zou.entities.models import Entity
from zou.people.rules import admin, person, reads_entity, self_as
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Denied, NotFound
from zou.platform.http import Json, Resource, body, permission, returns

takes_back = admin | self_as("person_id")


class EntityChatResource(Resource):
    """The chat of an entity."""

    @permission(reads_entity, on=Entity)
    @returns(EntityChatSchema, relations=True)
    def get(self, entity):
        """The chat of an entity and who takes part in it; it is made when it is first asked for."""
        return services.of_entity(self.tx, entity)


class MessagesResource(Resource):
    """What was said about an entity."""

    @permission(reads_entity, on=Entity)
    @returns(MessageItemSchema, many=True)
    def get(self, entity):
        """Messages of the chat of an entity, oldest first."""
        chat = services.of_entity(self.tx, entity)
        return sa.select(ChatMessage).where(ChatMessage.chat_id == chat.id).order_by(ChatMessage.created_at, ChatMessage.id)

    @permission(reads_entity, on=Entity)
    @body(NewMessageSchema)
    @returns(PostedMessageSchema, status=201)
    def post(self, entity, body):
        """Say something in the chat of an entity, with the files of a multipart request; for who takes part in it."""
        message, files = services.say(self.tx, entity, self.actor.id, body["message"], sent_files())
        return Json(self.project(PostedMessageSchema if files else PlainMessageSchema, message))


class MessageResource(Resource):
    """A message of the chat of an entity."""

    @permission(reads_entity, on=Entity)
    @returns(MessageItemSchema)
    def get(self, entity, chat_message_id):
        """A message with its attachments."""
        return self.message(entity, chat_message_id)

    @permission(reads_entity, on=Entity, lock=False, then=takes_back)
    @returns(status=204)
    def delete(self, entity, chat_message_id):
        """Take back what one said; administrators, what anybody said."""
        message = self.message(entity, chat_message_id)
        self.need(takes_back, message)
        services.take_back(self.tx, entity, message)

    def message(self, entity, id):
        """The message with this id. Raises NotFound, Denied for one about another entity."""
        found = self.tx.get(ChatMessage, id) if is_uuid(id) else None
        if found is None:
            raise NotFound()
        if found.chat_id != services.of_entity(self.tx, entity).id:
            raise Denied("The message is in the chat of another entity.")
        return found


class MyChatsResource(Resource):
    """The person's chats."""

    @permission(person)
    @returns(CHATS)
    def get(self):
        """The chats of open productions that one takes part in."""
        return Json(self.tx.scalar(*queries.joined(self.actor)))


class JoinChatResource(Resource):
    """Taking part in the chat of an entity."""

    @permission(person & reads_entity, on=Entity, lock=False)
    @returns(ChatSchema)
    def post(self, entity):
        """Take part in the chat of an entity, which is made when there is none yet."""
        return services.join(self.tx, entity, self.actor.id)

    @permission(person & reads_entity, on=Entity, lock=False)
    @returns(status=204)
    def delete(self, entity):
        """Leave the chat of an entity."""
        services.leave(self.tx, entity, self.actor.id)
