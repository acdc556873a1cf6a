"""What "open" means: the status named Open, which is made when it is missing."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from zou.productions.models import ProjectStatus

OPEN = "Open"
OPEN_NAMES = ("Active", "open", "Open")
"""Names of statuses under which administrators list a production as open."""


def open_status_id(tx):
    """The id of the open status."""
    found = tx.scalar(sa.select(ProjectStatus.id).where(ProjectStatus.name == OPEN))
    if found is None:
        tx.execute(insert(ProjectStatus).values(name=OPEN, color="#000000").on_conflict_do_nothing())
        found = tx.scalar(sa.select(ProjectStatus.id).where(ProjectStatus.name == OPEN))
    return found


def is_open(tx, project):
    """Whether the status of the production is the one named Open."""
    return tx.scalar(sa.select(ProjectStatus.name).where(ProjectStatus.id == project.project_status_id)) == OPEN
