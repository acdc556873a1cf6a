"""What narrows the lists of entities: the query string, and what the actor may see. Rules: contract/rules/entities.md §2."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from zou.entities.models import Entity, EntityLink
from zou.entities.queries.kinds import is_kind, kind_of
from zou.people.rules import is_client_of, is_vendor_of, table, works_on
from zou.platform.db.payload import is_uuid
from zou.platform.db.projection import fields_of, json_row, select_list
from zou.platform.errors import Invalid
from zou.platform.rules import as_sql
from zou.productions.models import ProjectPersonLink
from zou.productions.queries.lists import role_on


class Viewer:
    """Who looks at a list: the actor, and whether they are a vendor or a client on the rows of it.

    `vendor`, `client`: plain booleans when the list is of one production, else SQL conditions over a row (the role may differ from row
    to row). `in_sql(source)` gives both as the builder of a statement wants them.
    """

    def __init__(self, actor, role=None):
        self.actor = actor
        self.role = role

    def vendor(self, source):
        return self.role == "vendor" if self.role else is_vendor_of.clause(source, self.actor)

    def client(self, source):
        return self.role == "client" if self.role else is_client_of.clause(source, self.actor)


def viewer_of(tx, actor, project_id):
    """The viewer of one production's list. Raises NotFound without such a production, Denied outside its team."""
    return Viewer(actor, role_on(tx, actor, project_id))


def check_ids(arguments, keys, words=()):
    """Refuse ids that are no UUIDs. `words`: texts that `episode_id` may be instead."""
    for key in keys:
        value = arguments.get(key)
        if value is not None and not is_uuid(value) and not (key == "episode_id" and value in words):
            raise Invalid(f"Invalid UUID format for {key}: {value}")


def seen(viewer, source=Entity):
    """Conditions: a vendor sees the entities that hold a task of theirs."""
    vendor = viewer.vendor(source)
    if vendor is False:
        return []
    working = works_on(source.id, viewer.actor)
    return [working if vendor is True else sa.or_(sa.not_(as_sql(vendor)), working)]


def of_my_projects(actor, source=Entity):
    """Conditions: outside one production, others than administrators see those they are in, open or closed."""
    if actor.is_admin:
        return []
    mine = sa.select(ProjectPersonLink.project_id).where(ProjectPersonLink.person_id == actor.id)
    return [source.project_id.in_(mine)]


def in_episode(episode_id, source=Entity):
    """Condition: an asset belongs to an episode, as its source or by casting."""
    cast = sa.select(EntityLink.entity_out_id).where(EntityLink.entity_in_id == episode_id)
    return sa.or_(source.source_id == episode_id, source.id.in_(cast))


def masked_data(kind, viewer, source=Entity):
    """The `data` of an entity without what a vendor may not see: keys of descriptors meant for departments that are not theirs."""
    vendor = viewer.vendor(source)
    if vendor is False:
        return source.data
    descriptor, link = table("metadata_descriptor").alias("hidden"), table("department_metadata_descriptor_link").alias("meant_for")
    owners = sa.exists().where(link.c.metadata_descriptor_id == descriptor.c.id)
    keys = (
        sa.select(sa.func.array_agg(sa.cast(descriptor.c.field_name, sa.Text)))
        .where(descriptor.c.project_id == source.project_id, descriptor.c.entity_type == kind)
        .where(owners, sa.not_(owners.where(link.c.department_id.in_(viewer.actor.department_ids))))
        .correlate(sa.inspect(source).selectable)
        .scalar_subquery()
    )
    data, none = sa.func.coalesce(source.data, sa.text("'{}'::jsonb")), sa.text("CAST('{}' AS text[])")
    masked = data.op("-")(sa.func.coalesce(keys, none))
    return masked if vendor is True else sa.case((as_sql(vendor), masked), else_=source.data)


def columns_seen(schema, viewer, kind=None, relations=False, only=None, source=Entity):
    """The labelled columns of entities in the form of `schema`, their `data` masked for vendors. `kind`: of all rows, if it is known."""
    columns = select_list(schema, source, relations, only)
    if viewer.vendor(source) is False:
        return columns
    data = masked_data(kind_of(source) if kind is None else kind, viewer, source)
    return [data.label("data") if column.key == "data" else column for column in columns]


def json_seen(schema, actor, source=Entity, relations=False, only=None, where=None):
    """`json_row` of an entity, its `data` masked for vendors."""
    viewer = Viewer(actor)
    if where is not None:
        row = sa.select(*columns_seen(schema, viewer, None, relations, only, source)).where(where).subquery("j")
        return sa.select(sa.func.row_to_json(sa.literal_column("j"))).select_from(row).scalar_subquery()
    columns = fields_of(schema, relations, only and frozenset(only))
    if viewer.vendor(source) is False or "data" not in columns:
        return json_row(schema, source, relations, only)
    # Beside the row's subquery: inside of it, what asks for the role of the row's production would not be tied to the row.
    data = sa.func.jsonb_build_object("data", masked_data(kind_of(source), viewer, source))
    return sa.cast(json_row(schema, source, relations, frozenset(columns) - {"data"}), JSONB).op("||")(data)


__all__ = [
    "Viewer",
    "check_ids",
    "columns_seen",
    "in_episode",
    "is_kind",
    "json_seen",
    "masked_data",
    "of_my_projects",
    "seen",
    "viewer_of",
]
