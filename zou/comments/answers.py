"""What the routes of comments answer, where it is not the rows of a schema."""

from zou.comments.schemas import ATTACHED, PostedCommentSchema
from zou.people.schemas import PersonShortSchema
from zou.platform.http.shapes import ID, MOMENT, TEXT, keys, many, row
from zou.previews.schemas import PreviewFileSchema

WITH_PREVIEWS = row(PostedCommentSchema, relations=True, preview_files=many(PreviewFileSchema))
REPLY = keys(
    {"attachment_files": many(ATTACHED)},
    id=ID,
    date=MOMENT,
    created_at=MOMENT,
    person_id=ID,
    person=PersonShortSchema,
    text=TEXT,
    mentions=many(ID),
    department_mentions=many(ID),
)
