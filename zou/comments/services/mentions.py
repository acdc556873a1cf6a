"""Who a text mentions: `@Full Name`, `@Department`. Rules: contract/rules/comments.md §4."""

from dataclasses import dataclass

import sqlalchemy as sa

from zou.people.models import Department, Person
from zou.people.schemas import full_name
from zou.productions.models import ProjectPersonLink


@dataclass(frozen=True)
class Mentioned:
    """Ids of persons and departments that a text names."""

    persons: tuple = ()
    departments: tuple = ()


def find(tx, text, project_id):
    """Who a text mentions: persons of the production's team but preview accounts, and departments of the studio."""
    if "@" not in (text or ""):
        return Mentioned()
    persons = (
        sa.select(sa.literal("person"), Person.id, full_name(Person))
        .join(ProjectPersonLink, ProjectPersonLink.person_id == Person.id)
        .where(ProjectPersonLink.project_id == project_id, Person.preview_project_id.is_(None))
    )
    rows = tx.execute(persons.union_all(sa.select(sa.literal("department"), Department.id, Department.name))).all()
    named = [(kind, id) for kind, id, name in rows if is_named(text, name)]
    return Mentioned(tuple(id for kind, id in named if kind == "person"), tuple(id for kind, id in named if kind == "department"))


def is_named(text, name):
    """Whether `@name` is in the text, before a space or the end.

    >>> is_named("ask @Ada Lovelace", "Ada Lovelace"), is_named("ask @Ada Lovelace, please", "Ada Lovelace")
    (True, False)
    """
    return bool(name) and (f"@{name} " in text or text.endswith(f"@{name}"))
