"""Lists of previews. Rules: contract/rules/previews.md §1.4."""

import sqlalchemy as sa

from zou.people.rules import admin, reads_as_client, task_access
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid
from zou.platform.http import Json, Resource, asks, permission, query, returns
from zou.platform.http.paging import paged
from zou.platform.http.shapes import WHOLE
from zou.platform.rules import as_sql
from zou.previews import queries
from zou.previews.answers import RUNNING
from zou.previews.models import PreviewFile
from zou.previews.rules import shown_to_vendors
from zou.previews.schemas import PreviewFileSchema, RunningQuery
from zou.productions.models import Project
from zou.tasks.models import Task


class TaskPreviewsResource(Resource):
    """The previews of a task."""

    @permission(task_access, on=Task)
    @returns(PreviewFileSchema, many=True)
    def get(self, task):
        """Previews of a task, newest revision first; clients do not see rejected ones, vendors those of tasks that are theirs."""
        rejected = sa.and_(PreviewFile.validation_status == "rejected", as_sql(reads_as_client.clause(PreviewFile, self.actor)))
        seen = as_sql(shown_to_vendors.clause(PreviewFile, self.actor))
        statement = sa.select(PreviewFile).where(PreviewFile.task_id == task.id, seen, sa.not_(rejected))
        return statement.order_by(PreviewFile.revision.desc(), PreviewFile.position, PreviewFile.id)


class ProjectPreviewsResource(Resource):
    """The previews of a production."""

    @permission(admin, on=Project)
    @asks(page=WHOLE)
    @returns(PreviewFileSchema, paged=True)
    def get(self, project):
        """Previews of a production, newest change first, as a list or in pages."""
        statement = sa.select(PreviewFile).join(Task, Task.id == PreviewFile.task_id).where(Task.project_id == project.id)
        statement = statement.order_by(PreviewFile.updated_at.desc(), PreviewFile.id)
        return paged(self.tx, PreviewFileSchema, statement, PreviewFile, relations=False, takes_limit=False)


class RunningPreviewsResource(Resource):
    """Previews that are not ready."""

    @permission(admin)
    @query(RunningQuery)
    @returns(RUNNING)
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
