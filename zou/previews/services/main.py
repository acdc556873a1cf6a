"""The main preview of an entity. Rules: contract/rules/previews.md §1.6."""

import sqlalchemy as sa

from zou.entities.models import Entity, EntityType
from zou.platform import events
from zou.platform.errors import Invalid
from zou.previews.models import PreviewFile
from zou.tasks.models import Task

KINDS = {"shot", "sequence", "scene", "edit", "concept", "conceptfolder", "episode"}
NO_PREVIEW = "This task has no preview file to set as the main preview."


def set_main(tx, preview, entity_id):
    """Make a preview the main one of an entity, which is returned. Emits preview-file:set-main and <kind>:update."""
    entity, type_name = tx.execute(
        sa.select(Entity, EntityType.name).join(EntityType, EntityType.id == Entity.entity_type_id).where(Entity.id == entity_id)
    ).one()
    entity.preview_file_id = preview.id
    data = {"entity_id": entity.id, "preview_file_id": preview.id, "preview_file_status": preview.status}
    events.emit(tx, "preview-file:set-main", data, entity.project_id)
    kind = event_kind(type_name)
    events.emit(tx, f"{kind}:update", {f"{kind}_id": entity.id}, entity.project_id)
    return entity


def event_kind(type_name):
    """The first word of the events of an entity, by the name of its type."""
    kind = type_name.lower().replace(" ", "")
    return kind if kind in KINDS else "asset"


def of_preview(tx, preview):
    """Make a preview the main one of its task's entity."""
    return set_main(tx, preview, tx.scalar(sa.select(Task.entity_id).where(Task.id == preview.task_id)))


def of_tasks(tx, tasks):
    """Make the last preview of each task the main one of its entity. Returns (entity, preview) of the tasks that have one."""
    ranked = sa.select(PreviewFile).where(PreviewFile.task_id.in_([task.id for task in tasks])).distinct(PreviewFile.task_id)
    last = {
        preview.task_id: preview
        for preview in tx.scalars(ranked.order_by(PreviewFile.task_id, PreviewFile.revision.desc(), PreviewFile.created_at))
    }
    return [(set_main(tx, last[task.id], task.entity_id), last[task.id]) for task in tasks if task.id in last]


def of_task(tx, task):
    """As `of_tasks`, for one. Raises Invalid for a task without preview."""
    found = of_tasks(tx, [task])
    if not found:
        raise Invalid(NO_PREVIEW)
    return found[0]
