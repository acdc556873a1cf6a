"""Movies encoded once more from their stored source: `zou renormalize-movie-preview-files`. Rules: contract/rules/jobs.md §7."""

import sqlalchemy as sa

from zou import config
from zou.platform import events, jobs
from zou.platform.db.types import utcnow
from zou.platform.storage import store
from zou.previews.models import PreviewFile
from zou.previews.services import normalising, selection
from zou.tasks.models import Task


def chosen(tx, ids=(), statuses=(), project_id=None, age=None):
    """Ids of the previews to encode again, the oldest first: the named ones, and movies of these statuses.

    `age`: timedelta, no older than that.
    """
    movies = sa.and_(PreviewFile.extension == "mp4", PreviewFile.status.in_(statuses))
    statement = sa.select(PreviewFile.id).where(sa.or_(PreviewFile.id.in_(ids), movies), *selection.of_project(project_id))
    if age:
        statement = statement.where(PreviewFile.created_at >= utcnow() - age)
    return list(tx.scalars(statement.order_by(PreviewFile.created_at, PreviewFile.id)))


def again(tx, id):
    """Encode a movie from its stored source once more, here or by a worker; returns its status then, None for one that is gone.

    Without a stored source it is `missing`. Emits preview-file:update. Raises Unavailable when the storage cannot be used.
    """
    is_stored = store().exists("movies", "source", id)
    preview = selection.locked(tx, id)
    if preview is None:
        return None
    data = {key: value for key, value in (preview.data or {}).items() if key != "failure"}
    if not is_stored:
        preview.data = {**data, "failure": normalising.NO_SOURCE}
        return end(tx, preview, "missing")
    if preview.status == "ready" and "source" not in data.get("movie_prefixes", ()):
        data["movie_prefixes"] = [*data.get("movie_prefixes", ()), "source"]  # it was kept although the film was made, and stays
    preview.data = data or None
    end(tx, preview, "processing")
    if config.value("ENABLE_JOB_QUEUE"):
        normalising.leave_to_workers(tx, preview)
        return "processing"
    jobs.release(tx)
    return normalising.encode_now(tx, id)


def end(tx, preview, status):
    """Write the status of a preview and tell; returns it."""
    preview.status = status
    project_id = tx.scalar(sa.select(Task.project_id).where(Task.id == preview.task_id))
    events.emit(tx, "preview-file:update", {"preview_file_id": preview.id, "status": status}, project_id, by_actor=False)
    tx.flush()
    return status
