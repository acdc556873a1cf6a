"""The service behind the generic routes: creates, changes and removes the rows of one model, and tells.

A domain subclasses `Rows` for a model with rules of its own and overrides what differs:

    class DayOffRows(Rows):
        def check_new(self, tx, actor, values): ...      # before an insert; may alter the values sent
        def check_change(self, tx, actor, row, values): ...
        def changed(self, tx, actor, row, before): ...   # after the write, in the same transaction

Order of work and what is refused: contract/rules/crud.md §4 and §5.
"""

import functools

import sqlalchemy as sa
from marshmallow import ValidationError

from zou.platform import events
from zou.platform.db.payload import BAD_FORMAT, DateColumn, DateTimeColumn, column_fields, holds_nul, is_uuid, parse_iso
from zou.platform.db.types import utcnow
from zou.platform.errors import Invalid

BASE_PROTECTED = frozenset({"id", "created_at", "updated_at"})
REQUIRED = "A required field is missing."


class Rows:
    """Writes of one model. `event`: prefix of its events; `protected`: keys that an update drops silently."""

    model = None
    event = None
    protected: frozenset[str] = frozenset()
    protected_new: frozenset[str] = frozenset()
    chosen: frozenset[str] = frozenset()  # base columns that a creation may choose

    def __init__(self, model=None, event=None, protected=()):
        self.model = model or self.model
        table = self.model.__tablename__
        self.event = event or self.event or table.replace("_", "-")
        self.id_key = f"{self.event.replace('-', '_')}_id"
        self.columns = column_fields(self.model)
        own_project = {"project_id"} if "project_id" in self.columns else set()
        self.protected = BASE_PROTECTED | own_project | frozenset(protected) | type(self).protected

    @functools.cached_property
    def relations(self):
        """The relationships of the model, which are known once all domains are imported."""
        return sa.inspect(self.model).relationships

    # --- what a domain overrides ---

    def check_new(self, tx, actor, values):
        """Refuse, or complete, what is about to be inserted. `values`: what the client sent, without the base columns."""

    def check_change(self, tx, actor, row, values):
        """Refuse, or alter, what is about to be written to a row."""

    def check_remove(self, tx, actor, row, force):
        """Refuse a removal, or clear what hangs on the row."""

    def created(self, tx, actor, row, values):
        """After the insert."""

    def changed(self, tx, actor, row, before):
        """After an update; `before`: {key: old value} of what was written, relations as lists of rows."""

    def removed(self, tx, actor, row):
        """After a removal."""

    def event_data(self, row):
        """What the events of this row carry."""
        return {self.id_key: row.id}

    def event_project(self, row):
        """The production that the events name, or None."""
        return getattr(row, "project_id", None)

    # --- the verbs ---

    def create(self, tx, actor, values):
        """Insert a row and tell. Raises Invalid for an unknown key, a value of the wrong type, or what `check_new` refuses."""
        row = self.insert(tx, actor, values)
        self.tell(tx, row, "new")
        return row

    def insert(self, tx, actor, values):
        """`create` without the event."""
        dropped = (BASE_PROTECTED - self.chosen) | self.protected_new
        values = {key: value for key, value in values.items() if key not in dropped}
        self.check_text(values)
        self.check_new(tx, actor, values)
        for key in values:
            if key not in self.columns and key not in self.relations:
                raise Invalid(f"'{key}' is an invalid keyword argument for {self.model.__name__}", shape="bare")
        row = self.model()
        self.write(tx, row, values)
        tx.add(row)
        tx.flush()
        self.created(tx, actor, row, values)
        return row

    def update(self, tx, actor, row, values):
        """Change a row; keys left out stay, protected and unknown ones are dropped. Raises as `create`."""
        values = {key: value for key, value in values.items() if key not in self.protected}
        self.check_text(values)
        self.check_change(tx, actor, row, values)
        values = {key: value for key, value in values.items() if key in self.columns or key in self.relations}
        for key, value in values.items():
            if isinstance(self.columns.get(key), DateColumn | DateTimeColumn):
                self.check_date(key, value)
        before = {key: self.stored(row, key) for key in values}
        self.write(tx, row, values)
        row.updated_at = utcnow()
        tx.flush()
        self.changed(tx, actor, row, before)
        self.tell(tx, row, "update")
        return row

    def remove(self, tx, actor, row, force=False):
        """Delete a row; its links go with it, anything else that refers to it makes the database refuse."""
        self.check_remove(tx, actor, row, force)
        tx.delete(row)
        tx.flush()
        self.tell(tx, row, "delete")
        self.removed(tx, actor, row)

    def tell(self, tx, row, verb):
        """Emit the event of a write."""
        events.emit(tx, f"{self.event}:{verb}", self.event_data(row), project_id=self.event_project(row))

    # --- parts ---

    def write(self, tx, row, values):
        """Set columns and relations from what a client sent."""
        for key, value in values.items():
            if key in self.columns:
                setattr(row, key, self.read(key, value))
        for key, value in values.items():
            if key not in self.columns:
                setattr(row, key, self.linked(tx, key, value))

    def stored(self, row, key):
        """The value before a write; of a relation to many a copy, since the write changes the list itself."""
        value = getattr(row, key)
        return list(value) if key in self.relations and self.relations[key].uselist else value

    def read(self, key, value):
        """A sent value as the column takes it."""
        column = self.columns[key].column
        if value is None:
            if not column.nullable:
                raise Invalid(REQUIRED, shape=self.shape)
            return sa.null()  # a plain None would give way to the column's default, and be the JSON null in a JSON column
        try:
            return self.columns[key].deserialize(value)
        except ValidationError as error:
            raise Invalid(error.messages[0], shape=self.shape) from None

    def linked(self, tx, key, value):
        """The rows that a list of ids, or of objects with an id, names; unknown ones are left out."""
        if value is None:
            return []
        if not isinstance(value, list):
            raise Invalid(BAD_FORMAT, shape=self.shape)
        ids = [item.get("id") if isinstance(item, dict) else item for item in value]
        if not all(is_uuid(id) for id in ids):
            raise Invalid(BAD_FORMAT, shape=self.shape)
        target = self.relations[key].mapper.class_
        return list(tx.scalars(sa.select(target).where(target.id.in_(ids)))) if ids else []

    def check_text(self, values):
        """Refuse NUL characters before the values are looked up anywhere: PostgreSQL cannot take them."""
        if any(holds_nul(value) for key, value in values.items() if key in self.columns):
            raise Invalid(BAD_FORMAT, shape=self.shape)

    def check_date(self, key, value):
        """Refuse a text that is not a date, in words of its own."""
        try:
            parse_iso(key, value)
        except ValidationError as error:
            raise Invalid(error.messages[0]) from None

    shape = None  # of refusals of a value: that of the route; see errors.Invalid
