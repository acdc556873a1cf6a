"""What the storage is known to hold of each preview. Rules: contract/rules/storage.md §6."""

import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from zou.platform.db.types import utcnow
from zou.previews.models import PreviewFileStorageState as State
from zou.previews.services.kinds import SHOWN

PICTURES = ("original", "thumbnails", "thumbnails-square", "previews")
MOVIES = ("previews", "lowdef", "source")


def expected(preview):
    """The (bucket, prefix) of every file that a preview of this extension may have."""
    if preview.extension == "mp4":
        return [("movies", prefix) for prefix in MOVIES] + [("pictures", prefix) for prefix in (*PICTURES, "tiles")]
    if preview.extension == "png":
        return [("pictures", prefix) for prefix in PICTURES]
    pictures = [("pictures", prefix) for prefix in PICTURES] if preview.extension in SHOWN else []
    return [("files", "previews"), *pictures]


def record(tx, preview_id, files, state="ok"):
    """Note the state of files of a preview. `files`: iterable of (bucket, prefix). States that stay are not rewritten.

    What is missing because it could not be made stays `failed`; a second failure, or absence, has a new date.
    """
    rows = [{"preview_file_id": preview_id, "bucket": bucket, "prefix": prefix, "state": state} for bucket, prefix in sorted(files)]
    if not rows:
        return
    insert = postgresql.insert(State).values(rows)
    changed = insert.on_conflict_do_update(
        constraint="preview_file_storage_state_uc",
        set_={"state": insert.excluded.state, "updated_at": utcnow()},
        where=sa.or_(State.state != insert.excluded.state, insert.excluded.state != "ok")
        & ~sa.and_(State.state == "failed", insert.excluded.state == "missing"),
    )
    tx.execute(changed)


def is_known_absent(tx, preview_id, bucket, prefix, delay_s):
    """Whether the file was missing, or could not be made, less than `delay_s` seconds ago."""
    if not delay_s:
        return False
    recent = State.updated_at > utcnow() - datetime.timedelta(seconds=delay_s)
    here = sa.and_(State.preview_file_id == preview_id, State.bucket == bucket, State.prefix == prefix)
    return bool(tx.scalar(sa.select(sa.exists().where(here, State.state.in_(["missing", "failed"]), recent))))


def forget(tx, preview_id, bucket, prefix):
    """A file that is no longer expected has no state."""
    tx.execute(sa.delete(State).where(State.preview_file_id == preview_id, State.bucket == bucket, State.prefix == prefix))


def is_known_failed(tx, preview_id, bucket, prefix, within):
    """Whether the file could not be made less than `within` (timedelta) ago."""
    here = sa.and_(State.preview_file_id == preview_id, State.bucket == bucket, State.prefix == prefix)
    return bool(tx.scalar(sa.select(sa.exists().where(here, State.state == "failed", State.updated_at > utcnow() - within))))


def known(tx, preview_id, bucket, prefix):
    """The state of a file of a preview, or None when nothing is known."""
    return tx.scalar(sa.select(State.state).where(State.preview_file_id == preview_id, State.bucket == bucket, State.prefix == prefix))
