"""Statements that are built once in a process, not at each request: building one costs ten times what sending it does.

    @prepared
    def of_task(actor, task_id, *, newest_first=True):
        return sa.select(...)

    tx.scalar(*of_task(actor, task.id))

What is given by position are values: the function sees a bind parameter of that name in place of each, and of an actor a stand-in whose
`id` and `department_ids` are bind parameters. What is given by name, and what decides the form of the statement (None, a boolean, the
actor's role, whether they have departments), is part of the key under which the statement is kept. So a statement depends on nothing
that is not in its key, and never carries the rights of one person to another: a stand-in has no id that a condition in Python could see.

Values in a dict or a dataclass are taken one by one; a list or tuple is for `IN`. Functions that read a clock, a setting or the database
while they build must be given what they read.
"""

import dataclasses
import datetime
import functools
import inspect
import uuid
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.sql.elements import BindParameter, ClauseElement

MOST_FORMS = 512  # of one function; what no request asked for in a long time is forgotten
TYPES = {uuid.UUID: sa.Uuid, int: sa.Integer, float: sa.Float, datetime.datetime: sa.DateTime, datetime.date: sa.Date}
MANY = (list, tuple, set, frozenset)

observers: list = []
"""Functions (build, given, structure, made) that are told of each statement: of the tests, which build it anew and compare."""


class Made(NamedTuple):
    """A statement and its values, as `tx.scalar(*made)` takes them."""

    statement: Any
    values: dict


class Value(BindParameter):
    """A value that comes with each request. A condition in Python that asks for it is a mistake, which this tells."""

    inherit_cache = True

    def __eq__(self, other):
        if not isinstance(other, ClauseElement) and not hasattr(other, "__clause_element__"):
            raise TypeError(f"{self.key} is not known when the statement is built; compare it in SQL, or give it by name.")
        return super().__eq__(other)

    __hash__ = BindParameter.__hash__

    def __str__(self):
        raise TypeError(f"{self.key} is not known when the statement is built; cast it in SQL, or give it by name.")


class Departments:
    """The departments of a stand-in: known is only whether there are any; for `IN`."""

    def __init__(self, any_):
        self.any = any_

    def __bool__(self):
        return self.any

    def __clause_element__(self):
        return Value("actor_department_ids", type_=sa.Uuid(), expanding=True)


class StandIn(NamedTuple):
    """An actor of this role while a statement is built: whoever they are."""

    role: str
    identity_type: str
    id: Value
    department_ids: Departments

    @property
    def is_admin(self):
        return self.role == "admin"


class Asking:
    """What an actor is, for statements that are built for all of its form. The base of the class of actors."""

    __slots__ = ()

    def form(self):
        """What the shape of a statement may depend on."""
        return self.role, self.identity_type, bool(self.department_ids)


def prepared(build):
    """Keep the statements of a function that builds one; see above. Called, it gives a `Made`. `build`: the function itself."""
    taken = [parameter for parameter in inspect.signature(build).parameters.values() if parameter.kind is parameter.POSITIONAL_OR_KEYWORD]
    names, defaults = [parameter.name for parameter in taken], tuple(parameter.default for parameter in taken)

    @functools.lru_cache(maxsize=MOST_FORMS)
    def kept(forms, structure):
        return build(*[make(name, *rest) for name, (make, *rest) in zip(names, forms, strict=True)], **dict(structure))

    @functools.wraps(build)
    def made(*given, **structure):
        values = {}
        given += defaults[len(given) :]
        forms = tuple(form_of(name, value, values) for name, value in zip(names, given, strict=True))
        found = Made(kept(forms, tuple(structure.items())), values)
        for observer in observers:
            observer(build, given, structure, found)
        return found

    made.build, made.kept = build, kept
    return made


def form_of(name, value, values):
    """(function that makes the stand-in, its arguments after the name) of a value, which is added to `values`. Hashable."""
    if value is None or isinstance(value, bool):
        return as_it_is, value
    if isinstance(value, Asking):
        values |= {"actor_id": value.id, "actor_department_ids": list(value.department_ids)}
        return stand_in, value.form()
    if isinstance(value, dict):
        return some, tuple((key, form_of(f"{name}_{key}", item, values)) for key, item in value.items())
    if dataclasses.is_dataclass(value):
        return built, type(value), tuple((key, form_of(f"{name}_{key}", item, values)) for key, item in vars(value).items())
    if isinstance(value, MANY):
        values[name] = list(value)
        return many, next((type(item) for item in value), str)
    if not isinstance(value, str | int | float | uuid.UUID | datetime.date):
        raise TypeError(f"{name} is {value!r}: not a value of a statement; what decides its form is given by name.")
    values[name] = value
    return one, type(value)


def as_it_is(name, value):
    return value


def stand_in(name, form):
    role, kind, any_departments = form
    return StandIn(role, kind, Value("actor_id", type_=sa.Uuid()), Departments(any_departments))


def some(name, forms):
    return {key: make(f"{name}_{key}", *rest) for key, (make, *rest) in forms}


def built(name, class_, forms):
    return class_(**some(name, forms))


def one(name, kind):
    # A text takes its type from what it is compared to: ids come as text, and PostgreSQL reads them.
    return Value(name, type_=TYPES[kind]() if kind in TYPES else None)


def many(name, kind):
    return Value(name, type_=TYPES[kind]() if kind in TYPES else None, expanding=True)
