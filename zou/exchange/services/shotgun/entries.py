"""Reading what Shotgun sends: entries with keys of many shapes, which refer to each other by their own ids.

An import makes a function of one entry, which returns its row or raises `Skipped`; `each` calls it for all. A row is written when
everything is read; what the database refuses then refuses the whole request.
"""

import logging

import sqlalchemy as sa

from zou.platform.errors import Invalid

log = logging.getLogger(__name__)


class Skipped(Exception):
    """The entry cannot be imported; the message says why."""


class Entry:
    """One entry of a request."""

    def __init__(self, values):
        self.values = values

    def required(self, key):
        """A value that must be there."""
        if key not in self.values:
            raise Skipped(f"the key {key} is missing")
        return self.values[key]

    def text(self, key, default=...):
        """A text, or None."""
        value = self.required(key) if default is ... else self.values.get(key, default)
        if value is not None and not isinstance(value, str):
            raise Skipped(f"{key} is no text")
        return value

    def name(self, key):
        """A text that must not be empty."""
        text = self.text(key)
        if not text:
            raise Skipped(f"{key} is empty")
        return text

    def id(self):
        """The id of the entry in Shotgun."""
        return whole(self.required("id"), "id")

    def number(self, key, default=...):
        """A number, or None."""
        value = self.required(key) if default is ... else self.values.get(key, default)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise Skipped(f"{key} is no number")
        return value

    def linked(self, key, part="id"):
        """A part of the object behind a key, by default its id in Shotgun; None without one."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict) or part not in value:
            raise Skipped(f"{key} has no {part}")
        return whole(value[part], key) if part == "id" else value[part]

    def all_linked(self, key):
        """The ids of the objects in the list behind a key."""
        value = self.values.get(key) or []
        if not isinstance(value, list) or not all(isinstance(item, dict) and "id" in item for item in value):
            raise Skipped(f"{key} is no list of objects")
        return [whole(item["id"], key) for item in value]

    def custom(self, *known):
        """The fields that studios added, `sg_…`, but these and those without value."""
        return {key: value for key, value in self.values.items() if key.startswith("sg_") and key not in known and value is not None}


def whole(value, key):
    """An id as Shotgun counts them."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise Skipped(f"{key} is no id")
    return value


def each(entries, read):
    """The rows that `read` makes of entries; those that it skips are logged. Raises Invalid for what is no list."""
    if not isinstance(entries, list):
        raise Invalid("A list of entities is expected.")
    rows = []
    for number, values in enumerate(entries, 1):
        try:
            if not isinstance(values, dict):
                raise Skipped("it is no object")
            row = read(Entry(values))
        except Skipped as reason:
            log.warning("Entry %s of a Shotgun import is left out: %s.", number, reason)
            continue
        if row is not None:
            rows.append(row)
    return rows


def numbers(entries):
    """All ids of Shotgun that are anywhere in the entries."""
    if isinstance(entries, dict):
        own = entries.get("id")
        found = {own} if isinstance(own, int) and 0 <= own < 2**31 else set()
        return found.union(*[numbers(value) for value in entries.values()])
    return set().union(*[numbers(item) for item in entries]) if isinstance(entries, list) else set()


def texts(entries, key):
    """The texts behind a key of the entries."""
    found = [entry.get(key) for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    return [text for text in found if isinstance(text, str)]


class ByShotgunId:
    """Rows of a model by their id in Shotgun, those that entries name, looked up at once; what an import makes is added."""

    def __init__(self, tx, model, entries, *conditions):
        named = model.shotgun_id == sa.any_(sa.cast(sorted(numbers(entries)), sa.ARRAY(sa.Integer)))
        rows = sa.select(model).where(named, *conditions).order_by(model.created_at, model.id)
        self.rows = {}
        for row in tx.scalars(rows):
            self.rows.setdefault(row.shotgun_id, row)

    def get(self, id):
        """The row with this id, or None."""
        return self.rows.get(id) if id is not None else None

    def key(self, id):
        """Our id of that row, or None."""
        row = self.get(id)
        return row.id if row is not None else None

    def add(self, row):
        """Enter a row that was made or that got its id."""
        self.rows.setdefault(row.shotgun_id, row)


def color(text):
    """`#rrggbb` of Shotgun's "r,g,b"; black for none.

    >>> color("29,215,46"), color(None)
    ('#1dd72e', '#000000')
    """
    if not text:
        return "#000000"
    try:
        parts = [int(part) for part in text.split(",")]
    except (AttributeError, ValueError):
        raise Skipped("the color is not of the form r,g,b") from None
    if len(parts) != 3 or not all(0 <= part < 256 for part in parts):
        raise Skipped("the color is not of the form r,g,b")
    return "#{:02x}{:02x}{:02x}".format(*parts)


def write(tx, row, values):
    """Set the columns of a row that is new or known."""
    for key, value in values.items():
        setattr(row, key, value)
    tx.add(row)
    return row
