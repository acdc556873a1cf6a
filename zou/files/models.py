"""Working and output files, the software that makes them, and the register of stored objects."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zou.platform.db.base import Base, Row, project_of
from zou.platform.db.types import Choice

VALIDATION_STATUSES = {
    "validated": "Validated",
    "rejected": "Rejected",
    "neutral": "Neutral",
}

QUALITIES = {
    "low": "Low",
    "mid": "Mid",
    "high": "High",
}


class FileStatus(Row, Base):
    """A state that an output file can be in."""

    __tablename__ = "file_status"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    color: Mapped[str] = mapped_column(String(7))


class OutputType(Row, Base):
    """A kind of output, such as geometry or cache."""

    __tablename__ = "output_type"

    name: Mapped[str] = mapped_column(String(40), index=True, unique=True)
    short_name: Mapped[str] = mapped_column(String(20))


class Software(Row, Base):
    """A program that artists work with."""

    __tablename__ = "software"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    short_name: Mapped[str] = mapped_column(String(20))
    archived: Mapped[bool | None] = mapped_column(default=False)
    version: Mapped[str | None] = mapped_column(String(20))
    file_extension: Mapped[str] = mapped_column(String(20))
    secondary_extensions: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    monthly_cost: Mapped[int | None] = mapped_column(default=0)
    inventory_amount: Mapped[int | None] = mapped_column(default=0)


class SoftwareDepartmentLink(Row, Base):
    """A software that a department uses."""

    __tablename__ = "software_department_link"
    __table_args__ = (UniqueConstraint("department_id", "software_id", name="software_department_link_uc"),)

    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id"), primary_key=True, index=True)
    software_id: Mapped[UUID] = mapped_column(ForeignKey("software.id"), primary_key=True, index=True)


class WorkingFile(Row, Base):
    """A revision of a file that an artist works in."""

    __tablename__ = "working_file"
    __table_args__ = (UniqueConstraint("name", "task_id", "entity_id", "revision", name="working_file_uc"),)

    shotgun_id: Mapped[int | None] = mapped_column(index=True)
    name: Mapped[str | None] = mapped_column(String(250))
    description: Mapped[str | None] = mapped_column(Text())
    comment: Mapped[str | None] = mapped_column(Text())
    revision: Mapped[int | None]
    size: Mapped[int | None]
    checksum: Mapped[int | None]
    path: Mapped[str | None] = mapped_column(String(400))
    data: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"), index=True)
    entity_id: Mapped[UUID | None] = mapped_column(ForeignKey("entity.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    software_id: Mapped[UUID | None] = mapped_column(ForeignKey("software.id"), index=True)
    validation_status: Mapped[str] = mapped_column(Choice(VALIDATION_STATUSES), default="neutral", server_default="neutral")

    outputs: Mapped[list["OutputFile"]] = relationship(back_populates="source_file", passive_deletes="all")

    @classmethod
    def project_key(cls):
        return project_of(cls, "task", cls.task_id)


class OutputFile(Row, Base):
    """A published result, made from a working file."""

    __tablename__ = "output_file"
    __table_args__ = (
        UniqueConstraint(
            "name",
            "entity_id",
            "asset_instance_id",
            "output_type_id",
            "task_type_id",
            "temporal_entity_id",
            "representation",
            "revision",
            name="output_file_uc",
        ),
    )

    shotgun_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(250))
    canceled: Mapped[bool] = mapped_column(default=False)
    size: Mapped[int | None]
    checksum: Mapped[str | None] = mapped_column(String(32))
    description: Mapped[str | None] = mapped_column(Text())
    comment: Mapped[str | None] = mapped_column(Text())
    extension: Mapped[str | None] = mapped_column(String(10))
    revision: Mapped[int]
    representation: Mapped[str | None] = mapped_column(String(20), index=True)
    nb_elements: Mapped[int | None] = mapped_column(default=1)
    source: Mapped[str | None] = mapped_column(String(40))
    path: Mapped[str | None] = mapped_column(String(400))
    data: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    file_status_id: Mapped[UUID] = mapped_column(ForeignKey("file_status.id"), index=True)
    entity_id: Mapped[UUID | None] = mapped_column(ForeignKey("entity.id"), index=True)
    asset_instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("asset_instance.id"), index=True)
    output_type_id: Mapped[UUID | None] = mapped_column(ForeignKey("output_type.id"), index=True)
    task_type_id: Mapped[UUID | None] = mapped_column(ForeignKey("task_type.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    source_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("working_file.id"), index=True)
    temporal_entity_id: Mapped[UUID | None] = mapped_column(ForeignKey("entity.id"), index=True)
    quality: Mapped[str | None] = mapped_column(Choice(QUALITIES))

    source_file: Mapped["WorkingFile | None"] = relationship(back_populates="outputs")

    @classmethod
    def project_key(cls):
        return func.coalesce(project_of(cls, "entity", cls.entity_id), project_of(cls, "entity", cls.temporal_entity_id))


class StoredFile(Row, Base):
    """An object of the storage; see contract/rules/storage.md section 7."""

    __tablename__ = "stored_file"
    __table_args__ = (
        UniqueConstraint("bucket", "key", name="stored_file_uc"),
        Index("ix_stored_file_to_purge", "purge_forced", "deleted_at"),
    )

    bucket: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(255))
    prefix: Mapped[str] = mapped_column(String(40))
    file_id: Mapped[str] = mapped_column(String(200), index=True)
    size: Mapped[int | None] = mapped_column(BigInteger())
    deleted_at: Mapped[datetime | None]
    purge_forced: Mapped[bool] = mapped_column(default=False, server_default="false")
    purged_at: Mapped[datetime | None]
    purge_attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    last_error: Mapped[str | None] = mapped_column(Text())
    journal: Mapped[list[dict]] = mapped_column(JSONB(none_as_null=True), default=list, server_default="[]")
