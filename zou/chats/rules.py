"""Who hears of chats: who reaches the entity that they are about. Rules: contract/rules/chats.md."""

import sqlalchemy as sa

from zou.chats.models import Chat
from zou.people.rules import is_vendor_of, member, table, works_on
from zou.platform.rules import either, negated, rule


def entity_of(message):
    """Scalar subquery: the entity of the chat of a message."""
    chat = table("chat").alias("place")
    return sa.select(chat.c.object_id).where(chat.c.id == message.chat_id).correlate(message).scalar_subquery()


@rule
def reaches_by_chat(source, actor):
    """not a vendor on the production, or assigned to a task of the entity"""
    entity_id = source.object_id if source is Chat else entity_of(source)
    return either(negated(is_vendor_of.clause(source, actor)), lambda: works_on(entity_id, actor))


hears_chat = member & reaches_by_chat
