"""Assets that other productions may use. Rules: contract/rules/entities.md §3."""

import sqlalchemy as sa

from zou.entities.models import Entity
from zou.entities.queries.kinds import is_kind
from zou.people.rules import manages
from zou.platform.db.types import utcnow
from zou.platform.errors import Denied, NotFound
from zou.platform.rules import as_sql


def share(tx, actor, ids, is_shared):
    """Share assets of any productions, or no more. Raises NotFound for an unknown one, Denied unless the actor manages them all.

    Returns their ids.
    """
    verdict = as_sql(manages.clause(Entity, actor))
    found = tx.execute(sa.select(Entity.id, verdict.label("verdict")).where(Entity.id.in_(ids), is_kind("Asset"))).all()
    if len(found) < len(set(ids)):
        raise NotFound()
    if not all(row.verdict for row in found):
        raise Denied(rule=manages)
    return mark(tx, [Entity.id.in_([row.id for row in found])], is_shared)


def mark(tx, conditions, is_shared):
    """Share the assets that conditions choose, or no more; returns their ids. Clients are not told: there is no event for it."""
    chosen = sa.select(Entity.id).where(is_kind("Asset"), *conditions).order_by(Entity.id).with_for_update()
    ids = tx.scalars(chosen).all()
    change = sa.update(Entity).where(Entity.id.in_(ids)).values(is_shared=is_shared, updated_at=utcnow())
    tx.execute(change.execution_options(synchronize_session=False))
    return ids
