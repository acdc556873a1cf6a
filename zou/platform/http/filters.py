"""Filters of generic lists: any column, any relation, in the query string. Rules: contract/rules/crud.md §2.2."""

from datetime import datetime

import orjson
import sqlalchemy as sa
from flask import request

from zou.platform.db.payload import (
    BooleanColumn,
    BytesColumn,
    JsonColumn,
    ListColumn,
    TextColumn,
    UuidColumn,
    column_fields,
    holds_nul,
    is_uuid,
)
from zou.platform.errors import Invalid
from zou.platform.http.errors import BAD_FORMAT

TRUE, FALSE = {"y", "yes", "t", "true", "on", "1"}, {"n", "no", "f", "false", "off", "0"}
MAX_LIMIT = 2**31 - 1
RESERVED = {"relations", "page", "limit", "fields"}


def conditions(model, arguments, hidden=frozenset()):
    """SQL conditions for the arguments that name a column or a relation of `model`; the rest is ignored.

    `arguments`: {name: text}. `hidden`: columns that may not be used. Raises Invalid.
    """
    columns, relations = column_fields(model), sa.inspect(model).relationships
    found = []
    for name, value in arguments.items():
        if name in RESERVED:
            continue
        if name in hidden:
            raise Invalid(f"Filtering on {name} is not allowed.")
        if name in columns:
            found.append(condition(model, name, columns[name], value))
        elif name in relations:
            found.append(related(model, name, relations[name], value))
    return [clause for clause in found if clause is not None]


def condition(model, name, field, value):
    """The condition of one column, or None for a column that cannot be filtered on."""
    column = getattr(model, name)
    if isinstance(field, JsonColumn | ListColumn):
        raise Invalid(BAD_FORMAT, shape="plain")
    if holds_nul(value):
        raise Invalid(BAD_FORMAT, shape="plain")
    if name == "name":
        return column.ilike(value)
    if value.startswith("["):
        return sa.or_(sa.false(), column.in_([cast(column, name, field, item) for item in elements(name, value)]))
    return column == cast(column, name, field, value)


def elements(name, value):
    """The items of a value that is a JSON array."""
    try:
        items = orjson.loads(value)
    except orjson.JSONDecodeError:
        items = None
    if not isinstance(items, list) or any(isinstance(item, list | dict) for item in items):
        raise Invalid(f"Malformed list filter for field {name}.")
    if holds_nul(items):
        raise Invalid(BAD_FORMAT, shape="plain")
    return items


def cast(column, name, field, value):
    """A value as SQL of the column's type; the database reads numbers and dates."""
    if value is None:
        return sa.cast(sa.null(), column.type)
    if isinstance(field, BooleanColumn):
        return boolean(value)
    if isinstance(field, UuidColumn):
        if value == "":
            raise Invalid(BAD_FORMAT, shape="plain")
        if not is_uuid(value):
            raise Invalid(f"Invalid UUID value: {value}")
        return sa.literal(value, sa.Uuid(as_uuid=False))
    if isinstance(field, BytesColumn):
        return str(value).encode()
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(field, TextColumn):
        return sa.literal(text.lower() if name == "email" else text, sa.Text)
    return sa.cast(sa.literal(text, sa.Text), column.type)


def boolean(value):
    """A boolean in one of its usual forms."""
    text = str(value).lower()
    if text in TRUE:
        return sa.true()
    if text in FALSE:
        return sa.false()
    raise Invalid(f"Invalid boolean value: {value}")


def related(model, name, relation, value):
    """Rows linked to the given id."""
    if not is_uuid(value):
        raise Invalid(BAD_FORMAT, shape="plain")
    own = getattr(model, name)
    target = relation.mapper.class_
    return own.any(target.id == value) if relation.uselist else own.has(target.id == value)


def flag(name, default=False):
    """A boolean of the query string: true only for the text `true`, in any case."""
    value = request.args.get(name)
    return default if value is None else value.lower() == "true"


def page_number():
    """(page, limit) of the query string, or (None, None) for an unpaginated list."""
    page, limit = integer("page", -1), integer("limit", 0)
    if page < 0:
        return None, None
    if limit < 0:
        raise Invalid("limit must be a positive integer.")
    if limit > MAX_LIMIT:
        raise Invalid("limit must be an integer.")
    return page, limit


def integer(name, default):
    value = request.args.get(name)
    if value is None or value == "":
        return default
    try:
        number = int(value)
    except ValueError:
        raise Invalid(f"{name} must be an integer.") from None
    return number


def uuid_argument(name):
    """The id under this name in the query string, or None. Raises Invalid for what is none."""
    value = request.args.get(name)
    if value is not None and not is_uuid(value):
        raise Invalid("Wrong UUID format.")
    return value


def uuids_argument(name):
    """The ids that the query string lists under this name, separated by commas, or None. Raises Invalid."""
    value = request.args.get(name)
    if value is None:
        return None
    ids = tuple(part.strip() for part in value.split(","))
    if not all(is_uuid(id) for id in ids):
        raise Invalid("Wrong UUID format.")
    return ids


def moment_argument(name):
    """The date, or date and time, under this name in the query string, or None. Raises Invalid for another form of either."""
    value = request.args.get(name)
    for form in ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"):
        try:
            return None if value is None else datetime.strptime(value, form)
        except ValueError:
            continue
    raise Invalid(f"Wrong date format for {name}. Expected format: 2020-01-05T13:23:10 or 2020-01-05")


def wanted_keys():
    """The keys that `fields=a,b` keeps, with `id` and `type`; None without that parameter."""
    names = request.args.get("fields")
    if not names:
        return None
    return frozenset(name.strip() for name in names.split(",")) | {"id", "type"}
