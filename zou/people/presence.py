"""Sessions opened on workstations, and the day a person was last seen. Rules: contract/rules/persons.md §4."""

import sqlalchemy as sa

from zou.people.models import DesktopLoginLog, Person
from zou.people.rules import table
from zou.platform import events
from zou.platform.db.types import utcnow


def log_in(tx, person_id, moment=None):
    """Note that a person opened a session on a workstation, now or at a moment in UTC; returns the row. Emits person:update."""
    row = DesktopLoginLog(person_id=person_id, date=moment or utcnow())
    tx.add(row)
    tx.flush()
    refresh(tx, person_id)
    return row


def refresh(tx, person_id):
    """Set `last_presence` to the latest day with a desktop login or hours of the person. Emits person:update."""
    hours, login = table("time_spent"), DesktopLoginLog
    worked = sa.select(sa.func.max(hours.c.date)).where(hours.c.person_id == person_id).scalar_subquery()
    seen = sa.select(sa.cast(sa.func.max(login.date), sa.Date)).where(login.person_id == person_id).scalar_subquery()
    tx.execute(
        sa.update(Person).where(Person.id == person_id).values(last_presence=sa.func.greatest(worked, seen)),
        execution_options={"synchronize_session": False},
    )
    events.emit(tx, "person:update", {"person_id": person_id})
