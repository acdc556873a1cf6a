"""Tables of the plug-in: their names begin with plugin_kudos_."""

from uuid import UUID

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from zou.platform.db import Base, Row


class Kudo(Row, Base):
    """Thanks for the work on a task. It goes with its task and with who gave it: the server's own removals know nothing of it."""

    __tablename__ = "plugin_kudos_kudo"
    __table_args__ = {"extend_existing": True}

    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text())
