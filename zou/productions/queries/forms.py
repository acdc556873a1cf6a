"""Productions as clients read them: with their settings, custom columns and first episode (contract/rules/projects.md §3)."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from zou.people.rules import table
from zou.platform.db.payload import ids_of
from zou.platform.db.projection import json_row
from zou.platform.rules import as_sql
from zou.productions.models import MetadataDescriptor, ProjectStatus, ProjectTaskStatusLink, ProjectTaskTypeLink
from zou.productions.rules import meant_for
from zou.productions.schemas import ProjectSchema

TYPE_KEYS = ("priority", "hd_bitrate_compression", "ld_bitrate_compression", "is_client_visible")
STATUS_KEYS = ("priority", "roles_for_board", "is_client_allowed")


def project_json(source, actor, whole):
    """The JSON object of a production for this actor. `whole`: with settings, custom columns and first episode, else the columns."""
    if not whole:
        return json_row(ProjectSchema, source, extra=[status_name(source)])
    return with_settings(source, actor, status_name(source))


def with_settings(source, actor, *added):
    """The JSON object of a production with relations, settings, custom columns, first episode, and what is `added`."""
    extra = [
        *added,
        descriptors(source, actor),
        settings_by_id(source, ProjectTaskTypeLink, "task_type_id", TYPE_KEYS).label("task_type_links"),
        settings_by_id(source, ProjectTaskTypeLink, "task_type_id", "priority").label("task_types_priority"),
        settings_by_id(source, ProjectTaskStatusLink, "task_status_id", STATUS_KEYS).label("task_statuses_link"),
    ]
    return with_first_episode(json_row(ProjectSchema, source, relations=True, extra=extra), source)


def with_first_episode(row, source, running_first=True):
    """A JSON object of a production and, for a series that has episodes, `first_episode_id`."""
    chosen = first_episode(source.id, source.production_type, running_first)
    episode = chosen.correlate(sa.inspect(source).selectable).scalar_subquery()
    found = sa.case((episode.is_not(None), sa.func.jsonb_build_object("first_episode_id", episode)), else_=sa.text("'{}'::jsonb"))
    return sa.cast(row, JSONB).concat(found)


def first_episode(project_id, production_type, running_first=True):
    """Select of at most one id: the first episode of a series by name; with `running_first` a running one if there is any."""
    entity, entity_type = table("entity").alias("episode"), table("entity_type").alias("kind")
    return (
        sa.select(entity.c.id)
        .join(entity_type, entity_type.c.id == entity.c.entity_type_id)
        .where(entity.c.project_id == project_id, entity_type.c.name == "Episode", production_type == "tvshow")
        .order_by(*([(entity.c.status == "running").desc().nulls_last()] if running_first else []), entity.c.name)
        .limit(1)
    )


def status_name(source):
    """The name of the production's status, or null."""
    name = sa.select(ProjectStatus.name).where(ProjectStatus.id == source.project_status_id).correlate(sa.inspect(source).selectable)
    return name.scalar_subquery().label("project_status_name")


def descriptors(source, actor, kind=None):
    """The custom columns that the actor may see, in their compact form. `kind`: only those of this kind of entity."""
    found = aliased(MetadataDescriptor)
    columns = sa.select(
        found.id,
        found.name,
        found.field_name,
        found.data_type,
        found.choices,
        sa.func.coalesce(found.for_client, sa.false()).label("for_client"),
        found.entity_type,
        found.task_type_id,
        found.position,
        ids_of(found, "departments").label("departments"),
    ).where(found.project_id == source.id, as_sql(meant_for.clause(found, actor)))
    if kind is not None:
        columns = columns.where(found.entity_type == kind)
    rows = columns.correlate(sa.inspect(source).selectable).order_by(found.position, found.name).lateral("d")
    array = sa.select(sa.func.coalesce(sa.func.json_agg(sa.func.row_to_json(sa.literal_column("d"))), sa.text("'[]'::json")))
    return array.select_from(rows).scalar_subquery().label("descriptors")


def settings_by_id(source, model, key, wanted):
    """A JSON object: the settings of each link of the production, by the id of what it links. `wanted`: a column, or several."""
    link = aliased(model)
    if isinstance(wanted, str):
        value = getattr(link, wanted)
    else:
        value = sa.func.json_build_object(*[part for name in wanted for part in (name, getattr(link, name))])
    made = sa.select(sa.func.coalesce(sa.func.json_object_agg(getattr(link, key), value), sa.text("'{}'::json")))
    return made.where(link.project_id == source.id).correlate(sa.inspect(source).selectable).scalar_subquery()
