"""Removal of previews, their files included. Rules: contract/rules/deletion.md §3."""

import sqlalchemy as sa

from zou.files.services import register
from zou.platform.db import Base, cascade
from zou.previews.models import PreviewFile
from zou.previews.services import main
from zou.previews.services.kinds import SHOWN

MOVIE_FILES = [("movies", prefix) for prefix in ("source", "lowdef", "previews")]
REFERRERS = ("news", "comment")  # tables of later domains that name a preview; they forget it
PICTURE_FILES = [("pictures", prefix) for prefix in ("thumbnails", "thumbnails-square", "previews", "original")]


def forget(tx, preview, force=False):
    """Remove a preview that never got its file: its row, its links, its place in the news; what was stored of it is marked."""
    link, news = Base.metadata.tables["comment_preview_link"], Base.metadata.tables["news"]
    tx.execute(sa.delete(link).where(link.c.preview_file == preview.id))
    tx.execute(sa.update(news).where(news.c.preview_file_id == preview.id).values(preview_file_id=None))
    files = files_of(preview)
    tx.execute(sa.delete(PreviewFile).where(PreviewFile.id == preview.id))
    register.discard(tx, files, force)


def remove(tx, preview, force=False):
    """Remove a preview; `force` removes its files at once. Emits as `main.replace`."""
    detach(tx, preview, force)
    tx.delete(preview)
    tx.flush()


def files_of(preview):
    """(bucket, prefix, id) of all that may be stored of a preview."""
    kinds = {"mp4": MOVIE_FILES + PICTURE_FILES + [("pictures", "tiles")], "png": PICTURE_FILES}
    kinds |= dict.fromkeys(SHOWN, [("files", "previews"), *PICTURE_FILES])
    return [(bucket, prefix, preview.id) for bucket, prefix in kinds.get(preview.extension, [("files", "previews")])]


def detach(tx, preview, force=False):
    """Take a preview that is about to go out of all that shows it, and mark its files. Emits as `main.replace`."""
    main.replace(tx, *main.shown_by(tx, [preview.id]), leaving=[preview.id])
    for name in REFERRERS:
        referrer = Base.metadata.tables[name]
        tx.execute(sa.update(referrer).where(referrer.c.preview_file_id == preview.id).values(preview_file_id=None))
    register.discard(tx, files_of(preview), force)


@cascade.around("preview_file")
def let_go(tx, doomed):
    """Previews go with their comment, task or production: other ones stand for what stays, and their files are marked.

    Those of a production that is removed are removed at once. Emits as `main.replace`.
    """
    rows = tx.execute(sa.select(PreviewFile.id, PreviewFile.extension).where(PreviewFile.id.in_(doomed["preview_file"]))).all()
    tasks, entities = main.shown_by(tx, doomed["preview_file"])
    yield
    stay = [{str(id) for id in ids} - doomed.get(table, set()) for table, ids in (("task", tasks), ("entity", entities))]
    main.replace(tx, *map(sorted, stay))
    register.discard(tx, [file for row in rows for file in files_of(row)], force=bool(doomed.get("project")))
