"""What a production uses: task types, statuses, asset types, automations, backgrounds, software."""

from uuid import UUID

from sqlalchemy import ARRAY, Column, ForeignKey, Table, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from zou.people.models import ROLES
from zou.platform.db.base import Base, Row
from zou.platform.db.types import Choice
from zou.productions.models.project import BOARD_ROLES

# Asset types that a production uses.
project_asset_type_link = Table(
    "project_asset_type_link",
    Base.metadata,
    Column("project_id", Uuid(), ForeignKey("project.id"), primary_key=True, index=True),
    Column("asset_type_id", Uuid(), ForeignKey("entity_type.id"), primary_key=True, index=True),
)


# Automations that a production uses.
project_status_automation_link = Table(
    "project_status_automation_link",
    Base.metadata,
    Column("project_id", Uuid(), ForeignKey("project.id"), primary_key=True, index=True),
    Column("status_automation_id", Uuid(), ForeignKey("status_automation.id"), primary_key=True, index=True),
)


# Preview backgrounds that a production uses.
project_preview_background_file_link = Table(
    "project_preview_background_file_link",
    Base.metadata,
    Column("project_id", Uuid(), ForeignKey("project.id"), primary_key=True, index=True),
    Column("preview_background_file_id", Uuid(), ForeignKey("preview_background_file.id"), primary_key=True, index=True),
)


class ProjectTaskTypeLink(Row, Base):
    """A task type that a production uses, with its settings there."""

    __tablename__ = "project_task_type_link"
    __table_args__ = (UniqueConstraint("project_id", "task_type_id", name="project_tasktype_uc"),)

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), primary_key=True, index=True)
    task_type_id: Mapped[UUID] = mapped_column(ForeignKey("task_type.id"), primary_key=True, index=True)
    priority: Mapped[int | None]
    hd_bitrate_compression: Mapped[int | None]
    ld_bitrate_compression: Mapped[int | None]
    is_client_visible: Mapped[bool | None] = mapped_column(default=True, server_default="true")

    @classmethod
    def project_key(cls):
        return cls.project_id


class ProjectTaskStatusLink(Row, Base):
    """A task status that a production uses, with its settings there."""

    __tablename__ = "project_task_status_link"
    __table_args__ = (UniqueConstraint("project_id", "task_status_id", name="project_taskstatus_uc"),)

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), primary_key=True, index=True)
    task_status_id: Mapped[UUID] = mapped_column(ForeignKey("task_status.id"), primary_key=True, index=True)
    priority: Mapped[int | None]
    roles_for_board: Mapped[list[str] | None] = mapped_column(ARRAY(Choice(ROLES)), default=lambda: list(BOARD_ROLES))
    is_client_allowed: Mapped[bool | None]

    @classmethod
    def project_key(cls):
        return cls.project_id


class ProjectTaskTypeSoftwareLink(Row, Base):
    """A software that a production uses for a task type."""

    __tablename__ = "project_task_type_software_link"
    __table_args__ = (UniqueConstraint("project_id", "task_type_id", "software_id", name="project_task_type_software_uc"),)

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True, index=True)
    task_type_id: Mapped[UUID] = mapped_column(ForeignKey("task_type.id", ondelete="CASCADE"), primary_key=True, index=True)
    software_id: Mapped[UUID] = mapped_column(ForeignKey("software.id", ondelete="CASCADE"), primary_key=True, index=True)

    @classmethod
    def project_key(cls):
        return cls.project_id
