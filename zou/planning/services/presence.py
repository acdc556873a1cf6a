"""When persons were last seen at work. Rules: contract/rules/persons.md §4."""

import sqlalchemy as sa

from zou.people.models import DesktopLoginLog, Person
from zou.planning.models import TimeSpent
from zou.platform import events


def log_in(tx, person, date):
    """Note that a person opened a session on a workstation. `date`: moment in UTC without zone. Emits person:update."""
    row = DesktopLoginLog(person_id=person.id, date=date)
    tx.add(row)
    tx.flush()
    refresh(tx, person.id)
    return row


def refresh(tx, person_id):
    """Set the day on which a person was last present: that of their last desktop session or of their last hours. Emits person:update."""
    logins = sa.select(sa.func.max(sa.cast(DesktopLoginLog.date, sa.Date))).where(DesktopLoginLog.person_id == person_id)
    hours = sa.select(sa.func.max(TimeSpent.date)).where(TimeSpent.person_id == person_id)
    last = sa.func.greatest(logins.scalar_subquery(), hours.scalar_subquery())
    tx.execute(sa.update(Person).where(Person.id == person_id).values(last_presence=last), execution_options={"synchronize_session": False})
    events.emit(tx, "person:update", {"person_id": person_id})
