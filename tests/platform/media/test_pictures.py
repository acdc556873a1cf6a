"""Pictures made of pictures. The sources are written by OpenImageIO, as a studio's tools write them."""

import numpy as np
import OpenImageIO as oiio
import pytest
from PIL import Image

from zou.platform.errors import Invalid
from zou.platform.media import pictures
from zou.platform.media.pictures import Size


def write(path, pixels, **attributes):
    """Write an array of height × width × channels as a picture of the path's format."""
    height, width, channels = pixels.shape
    spec = oiio.ImageSpec(width, height, channels, str(pixels.dtype))
    spec.attribute("oiio:UnassociatedAlpha", 1)
    for name, value in attributes.items():
        spec.attribute(name, value)
    output = oiio.ImageOutput.create(str(path))
    assert output.open(str(path), spec), output.geterror()
    assert output.write_image(pixels), output.geterror()
    output.close()
    return path


def plain(width, height, colour, dtype="uint8"):
    return np.full((height, width, len(colour)), colour, dtype=dtype)


def test_a_picture_is_kept_as_png_in_its_size(tmp_path):
    source = write(tmp_path / "a.jpg", plain(320, 180, (200, 30, 30)))
    assert pictures.convert(source, tmp_path / "out.png") == Size(320, 180)
    with Image.open(tmp_path / "out.png") as made:
        assert (made.format, made.mode, made.size) == ("PNG", "RGB", (320, 180))
        red, green, blue = made.getpixel((10, 10))
    assert (abs(red - 200) < 4, abs(green - 30) < 4, abs(blue - 30) < 4) == (True, True, True)


def test_transparency_stays(tmp_path):
    pictures.convert(write(tmp_path / "a.png", plain(40, 30, (200, 100, 50, 128))), tmp_path / "out.png")
    with Image.open(tmp_path / "out.png") as made:
        assert made.getpixel((5, 5)) == (200, 100, 50, 128)


def test_sixteen_bit_grey_becomes_eight(tmp_path):
    pictures.convert(write(tmp_path / "a.png", plain(40, 30, (0x8000,), "uint16")), tmp_path / "out.png")
    with Image.open(tmp_path / "out.png") as made:
        assert (made.mode, made.getpixel((5, 5))) == ("L", 128)


def test_sixteen_bit_colour_becomes_eight(tmp_path):
    pictures.convert(write(tmp_path / "a.png", plain(40, 30, (0xFFFF, 0x8080, 0), "uint16")), tmp_path / "out.png")
    with Image.open(tmp_path / "out.png") as made:
        assert (made.mode, made.getpixel((5, 5))) == ("RGB", (255, 128, 0))


def test_the_orientation_of_a_camera_is_neither_applied_nor_kept(tmp_path):
    source = write(tmp_path / "a.jpg", plain(60, 40, (10, 20, 30)), Orientation=6)
    assert pictures.convert(source, tmp_path / "out.png") == Size(60, 40)
    with Image.open(tmp_path / "out.png") as made:
        assert dict(made.getexif()) == {}


@pytest.mark.parametrize(
    "size, canvas, fitted",
    [
        (Size(1920, 1080), Size(150, 100), Size(150, 85)),
        (Size(1080, 1920), Size(150, 100), Size(57, 100)),
        (Size(10, 10), Size(150, 100), Size(100, 100)),
        (Size(300, 200), Size(150, 100), Size(150, 100)),
        (Size(1, 1), Size(100, 100), Size(100, 100)),
    ],
)
def test_a_picture_is_fitted_whole(size, canvas, fitted):
    assert pictures.fitted_size(size, canvas) == fitted


def test_every_size_is_made_on_a_transparent_canvas(tmp_path):
    pictures.convert(write(tmp_path / "a.png", plain(320, 180, (255, 0, 0))), tmp_path / "out.png")
    made = pictures.variants(tmp_path / "out.png", Size(320, 180), tmp_path)
    sizes = {prefix: Image.open(path).size for prefix, path in made.items()}
    assert sizes == {"original": (320, 180), "thumbnails": (150, 100), "thumbnails-square": (100, 100), "previews": (1200, 675)}
    thumbnail = Image.open(made["thumbnails"])
    assert thumbnail.getpixel((75, 50)) == (255, 0, 0, 255)
    assert thumbnail.getpixel((75, 1)) == (0, 0, 0, 0)


@pytest.mark.parametrize("content", [b"", b"hello world\n" * 50, b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0\x00\x10JFIF", b"GIF89a"])
def test_what_is_no_picture_is_refused(tmp_path, content):
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(Invalid, match="not a readable picture"):
        pictures.convert(tmp_path / "a.png", tmp_path / "out.png")
    assert not (tmp_path / "out.png").exists()


def test_a_picture_too_large_to_open_is_refused(tmp_path, monkeypatch):
    source = write(tmp_path / "a.png", plain(300, 300, (1, 2, 3)))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 300 * 300 // 2 - 1)
    with pytest.raises(Invalid, match="too many pixels"):
        pictures.convert(source, tmp_path / "out.png")
