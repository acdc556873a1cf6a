"""Stills of previews, with and without the drawings on them. Rules: contract/rules/previews.md §7."""

import io
import math
import zipfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from zou.files.services import register
from zou.files.services.register import Kept
from zou.platform.errors import Invalid, NotFound
from zou.platform.media import drawings, movies
from zou.platform.media.movies import MovieError
from zou.platform.storage import store
from zou.previews.services.annotations import objects_of
from zou.previews.services.movies import VERSIONS, local_movie, wanted

DPI = 150
SMALLEST = ("lowdef", "previews", "source")
BEST = ("previews", "lowdef", "source")


class NotStored(NotFound):
    """preview file binary is not available"""

    shape = "error"


@dataclass(frozen=True)
class Still:
    """A frame with its drawings. `number`: of the frame of a movie, of the annotation of a picture."""

    number: int
    picture: Image.Image


def movie_path(preview, order=BEST):
    """Path of the first version of a movie that is stored. Raises NotFound."""
    found = next((path for prefix in order if (path := local_movie(store(), preview.id, prefix))), None)
    if found is None:
        raise NotFound(f"No stored movie for preview file {preview.id}.")
    return found


def frame_rate(tx, preview):
    """Frames per second of a movie, as its production wants it."""
    return float(wanted(tx, preview.task_id).fps)


def frame(path, number, rate):
    """The frame of a movie with this number, from 1; smaller numbers give the first. Raises MovieError beyond the end."""
    with store().workspace() as folder:
        target = Path(folder, "frame.png")
        movies.write_frame(path, target, max(number - 1, 0) / rate)
        with Image.open(target) as opened:
            return opened.convert("RGBA")


def png(picture):
    """The bytes of a picture as PNG."""
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


def plain_frame(tx, preview, number):
    """The PNG of a frame of a movie. Raises NotFound for what is no movie and beyond the end."""
    if preview.extension != "mp4":
        raise NotFound()
    try:
        return png(frame(movie_path(preview), number, frame_rate(tx, preview)))
    except MovieError as error:
        raise NotFound(f"The movie has no frame {number}.") from error


def check_stored(preview):
    """Raise NotStored for a preview of which only the row came from another server."""
    if (preview.data or {}).get("imported_only"):
        raise NotStored()


def seconds(sheet):
    """The moment of an annotation; None for one that is no number."""
    try:
        value = float(sheet.get("time"))
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None


def sheets_of(preview):
    """The annotations of a preview that can be read."""
    return [sheet for sheet in preview.annotations or [] if isinstance(sheet, dict)]


def annotated_frame(tx, preview, number):
    """The PNG of one frame of a movie, or of a picture, with what is drawn there.

    Raises Invalid where nothing is drawn, for a movie without number and for what is neither; NotFound for what is not stored.
    """
    if preview.extension == "png":
        sheets = sheets_of(preview)
        if not sheets:
            raise Invalid("No annotation found on picture preview", shape="plain")
        return png(drawings.draw(stored_picture(preview), objects_of(sheets[0])))
    if preview.extension != "mp4":
        raise Invalid("Annotated frames can only be extracted from movies and pictures", shape="plain")
    if number is None:
        raise Invalid("frame_number is required for movie previews")
    rate = frame_rate(tx, preview)
    moment = (number - 1) / rate
    near = [sheet for sheet in sheets_of(preview) if (time := seconds(sheet)) is not None and abs(time - moment) <= 0.5 / rate]
    if not near:
        raise Invalid(f"No annotation found for frame {number}", shape="plain")
    check_stored(preview)
    try:
        return png(drawings.draw(frame(movie_path(preview), number, rate), objects_of(near[0])))
    except MovieError as error:
        raise NotFound(f"The movie has no frame {number}.") from error


def stored_picture(preview):
    """The still of a picture, 1200 wide. Raises NotStored."""
    check_stored(preview)
    try:
        path = store().local_path("pictures", "previews", preview.id, "png")
        with Image.open(path) as opened:
            return opened.convert("RGBA")
    except OSError as error:
        raise NotStored() from error


def annotated_frames(tx, preview):
    """Every annotated frame, one by one: frames of `Still`. Raises Invalid without annotations, NotFound for what is not stored."""
    sheets = sheets_of(preview)
    if not sheets:
        raise Invalid("Preview file has no annotations", shape="plain")
    if preview.extension == "png":
        still = stored_picture(preview)
        return (Still(number, drawings.draw(still, objects_of(sheet))) for number, sheet in enumerate(sheets, 1))
    if preview.extension != "mp4":
        raise Invalid("Annotated frames can only be extracted from movies and pictures", shape="plain")
    check_stored(preview)
    return movie_stills(sheets, movie_path(preview), frame_rate(tx, preview))


def movie_stills(sheets, path, rate):
    """The stills of a movie; those past its end are left out."""
    for sheet in sheets:
        time = seconds(sheet)
        if time is None:
            continue
        number = max(1, round(time * rate) + 1)
        try:
            yield Still(number, drawings.draw(frame(path, number, rate), objects_of(sheet)))
        except MovieError:
            continue


def archive(stills, base):
    """The bytes of a ZIP of stills. Raises Invalid when there is none."""
    target, is_empty = io.BytesIO(), True
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for still in stills:
            file.writestr(f"{base}_frame_{still.number}.png", png(still.picture))
            is_empty = False
    if is_empty:
        raise none_extracted()
    return target.getvalue()


def document(stills):
    """The bytes of a PDF with a page for each still. Raises Invalid when there is none."""
    pages = [still.picture.convert("RGB") for still in stills]
    if not pages:
        raise none_extracted()
    target = io.BytesIO()
    pages[0].save(target, "PDF", resolution=DPI, save_all=True, append_images=pages[1:])
    return target.getvalue()


def none_extracted():
    """The refusal of a preview whose annotations give no still."""
    return Invalid("No annotated frame could be extracted from this preview", shape="plain")


def make_tiles(tx, preview):
    """Make the sheet of tiles of a movie anew from its smallest version and store it. Returns its path.

    Raises Invalid for what is no movie, NotFound for one that is not stored or cannot be read.
    """
    if preview.extension != "mp4":
        raise Invalid("Preview file is not a movie")
    stored = [path for prefix in VERSIONS if (path := local_movie(store(), preview.id, prefix))]
    source = min(stored, key=lambda path: path.stat().st_size) if stored else movie_path(preview, SMALLEST)
    with store().workspace() as folder:
        target = Path(folder, "tiles.png")
        try:
            movies.tile_sheet(source, target)
        except MovieError as error:
            raise NotFound(f"The tiles of preview file {preview.id} cannot be made.") from error
        register.keep(tx, [Kept("pictures", "tiles", preview.id, target)])
    return store().local_path("pictures", "tiles", preview.id, "png")
