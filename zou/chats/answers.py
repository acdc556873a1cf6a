"""What the routes of chats answer, where it is not the rows of a schema."""

from zou.platform.http.shapes import ID, MOMENT, TEXT, keys, many, maybe

CHATS = many(
    keys(id=ID, object_id=ID, last_message=maybe(MOMENT), entity_name=TEXT, project_id=ID, preview_file_id=maybe(ID)),
)
