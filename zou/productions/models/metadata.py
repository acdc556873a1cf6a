"""Custom columns of a production."""

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, String, Table, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zou.platform.db.base import Base, Row
from zou.platform.db.types import Choice

if TYPE_CHECKING:
    from zou.people.models import Department

DATA_TYPES = {
    "string": "String",
    "number": "Number",
    "list": "List",
    "taglist": "Taglist",
    "boolean": "Boolean",
    "checklist": "Checklist",
    "date": "Date",
    "url": "URL",
    "textarea": "Textarea",
    "person": "Person",
}

KINDS = ("Asset", "Shot", "Edit", "Episode", "Sequence", "Project", "Task")
"""What a custom column describes."""

TEMPORAL_KINDS = ("Shot", "Sequence", "Episode", "Scene", "Edit", "Concept", "ConceptFolder")
"""The entity types that are looked up by name (contract/rules/entities.md §1); every other one is a type of asset."""


# Departments that a metadata descriptor is meant for.
department_metadata_descriptor_link = Table(
    "department_metadata_descriptor_link",
    Base.metadata,
    Column("metadata_descriptor_id", Uuid(), ForeignKey("metadata_descriptor.id"), primary_key=True, index=True),
    Column("department_id", Uuid(), ForeignKey("department.id"), primary_key=True, index=True),
    UniqueConstraint("metadata_descriptor_id", "department_id", name="department_metadata_descriptor_link_uc"),
)


class MetadataDescriptor(Row, Base):
    """A custom column of a production; its values live in the `data` of the described rows."""

    __tablename__ = "metadata_descriptor"
    __table_args__ = (
        Index(
            "metadata_descriptor_task_type_uc",
            "project_id",
            "entity_type",
            "task_type_id",
            "name",
            unique=True,
            postgresql_where=text("task_type_id IS NOT NULL"),
        ),
        Index(
            "metadata_descriptor_task_type_uc2",
            "project_id",
            "entity_type",
            "task_type_id",
            "field_name",
            unique=True,
            postgresql_where=text("task_type_id IS NOT NULL"),
        ),
        Index("metadata_descriptor_uc", "project_id", "entity_type", "name", unique=True, postgresql_where=text("task_type_id IS NULL")),
        Index(
            "metadata_descriptor_uc2", "project_id", "entity_type", "field_name", unique=True, postgresql_where=text("task_type_id IS NULL")
        ),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    entity_type: Mapped[str] = mapped_column(String(60), index=True)
    name: Mapped[str] = mapped_column(String(120))
    data_type: Mapped[str | None] = mapped_column(Choice(DATA_TYPES))
    field_name: Mapped[str] = mapped_column(String(120))
    choices: Mapped[list | None] = mapped_column(JSONB(none_as_null=True))
    for_client: Mapped[bool | None] = mapped_column(index=True, default=False)
    position: Mapped[int | None]
    task_type_id: Mapped[UUID | None] = mapped_column(ForeignKey("task_type.id"), index=True)

    departments: Mapped[list["Department"]] = relationship(secondary="department_metadata_descriptor_link")

    @classmethod
    def project_key(cls):
        return cls.project_id
