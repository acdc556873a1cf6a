"""The entries of a playlist: `{"entity_id", "preview_file_id"}`, in the order of the review. Rules: contract/rules/playlists.md §1 and §3.

An entry is the couple of an entity and a preview of it: an entity may be there several times, with different previews.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from zou.entities.models import Entity
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid
from zou.previews.models import PreviewFile
from zou.tasks.models import Task

NAMES = ("id", "shot_id", "entity_id")
"""Under which entries name their entity; old ones by the first two."""


def entity_of(entry):
    """The id of the entity of an entry, in small letters, or None."""
    found = next((entry[name] for name in NAMES if entry.get(name)), None)
    return found.lower() if is_uuid(found) else None


def preview_of(entry):
    """The id of the preview of an entry, in small letters, or None."""
    found = entry.get("preview_file_id")
    return found.lower() if is_uuid(found) else None


def stored(playlist):
    """The entries of a playlist that are objects; of one without, none."""
    return [entry for entry in playlist.shots or [] if isinstance(entry, dict)]


def add(tx, playlist, wanted):
    """Append entries to a playlist, which is locked. `wanted`: [(entity id, preview id or None)].

    Without preview, or with one of another entity, an entry gets the newest of its entity; couples that are there already are left out.
    Raises Invalid for an entity of another production. Emits playlist:add_entity for each.
    """
    wanted = [(str(entity_id), preview_id and str(preview_id)) for entity_id, preview_id in wanted]
    check_entities(tx, playlist, {entity_id for entity_id, _ in wanted})
    owner = owners(tx, {preview_id for _, preview_id in wanted if preview_id})
    chosen = [(entity_id, preview_id if owner.get(preview_id) == entity_id else None) for entity_id, preview_id in wanted]
    newest = latest(tx, {entity_id for entity_id, preview_id in chosen if preview_id is None}, playlist.task_type_id)
    couples = {(entity_of(entry), preview_of(entry)) for entry in stored(playlist)}
    added = []
    for entity_id, preview_id in chosen:
        couple = (entity_id, preview_id or newest.get(entity_id))
        if couple not in couples:
            couples.add(couple)
            added.append(couple)
    if not added:
        return
    playlist.shots = [*(playlist.shots or []), *[entry(*couple) for couple in added]]
    tx.flush()
    for entity_id, preview_id in added:
        data = {"playlist_id": playlist.id, "entity_id": entity_id, "preview_file_id": preview_id}
        events.emit(tx, "playlist:add_entity", data, project_id=playlist.project_id)


def entry(entity_id, preview_id):
    """An entry to store."""
    return {"entity_id": entity_id, **({"preview_file_id": preview_id} if preview_id else {})}


def check_entities(tx, playlist, ids):
    """Raise Invalid unless all entities are in the production of the playlist."""
    known = sa.select(sa.func.count()).select_from(Entity).where(Entity.id.in_(ids), Entity.project_id == playlist.project_id)
    if tx.scalar(known) < len(ids):
        raise Invalid("An entity of a playlist must belong to its production.", field="entity_id")


def owners(tx, preview_ids):
    """{preview id: id of the entity that it shows}, as text; unknown ones are left out."""
    if not preview_ids:
        return {}
    statement = sa.select(PreviewFile.id, Task.entity_id).join(Task, Task.id == PreviewFile.task_id).where(PreviewFile.id.in_(preview_ids))
    return {str(id): str(entity_id) for id, entity_id in tx.execute(statement)}


def latest(tx, entity_ids, task_type_id=None):
    """{entity id: id of its preview of the highest revision, the newest of these}, as text. `task_type_id`: of this type only."""
    if not entity_ids:
        return {}
    statement = sa.select(Task.entity_id, PreviewFile.id).join(Task, Task.id == PreviewFile.task_id).where(Task.entity_id.in_(entity_ids))
    if task_type_id is not None:
        statement = statement.where(Task.task_type_id == task_type_id)
    order = (PreviewFile.revision.desc().nulls_last(), PreviewFile.created_at.desc(), PreviewFile.id)
    statement = statement.ext(distinct_on(Task.entity_id)).order_by(Task.entity_id, *order)
    return {str(entity_id): str(id) for entity_id, id in tx.execute(statement)}
