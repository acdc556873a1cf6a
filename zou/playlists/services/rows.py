"""Rows of playlists. Rules: contract/rules/crud.md §6.3, playlists.md §1 and §2, deletion.md §7."""

import sqlalchemy as sa

from zou.files.services import register
from zou.inbox.models import Notification
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid
from zou.platform.rows import Rows
from zou.playlists.models import BuildJob, PlaylistShareLink
from zou.playlists.services import entries

FOR_ENTITIES = ("shot", "asset", "sequence", "edit", "episode")
NO_EPISODE = ("all", "main")
NOT_LOADED = {"synchronize_session": False}


class PlaylistRows(Rows):
    """Playlists; an entry is `{"entity_id", "preview_file_id"}`, and its preview is one of its entity."""

    def check_new(self, tx, actor, values):
        if "project_id" not in values:
            raise Invalid("'project_id'", shape="bare")
        check_for_entity(values)
        if values.get("episode_id") in NO_EPISODE:
            values["episode_id"] = None
        if not is_uuid(values.get("task_type_id")):
            values["task_type_id"] = None
        values["created_by"] = str(actor.id)
        if values.get("shots") is not None:
            values["shots"] = without_strangers(tx, objects(values["shots"]))

    def check_change(self, tx, actor, row, values):
        check_for_entity(values)
        if values.get("episode_id") in NO_EPISODE:
            values["episode_id"] = None
        if values.get("created_by") is None or is_uuid(values["created_by"]):
            values.pop("created_by", None)  # who made a playlist decides who may change it, so it stays
        if "shots" in values:
            values["shots"] = without_strangers(tx, plain(objects(values["shots"])))

    def check_remove(self, tx, actor, row, force):
        """Remove what belongs to the playlist: notifications, builds and their movies, share links. Emits build-job:delete for each."""
        tx.execute(sa.delete(Notification).where(Notification.playlist_id == row.id), execution_options=NOT_LOADED)
        builds = sa.delete(BuildJob).where(BuildJob.playlist_id == row.id).returning(BuildJob.id)
        for id in tx.scalars(builds, execution_options=NOT_LOADED).all():
            register.discard(tx, [("movies", "playlists", id)])
            events.emit(tx, "build-job:delete", {"build_job_id": id, "playlist_id": row.id}, project_id=row.project_id)
        tx.execute(sa.delete(PlaylistShareLink).where(PlaylistShareLink.playlist_id == row.id), execution_options=NOT_LOADED)


def check_for_entity(values):
    """Raise Invalid for a kind of entity that playlists are not made of."""
    if values.get("for_entity") not in (None, *FOR_ENTITIES):
        raise Invalid(f"for_entity must be one of {', '.join(FOR_ENTITIES)}")


def objects(shots):
    """The entries of a playlist as sent, without nulls. Raises Invalid for what is no list of objects."""
    if not isinstance(shots, list) or not all(isinstance(entry, dict | None) for entry in shots):
        raise Invalid("shots must be a list of objects with entity_id and preview_file_id", shape="bare")
    return [entry for entry in shots if entry is not None]


def plain(shots):
    """Entries with their two keys only; those without entity are left out."""
    found = [(entry.get("entity_id") or entry.get("id"), entry.get("preview_file_id")) for entry in shots]
    return [{"entity_id": entity_id, "preview_file_id": preview_file_id} for entity_id, preview_file_id in found if entity_id]


def without_strangers(tx, shots):
    """The entries, without previews that are unknown or show another entity; ids of previews that stay are in small letters."""
    owner = entries.owners(tx, {entries.preview_of(entry) for entry in shots} - {None})
    return [{**entry, "preview_file_id": own_preview(entry, owner)} if "preview_file_id" in entry else entry for entry in shots]


def own_preview(entry, owner):
    """The id of the preview of an entry, or None when it is not one of its entity. `owner`: {preview id: entity id}."""
    preview_id = entries.preview_of(entry)
    return preview_id if preview_id and owner.get(preview_id) == str(entry.get("entity_id") or entry.get("id")).lower() else None
