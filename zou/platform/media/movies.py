"""Movies: what a file holds, the two versions that are made of it, its first frame and its sheet of tiles.

Encoding is ffmpeg's: the system's when there is one, else the one that imageio-ffmpeg brings. Probing and single frames are PyAV's.
Rules: contract/rules/previews.md §4.
"""

import contextlib
import errno
import logging
import math
import os
import re
import shutil
import signal
import subprocess
import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

import imageio_ffmpeg

from zou.platform.errors import FULL, is_full
from zou.platform.lazy import Lazy
from zou.platform.media.mortal import mortal
from zou.platform.media.pictures import Size, fit

if TYPE_CHECKING:
    import av
else:
    av = Lazy("av")

TILE_HEIGHT, TILE_COLUMNS, TILE_ROWS = 100, 8, 480
LOW_WIDTH = 1280
LATEST_S = 0.5  # a picture that begins later is meant to
NO_SPACE = re.compile("|".join(os.strerror(number) for number in FULL))
log = logging.getLogger(__name__)
ends_at: ContextVar[float | None] = ContextVar("ends_at", default=None)


class MovieError(Exception):
    """The movie cannot be read or encoded; the message says why."""


@dataclass(frozen=True)
class Movie:
    """What a movie file holds. `fps`: the stream's own rate, or None."""

    size: Size
    duration_s: float
    fps: float | None
    has_audio: bool
    aspect: float | None  # display aspect ratio, when the file tells one
    late_s: float = 0  # how much later than the sound the picture begins


@dataclass(frozen=True)
class Encoding:
    """How to encode: frames per second, megabits per second, preset of x264, buffer over bitrate (0: unbounded)."""

    fps: str
    bitrate: int
    preset: str
    buffer_factor: float


def ffmpeg():
    """Path of the ffmpeg to run."""
    return shutil.which("ffmpeg") or imageio_ffmpeg.get_ffmpeg_exe()


def probe(path):
    """What is in a movie. Raises MovieError for a file without video."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise MovieError("The file has no video stream.")
            stream = container.streams.video[0]
            if not stream.width or not stream.height:
                raise MovieError("The video stream has no size.")
            seconds = float(stream.duration * stream.time_base) if stream.duration else (container.duration or 0) / av.time_base
            rate = stream.base_rate or stream.average_rate
            aspect = stream.display_aspect_ratio
            late_s = float((stream.start_time or 0) * stream.time_base) - (container.start_time or 0) / av.time_base
            return Movie(
                Size(stream.width, stream.height), seconds, float(rate) if rate else None, bool(container.streams.audio),
                float(aspect) if aspect else None, late_s,
            )  # fmt: skip
    except (av.FFmpegError, OSError, ValueError) as error:
        raise MovieError(f"The movie cannot be read: {getattr(error, 'strerror', None) or error}") from error


def upright(path, size):
    """The size in which a movie is shown: that of its frames, turned when the camera was held so."""
    try:
        with av.open(str(path)) as container:
            frame = next(container.decode(container.streams.video[0]))
            return Size(size.height, size.width) if abs(frame.rotation) == 90 else size
    except (av.FFmpegError, OSError, StopIteration):
        return size


def target_size(source, width, height):
    """The size to encode to: even, and as wide as the source's ratio wants when `width` is None."""
    if width is None:
        width = math.floor(source.width / source.height * height)
    return Size(even(width), even(height))


def low_size(size):
    """The size of the low definition version."""
    return Size(LOW_WIDTH, even(math.floor(size.height / size.width * LOW_WIDTH)))


def even(number):
    return number + number % 2


def encode(source, target, size, encoding, movie=None):
    """Write an MP4 (H.264, AAC) that every browser plays, padded with black to `size`. A movie without sound gets silence.

    Raises MovieError with ffmpeg's last words.
    """
    movie = movie or probe(source)
    length_s = movie.duration_s or 1 / (movie.fps or 25)  # a single frame tells no duration
    silence = [] if movie.has_audio else [
        "-f", "lavfi", "-t", length_s, "-i", "anullsrc=channel_layout=stereo:sample_rate=44100",
    ]  # fmt: skip
    # A picture that begins a moment after its sound would be shown twice to fill the gap: both begin with the picture then.
    is_late = movie.has_audio and 0.4 / (movie.fps or 25) < movie.late_s < LATEST_S
    filters, cut = ("setpts=PTS-STARTPTS,", f"atrim=start={movie.late_s},asetpts=PTS-STARTPTS,") if is_late else ("", "")
    filters += (
        "scale='trunc(iw*sar/2)*2:trunc(ih/2)*2',setsar=1,"
        f"scale='{size.width}:{size.height}:force_original_aspect_ratio=decrease:force_divisible_by=2',"
        f"pad='{size.width}:{size.height}:(ow-iw)/2:(oh-ih)/2:black',setsar=1"
    )
    rate = [] if not encoding.buffer_factor else [
        "-maxrate", f"{encoding.bitrate}M", "-bufsize", f"{encoding.bitrate * encoding.buffer_factor}M",
    ]  # fmt: skip
    run(
        "-i", source, *silence, "-map", "0:v:0", "-map", "0:a:0" if movie.has_audio else "1:a:0", "-af", f"{cut}apad=whole_dur={length_s}",
        "-vf", filters, "-c:v", "libx264", "-preset", encoding.preset, "-pix_fmt", "yuv420p", "-r", encoding.fps,
        "-x264-params", "keyint=2:scenecut=0", "-b:v", f"{encoding.bitrate}M", *rate,
        "-c:a", "aac", "-movflags", "+faststart", "-f", "mp4", target,
    )  # fmt: skip


@contextlib.contextmanager
def limited_to(seconds):
    """What ffmpeg does inside, all together, takes at most so many seconds; 0 or None: as long as it takes."""
    before = ends_at.set(time.monotonic() + seconds if seconds else None)
    try:
        yield
    finally:
        ends_at.reset(before)


def run(*arguments):
    """Run ffmpeg over an output that may exist. It ends with this process. Raises MovieError, and OSError when the disk is full."""
    command = mortal([ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "error", "-y", *map(str, arguments)])
    deadline = ends_at.get()
    left_s = None if deadline is None else max(deadline - time.monotonic(), 0.01)
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, timeout=left_s)
    except subprocess.TimeoutExpired as error:  # ffmpeg has been killed
        raise MovieError("The work on the movie took too long and was stopped (JOB_QUEUE_TIMEOUT).") from error
    if done.returncode == -signal.SIGXFSZ or NO_SPACE.search(done.stderr):  # for a full disk ffmpeg may end as if all were well
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if done.returncode != 0:
        raise MovieError(done.stderr.strip()[-500:] or f"ffmpeg ended with {done.returncode}.")


def first_frame(source, target, size):
    """Write the first frame as PNG, fitted to `size`."""
    write_frame(source, target, 0)
    fit(target, target, (size.width, size.height))


def write_frame(source, target, time_s):
    """Write the frame shown at a moment as PNG, in its own size. Raises MovieError beyond the end."""
    try:
        with av.open(str(source)) as container:
            stream = container.streams.video[0]
            if time_s > 0:
                container.seek(int(time_s / stream.time_base), stream=stream)
            last = None
            for frame in container.decode(stream):
                last = frame
                if frame.time is None or frame.time + 1e-6 >= time_s:
                    frame.to_image().save(target, "PNG")
                    return
            if last is None or time_s > 0:
                raise MovieError("The movie has no frame at that moment.")
    except (av.FFmpegError, OSError, IndexError) as error:
        if is_full(error):
            raise
        raise MovieError(f"The frame cannot be read: {error}") from error


def tile_sheet(source, target, movie=None):
    """Write the sheet of small frames that the player shows over its timeline: 8 columns, one PNG. Returns its `Size`."""
    movie = movie or probe(source)
    cell = Size(math.ceil(TILE_HEIGHT * (movie.aspect or movie.size.width / movie.size.height)), TILE_HEIGHT)
    frames = max(round(movie.duration_s * (movie.fps or 25)), 1)
    rows = min(math.ceil(frames / TILE_COLUMNS), TILE_ROWS)
    step = math.ceil(frames / (TILE_COLUMNS * TILE_ROWS)) if rows == TILE_ROWS else 1
    select = f"select='not(mod(n,{step}))'," if step > 1 else ""
    tile = f"{select}scale={cell.width}:{cell.height},tile={TILE_COLUMNS}x{rows}"
    run("-i", source, "-frames:v", "1", "-update", "1", "-vf", tile, "-c:v", "png", "-f", "image2", target)
    return Size(cell.width * TILE_COLUMNS, cell.height * rows)
