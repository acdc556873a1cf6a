"""Pictures that browsers do not show (OpenEXR, DPX, TIFF, Photoshop, Radiance): their web version, made with OpenImageIO.

The web version is a PNG of 8 bits in sRGB with straight alpha, of the size of the display window. Scene-linear light is clipped to 0..1
and encoded; primaries that an OpenEXR names are converted to those of sRGB; film log (Cineon) is developed first. Rows are read in strips,
so that a picture of 8K takes the memory of its PNG and not of its light.
"""

from typing import TYPE_CHECKING

from PIL import Image

from zou.platform.errors import Invalid
from zou.platform.lazy import Lazy
from zou.platform.media.pictures import UNREADABLE, Size, through_profile

if TYPE_CHECKING:
    import numpy as np
    import OpenImageIO as oiio
else:
    np, oiio = Lazy("numpy"), Lazy("OpenImageIO")

STRIP_ROWS = 64
LINEAR_FORMATS = ("openexr", "hdr")
SRGB_PRIMARIES = (0.64, 0.33, 0.3, 0.6, 0.15, 0.06, 0.3127, 0.329)  # x and y of red, green, blue and white
BRADFORD = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
LOG_WHITE, LOG_BLACK, LOG_STEP = 685, 95, 0.002 / 0.6  # codes of 10 bits, and density for each code over the gamma of film


def convert(source, target):
    """Write the web version of a picture as PNG and return its `Size`.

    `source`, `target`: paths. Raises Invalid for a file that is no such picture, is broken, or is too large (MAX_IMAGE_PIXELS).
    """
    hint = oiio.ImageSpec()
    hint.attribute("oiio:UnassociatedAlpha", 1)
    opened = oiio.ImageInput.open(str(source), hint)
    if opened is None:
        oiio.geterror()  # else the library reports it for the next file
        raise Invalid(UNREADABLE)
    try:
        spec = opened.spec()
        check(spec)
        picture = developed(opened, spec)
    except (ValueError, TypeError, IndexError, MemoryError) as error:
        raise Invalid(UNREADABLE) from error
    finally:
        opened.close()
        oiio.geterror()
    profile = spec.getattribute("ICCProfile")
    if profile is not None and picture.mode in ("RGB", "RGBA"):
        picture = through_profile(picture, bytes(bytearray(profile)))
    picture.save(target, "PNG")
    return Size(*picture.size)


def check(spec):
    """Raise Invalid for a picture that is too large, or that has no flat pixels."""
    most = Image.MAX_IMAGE_PIXELS
    if most and max(spec.width * spec.height, spec.full_width * spec.full_height) > 2 * most:
        raise Invalid("Uploaded picture has too many pixels.")
    if spec.deep or min(spec.width, spec.height, spec.nchannels, spec.full_width, spec.full_height) < 1 or spec.depth > 1:
        raise Invalid(UNREADABLE)


def developed(opened, spec):
    """The picture as a Pillow image of its display window."""
    colours, alpha = channels(list(spec.channelnames))
    count = len(colours) + (alpha is not None)
    canvas = np.zeros((spec.full_height, spec.full_width, count), dtype=np.uint8)
    to_display = transfer(spec, opened.format_name())
    is_straight = bool(spec.getattribute("oiio:UnassociatedAlpha"))
    for top, pixels in strips(opened, spec):
        light = np.nan_to_num(pixels[..., colours], posinf=1e6)
        parts = [light]
        if alpha is not None:
            opacity = np.clip(np.nan_to_num(pixels[..., [alpha]]), 0, 1)
            parts = [light if is_straight else np.divide(light, opacity, out=np.zeros_like(light), where=opacity > 0), opacity]
        parts[0] = to_display(parts[0])
        place(canvas, np.rint(np.clip(np.concatenate(parts, axis=-1), 0, 1) * 255).astype(np.uint8), top, spec)
    mode = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[count]
    return Image.fromarray(canvas[..., 0] if count == 1 else canvas, mode)


def channels(names):
    """(indices of the colours, three or one; index of the alpha or None) among the names of channels.

    >>> channels(["beauty.R", "beauty.G", "beauty.B", "Z", "A"])
    ([0, 1, 2], 4)
    >>> channels(["Z"])
    ([0], None)
    """
    lower = [name.lower() for name in names]
    layers = ["", *[name[:-2] + "." for name in lower if name.endswith(".r")]]
    for layer in layers:
        found = [lower.index(layer + letter) for letter in "rgb" if layer + letter in lower]
        if len(found) == 3:
            alpha = next((lower.index(name) for name in (layer + "a", "a") if name in lower), None)
            return found, alpha
    if "y" in lower:
        return [lower.index("y")], lower.index("a") if "a" in lower else None
    rest = [index for index, name in enumerate(lower) if name != "a"] or [0]
    return rest[:3] if len(rest) >= 3 else rest[:1], lower.index("a") if "a" in lower and rest != [0] else None


def strips(opened, spec):
    """Yield (row of the data window, array of rows, width and channels), some rows at a time. Raises Invalid for broken ones."""
    rows = spec.tile_height or STRIP_ROWS
    left, bottom = spec.x, spec.y + spec.height
    for top in range(spec.y, bottom, rows):
        end = min(top + rows, bottom)
        if spec.tile_width:
            read = opened.read_tiles(left, left + spec.width, top, end, spec.z, spec.z + 1, 0, spec.nchannels, oiio.FLOAT)
        else:
            read = opened.read_scanlines(top, end, spec.z, 0, spec.nchannels, oiio.FLOAT)
        if read is None:
            raise Invalid(UNREADABLE)
        yield top, np.asarray(read).reshape(end - top, spec.width, spec.nchannels)


def place(canvas, pixels, top, spec):
    """Put rows of the data window where the display window shows them."""
    y, x = top - spec.full_y, spec.x - spec.full_x
    rows = slice(max(y, 0), max(min(y + pixels.shape[0], canvas.shape[0]), 0))
    columns = slice(max(x, 0), max(min(x + pixels.shape[1], canvas.shape[1]), 0))
    if rows.start < rows.stop and columns.start < columns.stop:
        canvas[rows, columns] = pixels[rows.start - y : rows.stop - y, columns.start - x : columns.stop - x]


def transfer(spec, format_name):
    """The function from the stored values of a picture to those that a screen takes."""
    space = (spec.get_string_attribute("oiio:ColorSpace") or "").lower()
    if "log" in space:
        return lambda values: encoded(from_log(values))
    is_float = str(spec.format) in ("half", "float", "double")
    if "lin" in space or (not space and (format_name in LINEAR_FORMATS or is_float)):
        matrix = to_srgb(spec.getattribute("chromaticities"))
        return lambda values: encoded(values if matrix is None or values.shape[-1] != 3 else values @ matrix.T)
    return lambda values: values


def encoded(light):
    """Linear light as sRGB encodes it."""
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * np.power(light, 1 / 2.4) - 0.055)


def from_log(values):
    """The light of film log, white at 1."""
    black = 10 ** ((LOG_BLACK - LOG_WHITE) * LOG_STEP)
    return (np.power(10, (values * 1023 - LOG_WHITE) * LOG_STEP) - black) / (1 - black)


def to_srgb(primaries):
    """The matrix from light of some primaries to that of sRGB, whites adapted; None when they are the same, or not told."""
    if primaries is None or len(primaries) != 8 or np.allclose(primaries, SRGB_PRIMARIES, atol=1e-3):
        return None
    try:
        own, screen = (np.array(values, dtype=float) for values in (primaries, SRGB_PRIMARIES))
        bradford = np.array(BRADFORD)
        cones = (bradford @ white(screen)) / (bradford @ white(own))
        return np.linalg.inv(to_xyz(screen)) @ np.linalg.inv(bradford) @ np.diag(cones) @ bradford @ to_xyz(own)
    except (np.linalg.LinAlgError, ZeroDivisionError, FloatingPointError):
        return None


def white(primaries):
    """XYZ of the white of primaries, of luminance 1."""
    x, y = primaries[6:]
    return np.array([x / y, 1, (1 - x - y) / y])


def to_xyz(primaries):
    """The matrix from light of some primaries to XYZ."""
    columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in primaries[:6].reshape(3, 2)]).T
    return columns * np.linalg.solve(columns, white(primaries))
