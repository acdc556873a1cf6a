"""Chats: conversations around entities."""

from zou.chats.models import Chat, ChatMessage
from zou.chats.resources import EntityChatResource, JoinChatResource, MessageResource, MessagesResource, MyChatsResource
from zou.chats.rules import hears_chat
from zou.chats.schemas import ChatMessageSchema, ChatSchema
from zou.platform.http import Crud, Domain

domain = Domain("chats")
domain.crud(
    Crud(Chat, ChatSchema, "chats"),
    Crud(ChatMessage, ChatMessageSchema, "chat-messages"),
)
domain.hears("chat", Chat, hears_chat, for_staff=True).hears("chat_message", ChatMessage, hears_chat, for_staff=True)

domain.route("/data/user/chats", MyChatsResource)
domain.route("/actions/user/chats/<entity_id>/join", JoinChatResource)
domain.route("/data/entities/<entity_id>/chat", EntityChatResource)
domain.route("/data/entities/<entity_id>/chat/messages", MessagesResource)
domain.route("/data/entities/<entity_id>/chat/messages/<chat_message_id>", MessageResource)
