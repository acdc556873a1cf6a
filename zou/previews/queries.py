"""The previews of entities, by task type and revision, as players list them. Rules: contract/rules/playlists.md §2.3 and §2.4.

One statement reads the previews of any number of entities; what it yields is arranged here, since each answer wants it otherwise.
"""

from itertools import groupby

import sqlalchemy as sa

from zou.entities.models import Entity
from zou.entities.queries.naming import full_name
from zou.platform.db.projection import aggregate, select_list
from zou.previews.models import PREVIEW_STATUSES, PreviewFile
from zou.previews.schemas import PreviewFileSchema
from zou.productions.models import Project, ProjectStatus
from zou.productions.queries.lists import role_on
from zou.tasks.models import Task, TaskType
from zou.tasks.queries.lists import assigned_to

UPLOADED = ("original_width", "original_height", "original_duration", "original_file_size")


def of_entities(tx, entity_ids):
    """{entity id as text: its previews}: task types by priority, then name; revisions from the highest, positions from the first.

    A preview is a row with the columns of the player, `entity_id` and `task_type_id`.
    """
    found = {str(id): [] for id in entity_ids}
    if not found:
        return found
    columns = [PreviewFile.id, PreviewFile.task_id, PreviewFile.revision, PreviewFile.position, PreviewFile.original_name]
    columns += [PreviewFile.extension, PreviewFile.width, PreviewFile.height, PreviewFile.duration, PreviewFile.status]
    columns += [PreviewFile.annotations, PreviewFile.data, PreviewFile.created_at, Task.entity_id, Task.task_type_id]
    statement = (
        sa.select(*columns)
        .join(Task, Task.id == PreviewFile.task_id)
        .join(TaskType, TaskType.id == Task.task_type_id)
        .where(Task.entity_id.in_(list(found)))
        .order_by(
            TaskType.priority.desc().nulls_last(), TaskType.name, TaskType.id, Task.created_at, Task.id, PreviewFile.revision.desc(),
            PreviewFile.position, PreviewFile.created_at, PreviewFile.id,
        )
    )  # fmt: skip
    for row in tx.execute(statement):
        found[str(row.entity_id)].append(row)
    return found


def seen_of_entity(tx, actor, entity):
    """The previews of an entity that the actor sees, as `of_entities` yields them: a vendor those of their own tasks."""
    rows = of_entities(tx, [entity.id])[str(entity.id)]
    own = of_own_tasks(tx, actor, entity)
    if not own:
        return rows
    tasks = set(tx.scalars(sa.select(Task.id).where(Task.entity_id == entity.id, *own)))
    return [row for row in rows if row.task_id in tasks]


def of_own_tasks(tx, actor, entity):
    """Conditions: a vendor has the previews of tasks that they are assigned to."""
    return [assigned_to(actor.id)] if role_on(tx, actor, str(entity.project_id)) == "vendor" else []


def revisions(rows):
    """Lists of the previews of one task and revision, the first position first. `rows`: of one entity."""
    return [list(group) for _, group in groupby(rows, key=lambda row: (row.task_id, row.revision))]


def by_task_type(rows, form, nested):
    """{task type id: [preview]}: the first position of each revision, with the others under `previews`.

    `form`, `nested`: functions from a row to its keys, for the first position and for the others.
    """
    listed = {}
    for head, *others in revisions(rows):
        item = {**form(head), "previews": [nested(row) for row in others]}
        listed.setdefault(str(head.task_type_id), []).append(item)
    return listed


def short(row):
    """A preview as the page of a playlist lists it; its status is the label that people read."""
    return {
        "id": row.id, "revision": row.revision, "extension": row.extension, "width": row.width, "height": row.height,
        "duration": row.duration or 0, "status": PREVIEW_STATUSES[row.status], "created_at": stamp(row.created_at), "task_id": row.task_id,
    }  # fmt: skip


def whole(row):
    """A preview as the lists of one entity hold it."""
    data = row.data or {}
    return {
        **short(row), "status": row.status, "duration": row.duration, "original_name": row.original_name, "annotations": row.annotations,
        **{key: data.get(key) for key in UPLOADED},
    }  # fmt: skip


def nested(row):
    """The same for a further position of a revision."""
    return {**whole(row), "position": row.position, "task_type_id": row.task_type_id}


def of_entity(rows):
    """{task type id: [preview]} of one entity in full; of two tasks of one type, the later one counts."""
    last = {row.task_type_id: row.task_id for row in rows}
    return by_task_type([row for row in rows if last[row.task_type_id] == row.task_id], whole, nested)


def stamp(moment):
    """A moment as every answer writes it, or None."""
    return moment and moment.replace(microsecond=0).isoformat()


def running(before=None, limit=None):
    """JSON of the previews of open productions that are not ready, the newest first. `before`: only those made earlier."""
    statement = (
        sa.select(
            *select_list(PreviewFileSchema, PreviewFile, relations=False),
            Task.project_id,
            Task.task_type_id,
            full_name().label("full_entity_name"),
        )
        .select_from(PreviewFile)
        .join(Task, Task.id == PreviewFile.task_id)
        .join(Entity, Entity.id == Task.entity_id)
        .join(Project, Project.id == Task.project_id)
        .join(ProjectStatus, ProjectStatus.id == Project.project_status_id)
        .where(ProjectStatus.name == "Open", PreviewFile.status.in_(["broken", "missing", "processing"]))
    )
    if before is not None:
        statement = statement.where(PreviewFile.created_at < before)
    return aggregate(statement.order_by(PreviewFile.created_at.desc(), PreviewFile.id).limit(limit))
