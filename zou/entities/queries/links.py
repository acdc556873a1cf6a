"""Casting links of a production, for programs that copy it. Forms: contract/rules/breakdown.md §6."""

import sqlalchemy as sa

from zou.entities.models import Entity, EntityLink
from zou.entities.schemas import EntityLinkSchema
from zou.platform.db.projection import aggregate, json_list, select_list

PRECISE = 'YYYY-MM-DD"T"HH24:MI:SS.US'
ORDER = (EntityLink.created_at, EntityLink.id)


def of_project(project_id):
    """Select of the links whose user is an entity of a production."""
    return sa.select(EntityLink).where(EntityLink.entity_in_id.in_(sa.select(Entity.id).where(Entity.project_id == project_id)))


def count(project_id):
    """Select of the number of links of a production."""
    return of_project(project_id).with_only_columns(sa.func.count(), maintain_column_froms=True)


def precise(column):
    """A moment as text, to the microsecond."""
    return sa.func.to_char(column, sa.literal_column(f"'{PRECISE}'"))


def plain(project_id, limit=None):
    """Select of one text: the first links, oldest first, without their last change."""
    keys = ("id", "entity_in_id", "entity_out_id", "nb_occurences", "label", "data")
    columns = [*select_list(EntityLinkSchema, EntityLink, only=keys), precise(EntityLink.created_at).label("created_at")]
    columns += select_list(EntityLinkSchema, EntityLink, only=("type",))
    rows = of_project(project_id).with_only_columns(*columns, maintain_column_froms=True).order_by(*ORDER)
    return aggregate(rows.limit(limit))


def page(project_id, number, limit):
    """Select of one text: one page of links, oldest first. `number`: from 1."""
    return json_list(EntityLinkSchema, of_project(project_id).order_by(*ORDER).limit(limit).offset((number - 1) * limit), EntityLink)


def after(project_id, moment, limit):
    """Select of one text: the links made after a moment, oldest first, with precise times."""
    columns = select_list(EntityLinkSchema, EntityLink)
    columns = [precise(getattr(EntityLink, c.name)).label(c.name) if c.name in ("created_at", "updated_at") else c for c in columns]
    rows = of_project(project_id).with_only_columns(*columns, maintain_column_froms=True).where(EntityLink.created_at > moment)
    return aggregate(rows.order_by(EntityLink.created_at, EntityLink.updated_at, EntityLink.id).limit(limit))
