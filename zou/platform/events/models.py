"""The log of events, which is also the outbox."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from zou.platform.db.base import Base, Row


class ApiEvent(Row, Base):
    """Something that happened, kept for listing and for the event stream."""

    __tablename__ = "api_event"
    __table_args__ = (
        Index("ix_api_event_created_at", "created_at"),
        Index("ix_api_event_project_id_created_at", "project_id", "created_at"),
    )

    name: Mapped[str] = mapped_column(String(80), index=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("project.id"), index=True)
    data: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))

    @classmethod
    def project_key(cls):
        return cls.project_id
