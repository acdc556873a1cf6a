"""Radiance pictures, which light 3D previews: reading them with OpenImageIO. Rules: contract/rules/previews.md §3."""

from typing import TYPE_CHECKING

from PIL import Image

from zou.platform.errors import Invalid
from zou.platform.lazy import Lazy
from zou.platform.media.pictures import BACKGROUND, UNREADABLE, fit

if TYPE_CHECKING:
    import numpy as np
    import OpenImageIO as oiio
else:
    np, oiio = Lazy("numpy"), Lazy("OpenImageIO")


def thumbnail(source, target):
    """Write the PNG that stands for a Radiance picture: its light clipped to 0..1, as bytes.

    No gamma: previews.md §3 names one of 2.2, but the sizes of recorded thumbnails are those of linear light, and recordings win.
    `source`, `target`: paths. Raises Invalid for a file that is no such picture, or is too large (MAX_IMAGE_PIXELS).
    """
    light = read(source)
    Image.fromarray(np.rint(np.clip(light, 0, 1) * 255).astype(np.uint8)).save(target, "PNG")
    fit(target, target, BACKGROUND)


def read(source):
    """The light of a Radiance picture as an array of height, width and three channels."""
    opened = oiio.ImageInput.open(str(source))
    if opened is None:
        oiio.geterror()  # else the library reports it for the next file
        raise Invalid(UNREADABLE)
    try:
        spec = opened.spec()
        most = Image.MAX_IMAGE_PIXELS
        if most and spec.width * spec.height > 2 * most:
            raise Invalid("Uploaded picture has too many pixels.")
        light = opened.read_image(0, 0, 0, 3, oiio.FLOAT) if opened.format_name() == "hdr" else None
        if light is None or light.ndim != 3 or light.shape[2] != 3:
            raise Invalid(UNREADABLE)
        return np.nan_to_num(light)
    finally:
        opened.close()
