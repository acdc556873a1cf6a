"""Who hears of which events: those of a production its team, those of the studio everybody, an administrator all.

The contract's server sends everything to everybody; clients filter by themselves, so a narrower delivery is safe (events.md, Oddities).
"""

import sqlalchemy as sa

from zou.people.rules import table

EVERYTHING = "everything"
STUDIO = "studio"
MOVING = frozenset({"project:new", "project:update", "project:delete", "person:update", "person:delete"})
"""After these a person may hear of more, or of less."""


def rooms_of(tx, person_ids):
    """{person id: the rooms of that person}, by one statement. Who is inactive or gone is left out."""
    person, link = table("person"), table("project_person_link")
    projects = sa.func.array(sa.select(link.c.project_id).where(link.c.person_id == person.c.id).scalar_subquery(), type_=sa.ARRAY(sa.Uuid))
    statement = sa.select(person.c.id, person.c.role, projects).where(person.c.id.in_(person_ids), person.c.active)
    return {id: rooms(id, role, found) for id, role, found in tx.execute(statement)}


def rooms(person_id, role, project_ids):
    """The rooms of a person of that role, in the teams of these productions."""
    return {STUDIO, f"person:{person_id}", *([EVERYTHING] if role == "admin" else [f"project:{id}" for id in project_ids])}


def rooms_for(event):
    """The rooms that hear of an event; a client in several of them hears of it once."""
    if event.name.startswith("notification:") and event.data.get("person_id"):
        return [EVERYTHING, f"person:{event.data['person_id']}"]
    project_id = event.project_id or event.data.get("project_id")
    return [EVERYTHING, f"project:{project_id}"] if project_id else [STUDIO]


def moves(event):
    """Whether rooms may be other ones after this event."""
    return event.name in MOVING
