"""Comments on tasks and the files attached to them."""

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Column, ForeignKey, String, Table, Text, Uuid, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zou.platform.db.base import Base, Row, project_of

if TYPE_CHECKING:
    from zou.chats.models import ChatMessage
    from zou.people.models import Department, Person
    from zou.previews.models import PreviewFile

# Previews that a comment came with.
comment_preview_link = Table(
    "comment_preview_link",
    Base.metadata,
    Column("comment", Uuid(), ForeignKey("comment.id"), primary_key=True, index=True),
    Column("preview_file", Uuid(), ForeignKey("preview_file.id"), primary_key=True, index=True),
)


# Persons whom a comment mentions.
comment_mentions = Table(
    "comment_mentions",
    Base.metadata,
    Column("comment", Uuid(), ForeignKey("comment.id"), primary_key=True),
    Column("person", Uuid(), ForeignKey("person.id"), primary_key=True),
)


# Departments that a comment mentions.
comment_department_mentions = Table(
    "comment_department_mentions",
    Base.metadata,
    Column("comment", Uuid(), ForeignKey("comment.id"), primary_key=True),
    Column("department", Uuid(), ForeignKey("department.id"), primary_key=True),
)


# Persons who acknowledged a comment.
comment_acknoledgments = Table(
    "comment_acknoledgments",
    Base.metadata,
    Column("comment", Uuid(), ForeignKey("comment.id"), primary_key=True),
    Column("person", Uuid(), ForeignKey("person.id"), primary_key=True),
)


class Comment(Row, Base):
    """A comment on a task, together with the status it gave the task."""

    __tablename__ = "comment"

    shotgun_id: Mapped[int | None]
    object_id: Mapped[UUID] = mapped_column(index=True)
    object_type: Mapped[str] = mapped_column(String(80), index=True)
    text: Mapped[str | None] = mapped_column(Text())
    data: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    replies: Mapped[list[dict] | None] = mapped_column(JSONB(none_as_null=True), default=list)
    checklist: Mapped[list[dict] | None] = mapped_column(JSONB(none_as_null=True), default=list)
    pinned: Mapped[bool | None]
    links: Mapped[list[str] | None] = mapped_column(ARRAY(String()))
    task_status_id: Mapped[UUID | None] = mapped_column(ForeignKey("task_status.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    editor_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    preview_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("preview_file.id"), index=True)
    for_client: Mapped[bool | None] = mapped_column(default=False, server_default="false")

    previews: Mapped[list["PreviewFile"]] = relationship(secondary="comment_preview_link", back_populates="comments")
    mentions: Mapped[list["Person"]] = relationship(secondary="comment_mentions")
    department_mentions: Mapped[list["Department"]] = relationship(secondary="comment_department_mentions")
    acknowledgements: Mapped[list["Person"]] = relationship(secondary="comment_acknoledgments")
    attachment_files: Mapped[list["AttachmentFile"]] = relationship(back_populates="comment", passive_deletes="all")

    @classmethod
    def project_key(cls):
        return project_of(cls, "task", cls.object_id)

    @classmethod
    def task_key(cls):
        return cls.object_id


class AttachmentFile(Row, Base):
    """A file attached to a comment, a reply or a chat message."""

    __tablename__ = "attachment_file"

    name: Mapped[str | None] = mapped_column(String(250))
    size: Mapped[int | None] = mapped_column(BigInteger(), default=1)
    extension: Mapped[str | None] = mapped_column(String(6))
    mimetype: Mapped[str | None] = mapped_column(String(255))
    comment_id: Mapped[UUID | None] = mapped_column(ForeignKey("comment.id"), index=True)
    reply_id: Mapped[UUID | None]
    chat_message_id: Mapped[UUID | None] = mapped_column(ForeignKey("chat_message.id"), index=True)

    comment: Mapped["Comment | None"] = relationship(back_populates="attachment_files")
    chat_message: Mapped["ChatMessage | None"] = relationship(back_populates="attachment_files")

    @classmethod
    def project_key(cls):
        return func.coalesce(
            project_of(cls, "task", cls.comment_id, through=("comment", "object_id")),
            project_of(cls, "entity", cls.chat_message_id, through=("chat_message", "chat_id"), then=("chat", "object_id")),
        )

    @classmethod
    def entity_key(cls):
        """The entity of the task that the comment is on, or that the chat is about."""
        task, message, chat = (Base.metadata.tables[name].alias() for name in ("task", "chat_message", "chat"))
        of_comment = select(task.c.entity_id).where(Comment.id == cls.comment_id, task.c.id == Comment.object_id)
        of_chat = select(chat.c.object_id).where(message.c.id == cls.chat_message_id, chat.c.id == message.c.chat_id)
        return func.coalesce(*[statement.correlate(cls).scalar_subquery() for statement in (of_comment, of_chat)])
