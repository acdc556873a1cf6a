"""One film out of the movies of a playlist. Rules: contract/rules/playlists.md §4.2, jobs.md §5.

With the job queue a worker makes it, one at a time for a playlist; without, it is made in the request.
"""

import base64
import logging
import zlib
from pathlib import Path

import orjson
import sqlalchemy as sa

from zou import config
from zou.files.services import register
from zou.files.services.register import Kept
from zou.platform import events, jobs
from zou.platform.db import cascade
from zou.platform.db.types import utcnow
from zou.platform.errors import Conflict, Invalid, Unavailable
from zou.platform.jobs.nomad import RemoteError
from zou.platform.media import joining, movies
from zou.platform.media.movies import MovieError, Size
from zou.platform.storage import store
from zou.playlists.models import BuildJob, Playlist
from zou.playlists.services import entries, invitations
from zou.previews.models import PreviewFile
from zou.previews.services import remote
from zou.previews.services.movies import frame_rate, local_movie, resolution
from zou.productions.models import Project
from zou.tasks.models import Task

NO_MOVIE = "The playlist has no movie."
UNDER_WAY = "A build is already in progress for this playlist"
NO_REMOTE_STORE = "Remote job queue requires s3 or swift backend"
BEST_FIRST = ("previews", "lowdef", "source")
log = logging.getLogger(__name__)


def start(tx, playlist, actor, full=False):
    """Make a film of a playlist, or leave it to a worker; returns the build job, which tells how it ended.

    `full`: encode every movie again. Raises Conflict when a worker has one of this playlist to make. Emits build-job:new.
    """
    queued, lock = config.value("ENABLE_JOB_QUEUE"), f"playlists.build:{playlist.id}"
    if queued:
        if config.value("ENABLE_JOB_QUEUE_REMOTE") and config.value("FS_BACKEND") not in remote.OBJECT_STORES:
            raise Invalid(NO_REMOTE_STORE, shape="plain")
        tx.execute(sa.select(Playlist.id).where(Playlist.id == playlist.id).with_for_update())
        if jobs.is_pending(tx, lock):
            raise Conflict(UNDER_WAY)
    job = BuildJob(playlist_id=playlist.id, status="running", job_type="movie")
    tx.add(job)
    tx.flush()
    data = {"build_job_id": job.id, "playlist_id": playlist.id, "created_at": job.created_at.replace(microsecond=0).isoformat()}
    events.emit(tx, "build-job:new", data, project_id=playlist.project_id)
    if queued:
        jobs.defer(tx, build, lock=lock, build_job_id=job.id, full=full, person_id=actor.id)
    else:
        make(tx, job.id, full)
    return job


@jobs.task("playlists.build")
def build(tx, build_job_id, full, person_id):
    """Make the film of a build job, and write to who asked for it."""
    job = make(tx, build_job_id, full, by_worker=True)
    if job is not None and job.status == "succeeded":
        invitations.tell_built(tx, tx.get(Playlist, job.playlist_id), job, person_id)


def make(tx, build_job_id, full, by_worker=False):
    """Make the film of a build job, store it and write how it ended; a job that is gone meanwhile leaves nothing.

    Returns the job, or None when it is gone. Emits build-job:update.
    """
    found = tx.execute(sa.select(BuildJob.playlist_id).where(BuildJob.id == build_job_id)).first()
    if found is None:
        return None
    playlist = tx.get(Playlist, found.playlist_id)
    runner = remote.job_of(tx, "playlist") if by_worker else None
    with store().workspace() as folder:
        target = Path(folder, "film.mp4")
        status, message = "succeeded", None
        try:
            if runner is None:
                message = film(tx, playlist, target, Path(folder), full)
            else:
                remote_film(tx, playlist, build_job_id, full, *runner)
        except (MovieError, RemoteError, Unavailable, OSError) as error:
            log.warning("The film of playlist %s cannot be made: %s", playlist.id, error)
            status, message = "failed", str(error)
        job = tx.scalar(sa.select(BuildJob).where(BuildJob.id == build_job_id).with_for_update())
        if job is None:
            return None
        if status == "succeeded" and runner is None:
            register.keep(tx, [Kept("movies", "playlists", job.id, target)])
    job.status, job.message, job.ended_at = status, message, utcnow()
    tx.flush()
    data = {"build_job_id": job.id, "playlist_id": playlist.id, "status": status, "message": message}
    events.emit(tx, "build-job:update", data, project_id=playlist.project_id)
    return job


def remote_film(tx, playlist, build_job_id, full, nomad, job):
    """Have the film of a playlist made by a runner, which leaves it in the storage. Raises MovieError, RemoteError, Unavailable."""
    ids = [str(id) for id in movies_of(tx, playlist)]
    if not ids:
        raise MovieError(NO_MOVIE)
    size, fps = shape(tx, playlist, lambda: best_movie(ids[0]))
    register.announce(tx, [("movies", "playlists", build_job_id)])
    jobs.release(tx)
    listed = base64.b64encode(zlib.compress(orjson.dumps(ids))).decode()
    parameters = {
        "version": "1", "output_filename": f"cache-playlists-{build_job_id}.mp4", "output_key": f"playlists-{build_job_id}",
        "input": listed, "width": size.width, "height": size.height, "fps": fps, "full": "true" if full else "false",
    }  # fmt: skip
    remote.do(nomad, job, parameters)
    if not store().exists("movies", "playlists", build_job_id):
        raise MovieError("The remote job left no film.")


def shape(tx, playlist, first):
    """(Size, frames per second) of the film of a playlist. `first`: gives the path of its first movie, whose size it has if it is free."""
    project = tx.execute(sa.select(Project.resolution, Project.fps).where(Project.id == playlist.project_id)).one()
    width, height = resolution(None, project.resolution)
    size = Size(width, height) if width is not None else movies.probe(first()).size
    return Size(movies.even(size.width), movies.even(size.height)), frame_rate(project.fps)


def film(tx, playlist, target, folder, full):
    """Write the film of a playlist to a path; returns what is to be said about it, or None. Raises MovieError."""
    sources = [best_movie(id) for id in movies_of(tx, playlist)]
    if not sources:
        raise MovieError(NO_MOVIE)
    size, fps = shape(tx, playlist, lambda: sources[0])
    return joining.join(sources, target, size, fps, folder, full)


def movies_of(tx, playlist):
    """Ids of the movies that the entries of a playlist show, in their order."""
    shots = entries.stored(playlist)
    wanted = {preview_id for entry in shots if (preview_id := entries.preview_of(entry))}
    statement = sa.select(PreviewFile.id, Task.entity_id).join(Task, Task.id == PreviewFile.task_id)
    found = tx.execute(statement.where(PreviewFile.id.in_(wanted), PreviewFile.extension == "mp4"))
    owner = {str(id): str(entity_id) for id, entity_id in found}
    shown = [(entries.preview_of(entry), entries.entity_of(entry)) for entry in shots]
    return [preview_id for preview_id, entity_id in shown if preview_id in owner and owner[preview_id] == entity_id]


def best_movie(preview_id):
    """Path of the best stored version of a movie on this machine. Raises MovieError without any."""
    kept = store()
    for prefix in BEST_FIRST:
        path = local_movie(kept, preview_id, prefix)
        if path is not None:
            return path
    raise MovieError(f"The movie of preview {preview_id} is not in the storage.")


def remove(tx, job, project_id):
    """Remove a build job and its film. Emits build-job:delete."""
    tx.delete(job)
    tx.flush()
    events.emit(tx, "build-job:delete", {"build_job_id": job.id, "playlist_id": job.playlist_id}, project_id=project_id)


@cascade.gone("build_job", "id")
def mark_films(tx, rows):
    """Build jobs went, alone or with their playlist: mark their films."""
    register.discard(tx, [("movies", "playlists", row.id) for row in rows])
