"""What becomes of pictures and films of many formats, sizes and faults: a table, as in docs/media.md.

    PYTHONPATH=.:benchmarks python benchmarks/corpus.py [--write]

Every file is made here, small, by ffmpeg, OpenImageIO or Pillow, and goes through what an upload goes through. Of a picture the size and
a pixel are compared, of a film the number of frames and the duration of both versions with those of the source, encoded at its own rate.
A broken file must be refused, and not half taken. `--write` puts the table into docs/media.md. It ends with 1 when a row is wrong.
"""

import argparse
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from PIL import Image

from tests.renders import light, photoshop, written
from zou.platform.errors import Invalid
from zou.platform.media import movies, pictures, renders
from zou.platform.media.movies import Encoding, MovieError
from zou.previews.services.kinds import RENDERED

PAGE = Path(__file__).parents[1] / "docs" / "media.md"
BEGIN, END = "<!-- corpus: made by benchmarks/corpus.py -->", "<!-- end of corpus -->"
RED, LINEAR, SCREEN = (254, 0, 0), (188, 118, 0), (128, 46, 0)
SECONDS = 2


@dataclass
class Row:
    """A line of the table."""

    name: str
    what: str
    result: str
    is_right: bool


def still(mode="RGB", colour="red", **options):
    """A maker of a picture through Pillow."""
    return lambda path: Image.new(mode, (33, 19), colour).save(path, **options)


def render(kind="float", alpha=None, **attributes):
    """A maker of a picture through OpenImageIO, of linear light."""
    return lambda path: written(path, light(alpha=alpha), kind, **attributes)


def turned(path):
    """A photo whose camera was held upright."""
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (33, 19), "red").save(path, exif=exif)


def grey16(path):
    """A PNG of 16 bits."""
    Image.fromarray(np.full((19, 33), 32768, dtype=np.uint16)).save(path)


def cut(make, share):
    """A maker of the first part of a file."""

    def first(path):
        make(path)
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])

    return first


def noise(path):
    """A large enough JPEG that its end can be missing."""
    Image.effect_noise((320, 180), 90).convert("RGB").save(path)


def text(path):
    """No picture and no film."""
    path.write_bytes(b"just a text\n" * 500)


def nothing(path):
    """An empty file."""
    path.write_bytes(b"")


SOME, REFUSED = "any", "refused"
PICTURES = [
    ("a.png", "8 bits", still(), (255, 0, 0)),
    ("A.PNG", "upper-case suffix", still(), (255, 0, 0)),
    ("alpha.png", "half transparent", still("RGBA", (255, 0, 0, 128)), (255, 0, 0, 128)),
    ("palette.png", "palette, kept", still("P", 1), SOME),
    ("grey.png", "grey", still("L", 128), (128,)),
    ("grey16.png", "grey of 16 bits", grey16, (128,)),
    ("bits.png", "black and white", still("1", 1), (255,)),
    ("one.png", "one pixel", lambda path: Image.new("RGB", (1, 1), "red").save(path), (255, 0, 0)),
    ("wide.png", "4001 by 3", lambda path: Image.new("RGB", (4001, 3), "red").save(path), (255, 0, 0)),
    ("a.jpg", "", still(), RED),
    ("a.jpeg", "CMYK", still("CMYK", (0, 255, 255, 0)), SOME),
    ("grey.jpe", "grey", lambda path: Image.new("L", (33, 19), 128).save(path, "JPEG"), (128,)),
    ("turned.jpg", "phone held upright; not turned", turned, RED),
    ("cut.jpg", "end missing: the rest is shown", cut(noise, 0.6), SOME),
    ("a.webp", "without loss", still(lossless=True), (255, 0, 0)),
    ("a.tif", "8 bits", render("uint8"), SCREEN),
    ("deep.tif", "16 bits and alpha", render("uint16", 0.5), (*SCREEN, 128)),
    ("light.tiff", "32 bits, linear", render("float"), LINEAR),
    ("a.psd", "8 bits", photoshop, (128, 64, 0)),
    ("deep.psd", "16 bits", lambda path: photoshop(path, 16), (128, 64, 0)),
    ("a.psb", "large Photoshop", lambda path: photoshop(path, version=2), (128, 64, 0)),
    ("a.exr", "half, linear", render("half"), LINEAR),
    ("alpha.exr", "float and alpha", render("float", 0.5), (*LINEAR, 128)),
    ("window.exr", "display window larger than the data", render("half", window=(-4, -4, 64, 36)), LINEAR),
    ("depth.exr", "depth only", lambda path: written(path, light()[..., :1].copy(), "float", ["Z"]), (188,)),
    ("a.hdr", "Radiance", render(), LINEAR),
    ("a.dpx", "10 bits", render("uint16", oiio__BitsPerSample=10), SCREEN),
    ("log.dpx", "film log", render("uint16", oiio__ColorSpace="KodakLog"), SOME),
    ("text.png", "a text", text, REFUSED),
    ("empty.jpg", "empty", nothing, REFUSED),
    ("header.png", "only its head", cut(still(), 0.3), REFUSED),
    ("cut.exr", "end missing", cut(render("half"), 0.6), REFUSED),
    ("cut.tif", "end missing", cut(render("uint16"), 0.5), REFUSED),
    ("text.exr", "a text", text, REFUSED),
]
"""(name, what it is, its maker, the pixel that is expected)"""


def film(*codec, size="160x90", rate="25", sound=False, seconds=SECONDS, before=()):
    """A maker of a film."""
    tone = ["-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}"] if sound else []
    source = ["-f", "lavfi", "-i", f"testsrc=size={size}:rate={rate}:duration={seconds}"]

    def make(path):
        command = [movies.ffmpeg(), "-loglevel", "error", "-y", *before, *source, *tone, *codec, str(path)]
        subprocess.run(command, check=True)

    return make


def phone(path):
    """A film of a phone that was held upright: the frames lie on their side."""
    lying = path.with_name("lying.mp4")
    film(*H264, sound=True)(lying)
    turn = ["-display_rotation", "90", "-i", str(lying), "-c", "copy", str(path)]
    done = subprocess.run([movies.ffmpeg(), "-loglevel", "error", "-y", *turn], check=False)
    if done.returncode:  # older than 6
        turn = ["-i", str(lying), "-c", "copy", "-metadata:s:v:0", "rotate=90", str(path)]
        subprocess.run([movies.ffmpeg(), "-loglevel", "error", "-y", *turn], check=True)


H264 = ("-c:v", "libx264", "-pix_fmt", "yuv420p")
FILMS = [
    ("a.mp4", "H.264", film(*H264), True),
    ("A.MOV", "H.264, sound, upper-case suffix", film(*H264, sound=True), True),
    ("a.m4v", "H.264, AAC", film(*H264, "-f", "mp4", sound=True), True),
    ("cinema.mov", "23.976 frames a second", film(*H264, rate="24000/1001"), True),
    ("film.mov", "24 frames a second", film(*H264, rate="24"), True),
    ("tv.mov", "29.97 frames a second", film(*H264, rate="30000/1001"), True),
    ("web.mp4", "30 frames a second", film(*H264, rate="30"), True),
    ("hfr.mp4", "48 frames a second", film(*H264, rate="48"), True),
    ("pal.mp4", "50 frames a second", film(*H264, rate="50"), True),
    ("game.mp4", "60 frames a second", film(*H264, rate="60", sound=True), True),
    ("slow.mp4", "12 frames a second", film(*H264, rate="12"), True),
    ("odd.avi", "161 by 91", film("-c:v", "ffv1", size="161x91"), True),
    ("tall.mp4", "90 by 160", film(*H264, size="90x160"), True),
    ("wide.mov", "480 by 100", film(*H264, size="480x100"), True),
    ("scope.mov", "pixels that are not square", film(*H264, "-vf", "setsar=2"), True),
    ("phone.mp4", "phone held upright", phone, True),
    ("b.mp4", "MPEG-4 part 2", film("-c:v", "mpeg4", sound=True), True),
    ("hevc.mp4", "H.265", film("-c:v", "libx265", "-pix_fmt", "yuv420p", "-x265-params", "log-level=error"), True),
    ("deep.mov", "ProRes 422, 10 bits", film("-c:v", "prores_ks", "-profile:v", "2", sound=True), True),
    ("alpha.mov", "ProRes 4444, alpha", film("-c:v", "prores_ks", "-profile:v", "4", "-pix_fmt", "yuva444p10le"), True),
    ("dnx.mov", "DNxHR", film("-c:v", "dnxhd", "-profile:v", "dnxhr_sq", "-pix_fmt", "yuv422p", size="320x180"), True),
    ("jpeg.mov", "Motion JPEG", film("-c:v", "mjpeg", "-pix_fmt", "yuvj420p"), True),
    ("rle.mov", "Animation (RLE), alpha", film("-c:v", "qtrle", "-pix_fmt", "argb"), True),
    ("raw.avi", "uncompressed", film("-c:v", "rawvideo", "-pix_fmt", "bgr24"), True),
    ("png.mov", "PNG frames", film("-c:v", "png"), True),
    ("a.mkv", "FFV1, FLAC", film("-c:v", "ffv1", "-c:a", "flac", sound=True), True),
    ("vp9.webm", "VP9, Opus", film("-c:v", "libvpx-vp9", "-b:v", "500k", "-c:a", "libopus", sound=True), True),
    ("a.wmv", "WMV 2, WMA", film("-c:v", "wmv2", "-c:a", "wmav2", sound=True), True),
    ("frame.mp4", "one frame", film(*H264, "-frames:v", "1"), True),
    ("grey.mov", "grey, 10 bits", film("-c:v", "ffv1", "-pix_fmt", "gray10le", "-f", "matroska"), True),
    ("cut.mkv", "end missing: what is there is kept", cut(film("-c:v", "ffv1"), 0.6), True),
    ("cut.mp4", "end missing, and with it the index", cut(film(*H264), 0.6), False),
    ("text.mov", "a text", text, False),
    ("empty.mov", "empty", nothing, False),
    ("sound.mp4", "sound without picture", film("-map", "1:a", sound=True), False),
]
"""(name, what it is, its maker, whether it is a film)"""


def picture_row(folder, name, what, make, expected):
    """What becomes of a picture."""
    path, target = folder / name, folder / "web.png"
    make(path)
    convert = renders.convert if path.suffix[1:].lower() in RENDERED else pictures.convert
    try:
        size = convert(path, target)
        made = pictures.variants(target, size, folder)
    except Invalid as error:
        return Row(name, what, f"refused: {error}", expected == REFUSED)
    with Image.open(target) as picture:
        found = picture.getpixel((picture.width // 2, picture.height // 2))
        mode = picture.mode
    pixel = found if isinstance(found, tuple) else (found,)
    is_right = expected == SOME or (expected != REFUSED and all(abs(a - b) <= 1 for a, b in zip(pixel, expected, strict=True)))
    return Row(name, what, f"{size.width} x {size.height}, {mode} {pixel}, {len(made)} sizes", is_right)


def frames(path):
    """(number of frames that can be decoded, seconds that they last)."""
    with av.open(str(path)) as container:
        stream, times = container.streams.video[0], []
        try:
            for frame in container.decode(stream):
                times.append(frame.time or 0)
        except av.FFmpegError:
            pass  # the end is missing
        rate = float(stream.average_rate or stream.base_rate or 25)
    return len(times), max(times, default=0) - min(times, default=0) + 1 / rate


def film_row(folder, name, what, make, is_film):
    """What becomes of a film."""
    path = folder / name
    make(path)
    try:
        movie = movies.probe(path)
        count, seconds = frames(path)
        encoding = Encoding(f"{movie.fps or 25:.3f}", 2, "ultrafast", 2)
        shown = movies.upright(path, movie.size)
        size = movies.target_size(shown, None, shown.height)
        versions = {"high": size, "low": movies.low_size(size)}
        after = {}
        for version, wanted in versions.items():
            movies.encode(path, folder / f"{version}.mp4", wanted, encoding, movie)
            after[version] = frames(folder / f"{version}.mp4")
        movies.write_frame(folder / "high.mp4", folder / "frame.png", 0)
        movies.tile_sheet(folder / "high.mp4", folder / "tiles.png")
    except MovieError as error:
        return Row(name, what, f"refused: {str(error).splitlines()[0].replace(str(folder) + '/', '')[:80]}", not is_film)
    same = all(made == count and abs(lasts - seconds) < 1.5 / float(encoding.fps) for made, lasts in after.values())
    counts = " / ".join(str(made) for made, _ in after.values())
    lengths = " / ".join(f"{lasts:.3f}" for _, lasts in after.values())
    result = f"{count} frames, {seconds:.3f} s → {counts} frames, {lengths} s; {size.width} x {size.height}"
    return Row(name, what, result, is_film and same)


def table(title, rows):
    """Lines of Markdown."""
    yield f"| {title} | what it is | what becomes of it |"
    yield "| --- | --- | --- |"
    for row in rows:
        yield f"| `{row.name}` | {row.what} | {row.result}{'' if row.is_right else ' **wrong**'} |"


def main():
    """Make, convert, print; exit 1 when something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", action="store_true", help="put the table into docs/media.md")
    wanted = parser.parse_args()
    rows = {"picture": [], "film": []}
    for kind, make_row, entries in (("picture", picture_row, PICTURES), ("film", film_row, FILMS)):
        for entry in entries:
            with tempfile.TemporaryDirectory() as folder:
                rows[kind].append(make_row(Path(folder), *entry))
    lines = [*table("picture", rows["picture"]), "", *table("film", rows["film"])]
    print("\n".join(lines))
    if wanted.write:
        page = PAGE.read_text()
        head, rest = page.split(BEGIN)
        PAGE.write_text("\n".join([f"{head}{BEGIN}", "", *lines, "", END]) + rest.split(END)[1])
    raise SystemExit(0 if all(row.is_right for kind in rows.values() for row in kind) else 1)


if __name__ == "__main__":
    main()
