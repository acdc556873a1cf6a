"""Tasks, their types and statuses, and what follows from a status."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zou.platform.db.base import Base, Row
from zou.platform.db.types import Choice

if TYPE_CHECKING:
    from zou.people.models import Person

OUT_FIELD_TYPES = {
    "status": "Status",
    "ready_for": "Ready for",
}


class TaskType(Row, Base):
    """A step of the pipeline, for one kind of entity."""

    __tablename__ = "task_type"
    __table_args__ = (UniqueConstraint("name", "for_entity", "department_id", name="task_type_uc"),)

    name: Mapped[str] = mapped_column(String(40))
    short_name: Mapped[str | None] = mapped_column(String(20))
    description: Mapped[str | None] = mapped_column(Text())
    color: Mapped[str | None] = mapped_column(String(7), default="#FFFFFF")
    priority: Mapped[int | None] = mapped_column(default=1)
    for_entity: Mapped[str | None] = mapped_column(String(30), default="Asset")
    allow_timelog: Mapped[bool | None] = mapped_column(default=True)
    archived: Mapped[bool | None] = mapped_column(default=False)
    shotgun_id: Mapped[int | None] = mapped_column(index=True)
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("department.id"), index=True)


class TaskStatus(Row, Base):
    """A state that a task can be in."""

    __tablename__ = "task_status"

    name: Mapped[str] = mapped_column(String(40))
    archived: Mapped[bool | None] = mapped_column(default=False)
    short_name: Mapped[str] = mapped_column(String(10), index=True, unique=True)
    description: Mapped[str | None] = mapped_column(Text())
    color: Mapped[str] = mapped_column(String(7))
    priority: Mapped[int | None] = mapped_column(default=1)
    is_done: Mapped[bool | None] = mapped_column(index=True, default=False)
    is_artist_allowed: Mapped[bool | None] = mapped_column(default=True)
    is_client_allowed: Mapped[bool | None] = mapped_column(default=True)
    is_retake: Mapped[bool | None] = mapped_column(default=False)
    is_feedback_request: Mapped[bool | None] = mapped_column(index=True, default=False)
    is_default: Mapped[bool | None] = mapped_column(index=True, default=False)
    is_wip: Mapped[bool | None] = mapped_column(index=True, default=False)
    shotgun_id: Mapped[int | None]
    for_concept: Mapped[bool | None] = mapped_column(default=False, server_default="false")


# Who is assigned to which task.
task_person_link = Table(
    "task_person_link",
    Base.metadata,
    Column("task_id", Uuid(), ForeignKey("task.id"), primary_key=True),
    Column("person_id", Uuid(), ForeignKey("person.id"), primary_key=True, index=True),
)


class Task(Row, Base):
    """A piece of work on an entity."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("name", "project_id", "task_type_id", "entity_id", name="task_uc"),
        CheckConstraint("difficulty > 0 AND difficulty < 6", name="check_difficulty"),
        Index("ix_task_entity_project", "entity_id", "project_id"),
    )

    name: Mapped[str] = mapped_column(String(80))
    description: Mapped[str | None] = mapped_column(Text())
    priority: Mapped[int | None] = mapped_column(default=0)
    difficulty: Mapped[int] = mapped_column(default=3, server_default="3")
    duration: Mapped[float | None] = mapped_column(default=0)
    estimation: Mapped[float | None] = mapped_column(default=0)
    completion_rate: Mapped[int | None] = mapped_column(default=0)
    retake_count: Mapped[int | None] = mapped_column(default=0)
    sort_order: Mapped[int | None] = mapped_column(default=0)
    start_date: Mapped[datetime | None]
    due_date: Mapped[datetime | None]
    real_start_date: Mapped[datetime | None]
    end_date: Mapped[datetime | None]
    done_date: Mapped[datetime | None]
    last_comment_date: Mapped[datetime | None]
    nb_assets_ready: Mapped[int | None] = mapped_column(default=0)
    data: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    nb_drawings: Mapped[int | None] = mapped_column(default=0)
    shotgun_id: Mapped[int | None]
    last_preview_file_id: Mapped[UUID | None]
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("project.id"), index=True)
    task_type_id: Mapped[UUID | None] = mapped_column(ForeignKey("task_type.id"), index=True)
    task_status_id: Mapped[UUID | None] = mapped_column(ForeignKey("task_status.id"), index=True)
    entity_id: Mapped[UUID | None] = mapped_column(ForeignKey("entity.id"), index=True)
    assigner_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)

    assignees: Mapped[list["Person"]] = relationship(secondary="task_person_link")

    @classmethod
    def project_key(cls):
        return cls.project_id

    @classmethod
    def task_key(cls):
        return cls.id


class StatusAutomation(Row, Base):
    """What happens when a task takes a status."""

    __tablename__ = "status_automation"

    entity_type: Mapped[str | None] = mapped_column(String(40), default="asset")
    in_task_type_id: Mapped[UUID | None] = mapped_column(ForeignKey("task_type.id"), index=True)
    in_task_status_id: Mapped[UUID | None] = mapped_column(ForeignKey("task_status.id"), index=True)
    out_field_type: Mapped[str] = mapped_column(Choice(OUT_FIELD_TYPES), default="status")
    out_task_type_id: Mapped[UUID | None] = mapped_column(ForeignKey("task_type.id"), index=True)
    out_task_status_id: Mapped[UUID | None] = mapped_column(ForeignKey("task_status.id"), index=True)
    import_last_revision: Mapped[bool | None] = mapped_column(default=False, server_default="false")
    archived: Mapped[bool | None] = mapped_column(default=False)


class CustomAction(Row, Base):
    """A link to an outside tool that the web client offers."""

    __tablename__ = "custom_action"

    name: Mapped[str] = mapped_column(String(80))
    url: Mapped[str | None] = mapped_column(String(400))
    entity_type: Mapped[str | None] = mapped_column(String(40), default="all")
    is_ajax: Mapped[bool | None] = mapped_column(default=False)
