"""Removals that Shotgun tells of: one row by its id there."""

import sqlalchemy as sa

from zou.comments.models import Comment
from zou.entities.models import Entity
from zou.entities.queries.kinds import is_kind
from zou.entities.services import deletion, readiness
from zou.exchange.services.shotgun.entries import Entry, Skipped
from zou.files.models import WorkingFile
from zou.people.models import Person
from zou.platform.errors import Invalid
from zou.previews.models import PreviewFile
from zou.productions.models import Project, ProjectPersonLink
from zou.productions.services.team import tell
from zou.tasks.models import Task, TaskStatus, TaskType
from zou.tasks.services.rows import TaskRows

MODELS = {
    "project": (Project, None),
    "person": (Person, None),
    "shot": (Entity, "Shot"),
    "scene": (Entity, "Scene"),
    "episode": (Entity, "Episode"),
    "sequence": (Entity, "Sequence"),
    "asset": (Entity, "Asset"),
    "step": (TaskType, None),
    "status": (TaskStatus, None),
    "task": (Task, None),
    "note": (Comment, None),
    "version": (PreviewFile, None),
}


def remove(tx, actor, kind, body):
    """Remove the row of a kind; the answer says whether it went, which it does not while others refer to it. Raises Invalid without id."""
    model, entity_kind = MODELS[kind]
    rows = sa.select(model).where(model.shotgun_id == id_of(body), *([is_kind(entity_kind)] if entity_kind else []))
    row = tx.scalar(rows.order_by(model.created_at, model.id).limit(1).with_for_update())
    if row is None:
        return {"success": True}
    id = str(row.id)
    try:
        with tx.begin_nested():
            REMOVALS.get(kind, delete)(tx, actor, row)
    except sa.exc.IntegrityError:
        return {"success": False, "removed_instance_id": id}
    return {"success": True, "removed_instance_id": id}


def id_of(body):
    """The id in Shotgun of what is to go. Raises Invalid."""
    try:
        return Entry(body if isinstance(body, dict) else {}).id()
    except Skipped:
        raise Invalid("The id of the entry is required.", field="id") from None


def delete(tx, actor, row):
    """Remove a row; what is linked to it makes the database refuse, but for the links that are a part of it."""
    tx.delete(row)
    tx.flush()


def remove_asset(tx, actor, asset):
    """Remove an asset with its tasks; one with working files, or with work that others refer to, is canceled. Emits asset:delete."""
    tasks = tx.scalars(sa.select(Task).where(Task.entity_id == asset.id).order_by(Task.id).with_for_update()).all()
    has_files = tx.scalar(sa.select(sa.exists().where(WorkingFile.task_id.in_([task.id for task in tasks]))))
    if not has_files and gone(tx, actor, asset, tasks):
        return
    asset.canceled = True
    tx.flush()
    deletion.tell(tx, asset, "Asset", "delete")
    readiness.refresh_shots(tx, deletion.shots_with(tx, [asset.id]))


def gone(tx, actor, asset, tasks):
    """Whether an asset and its tasks could be removed."""
    try:
        with tx.begin_nested():
            for task in tasks:
                remove_task(tx, actor, task)
            deletion.remove(tx, [asset])
    except sa.exc.IntegrityError:
        return False
    return True


def remove_task(tx, actor, task):
    """Remove a task, as a single one is removed without force. Emits task:delete."""
    TaskRows().remove(tx, actor, task)


REMOVALS = {"asset": remove_asset, "task": remove_task}


def disconnect(tx, body):
    """Take a person out of a team, by the id of the link in Shotgun. Emits project:update."""
    link = ProjectPersonLink
    gone_links = sa.delete(link).where(link.shotgun_id == id_of(body)).returning(link.project_id)
    for project_id in tx.scalars(gone_links.execution_options(synchronize_session=False)).all():
        tell(tx, project_id)
    return {"success": True}
