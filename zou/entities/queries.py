"""Read side of entities: what kind an entity is."""

import sqlalchemy as sa

from zou.entities.models import EntityType

TEMPORAL_KINDS = ("Shot", "Sequence", "Episode", "Scene", "Edit", "Concept", "ConceptFolder")
"""The entity types that are looked up by name (contract/rules/entities.md §1); every other one is a type of asset."""


def kind_of(source):
    """SQL: the kind of an entity, by its type: one of `TEMPORAL_KINDS`, else `Asset`. `source`: the model, an alias or a draft of it.

    The types are looked up once for the statement and not once for each row, which keeps long lists cheap.
    """
    whens = [(source.entity_type_id == type_named(kind), sa.literal(kind, sa.Text)) for kind in TEMPORAL_KINDS]
    return sa.case(*whens, else_=sa.literal("Asset", sa.Text))


def type_named(name):
    """Scalar subquery: the id of the entity type of that name."""
    kind = EntityType.__table__.alias()
    return sa.select(kind.c.id).where(kind.c.name == name).scalar_subquery()
