"""Playlists, their builds and the links that share them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zou.platform.db.base import Base, Row, project_of
from zou.platform.db.types import Choice

BUILD_STATUSES = {
    "running": "Running",
    "failed": "Failed",
    "succeeded": "Succeeded",
}

BUILD_TYPES = {
    "archive": "Archive",
    "movie": "Movie",
}


class Playlist(Row, Base):
    """A list of previews to review together."""

    __tablename__ = "playlist"
    __table_args__ = (UniqueConstraint("name", "project_id", "episode_id", name="playlist_uc"),)

    name: Mapped[str] = mapped_column(String(80))
    shots: Mapped[list[dict] | None] = mapped_column(JSONB(none_as_null=True))
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("project.id"), index=True)
    episode_id: Mapped[UUID | None] = mapped_column(ForeignKey("entity.id"), index=True)
    task_type_id: Mapped[UUID | None] = mapped_column(ForeignKey("task_type.id"), index=True)
    for_client: Mapped[bool | None] = mapped_column(index=True, default=False)
    for_entity: Mapped[str | None] = mapped_column(String(10), index=True, default="shot")
    is_for_all: Mapped[bool | None] = mapped_column(default=False)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)

    build_jobs: Mapped[list["BuildJob"]] = relationship(passive_deletes="all")

    @classmethod
    def project_key(cls):
        return cls.project_id


class BuildJob(Row, Base):
    """The making of one movie or archive out of a playlist."""

    __tablename__ = "build_job"

    status: Mapped[str] = mapped_column(Choice(BUILD_STATUSES), default="running")
    job_type: Mapped[str] = mapped_column(Choice(BUILD_TYPES), default="movie")
    ended_at: Mapped[datetime | None]
    playlist_id: Mapped[UUID] = mapped_column(ForeignKey("playlist.id"), index=True)
    message: Mapped[str | None] = mapped_column(Text())

    @classmethod
    def project_key(cls):
        return project_of(cls, "playlist", cls.playlist_id)


class PlaylistShareLink(Row, Base):
    """Lets people without account review a playlist; `password` is a hash."""

    __tablename__ = "playlist_share_link"
    __table_args__ = (Index("ix_playlist_share_link_playlist_active", "playlist_id", "is_active"),)

    token: Mapped[str] = mapped_column(String(64), index=True, unique=True)
    playlist_id: Mapped[UUID] = mapped_column(ForeignKey("playlist.id"), index=True)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    expiration_date: Mapped[datetime | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    can_comment: Mapped[bool] = mapped_column(default=True)
    password: Mapped[str | None] = mapped_column(String(255))

    @classmethod
    def project_key(cls):
        return project_of(cls, "playlist", cls.playlist_id)
