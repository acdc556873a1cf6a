"""The main preview of an entity. Rules: contract/rules/previews.md §1.6."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from zou.entities.models import Entity, EntityType
from zou.platform import events
from zou.platform.db import cascade
from zou.platform.errors import Invalid
from zou.previews.models import PreviewFile
from zou.productions.models import Project
from zou.tasks.models import Task

KINDS = {"shot", "sequence", "scene", "edit", "concept", "conceptfolder", "episode"}
SHOWABLE = ("png", "mp4")
NOT_LOADED = {"synchronize_session": False}
NO_PREVIEW = "This task has no preview file to set as the main preview."


def set_main(tx, preview, entity_id):
    """Make a preview the main one of an entity, which is returned. Emits preview-file:set-main and <kind>:update."""
    entity, type_name = tx.execute(
        sa.select(Entity, EntityType.name).join(EntityType, EntityType.id == Entity.entity_type_id).where(Entity.id == entity_id)
    ).one()
    entity.preview_file_id = preview.id
    tell(tx, entity, type_name, preview)
    return entity


def show(tx, preview, task, is_automated):
    """Let a picture or movie stand for its task when it can be shown and is the first of its revision.

    `is_automated`: whether the production makes such a preview the main one of the entity, too. Emits as `set_main` then.
    """
    if preview.extension in SHOWABLE and preview.status == "ready" and preview.position == 1:
        task.last_preview_file_id = preview.id
        if is_automated:
            set_main(tx, preview, task.entity_id)


def tell(tx, entity, type_name, preview):
    """Emit that a preview, or None, is the main one of an entity. `type_name`: of the entity's type."""
    data = {"entity_id": entity.id, "preview_file_id": preview and preview.id, "preview_file_status": preview and preview.status}
    events.emit(tx, "preview-file:set-main", data, entity.project_id)
    kind = event_kind(type_name)
    events.emit(tx, f"{kind}:update", {f"{kind}_id": entity.id}, entity.project_id)


def event_kind(type_name):
    """The first word of the events of an entity, by the name of its type."""
    kind = type_name.lower().replace(" ", "")
    return kind if kind in KINDS else "asset"


def of_preview(tx, preview):
    """Make a preview the main one of its task's entity."""
    return set_main(tx, preview, tx.scalar(sa.select(Task.entity_id).where(Task.id == preview.task_id)))


def of_tasks(tx, tasks):
    """Make the last preview of each task the main one of its entity. Returns (entity, preview) of the tasks that have one."""
    ranked = sa.select(PreviewFile).where(PreviewFile.task_id.in_([task.id for task in tasks])).ext(distinct_on(PreviewFile.task_id))
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


def replace(tx, preview):
    """Let another preview, or none, stand for the task and the entity that show this one, which is about to go. Emits as `settle`."""
    settle(tx, *shown(tx, [str(preview.id)]), leaving=[preview.id])


def shown(tx, ids):
    """(tasks, entities) that show one of these previews."""
    tasks = tx.execute(sa.select(Task.id, Task.project_id).where(cascade.named(Task.last_preview_file_id, ids))).all()
    entities = sa.select(Entity.id, Entity.project_id, EntityType.name.label("type_name"), Project.is_set_preview_automated)
    entities = entities.join(EntityType, EntityType.id == Entity.entity_type_id).outerjoin(Project, Project.id == Entity.project_id)
    return tasks, tx.execute(entities.where(cascade.named(Entity.preview_file_id, ids))).all()


def settle(tx, tasks, entities, leaving=()):
    """Give tasks and entities that `shown` found another preview, or none. `leaving`: ids of previews that are still there.

    Emits task:update for a task, preview-file:set-main and <kind>:update for an entity.
    """
    for task in tasks:
        other = newest(tx, leaving, Task.id == task.id)
        change = sa.update(Task).where(Task.id == task.id).values(last_preview_file_id=other and other.id)
        tx.execute(change, execution_options=NOT_LOADED)
        events.emit(tx, "task:update", {"task_id": task.id}, project_id=task.project_id)
    for entity in entities:
        other = newest(tx, leaving, Task.entity_id == entity.id) if entity.is_set_preview_automated else None
        change = sa.update(Entity).where(Entity.id == entity.id).values(preview_file_id=other and other.id)
        tx.execute(change, execution_options=NOT_LOADED)
        tell(tx, entity, entity.type_name, other)


def newest(tx, leaving, condition):
    """(id, status) of the newest picture or movie that can be shown, of tasks that meet the condition; None without one."""
    statement = sa.select(PreviewFile.id, PreviewFile.status).join(Task, Task.id == PreviewFile.task_id)
    statement = statement.where(
        condition,
        PreviewFile.id.not_in(leaving),
        PreviewFile.position == 1,
        PreviewFile.status == "ready",
        PreviewFile.extension.in_(SHOWABLE),
    )
    return tx.execute(statement.order_by(PreviewFile.created_at.desc(), PreviewFile.id).limit(1)).first()
