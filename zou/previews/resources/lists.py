"""Lists of previews."""

import sqlalchemy as sa

from zou.people.rules import admin, reads_as_client, task_access
from zou.platform.http import Resource, permission, returns
from zou.platform.http.paging import paged
from zou.platform.rules import as_sql
from zou.previews.models import PreviewFile
from zou.previews.rules import shown_to_vendors
from zou.previews.schemas import PreviewFileSchema
from zou.productions.models import Project
from zou.tasks.models import Task


class TaskPreviewsResource(Resource):
    """The previews of a task."""

    @permission(task_access, on=Task)
    @returns(PreviewFileSchema)
    def get(self, task):
        """Previews of a task, newest revision first; clients do not see rejected ones, vendors those of tasks that are theirs."""
        rejected = sa.and_(PreviewFile.validation_status == "rejected", as_sql(reads_as_client.clause(PreviewFile, self.actor)))
        seen = as_sql(shown_to_vendors.clause(PreviewFile, self.actor))
        statement = sa.select(PreviewFile).where(PreviewFile.task_id == task.id, seen, sa.not_(rejected))
        return statement.order_by(PreviewFile.revision.desc(), PreviewFile.position, PreviewFile.id)


class ProjectPreviewsResource(Resource):
    """The previews of a production."""

    @permission(admin, on=Project)
    @returns(PreviewFileSchema)
    def get(self, project):
        """Previews of a production, newest change first, as a list or in pages."""
        statement = sa.select(PreviewFile).join(Task, Task.id == PreviewFile.task_id).where(Task.project_id == project.id)
        statement = statement.order_by(PreviewFile.updated_at.desc(), PreviewFile.id)
        return paged(self.tx, PreviewFileSchema, statement, PreviewFile, relations=False, takes_limit=False)
