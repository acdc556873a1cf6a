"""Chats: conversations around entities."""

from zou.chats.models import Chat, ChatMessage
from zou.chats.resources import EntityChatResource, JoinChatResource, MessageResource, MessagesResource, MyChatsResource
from zou.chats.schemas import ChatMessageSchema, ChatSchema
from zou.platform.http import Crud, Domain

domain = Domain("chats")
domain.crud(
    Crud(Chat, ChatSchema, "chats"),
    Crud(ChatMessage, ChatMessageSchema, "chat-messages"),
)
domain.route("/data/user/chats", MyChatsResource)
domain.route("/actions/user/chats/<entity_id>/join", JoinChatResource)
domain.route("/data/entities/<entity_id>/chat", EntityChatResource)
domain.route("/data/entities/<entity_id>/chat/messages", MessagesResource)
domain.route("/data/entities/<entity_id>/chat/messages/<chat_message_id>", MessageResource)
