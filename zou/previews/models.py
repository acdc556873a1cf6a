"""Preview files and their backgrounds."""

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zou.files.models import VALIDATION_STATUSES
from zou.platform.db.base import Base, Row, project_of
from zou.platform.db.types import Choice

if TYPE_CHECKING:
    from zou.comments.models import Comment

PREVIEW_STATUSES = {
    "processing": "Processing",
    "ready": "Ready",
    "broken": "Broken",
    "missing": "Missing",
}

STORAGE_STATES = {
    "ok": "Ok",
    "missing": "Missing",
    "failed": "Failed",
}


class PreviewFile(Row, Base):
    """A picture, movie or document that shows a revision of a task."""

    __tablename__ = "preview_file"
    __table_args__ = (UniqueConstraint("name", "task_id", "revision", name="preview_uc"),)

    name: Mapped[str | None] = mapped_column(String(250))
    original_name: Mapped[str | None] = mapped_column(String(250))
    revision: Mapped[int | None] = mapped_column(default=1)
    position: Mapped[int | None] = mapped_column(default=1)
    extension: Mapped[str | None] = mapped_column(String(6))
    description: Mapped[str | None] = mapped_column(Text())
    path: Mapped[str | None] = mapped_column(String(400))
    source: Mapped[str | None] = mapped_column(String(40))
    file_size: Mapped[int | None] = mapped_column(BigInteger(), default=0)
    status: Mapped[str] = mapped_column(Choice(PREVIEW_STATUSES), default="processing")
    validation_status: Mapped[str] = mapped_column(Choice(VALIDATION_STATUSES), default="neutral")
    annotations: Mapped[list[dict] | None] = mapped_column(JSONB(none_as_null=True))
    width: Mapped[int | None] = mapped_column(default=0)
    height: Mapped[int | None] = mapped_column(default=0)
    duration: Mapped[float | None] = mapped_column(default=0)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    source_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("output_file.id"), index=True)
    shotgun_id: Mapped[int | None] = mapped_column(unique=True)
    is_movie: Mapped[bool | None] = mapped_column(default=False)
    url: Mapped[str | None] = mapped_column(String(600))
    uploaded_movie_url: Mapped[str | None] = mapped_column(String(600))
    uploaded_movie_name: Mapped[str | None] = mapped_column(String(150))
    data: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    token_in: Mapped[int | None]
    token_out: Mapped[int | None]

    comments: Mapped[list["Comment"]] = relationship(secondary="comment_preview_link", back_populates="previews")

    @classmethod
    def project_key(cls):
        return project_of(cls, "task", cls.task_id)


class PreviewBackgroundFile(Row, Base):
    """An environment picture behind 3D previews."""

    __tablename__ = "preview_background_file"

    name: Mapped[str] = mapped_column(String(40))
    archived: Mapped[bool | None] = mapped_column(default=False)
    is_default: Mapped[bool | None] = mapped_column(index=True, default=False)
    original_name: Mapped[str | None] = mapped_column(String(250))
    extension: Mapped[str | None] = mapped_column(String(6))
    file_size: Mapped[int | None] = mapped_column(BigInteger(), default=0)


class PreviewFileStorageState(Row, Base):
    """What the storage answered when it was asked for a file of a preview."""

    __tablename__ = "preview_file_storage_state"
    __table_args__ = (
        UniqueConstraint("preview_file_id", "bucket", "prefix", name="preview_file_storage_state_uc"),
        Index("ix_preview_file_storage_state_bucket_prefix_state", "bucket", "prefix", "state"),
    )

    preview_file_id: Mapped[UUID] = mapped_column(ForeignKey("preview_file.id", ondelete="CASCADE"), index=True)
    bucket: Mapped[str] = mapped_column(String(20))
    prefix: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(Choice(STORAGE_STATES))

    @classmethod
    def project_key(cls):
        return project_of(cls, "task", cls.preview_file_id, through=("preview_file", "task_id"))
