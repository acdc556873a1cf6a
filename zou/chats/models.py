"""Conversations around entities."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Column, ForeignKey, String, Table, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zou.platform.db.base import Base, Row, project_of

if TYPE_CHECKING:
    from zou.comments.models import AttachmentFile
    from zou.people.models import Person

# Who takes part in which chat.
chat_participant = Table(
    "chat_participant",
    Base.metadata,
    Column("chat_id", Uuid(), ForeignKey("chat.id"), primary_key=True),
    Column("person_id", Uuid(), ForeignKey("person.id"), primary_key=True),
)


class Chat(Row, Base):
    """The conversation around an entity."""

    __tablename__ = "chat"

    object_id: Mapped[UUID] = mapped_column(index=True)
    object_type: Mapped[str] = mapped_column(String(80), index=True, default="entity")
    last_message: Mapped[datetime | None]

    participants: Mapped[list["Person"]] = relationship(secondary="chat_participant")

    @classmethod
    def project_key(cls):
        return project_of(cls, "entity", cls.object_id)


class ChatMessage(Row, Base):
    """A message of a chat."""

    __tablename__ = "chat_message"

    chat_id: Mapped[UUID] = mapped_column(ForeignKey("chat.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str | None] = mapped_column(Text())

    attachment_files: Mapped[list["AttachmentFile"]] = relationship(back_populates="chat_message", passive_deletes="all")

    @classmethod
    def project_key(cls):
        return project_of(cls, "entity", cls.chat_id, through=("chat", "object_id"))
