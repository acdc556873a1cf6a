"""Pictures of studios as browsers see them: light encoded, windows kept, what is broken refused."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from tests.renders import GREY, HEIGHT, WIDTH, light, photoshop, written
from zou.platform.errors import Invalid
from zou.platform.media import pictures, renders

AP0 = (0.7347, 0.2653, 0.0, 1.0, 0.0001, -0.077, 0.32168, 0.33767)


def seen(path, tmp_path, at=(5, 5)):
    """(mode, size, pixel) of the web version."""
    size = renders.convert(path, tmp_path / "web.png")
    with Image.open(tmp_path / "web.png") as picture:
        assert (size.width, size.height) == picture.size
        return picture.mode, picture.size, picture.getpixel(at)


def near(found, wanted):
    return all(abs(a - b) <= 1 for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize("name, kind", [("a.exr", "half"), ("a.exr", "float"), ("a.hdr", "float"), ("a.tif", "float")])
def test_light_is_encoded_as_srgb(tmp_path, name, kind):
    mode, size, pixel = seen(written(tmp_path / name, light(), kind), tmp_path)
    assert (mode, size) == ("RGB", (WIDTH, HEIGHT))
    assert near(pixel, (188, 118, 0))


@pytest.mark.parametrize("name, kind", [("a.tif", "uint16"), ("a.tiff", "uint8"), ("a.dpx", "uint16")])
def test_values_of_a_screen_stay(tmp_path, name, kind):
    _, _, pixel = seen(written(tmp_path / name, light(), kind), tmp_path)
    assert near(pixel, (128, 46, 0))


def test_film_log_is_developed(tmp_path):
    codes = np.full((HEIGHT, WIDTH, 3), 0, dtype="float32")
    codes[...] = np.array([685, 445, 95]) / 1023  # white, the grey card of film scans, black
    path = written(tmp_path / "a.dpx", codes, "uint16", oiio__ColorSpace="KodakLog", oiio__BitsPerSample=10)
    _, _, pixel = seen(path, tmp_path)
    assert near(pixel, (255, 108, 0))


def test_light_beyond_white_is_clipped_and_what_is_no_number_is_black(tmp_path):
    pixels = light(red=7.5)
    pixels[0, 0] = (np.nan, np.inf, -3)
    path = written(tmp_path / "a.exr", pixels)
    assert near(seen(path, tmp_path)[2], (255, 118, 0))
    assert seen(path, tmp_path, at=(0, 0))[2] == (0, 255, 0)


def test_alpha_is_straight_in_the_web_version(tmp_path):
    mode, _, pixel = seen(written(tmp_path / "a.exr", light(alpha=0.5), "half"), tmp_path)
    assert (mode, near(pixel, (188, 118, 0, 128))) == ("RGBA", True)
    assert near(seen(written(tmp_path / "a.tif", light(alpha=0.5), "uint16"), tmp_path)[2], (128, 46, 0, 128))
    assert near(seen(written(tmp_path / "b.exr", light(alpha=0.0)), tmp_path)[2], (0, 0, 0, 0))


def test_primaries_are_those_of_srgb_afterwards(tmp_path):
    """The white of ACES stays white; a colour of ACES gets other values."""
    white = np.ones((HEIGHT, WIDTH, 3), dtype="float32")
    path = written(tmp_path / "a.exr", white * GREY, chromaticities=("float[8]", AP0))
    assert near(seen(path, tmp_path)[2], (118, 118, 118))
    path = written(tmp_path / "b.exr", light(red=0.25), chromaticities=("float[8]", AP0))
    red, green, blue = seen(path, tmp_path)[2]
    assert red > 137 + 10
    assert blue == 0


def test_the_display_window_is_what_is_shown(tmp_path):
    path = written(tmp_path / "crop.exr", light(), window=(-10, -4, 64, 36))
    mode, size, pixel = seen(path, tmp_path, at=(10, 4))
    assert (size, near(pixel, (188, 118, 0))) == ((64, 36), True)
    assert seen(path, tmp_path, at=(9, 4))[2] == (0, 0, 0)
    path = written(tmp_path / "overscan.exr", light(), window=(4, 4, 16, 8))
    assert seen(path, tmp_path)[1] == (16, 8)


@pytest.mark.parametrize(
    "names, mode",
    [(["Z"], "L"), (["Y"], "L"), (["beauty.R", "beauty.G", "beauty.B"], "RGB"), (["R", "G", "B", "A", "Z", "N.x"], "RGBA"),
     (["u", "v"], "L"), (["r", "g", "b"], "RGB"), (["Y", "A"], "LA")],
)  # fmt: skip
def test_the_channels_of_a_render_are_found(tmp_path, names, mode):
    pixels = np.full((HEIGHT, WIDTH, len(names)), 1, dtype="float32")
    assert seen(written(tmp_path / "a.exr", pixels, "half", names), tmp_path)[0] == mode


def test_tiled_pictures_are_read(tmp_path):
    path = written(tmp_path / "a.exr", np.full((100, 150, 3), 0.5, dtype="float32"), "half")
    assert seen(path, tmp_path)[1] == (150, 100)
    import OpenImageIO as oiio

    spec = oiio.ImageSpec(150, 100, 3, "half")
    spec.tile_width = spec.tile_height = 64
    output = oiio.ImageOutput.create(str(tmp_path / "tiled.exr"))
    assert output.open(str(tmp_path / "tiled.exr"), spec)
    assert output.write_image(np.full((100, 150, 3), 0.5, dtype="float32"))
    output.close()
    mode, size, pixel = seen(tmp_path / "tiled.exr", tmp_path, at=(149, 99))
    assert (mode, size, near(pixel, (188, 188, 188))) == ("RGB", (150, 100), True)


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("version, name", [(1, "a.psd"), (2, "a.psb")])
def test_photoshop_files_are_read(tmp_path, bits, version, name):
    mode, size, pixel = seen(photoshop(tmp_path / name, bits, version=version), tmp_path)
    assert (mode, size) == ("RGB", (WIDTH, HEIGHT))
    assert near(pixel, (128, 64, 0))


def test_a_profile_is_applied(tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGB", (8, 8), (10, 20, 30)).save(tmp_path / "a.tif", icc_profile=profile)
    assert near(seen(tmp_path / "a.tif", tmp_path)[2], (10, 20, 30))


@pytest.mark.parametrize("name", ["a.exr", "a.psd", "a.tif", "a.dpx", "a.hdr"])
def test_what_is_no_picture_or_broken_is_refused(tmp_path, name):
    path = photoshop(tmp_path / name) if name.endswith("psd") else written(tmp_path / name, light())
    whole = path.read_bytes()
    for content in (b"", b"just a text\n" * 50, whole[:20], whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(Invalid):
            renders.convert(path, tmp_path / "web.png")


def test_a_picture_of_too_many_pixels_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures.Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(Invalid, match="too many pixels"):
        renders.convert(written(tmp_path / "a.exr", light()), tmp_path / "web.png")


def test_pictures_of_the_library_are_readable_by_pillow_too(tmp_path):
    renders.convert(written(tmp_path / "a.exr", light(alpha=0.5)), tmp_path / "web.png")
    made = pictures.variants(tmp_path / "web.png", pictures.Size(WIDTH, HEIGHT), tmp_path)
    assert Image.open(io.BytesIO(made["thumbnails"].read_bytes())).size == (150, 100)
