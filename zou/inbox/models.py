"""What persons are told: notifications, subscriptions, news."""

from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from zou.platform.db.base import Base, Row, project_of
from zou.platform.db.types import Choice

NOTIFICATION_TYPES = {
    "comment": "Comment",
    "mention": "Mention",
    "assignation": "Assignation",
    "reply": "Reply",
    "reply-mention": "Reply Mention",
    "playlist-ready": "Playlist Ready",
}


class Notification(Row, Base):
    """Tells a person of a comment, mention, assignment, reply or playlist."""

    __tablename__ = "notification"
    __table_args__ = (UniqueConstraint("person_id", "author_id", "comment_id", "reply_id", "playlist_id", "type", name="notification_uc"),)

    read: Mapped[bool] = mapped_column(default=False)
    change: Mapped[bool] = mapped_column(default=False)
    type: Mapped[str] = mapped_column(Choice(NOTIFICATION_TYPES))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    comment_id: Mapped[UUID | None] = mapped_column(ForeignKey("comment.id"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"), index=True)
    playlist_id: Mapped[UUID | None] = mapped_column(ForeignKey("playlist.id"), index=True)
    reply_id: Mapped[UUID | None] = mapped_column(index=True)

    @classmethod
    def project_key(cls):
        return func.coalesce(project_of(cls, "task", cls.task_id), project_of(cls, "playlist", cls.playlist_id))


class Subscription(Row, Base):
    """A person follows a task, or a task type of a sequence."""

    __tablename__ = "subscription"
    __table_args__ = (
        UniqueConstraint("person_id", "task_type_id", "entity_id", name="subscription_entity_uc"),
        UniqueConstraint("person_id", "task_id", name="subscription_task_uc"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"), index=True)
    entity_id: Mapped[UUID | None] = mapped_column(ForeignKey("entity.id"), index=True)
    task_type_id: Mapped[UUID | None] = mapped_column(ForeignKey("task_type.id"), index=True)

    @classmethod
    def project_key(cls):
        return func.coalesce(project_of(cls, "task", cls.task_id), project_of(cls, "entity", cls.entity_id))


class News(Row, Base):
    """An entry of the production's news feed."""

    __tablename__ = "news"

    change: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    comment_id: Mapped[UUID | None] = mapped_column(ForeignKey("comment.id"), index=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), index=True)
    preview_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("preview_file.id"), index=True)

    @classmethod
    def project_key(cls):
        return project_of(cls, "task", cls.task_id)
