"""Who works on a production. Rules: contract/rules/projects.md §4."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from zou.people.models import Person
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid
from zou.productions.models import ProjectPersonLink


def tell(tx, project_id):
    """Tell that a production, its team or its settings changed."""
    events.emit(tx, "project:update", project_id=project_id)


def join(tx, project_id, person_id):
    """Put a person in a team; returns whether they were not in it. Emits project:update when they were not."""
    joined = tx.execute(insert(ProjectPersonLink).values(project_id=project_id, person_id=person_id).on_conflict_do_nothing())
    if joined.rowcount:
        tell(tx, project_id)
    return bool(joined.rowcount)


def add(tx, project, person_id, role):
    """Put a person in the team, with a role there if one is given. Raises Invalid for an unknown person or a foreign preview account."""
    person = tx.get(Person, person_id) if is_uuid(person_id) else None
    if person is None:
        raise Invalid(f"Person with id {person_id} not found")
    if person.preview_project_id not in (None, project.id):
        raise Invalid("A preview account can only belong to its own project")
    join(tx, project.id, person.id)
    if role is not None:
        write_role(tx, project, person.id, role)
        tell(tx, project.id)


def set_role(tx, project, person_id, role):
    """Give a person of the team a role there; null is their own. Raises Invalid outside the team and for preview accounts."""
    if not is_uuid(person_id) or not write_role(tx, project, person_id, role):
        raise Invalid("Person is not a member of the project team")
    if tx.scalar(sa.select(Person.preview_project_id).where(Person.id == person_id)) is not None:
        raise Invalid("A preview account keeps its client role")
    tell(tx, project.id)


def write_role(tx, project, person_id, role):
    """Write a role on a link; returns whether there is one."""
    link = sa.update(ProjectPersonLink).where(ProjectPersonLink.project_id == project.id, ProjectPersonLink.person_id == person_id)
    return tx.execute(link.values(role=role).execution_options(synchronize_session=False)).rowcount


def leave(tx, project, person_id):
    """Take a person out of the team, with their role there; tells even when they were not in it."""
    if is_uuid(person_id):
        tx.execute(
            sa.delete(ProjectPersonLink)
            .where(ProjectPersonLink.project_id == project.id, ProjectPersonLink.person_id == person_id)
            .execution_options(synchronize_session=False)
        )
    tell(tx, project.id)
