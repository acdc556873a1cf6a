"""Declarations of a route: what its method needs and answers.

    @permission(reads, on=Project)
    @query(PageSchema)
    @returns(MilestoneSchema)
    def get(self, project, query): ...

They only record, on the function, under `route`; `Resource` acts on the record, OpenAPI and the tests read it. Their order does not matter.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from zou.platform.rules import Rule

public = Rule(lambda source, actor: True, "everybody, signed in or not")
"""The rule of a route that needs no token."""


@dataclass(frozen=True)
class Route:
    """What a method declared."""

    rule: Rule | None = None
    then: Rule | None = None  # what the method asks itself, about rows that the request names besides
    each: Rule | None = None  # for which of several rows something is done, or which are shown; of the others nothing is told
    on: Any = None  # the model whose row the URL names
    key: str | None = None  # the URL parameter with its id
    lock: bool | None = None  # lock that row; None: when the method changes something
    body: Any = None  # marshmallow schema of the JSON body
    takes: Any = None  # (shape, content type) of a body that the method reads by itself
    query: Any = None  # marshmallow schema of the query string
    asks: dict = field(default_factory=dict)  # {name: shape} of parameters of the query string that the method reads by itself
    answer: Any = None  # marshmallow schema of the answer, or its shape; None where nothing or no JSON comes back
    status: int | None = None
    relations: bool = False  # full form
    content: str = "application/json"
    notes: dict = field(default_factory=dict)


def declare(**parts):
    """Decorator: add parts to the record of a method."""

    def mark(method):
        method.route = replace(getattr(method, "route", Route()), **parts)
        return method

    return mark


def permission(rule, on=None, key=None, lock=None, then=None, each=None):
    """Who may. `on`: the model of the row that the URL names; it is loaded with the verdict and given to the method.

    `key`: the URL parameter with the row's id; by default `<table>_id`, or the only parameter. No row is 404, a false verdict 403.
    `lock`: whether the row is locked until the answer; by default for PUT and DELETE.
    `then`: the rule that the method asks by itself (`self.need`), about rows that the body, the query string or a second id names.
    `each`: the rule that chooses, among several rows, those that are shown or changed; the others are left out without a refusal.
    """
    return declare(rule=rule, on=on, key=key, lock=lock, then=then, each=each)


def body(schema):
    """The method reads a JSON body (or a form, or the query string when there is none) through this schema; unknown keys are ignored."""
    return declare(body=schema)


def takes(shape, content="application/json"):
    """The method reads a body of this shape by itself; for the description (see `shapes`)."""
    return declare(takes=(shape, content))


def query(schema):
    """The method reads the query string through this schema; unknown keys are ignored."""
    return declare(query=schema)


def asks(**shapes):
    """The method reads these parameters of the query string by itself; for the description (see `shapes`)."""
    return declare(asks=shapes)


def returns(schema=None, status=200, relations=False, content="application/json", **notes):
    """What comes back: rows in the form of a schema (`relations`: with their id lists), or other content.

    Of other JSON, `schema` is the shape (see `shapes`), a tuple of several, or a function from the class of the resource to it, where
    the method is inherited. For the description, `many`: a list; `paged`: a list, or one of its pages; `redirects`: the client is sent
    elsewhere; `also`: further content types; `others`: {status: shape} of answers when it was done before.
    """
    return declare(answer=schema, status=status, relations=relations, content=content, notes=notes)
