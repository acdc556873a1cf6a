"""How an entity is called in full, and the episode it belongs to, as SQL. Rules: contract/rules/user.md §7."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou.entities.models import Entity, EntityType
from zou.entities.queries.kinds import type_named


def parent_of(entity, column="name"):
    """Scalar subquery: a column of the parent of `entity` (the model or an alias)."""
    parent = aliased(Entity)
    return sa.select(getattr(parent, column)).where(parent.id == entity.parent_id).correlate(entity).scalar_subquery()


def above(entity):
    """Scalar subquery: the name of the parent of the parent."""
    parent, episode = aliased(Entity), aliased(Entity)
    found = sa.select(episode.name).join(parent, parent.parent_id == episode.id).where(parent.id == entity.parent_id)
    return found.correlate(entity).scalar_subquery()


def full_name(entity=Entity):
    """`Episode / Sequence / Shot`, `Episode / Sequence`, the name of an episode, else `Entity type / Name`."""
    kind = sa.select(EntityType.name).where(EntityType.id == entity.entity_type_id).correlate(entity).scalar_subquery()
    return sa.case(
        (entity.entity_type_id == type_named("Shot"), sa.func.concat_ws(" / ", above(entity), parent_of(entity), entity.name)),
        (entity.entity_type_id == type_named("Sequence"), sa.func.concat_ws(" / ", parent_of(entity), entity.name)),
        (entity.entity_type_id == type_named("Episode"), entity.name),
        else_=sa.func.concat_ws(" / ", kind, entity.name),
    )


def episode_id(entity=Entity):
    """The id of the episode: above a shot's sequence, the parent of a sequence, an episode itself, else the source."""
    return sa.case(
        (entity.entity_type_id == type_named("Shot"), parent_of(entity, "parent_id")),
        (entity.entity_type_id == type_named("Sequence"), entity.parent_id),
        (entity.entity_type_id == type_named("Episode"), entity.id),
        else_=entity.source_id,
    )
