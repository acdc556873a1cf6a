"""What can be made of a stored preview once more: measures, pictures, tiles. Rules: contract/rules/jobs.md §4 and §7, cli.md.

Nothing is locked while something is made. The functions raise MovieError, Invalid or FileNotFoundError when its file cannot be read.
"""

import contextlib
import datetime
from pathlib import Path

import sqlalchemy as sa
from PIL import Image

from zou.files.services import register
from zou.files.services.register import Kept
from zou.platform import events, jobs
from zou.platform.db.types import utcnow
from zou.platform.errors import Invalid
from zou.platform.jobs.nomad import RemoteError
from zou.platform.media import movies as media
from zou.platform.media.movies import MovieError
from zou.platform.media.pictures import Size
from zou.platform.storage import store
from zou.previews.models import PreviewFile
from zou.previews.services import remote, selection, states, uploads
from zou.previews.services.kinds import SHOWN
from zou.previews.services.movies import frame_files
from zou.tasks.models import Task

BEST, SMALLEST = ("previews", "lowdef", "source"), ("lowdef", "previews", "source")
TILES = ("pictures", "tiles")
MADE_OF = ("mp4", "png", *sorted(SHOWN))
RETRY_AFTER = datetime.timedelta(hours=1)
BEHIND_ALL = -10  # priority: tiles wait until no movie is waiting


@contextlib.contextmanager
def stored_movie(id, order=BEST):
    """Path of the first stored version of a movie, for the block. Raises FileNotFoundError."""
    kept = store()
    found = next((prefix for prefix in order if kept.exists("movies", prefix, id)), None)
    if found is None:
        raise FileNotFoundError("no version of the movie is in the storage")
    with kept.borrowed("movies", found, id) as path:
        yield path


def measure(tx, id):
    """Write width, height and size of what is served of a preview, and the duration of a movie. Emits preview-file:update."""
    duration_s = None
    if is_movie(tx, id):
        with stored_movie(id) as path:
            movie, size_bytes = media.probe(path), path.stat().st_size
        size, duration_s = movie.size, movie.duration_s
    else:
        with store().borrowed("pictures", "original", id) as path, Image.open(path) as opened:
            size, size_bytes = Size(*opened.size), path.stat().st_size
    preview = selection.locked(tx, id)
    if preview is None:
        return
    preview.width, preview.height, preview.file_size = size.width, size.height, size_bytes
    preview.duration = preview.duration if duration_s is None else duration_s
    tx.flush()
    project_id = tx.scalar(sa.select(Task.project_id).where(Task.id == preview.task_id))
    events.emit(tx, "preview-file:update", {"preview_file_id": preview.id}, project_id, by_actor=False)


def make_pictures(tx, id):
    """Make the pictures of a preview again: of a movie from its first frame, of a picture from its original, of others from the file."""
    extension = tx.scalar(sa.select(PreviewFile.extension).where(PreviewFile.id == id))
    jobs.release(tx)
    with store().workspace() as folder:
        folder = Path(folder)
        if extension == "mp4":
            with stored_movie(id) as path:
                files = frame_files(id, path, folder, media.probe(path).size)
        elif extension in SHOWN:
            with store().borrowed("files", "previews", id) as path:
                files = uploads.web_version(id, path, folder, extension)[1]
        else:
            with store().borrowed("pictures", "original", id) as path:
                files = uploads.web_version(id, path, folder, extension)[1]
            files = [file for file in files if file.prefix != "original"]
        preview = keep(tx, id, files)
    if preview is not None:
        preview.updated_at = utcnow()  # browsers ask anew for what they keep
        tx.flush()


def make_tiles(tx, id):
    """Make the tiles of a movie from its smallest stored version."""
    jobs.release(tx)
    with store().workspace() as folder, stored_movie(id, SMALLEST) as path:
        target = Path(folder, "tiles.png")
        media.tile_sheet(path, target)
        keep(tx, id, [Kept(*TILES, id, target)])


def applies(make, extension):
    """Whether one of the functions above is of use to previews of an extension."""
    return {make_tiles: extension == "mp4", measure: extension in ("mp4", "png"), make_pictures: extension in MADE_OF}[make]


def is_movie(tx, id):
    """Whether a preview is a movie."""
    return tx.scalar(sa.select(PreviewFile.extension).where(PreviewFile.id == id)) == "mp4"


def keep(tx, id, files):
    """Store what was made of a preview; returns it, locked, or None when it is gone meanwhile."""
    preview = selection.locked(tx, id)
    if preview is not None:
        states.record(tx, id, register.keep(tx, files))
    return preview


def has_tiles(tx, id):
    """Whether the tiles of a movie are in the storage, and note it. Raises Unavailable."""
    if states.known(tx, id, *TILES) == "ok":
        return True
    is_there = store().exists(*TILES, id)
    if is_there:
        states.record(tx, id, [TILES])
    return is_there


def lock_of(id):
    """The lock of the jobs that make tiles of a movie."""
    return f"previews.tiles:{id}"


def was_tried(tx, id):
    """Whether the tiles of a movie are being made, or could not be made within the last hour."""
    return states.is_known_failed(tx, id, *TILES, RETRY_AFTER) or jobs.is_pending(tx, lock_of(id))


def leave_tiles(tx, id):
    """Let a worker make the tiles of a movie, once the transaction commits."""
    jobs.defer(tx, tiles, lock=lock_of(id), priority=BEHIND_ALL, preview_file_id=id)


@jobs.task("previews.tiles")
def tiles(tx, preview_file_id):
    """Make the tiles of a ready movie. A movie that gives none is remembered, so that it is not tried at every request."""
    found = tx.execute(sa.select(PreviewFile.status, PreviewFile.extension).where(PreviewFile.id == preview_file_id)).first()
    if found is None or (found.status, found.extension) != ("ready", "mp4"):
        return
    runner = remote.job_of(tx, "tile")
    try:
        make_tiles(tx, preview_file_id) if runner is None else remote.make_tiles(tx, preview_file_id, *runner)
    except (MovieError, FileNotFoundError, RemoteError):
        if selection.locked(tx, preview_file_id) is not None:
            states.record(tx, preview_file_id, [TILES], "failed")


UNREADABLE = (MovieError, Invalid, OSError)
"""What the functions above raise of a preview whose file cannot be used; the next preview may do."""
