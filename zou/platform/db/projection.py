"""Projection: a schema compiled to SQL that yields the JSON of an answer.

PostgreSQL builds the JSON over exactly the columns of the schema and the server hands the bytes through: no ORM object, no dict,
no second serialisation, and one statement whatever the number of rows.

    json_list(MilestoneSchema, select(Milestone).where(...))     -> select of one text: a JSON array
    json_row(PersonShortSchema, person, where=...)               -> scalar subquery: a JSON object, or null
"""

import functools

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

EMPTY = sa.text("'[]'::json")


@functools.lru_cache(maxsize=1024)  # bounded: clients choose `only`
def fields_of(schema, relations=True, only=None):
    """The fields of a schema, as {key: field bound to its name}. `only`: a frozenset of keys, unknown ones ignored."""
    bound = schema()
    hidden = frozenset() if relations else schema.relation_names()
    return {key: field for key, field in bound.dump_fields.items() if key not in hidden and (only is None or key in only)}


def select_list(schema, source, relations=True, only=None):
    """The labelled expressions of a schema over `source`, a model or an alias of it."""
    only = frozenset(only) if only is not None else None
    # Expressions over a model itself are the same in every statement; making them anew is a sixth of the cost of reading an item.
    make = columns_of_model if isinstance(source, type) else columns
    return list(make(schema, source, relations, only))


def columns(schema, source, relations, only):
    """The labelled expressions, made anew."""
    return tuple(field.sql(source).label(key) for key, field in fields_of(schema, relations, only).items())


columns_of_model = functools.lru_cache(maxsize=1024)(columns)


def json_row(schema, source, relations=False, only=None, where=None, extra=()):
    """A scalar subquery that yields the JSON object of one row.

    Without `where` it is correlated to `source` in the enclosing statement; with it, `source` is read inside. `extra`: labelled
    expressions over `source`, for keys that depend on who asks.
    """
    chosen, own = sa.select(*select_list(schema, source, relations, only), *extra), sa.inspect(source).selectable
    chosen = chosen.correlate(own) if where is None else chosen.where(where).correlate_except(own)
    row = chosen.subquery("j").lateral("j")
    return sa.select(sa.func.row_to_json(sa.literal_column("j"))).select_from(row).scalar_subquery()


def rows_of(schema, statement, source, relations=False, only=None):
    """The statement with its select list replaced by the schema's: same rows, one column a key."""
    return statement.with_only_columns(*select_list(schema, source, relations, only), maintain_column_froms=True)


def list_rows(schema, statement, source=None, relations=False, only=None):
    """The rows of `statement`, by default of the model that it selects, in its order: a select with one column a key."""
    source = source if source is not None else statement.column_descriptions[0]["entity"]
    return rows_of(schema, statement, source, relations, only)


def json_list(schema, statement, source=None, relations=False, only=None):
    """A select of one value: the JSON array, as text, of the rows of `statement` in its order."""
    return aggregate(list_rows(schema, statement, source, relations, only))


def aggregate(rows):
    """A select of one value: the JSON array, as text, of the rows of any select."""
    table = rows.subquery("r")
    array = sa.func.coalesce(sa.func.json_agg(sa.func.row_to_json(sa.literal_column("r"))), EMPTY)
    return sa.select(sa.cast(array, sa.Text)).select_from(table)


def aggregate_values(values):
    """A select of one value: the JSON array, as text, of the one JSON column of a select."""
    table = values.subquery("r")
    array = sa.func.coalesce(sa.func.json_agg(table.c[0]), EMPTY)
    return sa.select(sa.cast(array, sa.Text)).select_from(table)


def aggregate_by(rows, order):
    """A select of one value: a JSON object, as text, with an array of rows for each value of their column `group`.

    `rows`: a select whose other columns are the keys of an item; `order`: what sorts the items of an array.
    """
    table = rows.add_columns(sa.func.row_number().over(order_by=order).label("place")).subquery("r")
    item = sa.func.to_jsonb(sa.literal_column("r")).op("-")("group").op("-")("place")
    arrays = sa.select(table.c.group, sa.func.jsonb_agg(aggregate_order_by(item, table.c.place)).label("items")).group_by(table.c.group)
    arrays = arrays.subquery("g")
    whole = sa.func.coalesce(sa.func.jsonb_object_agg(arrays.c.group, arrays.c["items"]), sa.text("'{}'::jsonb"))
    return sa.select(sa.cast(whole, sa.Text)).select_from(arrays)


def json_groups(rows, key, value=None):
    """Select of one text: the rows of a select, in their order, as `{value of the column key: [rows]}`.

    `value`: the column that holds the JSON of the row; by default the row itself.
    """
    found = rows.subquery("r")
    row = found.c[value] if value else sa.func.row_to_json(sa.literal_column("r"))
    groups = sa.select(found.c[key], sa.func.json_agg(row).label("rows")).select_from(found)
    groups = groups.where(found.c[key].isnot(None)).group_by(found.c[key]).subquery("g")
    made = sa.func.coalesce(sa.func.json_object_agg(groups.c[key], groups.c.rows), sa.text("'{}'::json"))
    return sa.select(sa.cast(made, sa.Text))


__all__ = [
    "aggregate",
    "aggregate_values",
    "aliased",
    "fields_of",
    "json_groups",
    "json_list",
    "json_row",
    "rows_of",
    "select_list",
]
