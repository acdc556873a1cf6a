"""Custom columns of productions, and the values that rows have in them. Rules: contract/rules/projects.md §7."""

import sqlalchemy as sa

from zou.people.models import Department
from zou.people.rules import table
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.db.types import utcnow
from zou.platform.errors import Invalid, NotFound
from zou.productions.models import KINDS, TEMPORAL_KINDS, MetadataDescriptor
from zou.productions.services.descriptors import check_data_type, field_name

WRONG_KIND = "Wrong entity type. Please select {} or {}."
TAKEN = "Metadata descriptor already exists."
MAX_NAME = MetadataDescriptor.name.type.length


def create(tx, project, body):
    """Add a column to a production. Raises Invalid, NotFound. Emits metadata-descriptor:new."""
    kind, task_type_id = body["entity_type"], body["task_type_id"] or None
    check_kind(kind, KINDS)
    check_task_type(tx, kind, task_type_id)
    check_data_type(body)
    crafts = departments(tx, body["departments"])
    if taken(tx, [project.id], kind, task_type_id, body["name"]):
        raise Invalid(TAKEN)
    return insert(tx, [project.id], body, task_type_id, crafts)[0]


def create_everywhere(tx, project_ids, body):
    """Add a column to all of these productions that do not have it; returns the new ones. Raises Invalid, NotFound.

    Emits metadata-descriptor:new for each.
    """
    check_kind(body["entity_type"], KINDS[:-1])
    if body["task_type_id"]:
        raise Invalid("task_type_id only applies to Task metadata descriptors.")
    check_data_type(body)
    crafts = departments(tx, body["departments"])
    having = taken(tx, project_ids, body["entity_type"], None, body["name"])
    return insert(tx, [id for id in project_ids if id not in having], body, None, crafts)


def insert(tx, project_ids, body, task_type_id, crafts):
    """The new columns, one a production. Emits metadata-descriptor:new for each."""
    values = {key: body[key] for key in ("entity_type", "name", "data_type", "choices")}
    values |= {"task_type_id": task_type_id, "field_name": field_name(body["name"]), "for_client": bool(body["for_client"])}
    columns = [MetadataDescriptor(project_id=id, departments=list(crafts), **values) for id in project_ids]
    tx.add_all(columns)
    tx.flush()
    tell(tx, columns, "new")
    return columns


def update(tx, columns, body):
    """Change columns of the same kind and key, one or of several productions: all but the name is written, sent or not.

    Another name moves the values to its key. Raises Invalid, NotFound before anything is written. Emits metadata-descriptor:update.
    """
    name = body["name"]
    check_data_type(body)
    crafts = departments(tx, body["departments"])
    if name is not None:
        check_name(tx, columns, name)
    for column in columns:
        column.for_client, column.data_type, column.choices = bool(body["for_client"]), body["data_type"], body["choices"]
        column.departments, column.updated_at = list(crafts), utcnow()
    if columns and name is not None:
        rename(tx, columns, name)
    tx.flush()
    tell(tx, columns, "update")


def check_name(tx, columns, name):
    """Refuse a name that is empty, too long, or that another column of these productions has. Raises Invalid."""
    if not name:
        raise Invalid("Name cannot be empty.")
    if len(name) > MAX_NAME:
        raise Invalid("Metadata descriptor name is too long.")
    if columns:
        first, ids = columns[0], [column.project_id for column in columns]
        if taken(tx, ids, first.entity_type, first.task_type_id, name, own_ids=[column.id for column in columns]):
            raise Invalid(TAKEN)


def rename(tx, columns, name):
    """Give columns of the same kind and key another name, and their values another key."""
    old, new = columns[0].field_name, field_name(name)
    for column in columns:
        column.name, column.field_name = name, new
    if new != old:
        key, others = sa.literal(old, sa.Text), sa.literal(new, sa.Text)
        rewrite(tx, columns, old, lambda data: (data - key).concat(sa.func.jsonb_build_object(others, data.op("->")(key))))


def remove(tx, columns):
    """Delete columns of the same kind and key with their values; returns their ids. Emits metadata-descriptor:delete for each."""
    ids = [column.id for column in columns]
    if columns:
        key = sa.literal(columns[0].field_name, sa.Text)
        rewrite(tx, columns, columns[0].field_name, lambda data: data - key)
    for column in columns:
        tx.delete(column)
    tx.flush()
    tell(tx, columns, "delete")
    return ids


def rewrite(tx, columns, key, changed):
    """Change `data` of the rows that these columns describe and that have the key, in one statement.

    Their `updated_at` moves too: what is cached of them is stale. `changed`: function of the SQL expression `data`.
    """
    first, projects = columns[0], [column.project_id for column in columns]
    rows, described = described_by(first.entity_type, first.task_type_id, projects)
    has_it = sa.and_(sa.func.jsonb_typeof(rows.c.data) == "object", rows.c.data.has_key(key))
    tx.execute(sa.update(rows).where(*described, has_it).values(data=changed(rows.c.data), updated_at=utcnow()))


def described_by(kind, task_type_id, project_ids):
    """(table, conditions) of the rows of productions that a column of this kind describes."""
    if kind == "Project":
        project = table("project")
        return project, [project.c.id.in_(project_ids)]
    if kind == "Task":
        task = table("task")
        return task, [task.c.project_id.in_(project_ids), task.c.task_type_id == task_type_id]
    entity, entity_type = table("entity"), table("entity_type")
    named = sa.select(entity_type.c.id).where(entity_type.c.name.in_(TEMPORAL_KINDS if kind == "Asset" else [kind]))
    of_kind = entity.c.entity_type_id.not_in(named) if kind == "Asset" else entity.c.entity_type_id.in_(named)
    return entity, [entity.c.project_id.in_(project_ids), of_kind]


def reorder(tx, columns, wanted):
    """Number the columns of one production from 1: first those that `wanted` names, then the others by name; returns them in order.

    `wanted`: ids or field names, as text.
    """
    places = {key: place for place, key in enumerate(wanted)}
    others = len(places)

    def place(column):
        return min(places.get(str(column.id), others), places.get(column.field_name, others)), column.name

    ordered = sorted(columns, key=place)
    for position, column in enumerate(ordered, start=1):
        column.position, column.updated_at = position, utcnow()
    tx.flush()
    return ordered


def taken(tx, project_ids, kind, task_type_id, name, own_ids=()):
    """The ids among these productions where a column of this kind has the name or its key; `own_ids` do not count."""
    column = MetadataDescriptor
    found = sa.select(column.project_id).where(
        column.project_id.in_(project_ids),
        column.entity_type == kind,
        column.task_type_id.is_not_distinct_from(sa.cast(task_type_id, sa.Uuid)),
        sa.or_(column.name == name, column.field_name == field_name(name)),
        column.id.not_in(list(own_ids)),
    )
    return set(tx.scalars(found))


# --- what is sent -----------------------------------------------------------------------------------------------------------------


def check_kind(kind, allowed):
    """Raise Invalid for a kind of rows that has no custom columns."""
    if kind not in allowed:
        raise Invalid(WRONG_KIND.format(", ".join(allowed[:-1]), allowed[-1]))


def check_task_type(tx, kind, task_type_id):
    """Columns of tasks are for one task type, others for none. Raises Invalid."""
    if kind != "Task":
        if task_type_id is not None:
            raise Invalid("task_type_id only applies to Task metadata descriptors.")
        return
    if task_type_id is None:
        raise Invalid("Task metadata descriptors require a task_type_id.")
    if not is_uuid(task_type_id) or not tx.scalar(sa.select(sa.exists().where(table("task_type").c.id == task_type_id))):
        raise Invalid("Task type not found.")


def departments(tx, ids):
    """The departments with these ids; unknown ones are left out. Raises NotFound for a malformed one."""
    if not all(is_uuid(id) for id in ids):
        raise NotFound()
    return list(tx.scalars(sa.select(Department).where(Department.id.in_(ids)))) if ids else []


def tell(tx, columns, verb):
    """Emit the event of a write of each column."""
    for column in columns:
        events.emit(tx, f"metadata-descriptor:{verb}", {"metadata_descriptor_id": column.id}, project_id=column.project_id)
