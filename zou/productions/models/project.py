"""A production, its status and its team."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zou.people.models import ROLES
from zou.platform.db.base import Base, Row
from zou.platform.db.types import Choice

if TYPE_CHECKING:
    from zou.entities.models import EntityType
    from zou.people.models import Person
    from zou.previews.models import PreviewBackgroundFile
    from zou.tasks.models import StatusAutomation, TaskStatus, TaskType

PRODUCTION_STYLES = {
    "2d": "2D Animation",
    "2dpaper": "2D Animation (Paper)",
    "3d": "3D Animation",
    "2d3d": "2D/3D Animation",
    "ar": "Augmented Reality",
    "vfx": "VFX",
    "stop-motion": "Stop Motion",
    "motion-design": "Motion Design",
    "archviz": "Archviz",
    "commercial": "Commercial",
    "catalog": "Catalog",
    "immersive": "Immersive Experience",
    "nft": "NFT Collection",
    "video-game": "Video Game",
    "vr": "Virtual Reality",
}

# Who sees the board column of a status, unless the production says otherwise.
BOARD_ROLES = ("user", "admin", "supervisor", "manager", "vendor")


class ProjectStatus(Row, Base):
    """Whether a production is open or closed."""

    __tablename__ = "project_status"

    name: Mapped[str] = mapped_column(String(20), index=True, unique=True)
    color: Mapped[str] = mapped_column(String(7))


class ProjectPersonLink(Base):
    """A member of a production's team; a role here outranks the global one on this production."""

    __tablename__ = "project_person_link"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), primary_key=True, index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    shotgun_id: Mapped[int | None]
    role: Mapped[str | None] = mapped_column(Choice(ROLES))

    @classmethod
    def project_key(cls):
        return cls.project_id


class Project(Row, Base):
    """A production: a film, a series, a game."""

    __tablename__ = "project"

    name: Mapped[str] = mapped_column(String(80), index=True, unique=True)
    code: Mapped[str | None] = mapped_column(String(80))
    description: Mapped[str | None] = mapped_column(Text())
    shotgun_id: Mapped[int | None]
    file_tree: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    data: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    has_avatar: Mapped[bool | None] = mapped_column(default=False)
    fps: Mapped[str | None] = mapped_column(String(10), default="25")
    ratio: Mapped[str | None] = mapped_column(String(10), default="16:9")
    resolution: Mapped[str | None] = mapped_column(String(12), default="1920x1080")
    production_type: Mapped[str | None] = mapped_column(String(20), default="short")
    production_style: Mapped[str] = mapped_column(Choice(PRODUCTION_STYLES), default="2d3d")
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]
    man_days: Mapped[int | None]
    nb_episodes: Mapped[int | None] = mapped_column(default=0)
    episode_span: Mapped[int | None] = mapped_column(default=0)
    max_retakes: Mapped[int | None] = mapped_column(default=0)
    is_clients_isolated: Mapped[bool | None] = mapped_column(default=False)
    is_preview_download_allowed: Mapped[bool | None] = mapped_column(default=False)
    is_set_preview_automated: Mapped[bool | None] = mapped_column(default=False)
    homepage: Mapped[str | None] = mapped_column(String(80), default="assets")
    is_publish_default_for_artists: Mapped[bool | None] = mapped_column(default=False)
    hd_bitrate_compression: Mapped[int | None]
    ld_bitrate_compression: Mapped[int | None]
    project_status_id: Mapped[UUID | None] = mapped_column(ForeignKey("project_status.id"), index=True)
    default_preview_background_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("preview_background_file.id"), index=True)
    from_schedule_version_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("production_schedule_version.id", ondelete="SET NULL", use_alter=True, name="project_from_schedule_version_id_fkey"),
        index=True,
    )
    is_bot_collaboration_enabled: Mapped[bool | None] = mapped_column(default=False, server_default="false")
    is_single_preview_per_revision: Mapped[bool | None] = mapped_column(default=False, server_default="false")
    revision_padding: Mapped[int] = mapped_column(default=0, server_default="0")
    is_frame_in_numbering: Mapped[bool | None] = mapped_column(default=False, server_default="false")
    is_client_stats_visible: Mapped[bool | None] = mapped_column(default=True, server_default="true")
    is_client_task_list_visible: Mapped[bool | None] = mapped_column(default=True, server_default="true")
    is_client_task_panel_visible: Mapped[bool | None] = mapped_column(default=True, server_default="true")

    team: Mapped[list["Person"]] = relationship(secondary="project_person_link")
    asset_types: Mapped[list["EntityType"]] = relationship(secondary="project_asset_type_link")
    task_statuses: Mapped[list["TaskStatus"]] = relationship(secondary="project_task_status_link")
    task_types: Mapped[list["TaskType"]] = relationship(secondary="project_task_type_link")
    status_automations: Mapped[list["StatusAutomation"]] = relationship(secondary="project_status_automation_link")
    preview_background_files: Mapped[list["PreviewBackgroundFile"]] = relationship(secondary="project_preview_background_file_link")

    @classmethod
    def project_key(cls):
        return cls.id
