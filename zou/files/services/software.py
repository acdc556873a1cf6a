"""Software that productions use for their task types. Rules: contract/rules/projects.md §5."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from zou.files.models import Software
from zou.platform.errors import Invalid, NotFound
from zou.productions.models import ProjectTaskTypeLink, ProjectTaskTypeSoftwareLink
from zou.productions.services import team

links = ProjectTaskTypeSoftwareLink.__table__.c


def use(tx, project, task_type_id, software_id):
    """Let a production use a software for a task type; returns the three ids.

    Raises Invalid for a task type that the production does not use and for archived software, NotFound for unknown software.
    Emits project:update when it was not used yet.
    """
    link = ProjectTaskTypeLink
    if not tx.scalar(sa.select(sa.exists().where(link.project_id == project.id, link.task_type_id == task_type_id))):
        raise Invalid("The task type is not a task type of the project.")
    software = tx.get(Software, software_id)
    if software is None:
        raise NotFound()
    if software.archived:
        raise Invalid("The software is archived.")
    ids = {"project_id": project.id, "task_type_id": task_type_id.lower(), "software_id": software.id}
    if tx.execute(insert(ProjectTaskTypeSoftwareLink).values(ids).on_conflict_do_nothing()).rowcount:
        team.tell(tx, project.id)
    return ids


def drop(tx, project, task_type_id, software_id):
    """Let a production no longer use a software for a task type. Emits project:update when it did."""
    own = (links.project_id == project.id, links.task_type_id == task_type_id, links.software_id == software_id)
    if tx.execute(sa.delete(ProjectTaskTypeSoftwareLink.__table__).where(*own)).rowcount:
        team.tell(tx, project.id)
