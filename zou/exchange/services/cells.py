"""What the cells of a file mean: persons, words for yes and no, numbers, custom columns. Rules: contract/rules/imports.md §1."""

import sqlalchemy as sa

from zou.exchange.queries.entities import metadata
from zou.people.models import Person
from zou.people.schemas import full_name
from zou.platform.db.payload import is_uuid
from zou.productions.models import MetadataDescriptor

YES = frozenset({"y", "yes", "t", "true", "on", "1"})
NO = frozenset({"n", "no", "f", "false", "off", "0"})
LARGEST = 2**31 - 1


def boolean(text):
    """Whether a word says yes; None for a word that says neither."""
    word = text.strip().lower()
    return True if word in YES else False if word in NO else None


def integer(line, name, *headers):
    """The whole number of a cell, or None for an empty one; anything else is wrong. `name`: what the message calls it."""
    text = (line.get(*headers) or "").strip()
    if not text:
        return None
    try:
        number = int(text)
    except ValueError:
        number = None
    if number is None or abs(number) > LARGEST:
        header = next((header for header in headers if header in line.cells), name)
        line.wrong(header, f"{name} must be an integer, got '{text[:80]}'")
        return None
    return number


class Persons:
    """Persons by their name, e-mail or id, looked up in one statement for a whole file."""

    def __init__(self, tx, names):
        """`names`: texts of the cells."""
        self.found = {}
        words = {name.strip().lower() for name in names if name.strip()}
        if not words:
            return
        ids = [word for word in words if is_uuid(word)]
        given = sa.any_(sa.cast(list(words), sa.ARRAY(sa.Text)))
        rows = sa.select(Person.id, sa.func.lower(full_name(Person)), Person.email, Person.preview_project_id.isnot(None), Person.is_bot)
        by_id = Person.id == sa.any_(sa.cast(ids, sa.ARRAY(sa.Uuid(as_uuid=False))))
        rows = rows.where(sa.or_(sa.func.lower(full_name(Person)) == given, sa.func.lower(Person.email) == given, by_id))
        for id, name, email, is_preview, is_bot in tx.execute(rows.order_by(Person.active.is_(True).desc(), Person.created_at, Person.id)):
            person = Found(id, is_preview, is_bot)
            for key in {name, (email or "").lower(), str(id)}:
                self.found.setdefault(key, []).append(person)

    def named(self, text):
        """Those who have this name, e-mail or id; working ones first."""
        return self.found.get(text.strip().lower(), [])


class Found:
    """A person that a cell names."""

    def __init__(self, id, is_preview, is_bot):
        self.id = id
        self.is_preview = is_preview
        self.is_bot = is_bot


class CustomColumns:
    """The columns of a file that are custom columns of the production."""

    def __init__(self, tx, project, kind, headers, task_type_id=None):
        """`task_type_id`: for columns about the tasks of one type."""
        own = sa.select(MetadataDescriptor).where(MetadataDescriptor.project_id == project.id, MetadataDescriptor.entity_type == kind)
        bound = MetadataDescriptor.task_type_id
        own = own.where(bound.is_not_distinct_from(task_type_id))
        rows = tx.scalars(own.order_by(MetadataDescriptor.position, MetadataDescriptor.name)).all()
        self.known = {descriptor.name: descriptor for descriptor in rows if descriptor.name in headers}

    def names(self, line):
        """Texts of the cells of a line that name persons."""
        return [line.get(header) or "" for header, descriptor in self.known.items() if descriptor.data_type == "person"]

    def read(self, line, persons, stored=None):
        """{field: value} of a line. A cell that says what is `stored` already changes nothing, which also keeps its type."""
        values = {}
        for header, descriptor in self.known.items():
            cell = line.get(header)
            if cell is None or stored is not None and shown(descriptor, stored) == cell.strip():
                continue
            values[descriptor.field_name] = self.value(line, header, descriptor, cell, persons)
        return values

    def value(self, line, header, descriptor, cell, persons):
        """The value of a cell as the custom column stores it."""
        if cell.strip() == "":
            return ""
        if descriptor.data_type == "boolean":
            word = boolean(cell)
            if word is None:
                line.wrong(header, f"A value is invalid: {cell[:80]!r} is neither true nor false")
            return "true" if word else "false"
        if descriptor.data_type == "person":
            found = persons.named(cell)
            if not found:
                line.wrong(header, f"Person not found for {cell.strip()[:80]}")
                return None
            return str(found[0].id)
        return cell


def shown(descriptor, data):
    """How an export writes the value of a custom column."""
    value = metadata(descriptor, data)
    return "" if value is None else str(value).strip()
