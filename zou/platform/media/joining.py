"""One film out of many, in order: without touching a frame where all are of one make, else each is encoded alike first.

Films are joined by ffmpeg's concat demuxer, which reads one after the other: memory does not grow with their number.
"""

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from zou.platform.lazy import Lazy
from zou.platform.media.movies import MovieError, probe, run

if TYPE_CHECKING:
    import av
else:
    av = Lazy("av")

TOLERANCE_S = 0.25
DIFFERENT = "The movies differ in their streams, so each was encoded again."
INCOMPLETE = "The movies could not be joined as they are, so each was encoded again."


def join(sources, target, size, fps, folder, full=False):
    """Write one MP4 out of films, in their order; returns why they had to be encoded again when that was not asked for, else None.

    `size`, `fps`: of the film when they are encoded. `full`: encode in any case. `folder`: for what is made on the way.
    Raises MovieError.
    """
    if not sources:
        raise MovieError("There is no movie to join.")
    message = None
    if not full:
        message = DIFFERENT
        if len({make_of(source) for source in sources}) == 1:
            concatenate(sources, target, folder)
            if is_complete(sources, target):
                return None
            message = INCOMPLETE
    segments = [encode(source, Path(folder, f"segment-{n}.mp4"), size, fps) for n, source in enumerate(sources)]
    concatenate(segments, target, folder)
    if not is_complete(segments, target):
        raise MovieError("The film is shorter than the movies that it is made of.")
    return message


def make_of(path):
    """What has to be the same in films that are joined as they are; of a film without one picture and one sound track, the path itself."""
    try:
        with av.open(str(path)) as container:
            if len(container.streams.video) != 1 or len(container.streams.audio) != 1:
                return str(path)
            video, audio = container.streams.video[0], container.streams.audio[0]
            shown, heard = video.codec_context, audio.codec_context
            return (
                shown.name, shown.width, shown.height, shown.pix_fmt, Fraction(video.average_rate or 0), video.time_base,
                shown.extradata, heard.name, heard.sample_rate, heard.layout.name, audio.time_base, heard.extradata,
            )  # fmt: skip
    except (av.FFmpegError, OSError, ValueError) as error:
        raise MovieError(f"The movie cannot be read: {error}") from error


def concatenate(sources, target, folder):
    """Join films of one make. Each begins when the picture of the one before ends, however long its sound is."""
    listed = Path(folder, "films.txt")
    listed.write_text("".join(f"file '{quoted(source)}'\nduration {probe(source).duration_s:.6f}\n" for source in sources))
    run(
        "-f", "concat", "-safe", "0", "-i", listed, "-map", "0:v:0", "-map", "0:a:0", "-c", "copy", "-movflags", "+faststart",
        "-f", "mp4", target,
    )  # fmt: skip


def quoted(path):
    """A path as the list of the concat demuxer takes it."""
    return str(Path(path).resolve()).replace("'", "'\\''")


def is_complete(sources, target):
    """Whether a film is as long as the films that it is made of."""
    return abs(probe(target).duration_s - sum(probe(source).duration_s for source in sources)) <= TOLERANCE_S


def encode(source, target, size, fps):
    """Write a film in the make that all segments share, padded with black; without sound it gets silence. Returns the target."""
    silence = [] if probe(source).has_audio else ["-f", "lavfi", "-i", "anullsrc=channel_layout=stereo:sample_rate=48000"]
    filters = (
        "scale='trunc(iw*sar/2)*2:trunc(ih/2)*2',setsar=1,"
        f"scale='{size.width}:{size.height}:force_original_aspect_ratio=decrease:force_divisible_by=2',"
        f"pad='{size.width}:{size.height}:(ow-iw)/2:(oh-ih)/2:black',setsar=1"
    )
    run(
        "-i", source, *silence, "-map", "0:v:0", "-map", "1:a:0" if silence else "0:a:0", "-af", "apad", "-shortest",
        "-vf", filters, "-c:v", "libx264", "-preset", "medium", "-pix_fmt", "yuv420p", "-r", fps, "-video_track_timescale", "90000",
        "-c:a", "aac", "-ar", "48000", "-ac", "2", "-movflags", "+faststart", "-f", "mp4", target,
    )  # fmt: skip
    return target
