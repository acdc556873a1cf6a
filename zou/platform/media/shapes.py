"""Outlines of drawn objects (Fabric.js), as points in the coordinates of the object, whose middle is the origin.

Whatever a drawing tool left out or misspelt draws nothing: `outlines` skips what it cannot read.
"""

import math

CURVE_STEPS = 16
ARROW_HEAD = 20


def number(value, default=0.0):
    """A finite number, cut off far beyond any screen, else the default."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return default
    return min(max(float(value), -1e6), 1e6)


def point(value):
    """(x, y) of an object with these keys; None for anything else."""
    if not isinstance(value, dict) or "x" not in value or "y" not in value:
        return None
    return number(value["x"]), number(value["y"])


def outlines(drawn):
    """The lines of an object: list of (points, whether closed, width factors of its segments or None)."""
    make = MAKERS.get(str(drawn.get("type", "")).lower())
    return [line for line in make(drawn) if len(line[0]) > 1] if make else []


def rect(drawn):
    """The border of a rectangle, its corners rounded by rx and ry."""
    x, y = number(drawn.get("width")) / 2, number(drawn.get("height")) / 2
    rx, ry = min(number(drawn.get("rx")), x), min(number(drawn.get("ry")) or number(drawn.get("rx")), y)
    if rx <= 0 or ry <= 0:
        return [([(-x, -y), (x, -y), (x, y), (-x, y)], True, None)]
    corners = [(x - rx, y - ry, 0), (rx - x, y - ry, 90), (rx - x, ry - y, 180), (x - rx, ry - y, 270)]
    steps = [(cx, cy, math.radians(start + 10 * i)) for cx, cy, start in corners for i in range(10)]
    return [([(cx + rx * math.cos(a), cy + ry * math.sin(a)) for cx, cy, a in steps], True, None)]


def ellipse(drawn):
    """A circle or an ellipse."""
    radius = number(drawn.get("radius"))
    rx, ry = number(drawn.get("rx")) or radius, number(drawn.get("ry")) or radius
    angles = [math.radians(5 * i) for i in range(72)]
    return [([(rx * math.cos(a), ry * math.sin(a)) for a in angles], True, None)]


def line(drawn):
    """A line from one corner of its box to the other."""
    ends = [number(drawn.get(key)) for key in ("x1", "y1", "x2", "y2")]
    x, y = abs(ends[2] - ends[0]) / 2, abs(ends[3] - ends[1]) / 2
    x, y = (-x if ends[0] <= ends[2] else x), (-y if ends[1] <= ends[3] else y)
    return [([(x, y), (-x, -y)], False, None)]


def arrow(drawn):
    """A line with a head at its end."""
    (start, end), head = line(drawn)[0][0], number(drawn.get("arrowHeadSize"), ARROW_HEAD)
    back = math.atan2(start[1] - end[1], start[0] - end[0])
    sides = [(end[0] + head * math.cos(back + turn), end[1] + head * math.sin(back + turn)) for turn in (0.5, -0.5)]
    return [([start, end], False, None), ([sides[0], end, sides[1]], False, None)]


def polyline(drawn, closed=False):
    """Points joined by lines."""
    points = [found for found in map(point, listed(drawn.get("points"))) if found]
    return [(moved(points, drawn, "pathOffset"), closed, None)]


def polygon(drawn):
    """Points joined by lines, the last with the first."""
    return polyline(drawn, closed=True)


def pressure_stroke(drawn):
    """A stroke of a pen, as wide as it was pressed."""
    found = [(at, number(sent.get("pressure"), 1)) for sent in listed(drawn.get("strokePoints")) if (at := point(sent))]
    points = moved([at for at, _ in found], drawn, "strokeOffset", "pathOffset")
    return [(points, False, [pressure for _, pressure in found[1:]])]


def path(drawn):
    """The lines and curves of an SVG path, given as a list of commands."""
    lines, here = [], (0.0, 0.0)
    for command in listed(drawn.get("path")):
        if not isinstance(command, list) or not command or not all(isinstance(item, int | float) for item in command[1:]):
            continue
        name, values = str(command[0]).upper(), [number(item) for item in command[1:]]
        stops = list(zip(values[::2], values[1::2], strict=False))
        if name == "M" and stops:
            lines.append([stops[0]])
        elif name in ("L", "Q", "C") and stops and lines:
            lines[-1] += [curve([here, *stops], step / CURVE_STEPS) for step in range(1, CURVE_STEPS + 1)] if len(stops) > 1 else stops
        elif name == "Z" and lines:
            lines[-1].append(lines[-1][0])
        if lines:
            here = lines[-1][-1]
    middle = offset(drawn, [at for one in lines for at in one], "pathOffset")
    return [(shifted(one, middle), False, None) for one in lines]


def curve(stops, share):
    """The point of a Bezier curve at a share of its length."""
    while len(stops) > 1:
        stops = [(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share) for a, b in zip(stops, stops[1:], strict=False)]
    return stops[0]


def listed(value):
    return value if isinstance(value, list) else []


def offset(drawn, points, *keys):
    """The point that is the object's middle: as one of the keys says, else that of its box."""
    for key in keys:
        if found := point(drawn.get(key)):
            return found
    if not points:
        return 0.0, 0.0
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def shifted(points, middle):
    return [(x - middle[0], y - middle[1]) for x, y in points]


def moved(points, drawn, *keys):
    """Points seen from the object's middle."""
    return shifted(points, offset(drawn, points, *keys))


MAKERS = {
    "rect": rect,
    "circle": ellipse,
    "ellipse": ellipse,
    "line": line,
    "arrow": arrow,
    "polyline": polyline,
    "polygon": polygon,
    "psstroke": pressure_stroke,
    "path": path,
}
"""{type of object: function from it to its lines}."""
