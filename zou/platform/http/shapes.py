"""Shapes: what an answer is made of, for the description, where it is not just the rows of one schema.

    NEWS = named("NewsItem", "An entry of the feed.", keys(id=ID, author_id=ID, person=maybe(PersonShortSchema)))

    @returns(page(NEWS))

A shape is a schema of OpenAPI as a plain dict, in which schemas of rows may stand. It describes and does nothing else: no answer is sent
through it. `openapi` resolves shapes, and the tests hold recorded and random answers against the description.
"""

from dataclasses import dataclass, field

from zou.platform.db.payload import BooleanColumn, DateColumn, DateTimeColumn, FloatColumn, IntegerColumn, TextColumn, UuidColumn

TEXT = TextColumn.described
ID = UuidColumn.described
MOMENT = DateTimeColumn.described
DAY = DateColumn.described
WHOLE = IntegerColumn.described
NUMBER = FloatColumn.described
FLAG = BooleanColumn.described
ANY: dict = {}
"""Any JSON: what a client or an older server stored there."""
FILE = {"type": "string", "format": "binary"}
NULL = {"nullable": True, "enum": [None]}


class Named(dict):
    """A shape that the description holds once, under a name. `shape`: a dict or the shape of a row."""

    def __init__(self, name, description, shape):
        super().__init__(description=description)
        self.name, self.shape = name, shape


@dataclass(frozen=True)
class RowShape:
    """Keys of a schema's rows together with further ones; see `row`."""

    schema: type
    sometimes: dict = field(default_factory=dict)
    only: tuple | None = None
    without: tuple = ()
    relations: bool = False
    more: dict = field(default_factory=dict)


def named(name, description, shape):
    """A shape under a name of the description, for what several routes answer. `shape`: of `keys` or `row`."""
    return Named(name, description, shape)


def maybe(shape):
    """The shape, or null."""
    if isinstance(shape, dict) and not isinstance(shape, Named) and "type" in shape:
        return {**shape, "nullable": True}
    return {"nullable": True, "allOf": [shape]}


def many(shape):
    """An array."""
    return {"type": "array", "items": shape}


def by(shape, /, **keys):
    """An object whose keys are ids, days or names. `keys`: those that are always there."""
    made = {"type": "object", "additionalProperties": shape}
    return {**made, "properties": keys, "required": sorted(keys)} if keys else made


def keys(sometimes=None, /, **always):
    """An object of these keys and no others. `sometimes`: {key: shape} of those that may be left out."""
    made = {"type": "object", "properties": {**always, **(sometimes or {})}, "additionalProperties": False}
    return {**made, "required": sorted(always)} if always else made


def at_least(sometimes=None, /, **always):
    """An object of these keys, and of others that clients put there or a standard allows."""
    return {**keys(sometimes, **always), "additionalProperties": True}


def one_of(*shapes):
    """One of several shapes."""
    return {"anyOf": list(shapes)}


def row(schema, sometimes=None, /, *, only=None, without=(), relations=False, **more):
    """A row of a schema with further keys.

    `only`, `without`: some of its own keys; `relations`: with its lists of ids; `sometimes`: {key: shape} that may be left out.
    """
    return RowShape(schema, sometimes or {}, tuple(only) if only is not None else None, tuple(without), relations, more)


def upload(**more):
    """The fields of a form that brings a file. `more`: {field: shape} of those that may come with it."""
    return at_least(more, file=FILE)


def page(shape, /, **more):
    """A page of rows in its envelope. `more`: further keys."""
    counts = dict.fromkeys(("total", "nb_pages", "limit", "offset", "page"), WHOLE)
    return keys(data=many(shape), **counts, **more)
