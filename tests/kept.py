"""Whether a statement that was kept says what one built for this very request says: an observer of `zou.platform.db.prepared`."""

import re

from sqlalchemy.dialects.postgresql import psycopg2

from zou.platform.db import prepared
from zou.platform.db.prepared import Asking, form_of

PLACE = re.compile(r"%\((\w+)\)s|__\[POSTCOMPILE_(\w+?)(?:~~.*?)?\]")
DIALECT = psycopg2.dialect()


class Comparison:
    """Builds each form of a statement anew for the second actor who asks for it, with all values in it, and compares.

    `compared`: how many there were; `different`: what they were, which is empty when all is well.
    """

    def __init__(self):
        self.asked, self.compared, self.different = {}, 0, []

    def __enter__(self):
        prepared.observers.append(self.compare)
        return self

    def __exit__(self, *error):
        prepared.observers.remove(self.compare)

    def compare(self, build, given, structure, made):
        names = map(str, range(len(given)))
        key = build, tuple(form_of(name, value, {}) for name, value in zip(names, given, strict=True)), tuple(structure.items())
        who = next((value.id for value in given if isinstance(value, Asking)), None)
        seen = self.asked.setdefault(key, set())
        if who in seen or len(seen) == 2:
            return
        seen.add(who)
        if who is not None and len(seen) == 1:
            return
        self.compared += 1
        kept, anew = spelled(*made), spelled(build(*given, **structure), {})
        if kept != anew:
            self.different.append((build.__qualname__, kept, anew))


def spelled(statement, values):
    """The text of a statement with its values in it."""
    compiled = statement.compile(dialect=DIALECT)
    given = compiled.construct_params(values)
    return PLACE.sub(lambda match: written(given[match[1] or match[2]]), compiled.string)


def written(value):
    """A value as text, whether it came as an id or as its text."""
    return f"({', '.join(sorted(map(str, value)))})" if isinstance(value, list | tuple | set | frozenset) else f"«{value}»"
