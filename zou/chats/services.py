"""Conversations around entities: joining, leaving, saying and taking back. Rules: contract/rules/chats.md.

Events of chats go to the team of the production only; they do not name it, since clients know their keys.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from zou.chats.models import Chat, ChatMessage, chat_participant
from zou.comments.services import attachments
from zou.entities.models import Entity
from zou.people import removal
from zou.platform import events
from zou.platform.errors import Invalid


def of_entity(tx, entity):
    """The chat of an entity, made when it is first asked for. Requests that ask at once get the same one."""
    own = sa.select(Chat).where(Chat.object_id == entity.id).order_by(Chat.created_at, Chat.id).limit(1)
    found = tx.scalar(own)
    if found is None:
        tx.execute(sa.select(Entity.id).where(Entity.id == entity.id).with_for_update(key_share=True))
        found = tx.scalar(own)
    if found is None:
        found = Chat(object_id=entity.id, object_type="entity")
        tx.add(found)
        tx.flush()
    return found


def join(tx, entity, person_id):
    """Let a person take part in the chat of an entity; returns the chat. Emits chat:joined."""
    chat = of_entity(tx, entity)
    tx.execute(insert(chat_participant).values(chat_id=chat.id, person_id=person_id).on_conflict_do_nothing())
    tell(tx, "joined", entity, chat_id=chat.id, person_id=person_id)
    return chat


def leave(tx, entity, person_id):
    """Take a person out of the chat of an entity; who is not in it is no error. Emits chat:left."""
    chat = of_entity(tx, entity)
    tx.execute(sa.delete(chat_participant).where(*participates(chat, person_id)))
    tell(tx, "left", entity, chat_id=chat.id, person_id=person_id)


def say(tx, entity, person_id, text, files=()):
    """Post a message; returns it with its attachments. `files`: list of `attachments.Sent`. Emits chat:new-message.

    Raises Invalid for who takes no part, and for a file that is not the picture that it claims to be.
    """
    chat = of_entity(tx, entity)
    if not tx.scalar(sa.select(sa.exists().where(*participates(chat, person_id)))):
        raise Invalid("You are not a participant of this chat")
    message = ChatMessage(chat_id=chat.id, person_id=person_id, text=text)
    tx.add(message)
    tx.flush()
    kept = attachments.attach(tx, None, files, chat_message_id=message.id)
    later = sa.func.greatest(Chat.last_message, message.created_at)
    moved = sa.update(Chat).where(Chat.id == chat.id).values(last_message=later)
    tx.execute(moved, execution_options={"synchronize_session": False})
    moment = message.created_at.isoformat(timespec="seconds")
    tell(tx, "new-message", entity, chat_id=chat.id, chat_message_id=message.id, last_message=moment)
    return message, kept


def take_back(tx, entity, message):
    """Delete a message with its attachments; their files go at once. Emits chat:deleted-message."""
    attachments.destroy(tx, message.id)
    removal.remove(tx, "chat_message", [message.id])
    tell(tx, "deleted-message", entity, chat_id=message.chat_id, chat_message_id=message.id)


def participates(chat, person_id):
    """Conditions: the link of a person to a chat."""
    return chat_participant.c.chat_id == chat.id, chat_participant.c.person_id == person_id


def tell(tx, name, entity, **data):
    """Emit an event of chats, which is not stored."""
    events.emit(tx, f"chat:{name}", data, project_id=entity.project_id, persist=False, names_project=False)
