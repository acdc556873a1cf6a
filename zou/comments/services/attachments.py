"""Files attached to comments and replies. Rules: contract/rules/comments.md §8."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from zou.comments.models import AttachmentFile
from zou.files.services import register
from zou.files.services.register import Kept
from zou.platform.db import cascade
from zou.platform.errors import Invalid
from zou.platform.media import pictures
from zou.platform.storage import store

MAX_EXTENSION, MAX_NAME = 6, 250
THUMBNAIL = 150  # pixels of a side of the small form of a picture in a chat


@dataclass(frozen=True)
class Sent:
    """A file that a client sent: its name there, the media type it declared, a binary reader."""

    name: str
    mimetype: str
    content: Any


def attach(tx, comment_id, files, reply_id=None, chat_message_id=None):
    """Store files and attach them to a comment, or to a message of a chat, where pictures get a small form. Returns the rows.

    Raises Invalid for a name that the database cannot hold, and for a file that is not the picture that it claims to be.
    """
    if not files:
        return []
    made, kept = [], []
    with store().workspace() as folder:
        for index, file in enumerate(files):
            extension = file.name.rpartition(".")[2].lower()
            if len(extension) > MAX_EXTENSION or len(file.name) > MAX_NAME or "\x00" in file.name:
                raise Invalid("The name of an attached file, or its extension, is too long.")
            path = Path(folder, str(index))
            with path.open("wb") as target:
                shutil.copyfileobj(file.content, target, 1024 * 1024)
            row = AttachmentFile(
                name=file.name, extension=extension, mimetype=(file.mimetype or "")[:255], size=path.stat().st_size, comment_id=comment_id,
                reply_id=reply_id, chat_message_id=chat_message_id,
            )  # fmt: skip
            tx.add(row)
            made.append((row, path))
        tx.flush()
        kept = [Kept("files", "attachments", row.id, path) for row, path in made]
        if chat_message_id is not None:
            kept += [thumbnail(row, path) for row, path in made if is_picture(row)]
        register.keep(tx, kept)
    return [row for row, _ in made]


def is_picture(row):
    """Whether a file was declared to be a picture of a kind that gets a small form."""
    return any(kind in row.mimetype for kind in ("png", "jpg", "jpeg"))


def thumbnail(row, path):
    """The small form of a picture, made beside it. Raises Invalid for a file that is no picture."""
    target = path.with_suffix(".png")
    pictures.convert(path, target)
    pictures.square(target, target, THUMBNAIL)
    return Kept("pictures", "thumbnails", row.id, target)


def destroy(tx, chat_message_id):
    """Remove the attachments of a message; their files go when the transaction commits, whatever REMOVE_FILES says."""
    removed = sa.delete(AttachmentFile).where(AttachmentFile.chat_message_id == chat_message_id).returning(AttachmentFile.id)
    for id in tx.scalars(removed, execution_options={"synchronize_session": False}).all():
        register.discard(tx, [("files", "attachments", id), ("pictures", "thumbnails", id)], force=True)


def short(row, *more):
    """An attachment as answers list it."""
    return {key: getattr(row, key) for key in ("id", "name", "extension", "size", *more)}


def detach(tx, row):
    """Remove an attachment, its file included."""
    tx.execute(sa.delete(AttachmentFile).where(AttachmentFile.id == row.id))
    register.discard(tx, [("files", "attachments", row.id)])


def files_of(rows):
    """The files of attachments; those of chats have a thumbnail too."""
    files = [("files", "attachments", row.id) for row in rows]
    return files + [("pictures", "thumbnails", row.id) for row in rows if row.chat_message_id is not None]


@cascade.removed("attachment_file", "id", "chat_message_id")
def mark_files(tx, rows):
    """Attachments went with their comment or message: mark their files."""
    register.discard(tx, files_of(rows))


@cascade.alone("attachment_file")
def mark_known_files(tx, rows):
    """An attachment went alone: mark its files, where they are registered."""
    register.discard_known(tx, files_of(rows))
