"""Settings of productions: which values they take, and the task types and statuses they use."""

import re
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from zou import config
from zou.people.models import ROLES
from zou.people.rules import table
from zou.platform import events
from zou.platform.db.types import utcnow
from zou.platform.errors import Invalid
from zou.productions.models import PRODUCTION_STYLES, ProjectTaskStatusLink, ProjectTaskTypeLink

RESOLUTION = re.compile(r"(\d{3,4})?x\d{3,4}")
DEFAULT_STYLE = "2d3d"


# --- values ----------------------------------------------------------------------------------------------------------------------


def check_values(values, row=None):
    """Refuse settings that a production or a template cannot have; `row`: the one that is changed. Raises Invalid."""
    if "production_style" in values:
        style = values["production_style"] = DEFAULT_STYLE if values["production_style"] is None else values["production_style"]
        if not isinstance(style, str) or style not in PRODUCTION_STYLES:
            raise Invalid("Invalid production_style")
    resolution = values.get("resolution")
    if resolution not in (None, "") and not RESOLUTION.fullmatch(str(resolution)):
        raise Invalid(f"Invalid resolution {resolution}. Expected format: '1920x1080' or 'x1080'.")
    check_bitrates(values, row)


def check_bitrates(values, row=None):
    """Refuse bitrates outside 1 to MOVIE_HIGHDEF_BITRATE Mbit/s, and a low definition above the high one. Unchanged ones pass."""
    highest = config.value("MOVIE_HIGHDEF_BITRATE")
    changed = {}
    for key in ("hd_bitrate_compression", "ld_bitrate_compression"):
        if key in values and values[key] != getattr(row, key, None):
            changed[key] = bitrate = values[key]
            if bitrate is not None and (type(bitrate) is not int or not 1 <= bitrate <= highest):
                raise Invalid(f"Invalid bitrate {bitrate}. Expected an integer number of Mbit/s between 1 and {highest}.")
    low = changed.get("ld_bitrate_compression")
    if low is not None:
        high = min(values.get("hd_bitrate_compression", getattr(row, "hd_bitrate_compression", None)) or highest, highest)
        if low > high:
            raise Invalid(f"The low definition bitrate ({low}) cannot exceed the high definition one ({high}).")


# --- links -----------------------------------------------------------------------------------------------------------------------


def set_task_type(tx, project, task_type_id, priority):
    """Let a production use a task type at this place of its pipeline. Returns the link. Emits project:update."""
    return put_link(tx, project, ProjectTaskTypeLink, "task_type", task_type_id, {"priority": priority})


def set_task_status(tx, project, task_status_id, priority, roles):
    """Let a production use a task status, on the boards of these roles. Returns the link. Emits project:update."""
    if not isinstance(roles, list) or any(not isinstance(role, str) or role not in ROLES for role in roles):
        raise Invalid("Wrong value for parameter roles_for_board.")
    return put_link(tx, project, ProjectTaskStatusLink, "task_status", task_status_id, {"priority": priority, "roles_for_board": roles})


def put_link(tx, project, model, target, target_id, values):
    """Insert the link or change it, in one statement. Raises Invalid when there is no such target."""
    key = f"{target}_id"
    if not tx.scalar(sa.select(sa.exists().where(table(target).c.id == target_id))):
        raise Invalid(f"There is no {target.replace('_', ' ')} {target_id}.")
    statement = insert(model).values(project_id=project.id, **{key: target_id}, **values)
    statement = statement.on_conflict_do_update(index_elements=["project_id", key], set_={**values, "updated_at": utcnow()})
    link = tx.scalars(statement.returning(model), execution_options={"populate_existing": True}).one()
    events.emit(tx, "project:update", project_id=project.id)
    return link


def reorder(tx, project, model, key, ids):
    """Give the links of a production the priorities 1, 2, ... of their places in `ids`, texts; unlinked ids count but are skipped.

    Returns the links in that order. Emits project:update.
    """
    places = {UUID(id): place for place, id in enumerate(ids, start=1)}
    column = getattr(model, key)
    links = {getattr(link, key): link for link in tx.scalars(sa.select(model).where(model.project_id == project.id, column.in_(places)))}
    for id, link in links.items():
        link.priority = places[id]
        link.updated_at = utcnow()
    tx.flush()
    events.emit(tx, "project:update", project_id=project.id)
    return [links[id] for id in places if id in links]
