"""What imports leave behind."""

from sqlalchemy import Enum
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from zou.platform.db.base import Base, Row


class DataImportError(Row, Base):
    """An imported row that could not be used."""

    __tablename__ = "data_import_error"

    event_data: Mapped[dict] = mapped_column(JSONB(none_as_null=True))
    source: Mapped[str | None] = mapped_column(Enum("csv", "shotgun", name="import_source_enum"))
