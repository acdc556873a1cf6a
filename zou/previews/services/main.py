"""The main preview of an entity. Rules: contract/rules/previews.md §1.6."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from zou.entities.models import Entity, EntityType
from zou.platform import events
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
    tell(tx, entity.id, entity.project_id, type_name, preview)
    return entity


def show(tx, preview, task, is_automated):
    """Let a picture or movie stand for its task when it can be shown and is the first of its revision.

    `is_automated`: whether the production makes such a preview the main one of the entity, too. Emits as `set_main` then.
    """
    if preview.extension in SHOWABLE and preview.status == "ready" and preview.position == 1:
        task.last_preview_file_id = preview.id
        if is_automated:
            set_main(tx, preview, task.entity_id)


def tell(tx, entity_id, project_id, type_name, preview):
    """Emit that a preview, or None, is the main one of an entity. `type_name`: of the entity's type."""
    data = {"entity_id": entity_id, "preview_file_id": preview and preview.id, "preview_file_status": preview and preview.status}
    events.emit(tx, "preview-file:set-main", data, project_id)
    kind = event_kind(type_name)
    events.emit(tx, f"{kind}:update", {f"{kind}_id": entity_id}, project_id)


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


def shown_by(tx, ids):
    """(ids of the tasks whose last preview is one of these, ids of the entities whose main preview is one)."""
    tasks = tx.scalars(sa.select(Task.id).where(Task.last_preview_file_id.in_(ids))).all()
    return list(tasks), list(tx.scalars(sa.select(Entity.id).where(Entity.preview_file_id.in_(ids))))


def replace(tx, tasks, entities, leaving=()):
    """Let the newest other preview, or none, stand for tasks and entities, given by their ids. `leaving`: ids of what is about to go.

    Emits task:update for each task, preview-file:set-main and <kind>:update for each entity.
    """
    if tasks:
        change = sa.update(Task).where(Task.id.in_(tasks)).values(last_preview_file_id=newest([Task.id], Task, leaving))
        for id, project_id in tx.execute(change.returning(Task.id, Task.project_id), execution_options=NOT_LOADED).all():
            events.emit(tx, "task:update", {"task_id": id}, project_id=project_id)
    if entities:
        is_automated = sa.select(Project.is_set_preview_automated).where(Project.id == Entity.project_id).scalar_subquery()
        task = aliased(Task)
        of_entity = sa.select(task.id).where(task.entity_id == Entity.id).correlate(Entity)
        change = (
            sa.update(Entity)
            .where(Entity.id.in_(entities))
            .values(preview_file_id=sa.case((is_automated, newest(of_entity, Entity, leaving))))
        )
        tx.execute(change, execution_options=NOT_LOADED)
        shown = sa.select(Entity.id, Entity.project_id, EntityType.name, PreviewFile).where(Entity.id.in_(entities))
        shown = shown.join(EntityType, EntityType.id == Entity.entity_type_id)
        for id, project_id, type_name, preview in tx.execute(shown.outerjoin(PreviewFile, PreviewFile.id == Entity.preview_file_id)):
            tell(tx, id, project_id, type_name, preview)


def newest(task_ids, model, leaving):
    """Scalar subquery: the newest picture or movie that can be shown, of the tasks that `task_ids` selects for the row of `model`."""
    statement = sa.select(PreviewFile.id).where(
        PreviewFile.task_id.in_(task_ids),
        PreviewFile.id.not_in(leaving),
        PreviewFile.position == 1,
        PreviewFile.status == "ready",
        PreviewFile.extension.in_(SHOWABLE),
    )
    return statement.order_by(PreviewFile.created_at.desc(), PreviewFile.id).limit(1).correlate(model).scalar_subquery()
