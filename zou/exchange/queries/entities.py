"""Entities of a production with the state of their tasks, for spreadsheets. Columns: contract/rules/exports.md §3."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from zou.entities.models import Entity, EntityType
from zou.entities.queries.kinds import is_kind
from zou.exchange.queries import FROM_CURSOR
from zou.people.models import Person
from zou.people.schemas import full_name
from zou.platform.rules import as_sql
from zou.productions.models import MetadataDescriptor
from zou.productions.rules import meant_for
from zou.tasks.models import Task, TaskStatus, TaskType, task_person_link

MINUTES_A_DAY = 8 * 60  # always, whatever the studio's day

parent, grandparent = aliased(Entity), aliased(Entity)


def text_in(key):
    """SQL: a value of the metadata as text."""
    return Entity.data[key].astext


@dataclass(frozen=True)
class Sheet:
    """An export of one kind: {header: expression} after the production's name, and the order of its rows."""

    kind: str
    before: dict
    after: dict
    order: tuple


SHEETS = {
    sheet.kind: sheet
    for sheet in (
        Sheet("Asset", {"Type": EntityType.name}, {}, (EntityType.name, Entity.name)),
        Sheet(
            "Shot",
            {"Episode": grandparent.name, "Sequence": parent.name},
            {"Frames": Entity.nb_frames, "Frame In": text_in("frame_in"), "Frame Out": text_in("frame_out"), "FPS": text_in("fps")},
            (grandparent.name, parent.name, Entity.name),
        ),
        Sheet("Edit", {"Episode": parent.name}, {}, (parent.name, Entity.name)),
    )
}


def table(tx, project, sheet, conditions, actor, is_client=False):
    """Yield the lines of an export, the header first, by three statements.

    `is_client`: who works on what, and how long, is not for clients.
    """
    described = descriptors(tx, project.id, sheet.kind, actor)
    types = task_types(tx, sheet.kind, conditions)
    yield [
        "Project", *sheet.before, "Name", "Description", "Time Spent", *sheet.after, *[descriptor.name for descriptor in described],
        *[header for name in types for header in (name, "Assignations")],
    ]  # fmt: skip
    for row in tx.execute(statement(sheet, conditions), execution_options=FROM_CURSOR):
        cells = list(row)
        data, tasks, minutes = cells[-3:]
        middle = len(sheet.before)
        days = 0 if is_client else (minutes or 0) / MINUTES_A_DAY
        yield [
            project.name, *cells[:middle], *cells[middle : middle + 2], f"{days:.2f}", *cells[middle + 2 : -3],
            *[metadata(descriptor, data or {}) for descriptor in described],
            *[cell for name in types for cell in state((tasks or {}).get(name), is_client)],
        ]  # fmt: skip


def state(task, is_client):
    """The two cells of a task: its status and its assignees."""
    if task is None:
        return "", ""
    return task[0], "" if is_client else task[1]


def descriptors(tx, project_id, kind, actor):
    """The metadata columns of a kind in a production that are meant for the actor, in their order."""
    own = sa.select(MetadataDescriptor).where(MetadataDescriptor.project_id == project_id, MetadataDescriptor.entity_type == kind)
    own = own.where(MetadataDescriptor.task_type_id.is_(None), as_sql(meant_for.clause(MetadataDescriptor, actor)))
    return tx.scalars(own.order_by(MetadataDescriptor.position, MetadataDescriptor.name)).all()


def metadata(descriptor, data):
    """The cell of a metadata column; a box that nobody ticked is false."""
    value = data.get(descriptor.field_name)
    if descriptor.data_type == "boolean":
        return "true" if str(value).lower() == "true" else "false"
    return value


def task_types(tx, kind, conditions):
    """Names of the types of tasks on the entities, by priority; types of one name count once."""
    own = sa.select(TaskType.name).join(Task, Task.task_type_id == TaskType.id).join(Entity, Entity.id == Task.entity_id)
    own = own.where(is_kind(kind), *conditions).group_by(TaskType.id).order_by(TaskType.priority, TaskType.name)
    return list(dict.fromkeys(tx.scalars(own)))


def assignees(separator):
    """Scalar subquery: the names of who is assigned to the task."""
    name, link = full_name(Person), task_person_link
    names = sa.select(sa.func.string_agg(name, aggregate_order_by(sa.literal_column(f"'{separator}'"), name)))
    names = names.join(link, link.c.person_id == Person.id).where(link.c.task_id == Task.id)
    return sa.func.coalesce(names.correlate(Task).scalar_subquery(), "")


def statement(sheet, conditions):
    """Select of the cells before and after the name, then the metadata, {task type: [status, assignees]}, and minutes of work."""
    chosen = sa.select(Entity.id).where(is_kind(sheet.kind), *conditions)
    cells = sa.func.json_build_array(TaskStatus.short_name, assignees(","))
    grouped = (
        sa.select(Task.entity_id, sa.func.json_object_agg(TaskType.name, cells).label("tasks"), sa.func.sum(Task.duration).label("minutes"))
        .join(TaskType, TaskType.id == Task.task_type_id)
        .join(TaskStatus, TaskStatus.id == Task.task_status_id)
        .where(Task.entity_id.in_(chosen))
        .group_by(Task.entity_id)
        .subquery("grouped")
    )
    columns = [*sheet.before.values(), Entity.name, Entity.description, *sheet.after.values()]
    labelled = [column.label(f"c{n}") for n, column in enumerate(columns)]
    return (
        sa.select(*labelled, Entity.data, grouped.c.tasks, grouped.c.minutes)
        .select_from(Entity)
        .join(EntityType, EntityType.id == Entity.entity_type_id)
        .outerjoin(parent, parent.id == Entity.parent_id)
        .outerjoin(grandparent, grandparent.id == parent.parent_id)
        .outerjoin(grouped, grouped.c.entity_id == Entity.id)
        .where(is_kind(sheet.kind), *conditions)
        .order_by(*[sa.nulls_first(column) for column in sheet.order])
    )
