"""Removal of previews, their files included. Rules: contract/rules/deletion.md §3."""

import sqlalchemy as sa

from zou.files.services import register
from zou.platform.db import Base
from zou.previews.models import PreviewFile

MOVIE_FILES = [("movies", prefix) for prefix in ("source", "lowdef", "previews")]
PICTURE_FILES = [("pictures", prefix) for prefix in ("thumbnails", "thumbnails-square", "previews", "original")]


def forget(tx, preview, force=False):
    """Remove a preview that never got its file: its row, its links, its place in the news; what was stored of it is marked."""
    link, news = Base.metadata.tables["comment_preview_link"], Base.metadata.tables["news"]
    tx.execute(sa.delete(link).where(link.c.preview_file == preview.id))
    tx.execute(sa.update(news).where(news.c.preview_file_id == preview.id).values(preview_file_id=None))
    files = files_of(preview)
    tx.execute(sa.delete(PreviewFile).where(PreviewFile.id == preview.id))
    register.discard(tx, files, force)


def files_of(preview):
    """(bucket, prefix, id) of all that may be stored of a preview."""
    kinds = {"mp4": MOVIE_FILES + PICTURE_FILES + [("pictures", "tiles")], "png": PICTURE_FILES}
    return [(bucket, prefix, preview.id) for bucket, prefix in kinds.get(preview.extension, [("files", "previews")])]
