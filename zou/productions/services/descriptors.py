"""Custom columns of productions."""

import sqlalchemy as sa
from slugify import slugify
from sqlalchemy.orm import selectinload

from zou.people.models import Department
from zou.people.rules import table
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid
from zou.platform.rows import Rows
from zou.productions.models import DATA_TYPES, MetadataDescriptor, Project, ProjectStatus
from zou.productions.services.statuses import OPEN_NAMES

COPIED = ("entity_type", "name", "data_type", "field_name", "choices", "for_client", "position")


class MetadataDescriptorRows(Rows):
    """The generic writes of custom columns; the routes of productions also move the values."""

    def check_new(self, tx, actor, values):
        check_data_type(values)

    def check_change(self, tx, actor, row, values):
        check_data_type(values)


def check_data_type(values):
    """Refuse an unknown kind of column."""
    sent = values.get("data_type")
    if sent is not None and (not isinstance(sent, str) or sent not in DATA_TYPES):
        raise Invalid("Invalid data_type")


def field_name(name):
    """The key under which values of a column of this name are stored."""
    return slugify(name, separator="_")


def copy_from_open_productions(tx, project):
    """Give a new production the columns about productions that other open ones have, one for each key. Emits metadata-descriptor:new."""
    statement = (
        sa.select(MetadataDescriptor)
        .join(Project, Project.id == MetadataDescriptor.project_id)
        .join(ProjectStatus, ProjectStatus.id == Project.project_status_id)
        .where(MetadataDescriptor.entity_type == "Project", Project.id != project.id, ProjectStatus.name.in_(OPEN_NAMES))
        .order_by(MetadataDescriptor.position.nulls_last(), MetadataDescriptor.name, MetadataDescriptor.id)
        .options(selectinload(MetadataDescriptor.departments))
    )
    found = [{**{key: getattr(column, key) for key in COPIED}, "departments": list(column.departments)} for column in tx.scalars(statement)]
    add_missing(tx, project, found)


def check_snapshot(entries):
    """Refuse a template's memory of columns that no production could take over. `entries`: what a client sent, or None."""
    if entries is None:
        return
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Invalid("Each metadata descriptor must be an object", shape="bare")
    if not all(is_usable(entry) for entry in entries):
        raise Invalid("Invalid metadata descriptor", shape="bare")


def entry(sent):
    """An entry of a template's memory of columns, whole. `sent`: what a client sent, checked."""
    name = sent.get("name")
    return {
        "name": name,
        "field_name": sent.get("field_name") or (field_name(name) if name else None),
        "entity_type": sent.get("entity_type"),
        "task_type_id": sent.get("task_type_id"),
        "data_type": sent.get("data_type"),
        "choices": sent.get("choices") or [],
        "for_client": bool(sent.get("for_client")),
        "departments": sent.get("departments") or [],
        "position": sent.get("position"),
    }


def snapshot(tx, project):
    """The columns of a production as entries for a template."""
    statement = sa.select(MetadataDescriptor).where(MetadataDescriptor.project_id == project.id)
    statement = statement.order_by(MetadataDescriptor.position.nulls_last(), MetadataDescriptor.name, MetadataDescriptor.id)
    found = []
    for column in tx.scalars(statement.options(selectinload(MetadataDescriptor.departments))):
        values = {key: getattr(column, key) for key in COPIED}
        task_type_id = str(column.task_type_id) if column.task_type_id else None
        found.append(entry({**values, "task_type_id": task_type_id, "departments": [str(craft.id) for craft in column.departments]}))
    return found


def is_usable(entry):
    """Whether the values of an entry have the types that a column needs; a name and an entity type may be missing."""
    texts = (entry.get("name"), entry.get("entity_type"), entry.get("data_type"), entry.get("field_name"))
    departments, position, task_type_id = entry.get("departments"), entry.get("position"), entry.get("task_type_id")
    return (
        all(text is None or isinstance(text, str) for text in texts)
        and len(entry.get("name") or "") <= MetadataDescriptor.name.type.length
        and len(entry.get("entity_type") or "") <= MetadataDescriptor.entity_type.type.length
        and (entry.get("data_type") or "string") in DATA_TYPES
        and (departments is None or isinstance(departments, list) and all(is_uuid(id) for id in departments))
        and (position is None or type(position) is int and abs(position) < 2**31)
        and (task_type_id is None or is_uuid(task_type_id))
        and isinstance(entry.get("choices"), list | None)
    )


def add_snapshot(tx, project, entries):
    """Give a production the columns that a template remembers, where it has none such. Emits metadata-descriptor:new."""
    whole = [entry for entry in entries if isinstance(entry, dict) and is_usable(entry) and entry.get("name") and entry.get("entity_type")]
    crafts = known(tx, Department, {id for entry in whole for id in entry.get("departments") or ()})
    task_type = table("task_type")
    wanted = {entry["task_type_id"].lower() for entry in whole if entry.get("task_type_id")}
    kinds = {str(id) for id in tx.scalars(sa.select(task_type.c.id).where(task_type.c.id.in_(wanted)))} if wanted else set()
    found = []
    for entry in whole:
        task_type_id = (entry.get("task_type_id") or "").lower() if entry["entity_type"] == "Task" else None
        if task_type_id is None or task_type_id in kinds:
            found.append(
                {
                    "entity_type": entry["entity_type"],
                    "name": entry["name"],
                    "field_name": field_name(entry["name"]),
                    "task_type_id": task_type_id,
                    "data_type": entry.get("data_type") or "string",
                    "choices": entry.get("choices") or [],
                    "for_client": bool(entry.get("for_client")),
                    "position": entry.get("position"),
                    "departments": [crafts[id.lower()] for id in entry.get("departments") or () if id.lower() in crafts],
                }
            )
    add_missing(tx, project, found)


def known(tx, model, ids):
    """{id, as text: row} of the rows of a model that exist."""
    return {str(row.id): row for row in tx.scalars(sa.select(model).where(model.id.in_(ids)))} if ids else {}


def add_missing(tx, project, found):
    """Add the columns whose name and key the production does not have yet. `found`: a list of {attribute: value}."""
    if not found:
        return
    taken = set()
    for column in tx.scalars(sa.select(MetadataDescriptor).where(MetadataDescriptor.project_id == project.id)):
        taken |= keys_of(column.entity_type, column.task_type_id, column.name, column.field_name)
    added = []
    for values in found:
        keys = keys_of(values["entity_type"], values.get("task_type_id"), values["name"], values["field_name"])
        if not keys & taken:
            taken |= keys
            added.append(MetadataDescriptor(project_id=project.id, **values))
    tx.add_all(added)
    tx.flush()
    for column in added:
        events.emit(tx, "metadata-descriptor:new", {"metadata_descriptor_id": column.id}, project_id=project.id)


def keys_of(entity_type, task_type_id, name, field):
    """What must be unique in a production: the name and the key, for one kind of row."""
    scope = (entity_type, str(task_type_id or ""))
    return {(*scope, "name", name), (*scope, "key", field)}
