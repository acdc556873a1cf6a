"""Permission rules of files that need more than those of `zou.people.rules`."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou.entities.models import Entity
from zou.people.rules import manages, reaches, works_on
from zou.platform.rules import as_sql, rule


@rule
def works_on_output(source, actor):
    """assigned to a task of the shot or scene that the file is for, else of its entity"""
    return works_on(sa.func.coalesce(source.temporal_entity_id, source.entity_id), actor)


changes_output = manages | works_on_output
"""Who may change an output file."""


def reached(actor, *entity_ids):
    """Condition on a list: the actor reaches one of these entities (see `reaches`), which a vendor does by a task of theirs."""
    entity = aliased(Entity)
    return sa.exists().where(entity.id.in_(entity_ids), as_sql(reaches.clause(entity, actor)))
