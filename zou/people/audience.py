"""Who hears of which events: those of a production its team, those of the studio everybody, an administrator all.

The contract's server sends everything to everybody; clients filter by themselves, so a narrower delivery is safe (events.md, Oddities).
"""

import sqlalchemy as sa

from zou.people.rules import table

EVERYTHING = "everything"
STUDIO = "studio"
TEAMS = frozenset({"project:new", "project:update", "project:delete"})
"""After these anybody may hear of more, or of less."""
PERSONS = frozenset({"person:update", "person:delete"})
"""After these the person may."""


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


def moved_by(event, person_ids):
    """Those of these persons whose rooms may be other ones after this event."""
    if event.name in TEAMS:
        return set(person_ids)
    if event.name in PERSONS:
        return {id for id in person_ids if str(id) == event.data.get("person_id")}
    return set()


def lets_go(event):
    """Whether those whom it moved out of every room are to be disconnected: an event about the very person."""
    return event.name in PERSONS
