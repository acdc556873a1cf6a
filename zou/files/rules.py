"""Permission rules of files that need more than those of `zou.people.rules`."""

import sqlalchemy as sa

from zou.people.rules import manages, works_on
from zou.platform.rules import rule


@rule
def works_on_output(source, actor):
    """assigned to a task of the shot or scene that the file is for, else of its entity"""
    return works_on(sa.func.coalesce(source.temporal_entity_id, source.entity_id), actor)


changes_output = manages | works_on_output
"""Who may change an output file."""
