"""Permission rules that need the tables of productions."""

import sqlalchemy as sa

from zou.people.rules import admin, is_client_of, is_vendor_of, mine_and_open
from zou.platform.rules import either, negated, rule
from zou.productions.models import department_metadata_descriptor_link


@rule
def meant_for(source, actor):
    """a custom column for the actor: clients see those for clients, vendors those of no department or of theirs"""
    if actor.is_admin:
        return True
    link = department_metadata_descriptor_link.alias("craft")
    of_any = sa.exists().where(link.c.metadata_descriptor_id == source.id)
    of_mine = sa.exists().where(link.c.metadata_descriptor_id == source.id, link.c.department_id.in_(actor.department_ids))
    for_vendor = sa.or_(sa.not_(of_any), of_mine)
    return sa.and_(
        either(negated(is_client_of.clause(source, actor)), lambda: source.for_client.is_(True)),
        either(negated(is_vendor_of.clause(source, actor)), lambda: for_vendor),
    )


shows_descriptor = admin | (mine_and_open & meant_for)
"""Custom columns of open productions of the actor, as far as they are meant for them."""
