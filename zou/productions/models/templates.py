"""Templates that new productions are made from."""

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, Column, ForeignKey, String, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zou.people.models import ROLES
from zou.platform.db.base import Base, Row
from zou.platform.db.types import Choice
from zou.productions.models.project import BOARD_ROLES, PRODUCTION_STYLES

if TYPE_CHECKING:
    from zou.entities.models import EntityType
    from zou.previews.models import PreviewBackgroundFile
    from zou.tasks.models import StatusAutomation, TaskStatus, TaskType

# Asset types of a template.
project_template_asset_type_link = Table(
    "project_template_asset_type_link",
    Base.metadata,
    Column("project_template_id", Uuid(), ForeignKey("project_template.id"), primary_key=True, index=True),
    Column("asset_type_id", Uuid(), ForeignKey("entity_type.id"), primary_key=True, index=True),
)


# Automations of a template.
project_template_status_automation_link = Table(
    "project_template_status_automation_link",
    Base.metadata,
    Column("project_template_id", Uuid(), ForeignKey("project_template.id"), primary_key=True, index=True),
    Column("status_automation_id", Uuid(), ForeignKey("status_automation.id"), primary_key=True, index=True),
)


# Preview backgrounds of a template.
project_template_preview_background_file_link = Table(
    "project_template_preview_background_file_link",
    Base.metadata,
    Column("project_template_id", Uuid(), ForeignKey("project_template.id"), primary_key=True, index=True),
    Column("preview_background_file_id", Uuid(), ForeignKey("preview_background_file.id"), primary_key=True, index=True),
)


class ProjectTemplateTaskTypeLink(Row, Base):
    """A task type of a template, with the settings a new production takes over."""

    __tablename__ = "project_template_task_type_link"
    __table_args__ = (UniqueConstraint("project_template_id", "task_type_id", name="project_template_tasktype_uc"),)

    project_template_id: Mapped[UUID] = mapped_column(ForeignKey("project_template.id"), primary_key=True, index=True)
    task_type_id: Mapped[UUID] = mapped_column(ForeignKey("task_type.id"), primary_key=True, index=True)
    priority: Mapped[int | None]
    id: Mapped[UUID] = mapped_column(default=uuid4)
    hd_bitrate_compression: Mapped[int | None]
    ld_bitrate_compression: Mapped[int | None]
    is_client_visible: Mapped[bool | None] = mapped_column(default=True, server_default="true")


class ProjectTemplateTaskStatusLink(Row, Base):
    """A task status of a template, with the settings a new production takes over."""

    __tablename__ = "project_template_task_status_link"
    __table_args__ = (UniqueConstraint("project_template_id", "task_status_id", name="project_template_taskstatus_uc"),)

    project_template_id: Mapped[UUID] = mapped_column(ForeignKey("project_template.id"), primary_key=True, index=True)
    task_status_id: Mapped[UUID] = mapped_column(ForeignKey("task_status.id"), primary_key=True, index=True)
    priority: Mapped[int | None]
    roles_for_board: Mapped[list[str] | None] = mapped_column(ARRAY(Choice(ROLES)), default=lambda: list(BOARD_ROLES))
    id: Mapped[UUID] = mapped_column(default=uuid4)
    is_client_allowed: Mapped[bool | None]


class ProjectTemplate(Row, Base):
    """Settings from which new productions are made."""

    __tablename__ = "project_template"

    name: Mapped[str] = mapped_column(String(80), index=True, unique=True)
    description: Mapped[str | None] = mapped_column(Text())
    fps: Mapped[str | None] = mapped_column(String(10), default="25")
    ratio: Mapped[str | None] = mapped_column(String(10), default="16:9")
    resolution: Mapped[str | None] = mapped_column(String(12), default="1920x1080")
    production_type: Mapped[str | None] = mapped_column(String(20), default="short")
    production_style: Mapped[str] = mapped_column(Choice(PRODUCTION_STYLES), default="2d3d")
    max_retakes: Mapped[int | None] = mapped_column(default=0)
    is_clients_isolated: Mapped[bool | None] = mapped_column(default=False)
    is_preview_download_allowed: Mapped[bool | None] = mapped_column(default=False)
    is_set_preview_automated: Mapped[bool | None] = mapped_column(default=False)
    is_publish_default_for_artists: Mapped[bool | None] = mapped_column(default=False)
    homepage: Mapped[str | None] = mapped_column(String(80), default="assets")
    hd_bitrate_compression: Mapped[int | None]
    ld_bitrate_compression: Mapped[int | None]
    file_tree: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    data: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    metadata_descriptors: Mapped[list[dict] | None] = mapped_column(JSONB(none_as_null=True), default=list)
    default_preview_background_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("preview_background_file.id"), index=True)
    is_single_preview_per_revision: Mapped[bool | None] = mapped_column(default=False, server_default="false")
    revision_padding: Mapped[int] = mapped_column(default=0, server_default="0")
    is_frame_in_numbering: Mapped[bool | None] = mapped_column(default=False, server_default="false")
    is_client_stats_visible: Mapped[bool | None] = mapped_column(default=True, server_default="true")
    is_client_task_list_visible: Mapped[bool | None] = mapped_column(default=True, server_default="true")
    is_client_task_panel_visible: Mapped[bool | None] = mapped_column(default=True, server_default="true")

    task_types: Mapped[list["TaskType"]] = relationship(secondary="project_template_task_type_link")
    task_statuses: Mapped[list["TaskStatus"]] = relationship(secondary="project_template_task_status_link")
    asset_types: Mapped[list["EntityType"]] = relationship(secondary="project_template_asset_type_link")
    status_automations: Mapped[list["StatusAutomation"]] = relationship(secondary="project_template_status_automation_link")
    preview_background_files: Mapped[list["PreviewBackgroundFile"]] = relationship(
        secondary="project_template_preview_background_file_link"
    )
