"""Playlists that are not stored: the tasks that somebody wants to look at now. Rules: contract/rules/playlists.md §3.1."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from zou.entities.models import Entity, EntityType
from zou.people.rules import task_access
from zou.platform.errors import Denied, NotFound
from zou.platform.rules import as_sql
from zou.previews import queries as previews
from zou.productions.models import ProjectTaskTypeLink
from zou.tasks.models import Task

SORTED_BY = ("episode_name", "sequence_name", "asset_type_name", "name")


def of_tasks(tx, actor, project_id, task_ids, entity_ids, is_sorted=False):
    """Entries for tasks, then for the last task of each entity, in the order asked for, or sorted by where they are in the production.

    Raises NotFound for an unknown task and for a shot without sequence, Denied for a task that the actor may not see.
    """
    chosen = last_tasks(tx, entity_ids)
    wanted = [*task_ids, *[chosen[id] for id in entity_ids if id in chosen]]
    if not wanted:
        return []
    tasks = allowed_tasks(tx, actor, wanted)
    places = {task.entity_id for task in tasks.values()}
    named = names_of(tx, places)
    rows = previews.of_entities(tx, places)
    ranks = ranks_of(tx, project_id)
    found = [item(tasks[id], named[tasks[id].entity_id], rows[str(tasks[id].entity_id)], ranks) for id in wanted]
    return sorted(found, key=lambda entry: [entry[key] for key in SORTED_BY]) if is_sorted else found


def last_tasks(tx, entity_ids):
    """{entity id: id of its task with a preview that was commented on last}, as text."""
    if not entity_ids:
        return {}
    statement = sa.select(Task.entity_id, Task.id).where(Task.entity_id.in_(entity_ids), Task.last_preview_file_id.is_not(None))
    order = (Task.last_comment_date.desc().nulls_last(), Task.created_at.desc(), Task.id)
    statement = statement.ext(distinct_on(Task.entity_id)).order_by(Task.entity_id, *order)
    return {str(entity_id): str(id) for entity_id, id in tx.execute(statement)}


def allowed_tasks(tx, actor, ids):
    """{id as text: (id, entity_id, task_type_id)} of tasks that the actor may see, all of them or none."""
    verdict = as_sql(task_access.clause(Task, actor)).label("verdict")
    found = tx.execute(sa.select(Task.id, Task.entity_id, Task.task_type_id, verdict).where(Task.id.in_(set(ids)))).all()
    if len(found) < len(set(ids)):
        raise NotFound()
    if not all(task.verdict for task in found):
        raise Denied(rule=task_access)
    return {str(task.id): task for task in found}


def names_of(tx, entity_ids):
    """{entity id: its name, kind, and the name and id of its parent}."""
    parent = aliased(Entity)
    statement = (
        sa.select(
            Entity.id, Entity.name, EntityType.name.label("kind"), EntityType.id.label("kind_id"),
            parent.id.label("parent_id"), parent.name.label("parent_name"),
        )
        .join(EntityType, EntityType.id == Entity.entity_type_id)
        .outerjoin(parent, parent.id == Entity.parent_id)
        .where(Entity.id.in_(entity_ids))
    )  # fmt: skip
    return {row.id: row for row in tx.execute(statement)}


def ranks_of(tx, project_id):
    """{task type id: priority in the production}."""
    link = ProjectTaskTypeLink
    return dict(tx.execute(sa.select(link.task_type_id, sa.func.coalesce(link.priority, 0)).where(link.project_id == project_id)).all())


def item(task, entity, rows, ranks):
    """One entry: where the entity is in the production, the preview to show, and all of its previews."""
    place = dict.fromkeys(("episode_id", "episode_name", "sequence_id", "sequence_name", "asset_type_id", "asset_type_name"), "")
    if entity.kind == "Shot":
        if entity.parent_id is None:
            raise NotFound()
        above, parent_id, parent_name = "sequence", entity.parent_id, entity.parent_name
    elif entity.kind in ("Sequence", "Edit"):
        above, parent_id, parent_name = "episode", entity.parent_id or "", entity.parent_name or ""
    else:
        above, parent_id, parent_name = "asset_type", entity.kind_id, entity.kind
    place |= {f"{above}_id": parent_id, f"{above}_name": parent_name}
    entry = {"id": entity.id, "name": entity.name, "preview_file_task_id": task.id, "parent_name": parent_name, **place}
    return {**entry, **shown(chosen(task, rows, ranks), rows), "preview_files": previews.of_entity(rows)}


def chosen(task, rows, ranks):
    """The preview to show: the newest of the task's type, else of the type that comes highest in the production; None without any."""
    own = [row for row in rows if row.task_type_id == task.task_type_id]
    if not own and rows:
        best = max(rows, key=lambda row: ranks.get(row.task_type_id, -1)).task_type_id
        own = [row for row in rows if row.task_type_id == best]
    return max(own, key=lambda row: (row.revision or 0, -(row.position or 1)), default=None)


def shown(preview, rows):
    """The keys of an entry that tell of its preview; none without preview."""
    if preview is None:
        return {}
    keys = ("extension", "width", "height", "duration", "revision", "status")
    others = [row for row in rows if (row.task_id, row.revision) == (preview.task_id, preview.revision) and row.id != preview.id]
    return {
        "preview_file_id": preview.id, **{f"preview_file_{key}": getattr(preview, key) for key in keys},
        "preview_file_annotations": preview.annotations or [], "preview_file_previews": [previews.nested(row) for row in others],
    }  # fmt: skip
