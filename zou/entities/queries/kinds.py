"""Kinds of entities. The kind comes from the entity type: seven temporal ones by name, every other type is a type of assets."""

import sqlalchemy as sa

from zou.entities.models import Entity, EntityType
from zou.productions.models import TEMPORAL_KINDS

SLUGS = {"ConceptFolder": "concept-folder"}


def kind_of(source):
    """SQL: the kind of an entity, by its type: one of `TEMPORAL_KINDS`, else `Asset`. `source`: the model, an alias or a draft of it.

    The types are looked up once for the statement and not once for each row, which keeps long lists cheap.
    """
    whens = [(source.entity_type_id == type_named(kind), sa.literal(kind, sa.Text)) for kind in TEMPORAL_KINDS]
    return sa.case(*whens, else_=sa.literal("Asset", sa.Text))


def type_named(name):
    """Scalar subquery: the id of the entity type of that name; null when it was never made."""
    kind = EntityType.__table__.alias()
    return sa.select(kind.c.id).where(kind.c.name == name).scalar_subquery()


def is_asset_type(source=EntityType):
    """Condition: an entity type is a type of assets."""
    return source.name.not_in(TEMPORAL_KINDS)


def is_kind(kind, source=Entity):
    """Condition: an entity is of this kind; `Asset` means of any asset type."""
    if kind == "Asset":
        types = EntityType.__table__.alias()
        return source.entity_type_id.not_in(sa.select(types.c.id).where(types.c.name.in_(TEMPORAL_KINDS)))
    return source.entity_type_id == type_named(kind)


def kind_of_row(tx, entity):
    """The kind of a row that is at hand."""
    name = tx.scalar(sa.select(EntityType.name).where(EntityType.id == entity.entity_type_id))
    return name if name in TEMPORAL_KINDS else "Asset"


def slug(kind):
    """The kind as event names spell it: `shot`, `concept-folder`."""
    return SLUGS.get(kind, kind.lower())
