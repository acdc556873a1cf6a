"""What is made of an uploaded movie: the two versions, the pictures of its first frame, the tiles. Rules: contract/rules/previews.md §4."""

import logging
import re
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from zou import config
from zou.entities.models import Entity
from zou.files.services import register
from zou.files.services.register import Kept
from zou.platform.errors import is_full
from zou.platform.media import movies, pictures
from zou.platform.media.movies import Encoding, MovieError, Size
from zou.platform.storage import store
from zou.productions.models import Project, ProjectTaskTypeLink
from zou.tasks.models import Task

SIZE, HEIGHT = re.compile(r"\d{3,4}x\d{3,4}"), re.compile(r"x\d{3,4}")
VERSIONS = ("source", "previews", "lowdef")
FAILURE_LENGTH = 500
log = logging.getLogger(__name__)


@dataclass
class Made:
    """What came out: files to store, values of the row, and the status (`ready` or `broken`).

    `known`: {(bucket, prefix): state} of files that are in the storage already, or could not be made.
    """

    files: list = field(default_factory=list)
    values: dict = field(default_factory=dict)
    status: str = "ready"
    known: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """How a production wants its movies: width (None: free) and height, frames per second, bitrates in Mbit/s."""

    width: int | None
    height: int
    fps: str
    high: int
    low: int


def wanted(tx, task_id):
    """The encoding that the entity, the task type and the production of a task ask for."""
    link = ProjectTaskTypeLink
    found = tx.execute(
        sa.select(
            Entity.data, Project.fps, Project.resolution, Project.hd_bitrate_compression, Project.ld_bitrate_compression,
            link.hd_bitrate_compression.label("hd"), link.ld_bitrate_compression.label("ld"),
        )
        .select_from(Task)
        .join(Project, Project.id == Task.project_id)
        .join(Entity, Entity.id == Task.entity_id)
        .outerjoin(link, sa.and_(link.project_id == Task.project_id, link.task_type_id == Task.task_type_id))
        .where(Task.id == task_id)
    ).first()  # fmt: skip
    own = (found.data or {}) if found else {}
    most, least = config.value("MOVIE_HIGHDEF_BITRATE"), config.value("MOVIE_LOWDEF_BITRATE")
    high = min((found and (found.hd or found.hd_bitrate_compression)) or most, most)
    low = min((found and (found.ld or found.ld_bitrate_compression)) or least, high)
    width, height = resolution(own.get("resolution"), found.resolution if found else None)
    return Wanted(width, height, frame_rate(own.get("fps"), found.fps if found else None), high, low)


def resolution(of_entity, of_project):
    """(width, height) in pixels; width None: as the movie's own ratio wants."""
    for text, is_project in ((of_entity, False), (of_project, True)):
        if isinstance(text, str) and SIZE.fullmatch(text):
            width, height = text.split("x")
            return int(width), int(height)
        if is_project and isinstance(text, str) and HEIGHT.fullmatch(text):
            return None, int(text[1:])
    return None, 1080


def frame_rate(*candidates):
    """The first usable frame rate, with three decimals."""
    for value in candidates:
        try:
            rate = float(str(value).replace(",", "."))
        except ValueError:
            continue
        if 0 < rate <= 1000:
            return f"{rate:.3f}"
    return "25.000"


def process(id, data, upload, folder, target, normalize, source_is_stored=False):
    """Make all that is kept of a movie; never raises for a movie that cannot be read or encoded, but tells so in the status.

    Raises OSError when the disk is full.

    `id`, `data`: of the preview; why a movie is broken is written to `data` under `failure`. `upload`: path of the movie; `folder`: where
    files may be written until they are stored; `target`: a `Wanted`.
    """
    made = Made()
    was_kept = source_is_stored and "source" in ((data or {}).get("movie_prefixes") or ())
    keep_source = was_kept or bool(config.value("PREVIEW_SAVE_SOURCE_FILE"))
    if keep_source and not source_is_stored:
        made.files.append(Kept("movies", "source", id, upload))
    data = {key: value for key, value in (data or {}).items() if key != "failure"}
    with movies.limited_to(config.value("JOB_QUEUE_TIMEOUT")):
        try:
            make_versions(made, id, data, upload, folder, target, normalize, keep_source)
        except (MovieError, OSError) as error:
            if is_full(error):
                raise  # nothing is wrong with the movie
            log.warning("The movie of preview %s cannot be processed: %s", id, error)
            made.status, made.values = "broken", {}
            made.files = [file for file in made.files if file.prefix == "source"]
            data["failure"] = str(error).replace(f"{folder}/", "")[:FAILURE_LENGTH]  # where files lie here is nobody's business
    made.values["data"] = data or None
    return made


def make_versions(made, id, data, upload, folder, target, normalize, keep_source):
    """The versions and pictures of a movie, into `made`, and what it measured before, into `data`. Raises MovieError, OSError."""
    movie = movies.probe(upload)
    if movie.duration_s:  # a single frame tells none, and is no movie to compare with
        data |= {
            "original_width": movie.size.width, "original_height": movie.size.height,
            "original_duration": movie.duration_s, "original_file_size": upload.stat().st_size,
        }  # fmt: skip
    versions = encode(upload, folder, target, movie) if normalize and not config.value("SKIP_NORMALIZATION_FULL") else {}
    if not versions and not keep_source:
        versions = {"previews": upload}
    made.files += [Kept("movies", prefix, id, path) for prefix, path in versions.items()]
    shown = versions.get("previews") or versions.get("lowdef") or upload
    picture_files(made, id, shown, folder)
    stored = {file.prefix for file in made.files if file.bucket == "movies"} | ({"source"} if keep_source else set())
    data["movie_prefixes"] = [prefix for prefix in VERSIONS if prefix in stored]


def encode(upload, folder, target, movie):
    """{prefix: path} of the versions that the settings want."""
    preset, factor = config.value("MOVIE_ENCODING_PRESET"), config.value("MOVIE_VBV_BUFSIZE_FACTOR")
    size = movies.target_size(movies.upright(upload, movie.size), target.width, target.height)
    versions = {}
    if not config.value("SKIP_NORMALIZATION_HIGHDEF"):
        versions["previews"] = folder / "high.mp4"
        movies.encode(upload, versions["previews"], size, Encoding(target.fps, target.high, preset, factor), movie)
    versions["lowdef"] = folder / "low.mp4"
    movies.encode(upload, versions["lowdef"], movies.low_size(size), Encoding(target.fps, target.low, preset, factor), movie)
    return versions


def picture_files(made, id, shown, folder):
    """Add the pictures of the first frame and the tiles, and what the shown version measures."""
    movie = movies.probe(shown)
    made.values |= {
        "width": movie.size.width, "height": movie.size.height, "duration": movie.duration_s, "file_size": Path(shown).stat().st_size,
    }  # fmt: skip
    made.files += frame_files(id, shown, folder, movie.size)
    tiles = folder / "tiles.png"
    try:
        movies.tile_sheet(shown, tiles, movie)
        made.files.append(Kept("pictures", "tiles", id, tiles))
    except MovieError as error:
        log.warning("The tiles of preview %s cannot be made: %s", id, error)


def frame_files(id, movie_path, folder, size, time_s=0):
    """The pictures of one frame of a movie, to store."""
    frame = folder / "frame.png"
    movies.write_frame(movie_path, frame, time_s)
    pictures.fit(frame, frame, (size.width, size.height))
    return [Kept("pictures", prefix, id, path) for prefix, path in pictures.variants(frame, Size(size.width, size.height), folder).items()]


def show_frame(tx, preview, number):
    """Make the pictures of a movie from a frame of it (1: the first). A frame that cannot be had leaves the pictures as they are."""
    kept = store()
    with kept.workspace() as folder:
        folder = Path(folder)
        try:
            path = next(found for prefix in ("previews", "lowdef", "source") if (found := local_movie(kept, preview.id, prefix)))
            movie = movies.probe(path)
            time_s = max(number - 1, 0) / float(wanted(tx, preview.task_id).fps)
            register.keep(tx, frame_files(preview.id, path, folder, movie.size, time_s))
        except (MovieError, StopIteration) as error:
            log.warning("Frame %s of preview %s cannot be shown: %s", number, preview.id, error)


def local_movie(kept, id, prefix):
    """Path of a version of a movie on this machine, or None."""
    try:
        return kept.local_path("movies", prefix, id, "mp4")
    except FileNotFoundError:
        return None
