"""Movies, as ffmpeg makes them."""

import subprocess

import av
import pytest
from PIL import Image

from zou.platform.media import movies
from zou.platform.media.movies import Encoding, MovieError
from zou.platform.media.pictures import Size

ENCODING = Encoding(fps="24.000", bitrate=2, preset="ultrafast", buffer_factor=2)


def record(path, *sound, size="160x90", seconds=1):
    """Write a short test movie."""
    command = [movies.ffmpeg(), "-loglevel", "error", "-y", "-f", "lavfi", "-i", f"testsrc=size={size}:rate=10:duration={seconds}"]
    subprocess.run([*command, *sound, "-pix_fmt", "yuv420p", str(path)], check=True)
    return path


@pytest.fixture
def silent(tmp_path):
    """One second, ten frames, no sound."""
    return record(tmp_path / "silent.mp4")


def test_a_movie_tells_what_it_holds(silent):
    movie = movies.probe(silent)
    assert (movie.size, movie.duration_s, movie.fps, movie.has_audio) == (Size(160, 90), 1.0, 10.0, False)


def test_what_is_no_movie_is_refused(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"no movie at all" * 100)
    with pytest.raises(MovieError):
        movies.probe(tmp_path / "a.mp4")


@pytest.mark.parametrize("sound", [[], ["-f", "lavfi", "-i", "sine=duration=1"]], ids=["silent", "with sound"])
def test_every_version_has_the_wanted_size_rate_and_sound(tmp_path, sound):
    source = record(tmp_path / "a.mov", *sound, size="160x120")
    movies.encode(source, tmp_path / "out.mp4", Size(320, 180), ENCODING)
    with av.open(str(tmp_path / "out.mp4")) as made:
        video, audio = made.streams.video[0], made.streams.audio[0]
        assert (video.codec_context.name, video.width, video.height, video.pix_fmt) == ("h264", 320, 180, "yuv420p")
        assert (float(video.average_rate), audio.codec_context.name) == (24.0, "aac")
        assert abs(float(video.duration * video.time_base) - 1) < 0.15


def test_sizes_are_even_and_keep_the_ratio():
    assert movies.target_size(Size(1921, 1080), None, 541) == Size(962, 542)
    assert movies.target_size(Size(640, 480), 1921, 1081) == Size(1922, 1082)
    assert movies.low_size(Size(1998, 1080)) == Size(1280, 692)


def test_a_frame_is_the_one_shown_at_that_moment(silent, tmp_path):
    movies.write_frame(silent, tmp_path / "first.png", 0)
    movies.write_frame(silent, tmp_path / "later.png", 0.5)
    first, later = Image.open(tmp_path / "first.png"), Image.open(tmp_path / "later.png")
    assert first.size == later.size == (160, 90)
    assert first.tobytes() != later.tobytes()
    with pytest.raises(MovieError):
        movies.write_frame(silent, tmp_path / "beyond.png", 5)


def test_the_tiles_of_a_movie_are_in_rows_of_eight(silent, tmp_path):
    assert movies.tile_sheet(silent, tmp_path / "tiles.png") == Size(178 * 8, 200)
    assert Image.open(tmp_path / "tiles.png").size == (178 * 8, 200)
