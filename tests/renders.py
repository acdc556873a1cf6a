"""Small pictures of the kinds that browsers do not show, as programs write them."""

import struct

import numpy as np
import OpenImageIO as oiio

GREY = 0.18  # linear; 118 of 255 in sRGB
WIDTH, HEIGHT = 32, 18


def light(red=0.5, alpha=None):
    """A picture of one colour in linear light, premultiplied: red as told, green 18 % grey, no blue."""
    parts = [np.full((HEIGHT, WIDTH, 1), value, dtype="float32") for value in (red, GREY, 0.0)]
    whole = np.concatenate(parts, axis=-1)
    return whole if alpha is None else np.concatenate([whole * alpha, np.full((HEIGHT, WIDTH, 1), alpha, dtype="float32")], axis=-1)


def written(path, pixels, kind="float", names=None, window=None, **attributes):
    """Write a picture with OpenImageIO; returns its path. `window`: (x, y, width, height) of the display window."""
    spec = oiio.ImageSpec(pixels.shape[1], pixels.shape[0], pixels.shape[2], kind)
    if names:
        spec.channelnames = names
    if window:
        spec.full_x, spec.full_y, spec.full_width, spec.full_height = window
    for name, value in attributes.items():
        spec.attribute(name.replace("__", ":"), *value) if isinstance(value, tuple) else spec.attribute(name.replace("__", ":"), value)
    output = oiio.ImageOutput.create(str(path))
    assert output.open(str(path), spec), output.geterror()
    assert output.write_image(pixels), output.geterror()
    output.close()
    return path


def photoshop(path, bits=8, alpha=False, version=1):
    """Write a flat Photoshop file (`version` 2: PSB): red 128 of 255, green 64, no blue, and alpha 128. Returns its path."""
    values = [128, 64, 0, *([128] if alpha else [])]
    head = struct.pack(">4sH6xHIIHH", b"8BPS", version, len(values), HEIGHT, WIDTH, bits, 3)
    layers = struct.pack(">I" if version == 1 else ">Q", 0)
    sample = {8: lambda value: struct.pack(">B", value), 16: lambda value: struct.pack(">H", value * 257)}[bits]
    planes = b"".join(sample(value) * (WIDTH * HEIGHT) for value in values)
    path.write_bytes(head + struct.pack(">I", 0) + struct.pack(">I", 0) + layers + struct.pack(">H", 0) + planes)
    return path
