"""The chat of an entity, and who takes part in it. Rules: contract/rules/chats.md."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from zou.chats.models import Chat, chat_participant
from zou.entities.models import Entity
from zou.platform import events


def of_entity(tx, entity_id):
    """The chat of an entity; made when there is none yet. Two who ask at once get the same one."""
    existing = sa.select(Chat).where(Chat.object_id == entity_id).order_by(Chat.created_at, Chat.id).limit(1)
    found = tx.scalar(existing)
    if found is None:
        tx.execute(sa.select(Entity.id).where(Entity.id == entity_id).with_for_update())
        found = tx.scalar(existing)
    if found is None:
        found = Chat(object_id=entity_id, object_type="entity")
        tx.add(found)
        tx.flush()
    return found


def join(tx, entity_id, person_id):
    """Make a person take part in the chat of an entity; returns the chat. Emits chat:joined, which is not stored."""
    chat = of_entity(tx, entity_id)
    tx.execute(insert(chat_participant).values(chat_id=chat.id, person_id=person_id).on_conflict_do_nothing())
    events.emit(tx, "chat:joined", {"chat_id": chat.id, "person_id": person_id}, persist=False)
    return chat


def leave(tx, entity_id, person_id):
    """Take a person out of the chat of an entity, in it or not. Emits chat:left, which is not stored."""
    chat = of_entity(tx, entity_id)
    link = chat_participant.c
    tx.execute(sa.delete(chat_participant).where(link.chat_id == chat.id, link.person_id == person_id))
    events.emit(tx, "chat:left", {"chat_id": chat.id, "person_id": person_id}, persist=False)
