"""Schemas of rows: the one declaration of what a row looks like outside.

A `RowSchema` takes its fields from the columns of its model. Each field says three things: how PostgreSQL writes the value
(`sql`, used by `projection`), how a value sent by a client is read (`deserialize`), and, through marshmallow, what OpenAPI shows.

    class MilestoneSchema(RowSchema):
        class Meta(RowSchema.Meta):
            model = Milestone

Besides the columns there are `Constant`, `RelatedIds` (ids of a relationship), `Embedded` (a linked row) and `Computed` (any SQL).
Formats: contract/rules/serialisation.md §1; what is accepted: contract/rules/crud.md §2.2, §4 and §5.
"""

import datetime
import functools
import re

import sqlalchemy as sa
from marshmallow import ValidationError, fields
from marshmallow_sqlalchemy import ModelConverter, SQLAlchemyAutoSchema
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from zou.platform.errors import Invalid

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
BAD_FORMAT = "One of the provided values has an invalid format."


def is_uuid(value):
    """Whether this is the text of a UUID: 8-4-4-4-12 hexadecimal digits and nothing else."""
    return isinstance(value, str) and UUID.fullmatch(value) is not None


class Column(fields.Field):
    """A column as it is. Strings, numbers and dates are handed to the database, which casts them as the contract's server does."""

    accepts: tuple[type, ...] = (str, int, float)
    described: dict = {}  # the value in OpenAPI; nothing where any JSON is stored

    def __init__(self, column=None, **kwargs):
        super().__init__(allow_none=True, **kwargs)
        self.column = column

    def sql(self, source):
        """The value as PostgreSQL writes it to JSON."""
        return getattr(source, self.attribute or self.name)

    def _deserialize(self, value, attr, data, **kwargs):
        if isinstance(value, bool) or not isinstance(value, self.accepts):
            raise ValidationError(BAD_FORMAT)
        if isinstance(value, str) and "\x00" in value:
            raise ValidationError(BAD_FORMAT)
        return value


class TextColumn(Column):
    """Text; numbers are taken as their text. Types with rules of their own (codes, locales) are asked before anything is written."""

    described = {"type": "string"}

    def _deserialize(self, value, attr, data, **kwargs):
        text = str(super()._deserialize(value, attr, data, **kwargs))
        if self.column is not None and isinstance(self.column.type, sa.TypeDecorator):
            try:
                self.column.type.process_bind_param(text, None)
            except Invalid:
                raise ValidationError(BAD_FORMAT) from None
        return text


class BytesColumn(TextColumn):
    """Bytes that hold UTF-8 text, such as the hash of a password."""

    def sql(self, source):
        return sa.func.convert_from(super().sql(source), "UTF8")

    def _deserialize(self, value, attr, data, **kwargs):
        return super()._deserialize(value, attr, data, **kwargs).encode()


class UuidColumn(Column):
    """A UUID."""

    described = {"type": "string", "format": "uuid"}

    def _deserialize(self, value, attr, data, **kwargs):
        if not is_uuid(value):
            raise ValidationError(BAD_FORMAT)
        return value.lower()


class BooleanColumn(Column):
    """A boolean; 0 and 1 count, words do not."""

    described = {"type": "boolean"}

    def _deserialize(self, value, attr, data, **kwargs):
        if value not in (True, False) or not isinstance(value, bool | int):
            raise ValidationError(BAD_FORMAT)
        return bool(value)


class IntegerColumn(Column):
    """A whole number; true and false count as 1 and 0."""

    described = {"type": "integer"}

    def _deserialize(self, value, attr, data, **kwargs):
        return super()._deserialize(int(value) if isinstance(value, bool) else value, attr, data, **kwargs)


class FloatColumn(Column):
    """A number; what JSON has no word for (not a number, infinite) is null."""

    described = {"type": "number"}

    def sql(self, source):
        number = super().sql(source)
        return sa.case((number - number == 0, number))


class DateColumn(Column):
    """A day, `YYYY-MM-DD`."""

    accepts = (str,)
    described = {"type": "string", "format": "date"}


class DateTimeColumn(Column):
    """A moment in UTC, `YYYY-MM-DDTHH:MM:SS`: without offset, without fraction."""

    accepts = (str,)
    described = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$"}

    def sql(self, source):
        # date_trunc leaves whole seconds, which row_to_json writes in ISO 8601 without a fraction; to_char costs three times as much.
        return sa.func.date_trunc(sa.literal_column("'second'"), super().sql(source))


class JsonColumn(Column):
    """JSON as it is stored."""

    def _deserialize(self, value, attr, data, **kwargs):
        if holds_nul(value):
            raise ValidationError(BAD_FORMAT)
        return value


class ListColumn(Column):
    """A list of texts."""

    described = {"type": "array", "items": {"type": "string", "nullable": True}}

    def _deserialize(self, value, attr, data, **kwargs):
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value) or holds_nul(value):
            raise ValidationError(BAD_FORMAT)
        return value


def holds_nul(value):
    """Whether a NUL character, which PostgreSQL cannot store, is anywhere in a JSON value."""
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(holds_nul(key) or holds_nul(item) for key, item in value.items())
    return isinstance(value, list) and any(holds_nul(item) for item in value)


KINDS = (
    (JSONB, JsonColumn),
    (sa.JSON, JsonColumn),
    (sa.ARRAY, ListColumn),
    (sa.Boolean, BooleanColumn),
    (sa.Uuid, UuidColumn),
    (sa.DateTime, DateTimeColumn),
    (sa.Date, DateColumn),
    (sa.LargeBinary, BytesColumn),
    (sa.Integer, IntegerColumn),
    (sa.Float, FloatColumn),
)


def column_field(column, **kwargs):
    """The field of a column, by its type."""
    type_ = column.type.impl_instance if isinstance(column.type, sa.TypeDecorator) else column.type
    kind = next((kind for class_, kind in KINDS if isinstance(type_, class_)), TextColumn)
    if column.foreign_keys:
        kind = UuidColumn  # all keys are; the type itself is unknown until the table referred to, of a later domain, is imported
    return kind(column, **kwargs)


def columns_of(model):
    """Yield (attribute name, column). Does not configure the mappers: schemas are made while models of later domains are still to come."""
    mapper = sa.inspect(model)
    for column in model.__table__.columns:
        yield mapper.get_property_by_column(column).key, column


@functools.cache
def column_fields(model):
    """{name: field} for every column of a model, those that no payload shows included."""
    return {name: column_field(column) for name, column in columns_of(model)}


class Constant(fields.Constant):
    """A value that is the same in every row, such as `"type": "Task"`."""

    @property
    def described(self):
        """The value in OpenAPI."""
        return {"type": "string", "enum": [self.constant]}

    def sql(self, source):
        return sa.literal(self.constant, sa.Text)


class RelatedIds(fields.List):
    """The ids of the rows that a relationship leads to, as a list without order. `item`: a field of one, where it is no id."""

    def __init__(self, relationship=None, item=None, **kwargs):
        super().__init__(item or fields.UUID(), **kwargs)
        self.relationship = relationship

    def sql(self, source):
        return ids_of(source, self.relationship or self.name)


def ids_of(source, name):
    """A scalar subquery: JSON list of ids behind the relationship `name` of `source` (a model or an alias of it)."""
    mapper = sa.inspect(source).mapper
    relation = mapper.relationships[name]
    if relation.secondary is None:
        (local, remote), *_ = relation.local_remote_pairs
        target = relation.mapper.local_table.alias()
        value, link = target.c.id, target.c[remote.name]
    else:
        target = relation.secondary.alias()
        (local, remote), *_ = relation.synchronize_pairs
        (_, other), *_ = relation.secondary_synchronize_pairs
        value, link = target.c[other.name], target.c[remote.name]
    own = getattr(source, mapper.get_property_by_column(local).key)
    ids = sa.select(sa.func.json_agg(value)).where(link == own).correlate(sa.inspect(source).selectable)
    return sa.func.coalesce(ids.scalar_subquery(), sa.text("'[]'::json"))


class Embedded(fields.Nested):
    """A linked row in the form of another schema, or null. `link`: the column with its id, or `join(source, target)` -> condition."""

    def __init__(self, schema, link, **kwargs):
        super().__init__(schema, allow_none=True, **kwargs)
        self.link = link

    def sql(self, source):
        from zou.platform.db.projection import json_row

        schema = self.schema
        target = aliased(schema.Meta.model)
        condition = self.link(source, target) if callable(self.link) else target.id == getattr(source, self.link)
        return json_row(type(schema), target, only=set(schema.fields), where=condition)


class Computed(fields.Raw):
    """Any SQL expression: `Computed(lambda source: ...)`. `described`: what it yields, in OpenAPI (see `http.shapes`)."""

    def __init__(self, expression, described=None, **kwargs):
        super().__init__(dump_only=True, **kwargs)
        self.expression, self.described = expression, described or {}

    def sql(self, source):
        return self.expression(source)


class Fixed(Column):
    """A column that this variant of a payload blanks: the same value in every row, whatever is stored."""

    def __init__(self, json, **kwargs):
        """`json`: the JSON text of the value."""
        super().__init__(**kwargs)
        self.json = json

    def sql(self, source):
        return sa.literal_column(f"'{self.json}'::json")


class NoIds(RelatedIds):
    """A list of ids that this variant of a payload blanks."""

    def sql(self, source):
        return sa.literal_column("'[]'::json")


class RowConverter(ModelConverter):
    """Fields of a model's columns, and the constant `type`."""

    def fields_for_model(self, model, *, exclude=None, base_fields=None, dict_cls=dict, **kwargs):
        made = dict_cls()
        for name, column in columns_of(model):
            # What `Meta.exclude` names is made all the same: marshmallow leaves it out, and refuses names that it does not know.
            if name not in (base_fields or {}):
                made[name] = column_field(column)
        if "type" not in (base_fields or {}):
            made["type"] = Constant(model.__name__)
        return made


class RowSchema(SQLAlchemyAutoSchema):
    """All columns of a model under their names, and `type`."""

    class Meta:
        model_converter = RowConverter
        include_fk = True

    @classmethod
    def relation_names(cls):
        """Names of the fields that only the full form has (serialisation.md §1)."""
        return frozenset(name for name, field in cls._declared_fields.items() if isinstance(field, RelatedIds))


def parse_iso(key, value):
    """Check that a text is an ISO 8601 date or moment (`Z` allowed); the database then reads it. Raises ValidationError."""
    if isinstance(value, str) and value:
        try:
            datetime.datetime.fromisoformat(value)
        except ValueError:
            raise ValidationError(f"Invalid date format for '{key}': '{value}'. Expected an ISO 8601 date or datetime.") from None
