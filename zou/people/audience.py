"""Who hears of which events: of a row, who may read it; of the rest of a production, its team; of the studio, everybody.

The contract's server sends everything to everybody; clients filter by themselves, so a narrower delivery is safe (events.md, Oddities).

A room of a production is for those of its team who read all of it (`project:<id>`), another one for its clients and vendors
(`guests:<id>`). Whether they, and anybody where reading depends on the person, hear of an event is asked of the rule of the row that the
event is about, when it is told: by one statement, whatever the number of listeners.
"""

import functools
from dataclasses import dataclass

import sqlalchemy as sa

from zou.people.rules import anyone, table
from zou.platform.db.payload import is_uuid
from zou.platform.rules import Rule, as_sql

EVERYTHING = "everything"
STUDIO = "studio"
TEAMS = frozenset({"project:new", "project:update", "project:delete"})
"""After these anybody may hear of more, or of less."""
PERSONS = frozenset({"person:update", "person:delete"})
"""After these the person may."""
ENTITIES = frozenset({"asset", "shot", "sequence", "scene", "episode", "edit", "concept", "concept_folder"})
GUESTS = ("client", "vendor")


READ_BY_STAFF = frozenset(
    {
        "asset_instance",
        "attachment_file",
        "entity",
        "milestone",
        "output_file",
        "playlist",
        "preview_file",
        "production_schedule_version",
        "production_schedule_version_task_link",
        "task",
        "working_file",
    }
)
"""Tables of whose rows everybody in the team reads all but clients and vendors, so that nobody else is judged."""
ABOUT = (("task_id", "task"), ("entity_id", "entity"), ("playlist_id", "playlist"), ("budget_id", "budget"))
"""What an event about a row that is gone, or that it does not name, is about instead."""


@dataclass(frozen=True)
class Subject:
    """A kind of rows that events are about. `for_staff`: everybody in the team but clients and vendors reads all of them."""

    model: type
    rule: Rule
    for_staff: bool = False
    key: str | None = None  # under which an event names the row, if not `<table>_id`


@dataclass(frozen=True)
class Listener:
    """A listener as rules want an actor: who they are in the database now."""

    id: object
    role: str
    department_ids: list
    identity_type: str = "person"
    preview_project_id: object = None

    @property
    def is_admin(self):
        return self.role == "admin"


class Audience:
    """Who hears of what. `subjects`: a function that yields {name: Subject} of the rows that not everybody reads; asked once."""

    def __init__(self, subjects):
        self.subjects = functools.cache(subjects)

    def rooms_of(self, tx, person_ids):
        """{person id: the rooms of that person}, by one statement. Who is inactive or gone is left out."""
        person, link = table("person"), table("project_person_link")
        role = sa.func.coalesce(sa.func.nullif(link.c.role, "admin"), person.c.role)
        place = sa.func.concat(sa.case((role.in_(GUESTS), "guests:"), else_="project:"), sa.cast(link.c.project_id, sa.Text))
        places = sa.func.array(sa.select(place).where(link.c.person_id == person.c.id).scalar_subquery(), type_=sa.ARRAY(sa.Text))
        statement = sa.select(person.c.id, person.c.role, places).where(person.c.id.in_(person_ids), person.c.active)
        found = tx.execute(statement)
        return {id: {STUDIO, f"person:{id}", *([EVERYTHING] if role == "admin" else places)} for id, role, places in found}

    def listeners(self, tx, person_ids):
        """The active ones of these persons, by one statement."""
        person, link = table("person"), table("department_link")
        crafts = sa.select(link.c.department_id).where(link.c.person_id == person.c.id).scalar_subquery()
        columns = [person.c.id, person.c.role, sa.func.array(crafts, type_=sa.ARRAY(sa.Uuid))]
        return [Listener(*row) for row in tx.execute(sa.select(*columns).where(person.c.id.in_(person_ids), person.c.active))]

    def rooms_for(self, event):
        """(rooms that hear of an event, rooms in which each is judged). A client in several of them hears of it once."""
        if event.name.startswith("notification:") and event.data.get("person_id"):
            return [EVERYTHING, f"person:{event.data['person_id']}"], []
        subject, _ = self.about(event)
        project_id = event.project_id or event.data.get("project_id")
        if project_id is None:
            return ([STUDIO], []) if subject is None else ([EVERYTHING], [STUDIO])
        team, guests = f"project:{project_id}", f"guests:{project_id}"
        if subject is None:
            return [EVERYTHING, team, guests], []
        return ([EVERYTHING, team], [guests]) if subject.for_staff else ([EVERYTHING], [team, guests])

    def about(self, event):
        """(Subject, id) of the row that an event is about; (None, None) without one that only some read."""
        kind, _, verb = event.name.partition(":")
        name, subjects = kind.replace("-", "_"), self.subjects()
        subject = subjects.get(event.name) or subjects.get(name) or (subjects.get("entity") if name in ENTITIES else None)
        if subject is None:
            return None, None
        named = [(subject.key or f"{name}_id", subject)] if not verb.startswith("delete") else []
        named += [(key, subjects[table_]) for key, table_ in ABOUT if table_ in subjects and key != f"{name}_id"]
        return next(((found, event.data[key]) for key, found in named if is_uuid(event.data.get(key))), (None, None))

    def hearing(self, tx, event, listeners):
        """{ids of those of these listeners who may read the row that an event is about}, by one statement at most."""
        subject, id = self.about(event)
        found, open_questions = set(), []
        for listener in listeners:
            clause = subject.rule.clause(subject.model, listener)
            if clause is True:
                found.add(listener.id)
            elif clause is not False:
                open_questions.append((listener.id, clause))
        if open_questions:
            columns = [as_sql(clause).label(f"v{number}") for number, (_, clause) in enumerate(open_questions)]
            row = tx.execute(sa.select(*columns).select_from(subject.model).where(subject.model.id == id)).first()
            found |= {id for (id, _), verdict in zip(open_questions, row or (), strict=False) if verdict}
        return found

    def trimmed(self, event):
        """The data of an event without the values that were written, of which guests may not read all."""
        return {key: value for key, value in event.data.items() if key != "data"}

    def moved_by(self, event, person_ids):
        """Those of these persons whose rooms may be other ones after this event."""
        if event.name in TEAMS:
            return set(person_ids)
        if event.name in PERSONS:
            return {id for id in person_ids if str(id) == event.data.get("person_id")}
        return set()

    def lets_go(self, event):
        """Whether those whom it moved out of every room are to be disconnected: an event about the very person."""
        return event.name in PERSONS


def subjects_of(domains):
    """{name: Subject} of what domains say: who hears of a row is who reads its item, unless `Domain.hears` says otherwise.

    Productions are left out: their team hears of them by its rooms.
    """
    found = {}
    for domain in domains:
        for crud in domain.cruds:
            name = crud.model.__tablename__
            if crud.reads is not anyone and name != "project":
                found[name] = Subject(crud.model, crud.reads, name in READ_BY_STAFF)
        found |= {name: Subject(*parts) for name, parts in domain.heard.items()}
    return {name: subject for name, subject in found.items() if subject.rule is not anyone}
