"""Drawings of reviewers on a still: the objects of Fabric.js, drawn with Pillow. Rules: contract/rules/previews.md §7."""

import math

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFont

from zou.platform.media.shapes import listed, number, outlines

SCALE = 2  # drawn larger, then made smaller: smooth lines
TEXTS = {"i-text", "text", "textbox"}
MAX_DEPTH = 8
FONT_SIZE = 40
IDENTITY = (1, 0, 0, 0, 1, 0)


def draw(still, objects):
    """A still with objects drawn over it. `still`: a Pillow image; unknown and broken objects are skipped."""
    size = (still.width * SCALE, still.height * SCALE)
    sheet = Image.new("RGBA", size, (0, 0, 0, 0))
    for drawn in listed(objects):
        if isinstance(drawn, dict):
            add(sheet, drawn, canvas_matrix(drawn, size))
    return Image.alpha_composite(still.convert("RGBA"), sheet.resize(still.size, Image.Resampling.LANCZOS))


def add(sheet, drawn, outer, depth=0):
    """Draw an object over what is on the sheet."""
    if is_simple(drawn):
        trace(sheet, drawn, multiply(outer, own_matrix(drawn)))
    else:
        sheet.alpha_composite(layer(drawn, sheet.size, outer, depth))


def is_simple(drawn):
    """Whether an object needs no layer of its own: opaque lines that no eraser touched. A layer for each stroke would take minutes."""
    paints = [colour(drawn.get(key)) for key in ("fill", "stroke")]
    kind = str(drawn.get("type", "")).lower()
    return kind not in (*TEXTS, "group") and not drawn.get("eraser") and all(paint is None or paint[3] == 255 for paint in paints)


def canvas_matrix(drawn, size):
    """From the canvas that an object was drawn on to the sheet."""
    width, height = number(drawn.get("canvasWidth")), number(drawn.get("canvasHeight"))
    return (size[0] / width if width > 0 else SCALE, 0, 0, 0, size[1] / height if height > 0 else SCALE, 0)


def layer(drawn, size, outer, depth=0):
    """An object alone on a transparent sheet, what an eraser took of it gone. `outer`: matrix of what it is in."""
    sheet = Image.new("RGBA", size, (0, 0, 0, 0))
    matrix, kind = multiply(outer, own_matrix(drawn)), str(drawn.get("type", "")).lower()
    if kind == "group" and depth < MAX_DEPTH:
        for inner in listed(drawn.get("objects")):
            if isinstance(inner, dict):
                add(sheet, inner, matrix, depth + 1)
    elif kind in TEXTS:
        write(sheet, drawn, matrix)
    else:
        trace(sheet, drawn, matrix)
    eraser = drawn.get("eraser")
    if isinstance(eraser, dict) and depth < MAX_DEPTH:
        for inner in listed(eraser.get("objects")):
            if isinstance(inner, dict):
                taken = layer({**inner, "stroke": "#000000"}, size, matrix, depth + 1).getchannel("A")
                sheet.putalpha(ImageChops.subtract(sheet.getchannel("A"), taken))
    return sheet


def own_matrix(drawn):
    """From the middle of an object to what it is in: scaled, turned, and moved to its place."""
    sx, sy = number(drawn.get("scaleX"), 1), number(drawn.get("scaleY"), 1)
    turn, border = math.radians(number(drawn.get("angle"))), number(drawn.get("strokeWidth"), 1)
    cos, sin = math.cos(turn), math.sin(turn)
    sides = {"left": 0.5, "top": 0.5, "right": -0.5, "bottom": -0.5}
    dx = sides.get(drawn.get("originX", "left"), 0) * (number(drawn.get("width")) + border) * sx
    dy = sides.get(drawn.get("originY", "top"), 0) * (number(drawn.get("height")) + border) * sy
    x = number(drawn.get("left")) + cos * dx - sin * dy
    y = number(drawn.get("top")) + sin * dx + cos * dy
    return (cos * sx, -sin * sy, x, sin * sx, cos * sy, y)


def multiply(a, b):
    """The matrix that does b, then a."""
    return (
        a[0] * b[0] + a[1] * b[3], a[0] * b[1] + a[1] * b[4], a[0] * b[2] + a[1] * b[5] + a[2],
        a[3] * b[0] + a[4] * b[3], a[3] * b[1] + a[4] * b[4], a[3] * b[2] + a[4] * b[5] + a[5],
    )  # fmt: skip


def apply(matrix, points):
    """Points on the sheet. Those far outside are cut off, so that nothing overflows."""
    a, b, c, d, e, f = matrix
    limit = 1e5
    return [
        (min(max(a * x + b * y + c, -limit), limit), min(max(d * x + e * y + f, -limit), limit))
        for x, y in points
    ]  # fmt: skip


def factor(matrix):
    """How much longer lines get."""
    return math.sqrt(abs(matrix[0] * matrix[4] - matrix[1] * matrix[3]))


def colour(value):
    """(r, g, b, a) of a colour of CSS; None for none."""
    if not isinstance(value, str) or not value or value == "transparent":
        return None
    text = value.strip().lower().replace(" ", "")
    try:
        if text.startswith("rgba("):
            *rgb, alpha = text[5:].rstrip(")").split(",")
            red, green, blue = (min(max(int(float(part)), 0), 255) for part in rgb)
            return red, green, blue, min(max(round(float(alpha) * 255), 0), 255)
        return (*ImageColor.getrgb(value)[:3], 255)
    except (ValueError, OverflowError):
        return None


def trace(sheet, drawn, matrix):
    """Fill and stroke the lines of an object."""
    pen, fill, stroke = ImageDraw.Draw(sheet), colour(drawn.get("fill")), colour(drawn.get("stroke"))
    width = number(drawn.get("strokeWidth"), 1) * factor(matrix)
    for points, closed, pressures in outlines(drawn):
        places = apply(matrix, points)
        if fill and pressures is None and len(places) > 2:
            pen.polygon(places, fill=fill)
        if not stroke or width <= 0:
            continue
        places = [*places, places[0]] if closed else places
        for index, ends in enumerate(zip(places, places[1:], strict=False)):
            segment(pen, ends, width * (pressures[index] if pressures else 1), stroke)


def segment(pen, ends, width, stroke):
    """A line with round ends."""
    width = min(max(round(width), 1), 4096)
    pen.line(ends, fill=stroke, width=width)
    if width > 2:
        for x, y in ends:
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=stroke)


def write(sheet, drawn, matrix):
    """Write the text of an object on the colour behind it."""
    text = str(drawn.get("text") or "")[:10_000]
    size = min(max(number(drawn.get("fontSize"), FONT_SIZE) * factor(matrix), 1), 2000)
    font, behind = ImageFont.load_default(size), colour(drawn.get("backgroundColor"))
    box = ImageDraw.Draw(sheet).multiline_textbbox((0, 0), text, font=font)
    width, height = (min(max(math.ceil(box[2 + side]), 1), 2 * sheet.size[side]) for side in (0, 1))
    page = Image.new("RGBA", (width, height), behind or (0, 0, 0, 0))
    ImageDraw.Draw(page).multiline_text((0, 0), text, font=font, fill=colour(drawn.get("fill")) or (0, 0, 0, 255))
    turn = math.degrees(math.atan2(matrix[3], matrix[0]))
    page = page.rotate(-turn, expand=True, resample=Image.Resampling.BICUBIC)
    (x, y), = apply(matrix, [(0, 0)])  # fmt: skip
    place = Image.new("RGBA", sheet.size, (0, 0, 0, 0))
    place.paste(page, (round(x - page.width / 2), round(y - page.height / 2)))
    sheet.alpha_composite(place)
