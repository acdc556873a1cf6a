"""What the routes of playlists answer, where it is not the rows of a schema."""

from zou.platform.http.shapes import ANY, FLAG, ID, NUMBER, TEXT, WHOLE, at_least, keys, many, maybe, one_of, row
from zou.playlists.schemas import BuildJobItemSchema, PlaylistItemSchema, PlaylistSchema, SharedTaskStatusSchema, SharedTaskTypeSchema
from zou.previews.answers import BY_TASK_TYPE, FURTHER_PREVIEW, SHORT_BY_TASK_TYPE

PLAYLISTS = many(row(PlaylistItemSchema, {"first_preview_file_id": TEXT}))
BUILDS = many(BuildJobItemSchema)
PLAYLIST = row(PlaylistSchema, shots=many(at_least(preview_files=one_of(SHORT_BY_TASK_TYPE, many(ANY)))), build_jobs=BUILDS)
"""A playlist; its entries keep the keys that clients gave them, `preview_files` is an empty list where there are none."""

SHOWN = {
    "preview_file_id": ID,
    "preview_file_extension": maybe(TEXT),
    "preview_file_width": maybe(WHOLE),
    "preview_file_height": maybe(WHOLE),
    "preview_file_duration": maybe(NUMBER),
    "preview_file_revision": maybe(WHOLE),
    "preview_file_status": maybe(TEXT),
    "preview_file_annotations": many(ANY),
    "preview_file_previews": many(FURTHER_PREVIEW),
}
TEMPORARY = many(
    keys(
        SHOWN,
        id=ID,
        name=TEXT,
        preview_file_task_id=ID,
        parent_name=TEXT,
        preview_files=BY_TASK_TYPE,
        **dict.fromkeys(("episode_id", "episode_name", "sequence_id", "sequence_name", "asset_type_id", "asset_type_name"), TEXT),
    )
)
"""Entries of a playlist that is not stored; names and ids of what an entity does not belong to are empty."""

SHARED_PLAYLIST = row(PlaylistSchema, shots=many(at_least()), build_jobs=BUILDS, project_name=maybe(TEXT), project_fps=maybe(TEXT))
SHARED_CONTEXT = keys(
    project=keys(id=ID, name=TEXT, fps=maybe(TEXT), ratio=maybe(TEXT), resolution=maybe(TEXT), team=many(ID)),
    task_types=many(row(SharedTaskTypeSchema)),
    task_statuses=many(
        row(SharedTaskStatusSchema, is_default=maybe(FLAG), for_concept=maybe(FLAG), is_client_allowed=maybe(FLAG)),
    ),
)
INVITED = keys(sent=many(TEXT))
NOTIFIED = keys(status=TEXT)
