"""Rows of working and output files. Rules: contract/rules/files.md §1, crud.md §6.5."""

import sqlalchemy as sa

from zou.entities.models import Entity
from zou.files.models import QUALITIES, VALIDATION_STATUSES
from zou.platform import events
from zou.platform.errors import Invalid
from zou.platform.rows import Rows


class WorkingFileRows(Rows):
    """Working files."""

    def check_new(self, tx, actor, values):
        check_code(values, "validation_status", VALIDATION_STATUSES)

    def check_change(self, tx, actor, row, values):
        check_code(values, "validation_status", VALIDATION_STATUSES)


class OutputFileRows(Rows):
    """Output files; their events name the production of their entity.

    Clients send a row back as they read it, with the whole working file it was made from; `source_file_id` alone says which that is.
    """

    protected = protected_new = frozenset({"source_file"})

    def check_new(self, tx, actor, values):
        check_code(values, "quality", QUALITIES, optional=True)

    def check_change(self, tx, actor, row, values):
        check_code(values, "quality", QUALITIES, optional=True)

    def tell(self, tx, row, verb):
        project_id = None
        if row.entity_id is not None:
            project_id = tx.scalar(sa.select(Entity.project_id).where(Entity.id == row.entity_id))
        events.emit(tx, f"{self.event}:{verb}", self.event_data(row), project_id=project_id)


def check_code(values, key, codes, optional=False):
    """Raise Invalid when a code was sent that is not one of `codes`. `optional`: null is one."""
    if key in values and not (optional and values[key] is None) and values[key] not in tuple(codes):
        raise Invalid(f"Invalid {key}")
