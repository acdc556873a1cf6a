"""What a share link shows: its playlist, the tasks and previews on it, their comments. Rules: contract/rules/playlists.md §6.

A link shows of each entry the revision that is positioned there, and nothing else of its entity.
"""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou.comments.models import AttachmentFile, Comment
from zou.entities.models import Entity, EntityType
from zou.people.models import Person
from zou.platform.db.payload import is_uuid
from zou.platform.db.projection import json_list
from zou.playlists.queries import page
from zou.playlists.schemas import SharedCommentSchema
from zou.playlists.services.entries import entity_of, preview_of, stored
from zou.previews import queries as previews
from zou.previews.models import PreviewFile
from zou.productions.models import Project, ProjectTaskStatusLink, ProjectTaskTypeLink
from zou.tasks.models import Task, TaskStatus, TaskType

WITH_PARENT = ("Shot", "Sequence", "Episode", "Edit", "Concept")
TYPE_KEYS = ("id", "name", "color", "for_entity")


def positioned(tx, playlist):
    """{preview id: (task id, revision)} of the previews that entries show, as text; those of other entities are left out."""
    couples = {(entity_of(entry), preview_of(entry)) for entry in stored(playlist) if preview_of(entry)}
    if not couples:
        return {}
    columns = sa.select(PreviewFile.id, PreviewFile.task_id, PreviewFile.revision, Task.entity_id)
    found = tx.execute(
        columns.join(Task, Task.id == PreviewFile.task_id).where(PreviewFile.id.in_({preview_id for _, preview_id in couples}))
    )
    return {str(row.id): (row.task_id, row.revision) for row in found if (str(row.entity_id), str(row.id)) in couples}


def task_ids(tx, playlist):
    """Ids, as text, of the tasks that the page shows: of the positioned previews, and those that old entries name themselves."""
    shown = {str(task_id) for task_id, _ in positioned(tx, playlist).values()}
    named = {entry["preview_file_task_id"].lower(): entity_of(entry) for entry in stored(playlist) if names_task(entry)}
    if named:
        found = tx.execute(sa.select(Task.id, Task.entity_id).where(Task.id.in_(named), Task.project_id == playlist.project_id))
        shown |= {str(id) for id, entity_id in found if named[str(id)] == str(entity_id)}
    return shown


def names_task(entry):
    """Whether an entry without preview names a task."""
    return preview_of(entry) is None and is_uuid(entry.get("preview_file_task_id"))


def shows_preview(tx, playlist, preview):
    """Whether the page shows a preview: one that an entry shows, or another position of its revision."""
    return (preview.task_id, preview.revision) in set(positioned(tx, playlist).values())


def of_page(tx, playlist):
    """The playlist as its page reads it, with the names of what is on it; of its previews only those that are positioned."""
    row = page.row_of(tx, playlist.id)
    shots = page.entries_of(row)
    ids = {id for id in map(entity_of, shots) if id}
    rows = previews.of_entities(tx, ids)
    by_id = {str(found.id): found for listed in rows.values() for found in listed}
    entries = [page.positioned(entry, rows, by_id, annotated=True) for entry in shots]
    names = names_of(tx, ids, playlist.is_for_all and playlist.episode_id is None)
    tasks = tasks_of(
        tx, {str(entry["preview_file_task_id"]).lower() for entry in entries if is_uuid(str(entry.get("preview_file_task_id")))}
    )
    project = tx.execute(sa.select(Project.name, Project.fps).where(Project.id == playlist.project_id)).first()
    row["shots"] = [{**entry, "preview_files": {}, **names.get(entry["id"], {}), **of_task(entry, tasks)} for entry in entries]
    return {**row, "project_name": project and project.name, "project_fps": project and project.fps}


def names_of(tx, entity_ids, is_for_all):
    """{entity id as text: its name and that of what it belongs to}. `is_for_all`: with the episode above that."""
    parent, above = aliased(Entity), aliased(Entity)
    statement = (
        sa.select(Entity.id, Entity.name, EntityType.name.label("kind"), parent.name.label("parent"), above.name.label("above"))
        .join(EntityType, EntityType.id == Entity.entity_type_id)
        .outerjoin(parent, parent.id == Entity.parent_id)
        .outerjoin(above, above.id == parent.parent_id)
        .where(Entity.id.in_(entity_ids))
    )
    named = {}
    for entity in tx.execute(statement):
        belongs = (entity.parent or "") if entity.kind in WITH_PARENT else entity.kind
        if is_for_all and entity.above:
            belongs = f"{entity.above} / {belongs}"
        named[str(entity.id)] = {"name": entity.name, "parent_name": belongs}
    return named


def tasks_of(tx, ids):
    """{task id as text: (entity id, its type, the colour of its status)}."""
    if not ids:
        return {}
    columns = [getattr(TaskType, key).label(key) for key in TYPE_KEYS]
    statement = (
        sa.select(Task.id.label("task_id"), Task.entity_id, TaskStatus.color.label("status_color"), *columns)
        .join(TaskType, TaskType.id == Task.task_type_id)
        .outerjoin(TaskStatus, TaskStatus.id == Task.task_status_id)
        .where(Task.id.in_(ids))
    )
    return {str(row.task_id): row for row in tx.execute(statement)}


def of_task(entry, tasks):
    """The keys of an entry that tell of its task; none when it has no task, or one of another entity."""
    task = tasks.get(str(entry.get("preview_file_task_id")).lower())
    if task is None or str(task.entity_id) != entry["id"]:
        return {}
    return {
        "preview_file_task_type": {key: getattr(task, key) for key in TYPE_KEYS}, "preview_file_task_type_name": task.name,
        "task_status_color": task.status_color,
    }  # fmt: skip


def context(tx, playlist):
    """The production, and the task types and statuses that it uses, as the page needs them."""
    project = tx.execute(
        sa.select(Project.id, Project.name, Project.fps, Project.ratio, Project.resolution).where(Project.id == playlist.project_id)
    ).one()
    types, statuses = ProjectTaskTypeLink, ProjectTaskStatusLink
    listed = sa.select(*[getattr(TaskType, key) for key in TYPE_KEYS]).join(types, types.task_type_id == TaskType.id)
    keys = [TaskStatus.id, TaskStatus.name, TaskStatus.short_name, TaskStatus.color, TaskStatus.is_default, TaskStatus.for_concept]
    allowed = sa.func.coalesce(statuses.is_client_allowed, TaskStatus.is_client_allowed).label("is_client_allowed")
    states = sa.select(*keys, allowed).join(statuses, statuses.task_status_id == TaskStatus.id)
    return {
        "project": {**project._mapping, "team": []},
        "task_types": rows(tx, listed.where(types.project_id == playlist.project_id).order_by(types.priority, TaskType.name)),
        "task_statuses": rows(tx, states.where(statuses.project_id == playlist.project_id).order_by(statuses.priority, TaskStatus.name)),
    }


def rows(tx, statement):
    """The rows of a select as dicts."""
    return [dict(row._mapping) for row in tx.execute(statement)]


def visible_comments(ids):
    """Condition: comments on these tasks that a shared page shows: those for clients, and those of guests."""
    by_guest = Comment.person_id.in_(sa.select(Person.id).where(Person.is_guest.is_(True)))
    return sa.and_(Comment.object_id.in_(ids), sa.or_(Comment.for_client.is_(True), by_guest))


def comments(tx, playlist):
    """JSON text of the comments on the page, newest first for each task."""
    order = (Comment.object_id, Comment.created_at.desc(), Comment.id)
    shown = sa.select(Comment).where(visible_comments(task_ids(tx, playlist))).order_by(*order)
    return tx.scalar(json_list(SharedCommentSchema, shown, Comment))


def shows_person(tx, playlist, person_id):
    """Whether a person is the author of a comment on the page, or of a reply to one."""
    shown = visible_comments(task_ids(tx, playlist))
    wrote = sa.exists().where(shown, Comment.person_id == person_id)
    replied = sa.exists().where(shown, Comment.replies.contains([{"person_id": str(person_id)}]))
    return tx.scalar(sa.select(sa.or_(wrote, replied)))


def attachment(tx, playlist, attachment_id):
    """The attachment of that id of a comment on the page, or None."""
    found = sa.select(AttachmentFile).join(Comment, Comment.id == AttachmentFile.comment_id)
    return tx.scalar(found.where(AttachmentFile.id == attachment_id, visible_comments(task_ids(tx, playlist))))
