"""Chats that a person takes part in. Rules: contract/rules/chats.md §2."""

import sqlalchemy as sa

from zou.chats.models import Chat, chat_participant
from zou.entities.models import Entity
from zou.entities.queries import naming
from zou.people.rules import reads_entity
from zou.platform.db.prepared import prepared
from zou.platform.db.projection import aggregate
from zou.platform.rules import as_sql
from zou.productions.models import Project
from zou.productions.queries.lists import named_open


@prepared
def joined(actor):
    """Select of one text: the chats of open productions that the actor takes part in and may still read, with what they are about."""
    last_message = sa.func.date_trunc(sa.literal_column("'second'"), Chat.last_message)
    rows = (
        sa.select(
            Chat.id, Chat.object_id, last_message.label("last_message"), naming.full_name().label("entity_name"), Entity.project_id,
            Entity.preview_file_id,
        )
        .join(chat_participant, chat_participant.c.chat_id == Chat.id)
        .join(Entity, Entity.id == Chat.object_id)
        .join(Project, Project.id == Entity.project_id)
        .where(chat_participant.c.person_id == actor.id, Project.project_status_id == named_open())
        .where(as_sql(reads_entity.clause(Entity, actor)))
    )  # fmt: skip
    return aggregate(rows)
