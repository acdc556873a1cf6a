"""One playlist with the previews of its entries. Rules: contract/rules/playlists.md §2.3.

The page of a production is one statement, whatever the number of entries. The page of a share link shows drawings and less of the
previews; it arranges here what it reads.
"""

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from zou.platform.db.prepared import prepared
from zou.platform.db.projection import json_row, select_list
from zou.playlists.models import BuildJob, Playlist
from zou.playlists.schemas import BuildJobItemSchema, PlaylistSchema
from zou.playlists.services.entries import entity_of, preview_of
from zou.previews import queries as previews
from zou.previews.models import PREVIEW_STATUSES

PLAYER_KEYS = ("extension", "revision", "width", "height", "duration", "status", "task_id")


def row_of(tx, playlist_id):
    """The playlist as it is stored, with its builds, the latest first."""
    statement = sa.select(sa.cast(json_row(PlaylistSchema, Playlist), sa.Text), sa.cast(builds_of(), sa.Text))
    row, found = tx.execute(statement.select_from(Playlist).where(Playlist.id == playlist_id)).one()
    return {**orjson.loads(row), "build_jobs": orjson.loads(found)}


def builds_of():
    """Scalar subquery: JSON list of the builds of the playlist, the latest first."""
    builds = sa.select(*select_list(BuildJobItemSchema, BuildJob)).where(BuildJob.playlist_id == Playlist.id)
    listed = builds.order_by(BuildJob.created_at.desc(), BuildJob.id).correlate(Playlist).lateral("b")
    jobs = sa.select(sa.func.coalesce(sa.func.json_agg(sa.func.row_to_json(sa.literal_column("b"))), sa.text("'[]'::json")))
    return jobs.select_from(listed).scalar_subquery()


def entries_of(playlist):
    """The entries of a playlist (its JSON object) that are objects."""
    return [entry for entry in playlist["shots"] or [] if isinstance(entry, dict)]


ID = "'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'"
EMPTY = """('null', '""', '0', 'false', '[]', '{}')"""
STATUS = " ".join(f"WHEN '{code}' THEN '{label}'" for code, label in PREVIEW_STATUSES.items())
SHORT = """
    'id', f.id, 'revision', f.revision, 'extension', f.extension, 'width', f.width, 'height', f.height, 'duration', f.duration,
    'status', f.label, 'created_at', date_trunc('second', f.created_at), 'task_id', f.task_id
"""
OTHER = SHORT.replace("f.", "g.")
ENTRIES = f"""(
    WITH entries AS MATERIALIZED (
        SELECT place, entry,
            CASE WHEN jsonb_typeof(named) = 'string' AND named #>> '{{}}' ~* {ID} THEN (named #>> '{{}}')::uuid END AS entity_id,
            CASE WHEN jsonb_typeof(entry -> 'preview_file_id') = 'string' AND entry ->> 'preview_file_id' ~* {ID}
                THEN (entry ->> 'preview_file_id')::uuid END AS preview_id
        FROM jsonb_array_elements(CASE jsonb_typeof(playlist.shots) WHEN 'array' THEN playlist.shots ELSE '[]' END)
            WITH ORDINALITY AS given(entry, place),
            LATERAL (SELECT coalesce(CASE WHEN entry -> 'id' NOT IN {EMPTY} THEN entry -> 'id' END,
                CASE WHEN entry -> 'shot_id' NOT IN {EMPTY} THEN entry -> 'shot_id' END,
                CASE WHEN entry -> 'entity_id' NOT IN {EMPTY} THEN entry -> 'entity_id' END) AS named) AS first_name
        WHERE jsonb_typeof(entry) = 'object'
    ), listed AS MATERIALIZED (
        SELECT p.id, p.task_id, p.revision, p.extension, p.width, p.height, p.created_at, t.entity_id, t.task_type_id,
            CASE p.status {STATUS} END AS label, coalesce(CASE WHEN p.duration - p.duration = 0 THEN p.duration END, 0) AS duration,
            row_number() OVER (PARTITION BY p.task_id, p.revision ORDER BY p.position, p.created_at, p.id) AS place,
            count(*) OVER (PARTITION BY p.task_id, p.revision) AS size,
            row_number() OVER (PARTITION BY t.entity_id, t.task_type_id
                ORDER BY t.created_at, t.id, p.revision DESC, p.position, p.created_at, p.id) AS number
        FROM task AS t JOIN preview_file AS p ON p.task_id = t.id
        WHERE t.entity_id = ANY (ARRAY(SELECT entity_id FROM entries))
    ), others AS (
        SELECT f.task_id, f.revision, json_agg(json_build_object({SHORT}) ORDER BY f.place) AS list
        FROM listed AS f WHERE place > 1 GROUP BY f.task_id, f.revision
    ), types AS (
        SELECT f.entity_id, f.task_type_id,
            json_agg(json_build_object({SHORT}, 'previews', coalesce(o.list, '[]')) ORDER BY f.number) AS list
        FROM listed AS f LEFT JOIN others AS o ON o.task_id = f.task_id AND o.revision IS NOT DISTINCT FROM f.revision
        WHERE f.place = 1 GROUP BY f.entity_id, f.task_type_id
    ), everything AS (
        SELECT entity_id, json_object_agg(y.id, list ORDER BY y.priority DESC NULLS LAST, y.name, y.id)::text AS previews
        FROM types JOIN task_type AS y ON y.id = task_type_id GROUP BY entity_id
    )
    SELECT '[' || coalesce(string_agg(left((
        (e.entry - 'preview_file_id' - 'preview_files') || jsonb_build_object('id', coalesce(to_jsonb(e.entity_id),
            CASE WHEN e.entry ? 'id' THEN e.entry -> 'id' WHEN e.entry ? 'shot_id' THEN e.entry -> 'shot_id'
                ELSE e.entry -> 'entity_id' END)
        ) || CASE WHEN f.id IS NULL THEN '{{}}' ELSE jsonb_build_object(
            'preview_file_id', f.id, 'preview_file_extension', f.extension, 'preview_file_revision', f.revision,
            'preview_file_width', f.width, 'preview_file_height', f.height, 'preview_file_duration', f.duration,
            'preview_file_status', f.label, 'preview_file_task_id', f.task_id,
            'preview_file_previews', CASE WHEN f.size = 1 THEN '[]' ELSE (
                SELECT jsonb_agg(jsonb_build_object({OTHER}) ORDER BY g.number) FROM listed AS g WHERE g.task_id = f.task_id
                    AND g.revision IS NOT DISTINCT FROM f.revision AND g.id <> f.id) END
        ) END)::text, -1) || ', "preview_files":' || coalesce(a.previews, '[]') || '}}', ',' ORDER BY e.place), '') || ']'
    FROM entries AS e FULL JOIN everything AS a ON a.entity_id = e.entity_id LEFT JOIN listed AS f ON f.id = e.preview_id
)"""


@prepared
def of_playlist(id):
    """Select of one text: a playlist with its builds and, in each entry, the preview that it shows and all previews of its entity."""
    row = sa.cast(json_row(PlaylistSchema, Playlist), JSONB).op("-")("shots").op("-")("build_jobs")
    shots = sa.literal_column(ENTRIES, sa.Text)
    parts = [sa.cast(row, sa.Text), shots, sa.cast(builds_of(), sa.Text)]
    return sa.select(*parts).select_from(Playlist).where(Playlist.id == id)


def joined(row, shots, builds):
    """The JSON text of a playlist, its entries and its builds."""
    return f'{row[:-1]},"shots":{shots},"build_jobs":{builds}}}'


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
