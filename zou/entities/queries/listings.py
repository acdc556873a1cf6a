"""Lists of entities and single ones, as statements that yield JSON."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from zou.entities.models import Entity, EntityConceptLink, EntityLink
from zou.entities.queries import boards
from zou.entities.queries.criteria import Viewer, columns_seen, of_my_projects, seen
from zou.entities.queries.kinds import is_kind
from zou.entities.schemas import EntitySchema
from zou.platform.db.prepared import prepared
from zou.platform.rules import as_sql
from zou.productions.models import Project

BY_NAME = (sa.func.lower(Entity.name),)


def entity_rows(kind, schema, viewer, conditions, order=BY_NAME, relations=False):
    """Select of the entities of a kind, one column a key, in the form of `schema`, their `data` masked for vendors."""
    columns = columns_seen(schema, viewer, kind, relations)
    return sa.select(*columns).select_from(Entity).where(is_kind(kind), *conditions).order_by(*order)


def cast_in(entity_id):
    """Condition: an entity is cast in the one with this id."""
    return Entity.id.in_(sa.select(EntityLink.entity_out_id).where(EntityLink.entity_in_id == entity_id))


def shared_with(project_id, episode_id=None):
    """Conditions: shared assets of other productions, not canceled, that are cast in a shot of this one, or of an episode of it."""
    link, shot, sequence = aliased(EntityLink), aliased(Entity), aliased(Entity)
    users = sa.select(link.entity_out_id).join(shot, shot.id == link.entity_in_id).join(sequence, sequence.id == shot.parent_id)
    users = users.where(shot.project_id == project_id, is_kind("Shot", shot))
    if episode_id is not None:
        users = users.where(sequence.parent_id == episode_id)
    return [Entity.is_shared, Entity.project_id != project_id, Entity.canceled.is_not(True), Entity.id.in_(users)]


def linked_to(entity_id, actor):
    """Conditions: entities whose concept links point at this one, of productions that the actor is in; no concept for a client."""
    links = sa.select(EntityConceptLink.entity_in_id).where(EntityConceptLink.entity_out_id == entity_id)
    viewer = Viewer(actor)
    hidden = sa.and_(is_kind("Concept"), as_sql(viewer.client(Entity)))
    return [Entity.id.in_(links), sa.not_(hidden), *seen(viewer), *of_my_projects(actor)]


@prepared
def linked_board(actor, entity_id):
    """The board of the concepts and other entities that are linked to an entity."""
    return boards.statement(boards.BOARDS["Linked"], Viewer(actor), linked_to(entity_id, actor))


@prepared
def full_form(actor, id, *, kind):
    """Select of one text: the row with its relation ids and the keys that its board adds; no row when the board has none."""
    viewer = Viewer(actor)
    board = boards.statement(boards.BOARDS[kind], viewer, [Entity.id == id, is_kind(kind)]).subquery("b")
    row = sa.select(*columns_seen(EntitySchema, viewer, kind, relations=True)).where(Entity.id == id).subquery("f")
    own, added = sa.func.to_jsonb(sa.literal_column("f")), sa.func.to_jsonb(sa.literal_column("b"))
    if kind == "Asset":
        merged = (own - "source_id" - "nb_frames").op("||")(added).op("||")(sa.func.jsonb_build_object("project_name", Project.name))
    else:
        merged = added.op("||")(own) if kind == "Concept" else own.op("||")(added)
    production = row.outerjoin(Project, Project.id == row.c.project_id)
    return sa.select(sa.cast(merged, sa.Text)).select_from(board).join(production, sa.true())


@prepared
def board_row(actor, id, *, kind):
    """Select of one text: the row of an entity on its board."""
    row = boards.statement(boards.BOARDS[kind], Viewer(actor), [Entity.id == id]).subquery("b")
    return sa.select(sa.cast(sa.func.row_to_json(sa.literal_column("b")), sa.Text)).select_from(row)


@prepared
def with_parents(actor, id, *, schema, parent=None):
    """Select of one text: a row with the names of its production and of what is above it.

    `parent`: the key prefix of its parent, `sequence` (whose own parent is an episode) or `episode`; keys of absent ones are left out.
    """
    one, two = aliased(Entity), aliased(Entity)
    row = sa.func.to_jsonb(sa.literal_column("r"))
    inner = sa.select(*columns_seen(schema, Viewer(actor))).where(Entity.id == id).subquery("r")
    added = sa.func.jsonb_build_object("project_name", Project.name)
    statement = sa.select(Entity.id).select_from(Entity).join(Project, Project.id == Entity.project_id)
    if parent == "sequence":
        added = added.op("||")(sa.func.jsonb_build_object("sequence_id", one.id, "sequence_name", one.name)).op("||")(episode_keys(two))
        statement = statement.join(one, one.id == Entity.parent_id).outerjoin(two, two.id == one.parent_id)
    elif parent == "episode":
        added = added.op("||")(episode_keys(one))
        statement = statement.outerjoin(one, one.id == Entity.parent_id)
    return statement.with_only_columns(sa.cast(row.op("||")(added), sa.Text), maintain_column_froms=True).join(inner, sa.true()).where(
        Entity.id == id)  # fmt: skip


def episode_keys(episode):
    """`episode_id` and `episode_name`, or nothing without an episode."""
    keys = sa.func.jsonb_build_object("episode_id", episode.id, "episode_name", episode.name)
    return sa.case((episode.id.is_not(None), keys), else_=sa.cast(sa.literal("{}"), JSONB))


__all__ = ["BY_NAME", "board_row", "cast_in", "entity_rows", "full_form", "linked_board", "shared_with", "with_parents"]
