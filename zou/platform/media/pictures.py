"""Pictures: reading what was uploaded, and the sizes that are kept of it.

Pillow, not OpenImageIO, for the JPEG and PNG files that browsers show: it keeps palettes and grey as they are, converts through ICC
profiles and reads truncated files, as the contract wants, and gives the same bytes as the other server on the same folder.
Rules: contract/rules/previews.md §3.
"""

import io
import math
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageFile, UnidentifiedImageError

from zou.platform.errors import Invalid

THUMBNAIL, SQUARE, AVATAR, BACKGROUND = (150, 100), (100, 100), (400, 400), (300, 200)
PREVIEW_WIDTH = 1200
UNREADABLE = "Uploaded file is not a readable picture."

ImageFile.LOAD_TRUNCATED_IMAGES = True  # a render that was cut short is still worth a review


@dataclass(frozen=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int


def convert(source, target):
    """Write an uploaded picture as PNG in sRGB, in its own size, and return its `Size`.

    `source`: path or binary reader; `target`: path. The orientation that a camera noted is not applied, and not kept.
    Raises Invalid for a file that is no picture, is broken, or is too large (MAX_IMAGE_PIXELS).
    """
    try:
        with Image.open(source) as opened:
            opened.load()
            picture = in_srgb(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Invalid("Uploaded picture has too many pixels.") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, KeyError) as error:
        raise Invalid(UNREADABLE) from error
    picture.info.clear()  # EXIF, comments and profiles stay behind
    picture.save(target, "PNG")
    return Size(*picture.size)


def in_srgb(picture):
    """The picture in 8 bits and sRGB. Palettes and 8-bit grey are kept."""
    if picture.mode.startswith("I"):
        picture = picture.point(lambda value: value * (1 / 256)).convert("L")
    elif picture.mode == "RGB" and "transparency" in picture.info:
        picture = picture.convert("RGBA")
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("CMYK", "RGB", "RGBA"):
        picture = through_profile(picture, profile)
    if picture.mode not in ("1", "L", "LA", "P", "RGB", "RGBA"):
        picture = picture.convert("RGB")
    return picture


def through_profile(picture, profile):
    """The picture converted to sRGB through its ICC profile; one that cannot be read is ignored."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGB" if picture.mode == "CMYK" else picture.mode
        return ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture


def fitted_size(size, canvas):
    """The size that a picture takes inside a canvas without being cropped; smaller ones are enlarged.

    >>> fitted_size(Size(1920, 1080), Size(150, 100))
    Size(width=150, height=85)
    """
    width, height = size.width, size.height
    if width < canvas.width and height < canvas.height:
        factor = min(canvas.width / width, canvas.height / height)
        width, height = max(round(width * factor), 1), max(round(height * factor), 1)
    ratio = width / height
    if ratio == canvas.width / canvas.height:
        return canvas
    width, height = math.ceil(canvas.height * ratio), canvas.height
    if width > canvas.width:
        width, height = canvas.width, math.ceil(canvas.width / ratio)
    return Size(width, height)


def fit(source, target, canvas):
    """Write the PNG of a picture fitted into a canvas, centred, the rest transparent. `source`: a PNG made by `convert`."""
    canvas = Size(*canvas)
    with Image.open(source) as opened:
        picture = opened.convert("RGBA") if opened.mode in ("LA", "RGBA") else opened.copy()
    size = fitted_size(Size(*picture.size), canvas)
    # Pillow takes the nearest pixel of pictures with a palette; the contract's server leaves it at that.
    picture = picture.resize((size.width, size.height), Image.Resampling.LANCZOS).convert("RGBA")
    sheet = Image.new("RGBA", (canvas.width, canvas.height), (0, 0, 0, 0))
    sheet.paste(picture, ((canvas.width - size.width) // 2, (canvas.height - size.height) // 2))
    sheet.save(target, "PNG")


def square(source, target, side):
    """Write the PNG of the middle square of a picture, `side` pixels wide. `source`: a PNG made by `convert`."""
    with Image.open(source) as opened:
        picture = opened.convert("RGBA") if opened.mode in ("P", "LA", "RGBA", "1") else opened.convert("RGB")
    width, height = picture.size
    whole = min(width, height)
    left, top = (width - whole) // 2, (height - whole) // 2
    picture.crop((left, top, left + whole, top + whole)).resize((side, side), Image.Resampling.LANCZOS).save(target, "PNG")


def variants(source, size, folder):
    """Make the pictures that are kept of a preview. Returns {prefix: path}; `source`: the converted PNG, kept as `original`."""
    made = {"original": source}
    for prefix, canvas in {
        "thumbnails": THUMBNAIL,
        "thumbnails-square": SQUARE,
        "previews": (PREVIEW_WIDTH, math.ceil(PREVIEW_WIDTH * size.height / size.width)),
    }.items():
        made[prefix] = folder / f"{prefix}.png"
        fit(source, made[prefix], canvas)
    return made


def limit_pixels(most):
    """Refuse pictures of more than twice this many pixels; None leaves the library's own bound."""
    if most:
        Image.MAX_IMAGE_PIXELS = most
