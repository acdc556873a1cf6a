"""What the routes of previews answer, where it is not the rows of a schema."""

from zou.entities.schemas import PlainEntitySchema
from zou.platform.http.shapes import ANY, ID, MOMENT, NUMBER, TEXT, WHOLE, by, keys, many, maybe, named, row
from zou.previews.queries import UPLOADED
from zou.previews.schemas import PreviewFileSchema

KEPT = keys(thumbnail_path=TEXT)
FRAMES_SET = many(keys(id=ID, nb_frames=maybe(WHOLE)))
WITH_MAIN_PREVIEW = row(PlainEntitySchema, preview_file_status=TEXT)
RUNNING = many(row(PreviewFileSchema, project_id=ID, task_type_id=maybe(ID), full_entity_name=TEXT))

SHORT = {
    "id": ID, "revision": maybe(WHOLE), "extension": maybe(TEXT), "width": maybe(WHOLE), "height": maybe(WHOLE), "duration": NUMBER,
    "status": TEXT, "created_at": maybe(MOMENT), "task_id": maybe(ID),
}  # fmt: skip
WHOLE_KEYS = {
    **SHORT, "duration": maybe(NUMBER), "original_name": maybe(TEXT), "annotations": ANY, **dict.fromkeys(UPLOADED, ANY),
}  # fmt: skip
SHORT_PREVIEW = named("PreviewOfPlaylist", "A preview as playlists hold it.", keys(**SHORT))
FURTHER_PREVIEW = named("FurtherPreview", "A further position of a revision.", keys(**WHOLE_KEYS, position=maybe(WHOLE), task_type_id=ID))
REVISION = named(
    "RevisionOfPreview", "A revision of previews: its first position, and the others.", keys(**WHOLE_KEYS, previews=many(FURTHER_PREVIEW))
)
BY_TASK_TYPE = by(many(REVISION))
SHORT_BY_TASK_TYPE = by(many(keys(**SHORT, previews=many(SHORT_PREVIEW))))
