"""HTTP of comments, where it differs from the generic routes."""

import sqlalchemy as sa

from zou.comments.schemas import ClientCommentWithPreviewsSchema, CommentItemSchema, CommentWithPreviewsSchema
from zou.people.rules import reads_as_client
from zou.platform.db.projection import json_row
from zou.platform.http import BaseModelResource
from zou.platform.http.filters import flag
from zou.platform.rules import as_sql


class CommentResource(BaseModelResource):
    """One comment; read on its own it shows its authors and attachments, and with `with_previews=true` its previews."""

    shapes = {"get": (CommentItemSchema, CommentWithPreviewsSchema)}

    def asks(self):
        return "with_previews" if flag("with_previews") else "item"

    def json_of(self, source, relations, only=None):
        """The item form when it is read, the row when it was written."""
        if self.asked is None:
            return super().json_of(source, relations, only)
        if self.asked == "item":
            return json_row(CommentItemSchema, source, relations)
        for_client = json_row(ClientCommentWithPreviewsSchema, source, relations)
        whole = json_row(CommentWithPreviewsSchema, source, relations)
        return sa.case((as_sql(reads_as_client.clause(source, self.actor)), for_client), else_=whole)
