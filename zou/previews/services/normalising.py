"""Movies that workers encode. Rules: contract/rules/previews.md §4.3, jobs.md §3.

The upload waits in the storage as the movie's source: whichever worker takes the job, on whichever machine, finds it there; a worker that
dies loses nothing, and a movie that could not be encoded can be tried again (`zou renormalize-movie-preview-files`).
"""

import datetime
import logging
from contextlib import ExitStack
from pathlib import Path

import sqlalchemy as sa

from zou import config
from zou.files.services import register
from zou.files.services.register import Kept
from zou.platform import events, jobs
from zou.platform.db.types import utcnow
from zou.platform.errors import Unavailable
from zou.platform.media import movies as media
from zou.platform.media.movies import MovieError
from zou.platform.storage import store
from zou.previews.models import PreviewFile
from zou.previews.services import main, movies, remote, selection, states
from zou.previews.services.movies import FAILURE_LENGTH, Made
from zou.productions.models import Project
from zou.tasks.models import Task

STORAGE_DELAYS_S = (60, 300, 900, 3600)  # how long a job waits each time that the storage could not be used
MOST_ATTEMPTS = len(STORAGE_DELAYS_S) + 1
MOST_TAKEN_UP = 3
NEWEST = datetime.timedelta(minutes=15)  # another server on the same database may have a queue that is not seen here
WORKERS_DIED = "The workers that encoded the movie ended each time, without a message; it may need more memory than there is."
NO_SOURCE = "The uploaded movie is not in the storage."
log = logging.getLogger(__name__)


def when_the_storage_is_back(exception, attempts):
    """Seconds after which a job is tried again whose storage could not be used; None for any other failure."""
    return STORAGE_DELAYS_S[attempts] if isinstance(exception, Unavailable) and attempts < len(STORAGE_DELAYS_S) else None


def is_for_workers(normalize, no_job):
    """Whether an uploaded movie is left to the workers."""
    return bool(config.value("ENABLE_JOB_QUEUE") and (normalize or config.value("ENABLE_JOB_QUEUE_REMOTE")) and not no_job)


def waiting(preview, upload):
    """What is kept of a movie until a worker has encoded it; one that cannot even be read is broken at once, and not stored."""
    try:
        media.probe(upload)
    except MovieError as error:
        return Made(values={"data": {**(preview.data or {}), "failure": str(error)[:FAILURE_LENGTH]}}, status="broken")
    return Made([Kept("movies", "source", preview.id, upload)], status="processing")


def leave_to_workers(tx, preview, normalize=True):
    """Let a worker encode a movie, whose source is stored, once the transaction commits. A second job of a preview waits for the first."""
    jobs.defer(tx, encode, lock=lock_of(preview.id), preview_file_id=preview.id, normalize=normalize)


def lock_of(id):
    """The lock of the jobs of a preview."""
    return f"previews.encode:{id}"


@jobs.task("previews.encode", retry_in=when_the_storage_is_back)
def encode(tx, preview_file_id, normalize):
    """Encode a movie whose source is stored. However that ends, the preview does not stay in the state `processing`."""
    try:
        encode_now(tx, preview_file_id, normalize)
    except Unavailable as error:
        if jobs.attempts() < len(STORAGE_DELAYS_S):
            raise
        tx.rollback()
        settle(tx, preview_file_id, broken(error))


def encode_now(tx, id, normalize=True):
    """Encode a movie whose source is stored, here; returns its status as `run` does. Raises Unavailable."""
    try:
        return run(tx, id, normalize)
    except Unavailable:
        raise
    except Exception as error:
        log.exception("The movie of preview %s cannot be processed.", id)
        tx.rollback()
        return settle(tx, id, broken(error))


@jobs.task("previews.take_up", cron="*/10 * * * *", queueing_lock="previews.take_up")
def take_up(tx):
    """Take up previews that are `processing` although no job is there for them, so that none stays so for ever.

    A movie whose source is stored is encoded again, three times at most; a picture that is there is ready; else the file is missing.
    """
    for id in lost(tx):
        preview = tx.scalar(sa.select(PreviewFile).where(PreviewFile.id == id).with_for_update(skip_locked=True))
        if preview is None or preview.status != "processing":
            continue
        data, kept = dict(preview.data or {}), store()
        if preview.extension == "png":
            settle(tx, id, Made(status="ready" if kept.exists("pictures", "original", id) else "missing"))
        elif not kept.exists("movies", "source", id):
            settle(tx, id, Made(values={"data": {**data, "failure": NO_SOURCE}}, status="missing"))
        elif data.get("taken_up", 0) >= MOST_TAKEN_UP:
            settle(tx, id, broken(WORKERS_DIED))
        else:
            log.warning("No job is there for preview %s, which is processing: it is taken up again.", id)
            preview.data = {**data, "taken_up": data.get("taken_up", 0) + 1}
            preview.updated_at = utcnow()
            leave_to_workers(tx, preview)
    tx.flush()


def lost(tx):
    """Ids of the previews that got their file some time ago, are `processing`, and have no job."""
    job = sa.table("procrastinate_jobs", sa.column("lock"), sa.column("status"), schema="tracker")
    lock = sa.func.concat(lock_of(""), sa.cast(PreviewFile.id, sa.Text))
    pending = sa.exists().where(job.c.lock == lock, sa.cast(job.c.status, sa.Text).in_(["todo", "doing"]))
    waits = sa.and_(PreviewFile.status == "processing", PreviewFile.original_name.is_not(None), PreviewFile.extension.in_(["mp4", "png"]))
    return list(tx.scalars(sa.select(PreviewFile.id).where(waits, PreviewFile.updated_at < utcnow() - NEWEST, ~pending)))


def run(tx, id, normalize=True):
    """Encode a movie and write what came out; returns its status, or None when it is gone or was not to be encoded.

    No transaction is open while the movie is encoded. Raises Unavailable when the storage cannot be used.
    """
    found = tx.execute(sa.select(PreviewFile.status, PreviewFile.task_id, PreviewFile.data).where(PreviewFile.id == id)).first()
    if found is None or found.status != "processing":
        return None
    if jobs.attempts() > MOST_ATTEMPTS:
        return settle(tx, id, broken(WORKERS_DIED))
    target, runner = movies.wanted(tx, found.task_id), remote.job_of(tx, "normalize")
    jobs.release(tx)
    if runner is not None:
        return settle(tx, id, remote.normalise(tx, id, found.data, target, normalize, *runner))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(store().workspace()))
        try:
            source = stack.enter_context(store().borrowed("movies", "source", id))
        except FileNotFoundError:
            return settle(tx, id, Made(values={"data": {**(found.data or {}), "failure": NO_SOURCE}}, status="missing"))
        made = movies.process(id, found.data, source, folder, target, normalize, source_is_stored=True)
        return settle(tx, id, made)


def broken(error):
    """What is written of a movie that could not be encoded."""
    return Made(values={"data": {"failure": str(error)[:FAILURE_LENGTH]}}, status="broken")


def settle(tx, id, made):
    """Store what was made of a movie, write how it ended and tell; returns the status, or None for a preview that is gone.

    The source goes when the studio keeps none and there is something else: `movie_prefixes` says what stays.
    Emits preview-file:update, and as `main.show`.
    """
    preview = selection.locked(tx, id)
    if preview is None:
        register.discard(tx, [("movies", "source", id)], force=True)
        return None
    try:
        states.record(tx, id, register.keep(tx, made.files))
    except OSError as error:  # a full disk
        log.warning("What was made of preview %s cannot be stored: %s", id, error)
        tx.rollback()
        return settle(tx, id, broken(error))
    for (bucket, prefix), state in made.known.items():
        states.record(tx, id, [(bucket, prefix)], state)
    values = {**made.values, "data": {**(preview.data or {}), **(made.values.get("data") or {})}}
    if made.status != "processing":
        values["data"].pop(remote.RUNNING, None)
    if made.status == "ready":
        values["data"].pop("failure", None)
        values["data"].pop("taken_up", None)
    for key, value in {**values, "data": values["data"] or None, "status": made.status}.items():
        setattr(preview, key, value)
    if made.status == "ready" and preview.extension == "mp4" and "source" not in values["data"].get("movie_prefixes", ()):
        register.discard(tx, [("movies", "source", id)], force=True)
        states.forget(tx, id, "movies", "source")
    task, is_automated = tx.execute(
        sa.select(Task, Project.is_set_preview_automated).join(Project, Project.id == Task.project_id).where(Task.id == preview.task_id)
    ).one()
    data = {"preview_file_id": preview.id, "status": preview.status}
    events.emit(tx, "preview-file:update", data, task.project_id, by_actor=False)
    main.show(tx, preview, task, is_automated)
    tx.flush()
    return made.status
