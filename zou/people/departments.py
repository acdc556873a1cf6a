"""Who works in which department. Rules: contract/rules/persons.md §3."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from zou.people.models import Department, department_link
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid


def find(tx, department_id):
    """The id of a department. Raises Invalid for an unknown one."""
    found = tx.scalar(sa.select(Department.id).where(Department.id == department_id)) if is_uuid(department_id) else None
    if found is None:
        raise Invalid("Department ID matches no department")
    return found


def join(tx, person, department_id):
    """Put a person in a department; one that they are in stays. Raises Invalid. Emits person:update."""
    link = {"person_id": person.id, "department_id": find(tx, department_id)}
    tx.execute(insert(department_link).values(link).on_conflict_do_nothing())
    events.emit(tx, "person:update", {"person_id": person.id})


def leave(tx, person, department_id):
    """Take a person out of a department; one that they are not in is no error. Raises Invalid. Emits person:update."""
    own = (department_link.c.person_id == person.id, department_link.c.department_id == find(tx, department_id))
    tx.execute(sa.delete(department_link).where(*own))
    events.emit(tx, "person:update", {"person_id": person.id})
