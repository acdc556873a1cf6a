"""Entities of every kind, their links, versions and instances."""

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zou.platform.db.base import Base, Row, project_of
from zou.platform.db.types import Choice

if TYPE_CHECKING:
    from zou.tasks.models import TaskType

ENTITY_STATUSES = {
    "standby": "Stand By",
    "running": "Running",
    "complete": "Complete",
    "canceled": "Canceled",
}


# Task types that an asset type's assets get; none means all.
task_type_asset_type_link = Table(
    "task_type_asset_type_link",
    Base.metadata,
    Column("asset_type_id", Uuid(), ForeignKey("entity_type.id"), primary_key=True, index=True),
    Column("task_type_id", Uuid(), ForeignKey("task_type.id"), primary_key=True, index=True),
    UniqueConstraint("asset_type_id", "task_type_id", name="task_type_asset_type_link_uc"),
)


class EntityType(Row, Base):
    """A kind of entity: Shot, Sequence..., or a type of asset."""

    __tablename__ = "entity_type"

    name: Mapped[str] = mapped_column(String(30), index=True, unique=True)
    short_name: Mapped[str | None] = mapped_column(String(20))
    description: Mapped[str | None] = mapped_column(Text())
    archived: Mapped[bool | None] = mapped_column(default=False)

    task_types: Mapped[list["TaskType"]] = relationship(secondary="task_type_asset_type_link")


class EntityLink(Row, Base):
    """A casting link: `entity_in` uses `entity_out`."""

    __tablename__ = "entity_link"
    __table_args__ = (UniqueConstraint("entity_in_id", "entity_out_id", name="entity_link_uc"),)

    entity_in_id: Mapped[UUID] = mapped_column(ForeignKey("entity.id"), primary_key=True, index=True)
    entity_out_id: Mapped[UUID] = mapped_column(ForeignKey("entity.id"), primary_key=True, index=True)
    data: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    nb_occurences: Mapped[int | None] = mapped_column(default=1)
    label: Mapped[str | None] = mapped_column(String(80), default="")

    @classmethod
    def project_key(cls):
        return project_of(cls, "entity", cls.entity_in_id)


class EntityConceptLink(Row, Base):
    """A concept (`entity_in`) and an entity it is about (`entity_out`)."""

    __tablename__ = "entity_concept_link"

    entity_in_id: Mapped[UUID] = mapped_column(ForeignKey("entity.id"), primary_key=True)
    entity_out_id: Mapped[UUID] = mapped_column(ForeignKey("entity.id"), primary_key=True)

    @classmethod
    def project_key(cls):
        return project_of(cls, "entity", cls.entity_in_id)


# Asset instances cast in an entity (a shot).
asset_instance_link = Table(
    "asset_instance_link",
    Base.metadata,
    Column("entity_id", Uuid(), ForeignKey("entity.id"), primary_key=True),
    Column("asset_instance_id", Uuid(), ForeignKey("asset_instance.id"), primary_key=True),
)


class Entity(Row, Base):
    """Anything that tasks are done on: asset, shot, sequence, episode, scene, edit, concept."""

    __tablename__ = "entity"
    __table_args__ = (
        UniqueConstraint("name", "project_id", "entity_type_id", "parent_id", name="entity_uc"),
        Index("ix_entity_entity_type_parent", "entity_type_id", "parent_id"),
        Index("ix_entity_entity_type_project", "entity_type_id", "project_id"),
        Index("ix_entity_project_type_status", "project_id", "entity_type_id", "status"),
    )

    name: Mapped[str] = mapped_column(String(160))
    code: Mapped[str | None] = mapped_column(String(160))
    description: Mapped[str | None] = mapped_column(Text())
    shotgun_id: Mapped[int | None]
    canceled: Mapped[bool | None] = mapped_column(default=False)
    nb_frames: Mapped[int | None]
    nb_entities_out: Mapped[int | None] = mapped_column(default=0)
    is_casting_standby: Mapped[bool | None] = mapped_column(default=False)
    is_shared: Mapped[bool] = mapped_column(default=False, server_default="false")
    status: Mapped[str] = mapped_column(Choice(ENTITY_STATUSES), index=True, default="running")
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    entity_type_id: Mapped[UUID] = mapped_column(ForeignKey("entity_type.id"), index=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("entity.id"), index=True)
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("entity.id"), index=True)
    preview_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("preview_file.id", use_alter=True, name="entity_preview_file_id_fkey"))
    data: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    ready_for: Mapped[UUID | None] = mapped_column(ForeignKey("task_type.id"))
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)

    entities_out: Mapped[list["Entity"]] = relationship(
        secondary="entity_link",
        primaryjoin="Entity.id == EntityLink.entity_in_id",
        secondaryjoin="Entity.id == EntityLink.entity_out_id",
        back_populates="entities_in",
    )
    entity_concept_links: Mapped[list["Entity"]] = relationship(
        secondary="entity_concept_link",
        primaryjoin="Entity.id == EntityConceptLink.entity_in_id",
        secondaryjoin="Entity.id == EntityConceptLink.entity_out_id",
    )
    instance_casting: Mapped[list["AssetInstance"]] = relationship(secondary="asset_instance_link", back_populates="shots")
    entities_in: Mapped[list["Entity"]] = relationship(
        secondary="entity_link",
        primaryjoin="Entity.id == EntityLink.entity_out_id",
        secondaryjoin="Entity.id == EntityLink.entity_in_id",
        back_populates="entities_out",
    )

    @classmethod
    def project_key(cls):
        return cls.project_id

    @classmethod
    def entity_key(cls):
        return cls.id


class EntityVersion(Row, Base):
    """An earlier state of a shot's or edit's data."""

    __tablename__ = "entity_version"

    name: Mapped[str] = mapped_column(String(160))
    data: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    entity_id: Mapped[UUID | None] = mapped_column(ForeignKey("entity.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)

    @classmethod
    def project_key(cls):
        return project_of(cls, "entity", cls.entity_id)


class AssetInstance(Row, Base):
    """One occurrence of an asset in a scene or in another asset."""

    __tablename__ = "asset_instance"
    __table_args__ = (UniqueConstraint("asset_id", "target_asset_id", "scene_id", "number", name="asset_instance_uc"),)

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("entity.id"), index=True)
    name: Mapped[str | None] = mapped_column(String(80))
    number: Mapped[int | None]
    description: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool | None] = mapped_column(default=True)
    data: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    scene_id: Mapped[UUID | None] = mapped_column(ForeignKey("entity.id"), index=True)
    target_asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("entity.id"), index=True)
    entity_id: Mapped[UUID | None] = mapped_column(ForeignKey("entity.id"), index=True)
    entity_type_id: Mapped[UUID | None] = mapped_column(ForeignKey("entity_type.id"), index=True)

    shots: Mapped[list["Entity"]] = relationship(secondary="asset_instance_link", back_populates="instance_casting")

    @classmethod
    def project_key(cls):
        return project_of(cls, "entity", cls.asset_id)

    @classmethod
    def entity_key(cls):
        return cls.asset_id
