"""One playlist with the previews of its entries. Rules: contract/rules/playlists.md §2.3.

Whatever the number of entries: one statement for the playlist and its builds, one for the previews of all its entities.
"""

import orjson
import sqlalchemy as sa

from zou.platform.db.projection import json_row, select_list
from zou.playlists.models import BuildJob, Playlist
from zou.playlists.schemas import BuildJobItemSchema, PlaylistSchema
from zou.playlists.services.entries import entity_of, preview_of
from zou.previews import queries as previews

PLAYER_KEYS = ("extension", "revision", "width", "height", "duration", "status", "task_id")


def row_of(tx, playlist_id):
    """The playlist as it is stored, with its builds, the latest first."""
    builds = sa.select(*select_list(BuildJobItemSchema, BuildJob)).where(BuildJob.playlist_id == Playlist.id)
    listed = builds.order_by(BuildJob.created_at.desc(), BuildJob.id).correlate(Playlist).lateral("b")
    jobs = sa.select(sa.func.coalesce(sa.func.json_agg(sa.func.row_to_json(sa.literal_column("b"))), sa.text("'[]'::json")))
    statement = sa.select(
        sa.cast(json_row(PlaylistSchema, Playlist), sa.Text), sa.cast(jobs.select_from(listed).scalar_subquery(), sa.Text)
    ).where(Playlist.id == playlist_id)
    row, found = tx.execute(statement.select_from(Playlist)).one()
    return {**orjson.loads(row), "build_jobs": orjson.loads(found)}


def entries_of(playlist):
    """The entries of a playlist (its JSON object) that are objects."""
    return [entry for entry in playlist["shots"] or [] if isinstance(entry, dict)]


def of_playlist(tx, playlist_id):
    """A playlist with its builds and, in each entry, the preview that it shows and all previews of its entity."""
    playlist = row_of(tx, playlist_id)
    shots = entries_of(playlist)
    rows = previews.of_entities(tx, {id for id in map(entity_of, shots) if id})
    by_id = {str(row.id): row for found in rows.values() for row in found}
    playlist["shots"] = [
        {**positioned(entry, rows, by_id), "preview_files": all_previews(rows.get(entity_of(entry), []))} for entry in shots
    ]
    return playlist


def all_previews(rows):
    """The previews of an entity by task type; a list when there is none, as clients know it."""
    return previews.by_task_type(rows, previews.short, previews.short) or []


def positioned(entry, rows, by_id, annotated=False):
    """An entry with the preview that it shows, or without any when that is gone or of an entity outside the playlist.

    `rows`: {entity id: previews}, `by_id`: the same by their own ids. `annotated`: with drawings.
    """
    entity_id, preview = entity_of(entry), by_id.get(preview_of(entry))
    named = {key: value for key, value in entry.items() if key != "preview_file_id"}
    named["id"] = entity_id if entity_id is not None else next((entry[key] for key in ("id", "shot_id", "entity_id") if key in entry), None)
    if preview is None:
        return named
    shown = previews.short(preview)
    named["preview_file_id"] = shown["id"]
    named |= {f"preview_file_{key}": shown[key] for key in PLAYER_KEYS}
    named["preview_file_previews"] = [with_drawings(row, annotated) for row in siblings(preview, rows)]
    if annotated:
        named["preview_file_annotations"] = preview.annotations
    return named


def siblings(preview, rows):
    """The other positions of the revision of a preview."""
    of_entity = rows[str(preview.entity_id)]
    return [row for row in of_entity if row.task_id == preview.task_id and row.revision == preview.revision and row.id != preview.id]


def with_drawings(row, annotated):
    """A preview as a further position; `annotated`: with its drawings."""
    return {**previews.short(row), **({"annotations": row.annotations} if annotated else {})}
