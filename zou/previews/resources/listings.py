"""Lists of previews that are not generic. Rules: contract/rules/previews.md §1.4."""

import sqlalchemy as sa

from zou.people.rules import admin
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid
from zou.platform.http import Json, Resource, permission, query, returns
from zou.previews import queries
from zou.previews.models import PreviewFile
from zou.previews.schemas import RunningQuery


class RunningPreviewsResource(Resource):
    """Previews that are not ready."""

    @permission(admin)
    @query(RunningQuery)
    @returns()
    def get(self, query):
        """Previews of open productions that are being made, are broken or missing, the newest first."""
        cursor, before = query["cursor_preview_file_id"], None
        if cursor:
            if not is_uuid(cursor):
                raise Invalid("The cursor_preview_file_id parameter is not a valid id")
            before = self.tx.scalar(sa.select(PreviewFile.created_at).where(PreviewFile.id == cursor))
            if before is None:
                raise Invalid(f"No preview file found with id: {cursor}")
        return Json(self.tx.scalar(queries.running(before, query["limit"])))
