"""What every model shares: the registry, the columns `id`, `created_at`, `updated_at`, and the way to its production."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, Double, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

from zou.platform.db.types import utcnow


class Base(DeclarativeBase):
    """Base of all models; its metadata is exactly the contract's schema `public`."""

    registry = registry(type_annotation_map={float: Double()})

    def __repr__(self):
        return f"<{type(self).__name__} {getattr(self, 'id', '')}>"


@event.listens_for(Base, "instrument_class", propagate=True)
def store_explicit_nulls(mapper, cls):
    """Let a default fill absent keys only: an explicit None is stored as NULL (contract/rules/crud.md).

    SQLAlchemy alone would apply the default to both. Columns of JSON keep the default for None.
    """
    for column in mapper.local_table.columns:
        if column.default is not None and not column.primary_key and not isinstance(column.type, JSON):
            column.type = column.type.evaluates_none()


class Row:
    """The columns that nearly every table has; they come after a model's own."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4, sort_order=100)
    created_at: Mapped[datetime | None] = mapped_column(default=utcnow, sort_order=101)
    updated_at: Mapped[datetime | None] = mapped_column(default=utcnow, onupdate=utcnow, sort_order=102)

    @classmethod
    def task_key(cls):
        """The id of the row's task."""
        return cls.task_id

    @classmethod
    def entity_key(cls):
        """The id of the row's entity: its own, or that of its task."""
        return cls.entity_id if hasattr(cls, "entity_id") else of_task(cls, "entity_id")

    @classmethod
    def task_type_key(cls):
        """The id of the row's task type: its own, or that of its task."""
        return cls.task_type_id if hasattr(cls, "task_type_id") else of_task(cls, "task_type_id")


def of_task(cls, column):
    """Scalar subquery: a column of the task that a row of the model (or alias) `cls` belongs to."""
    task = Base.metadata.tables["task"].alias()
    return select(task.c[column]).where(task.c.id == cls.task_key()).correlate(cls).scalar_subquery()


def project_of(cls, table, column, through=(), then=()):
    """Scalar subquery: `project_id` of the row of `table` whose id is `column` of the model (or alias) `cls`.

    `through`, `then`: (table, column) pairs to step over first, in that order, when the row is not referred to directly.
    Tables are named by text, because a model may not import those of the domains below it.
    """
    tables = Base.metadata.tables
    target = tables[table].alias()
    statement = select(target.c.project_id)
    for name, step in filter(None, (through, then)):
        middle = tables[name].alias()
        statement = statement.where(middle.c.id == column)
        column = middle.c[step]
    return statement.where(target.c.id == column).correlate(cls).scalar_subquery()
