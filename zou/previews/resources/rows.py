"""Generic routes of previews where they differ from those of other models. Rules: contract/rules/previews.md §1.3."""

import sqlalchemy as sa

from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid
from zou.platform.http import BaseModelsResource
from zou.previews.models import PreviewFile
from zou.tasks.models import Task


class PreviewFilesResource(BaseModelsResource):
    """Previews, of one production when it is named."""

    def narrow(self, statement, arguments):
        project_id = arguments.pop("project_id", None)
        if project_id is None:
            return statement
        if not is_uuid(project_id):
            raise Invalid("Invalid project_id.")
        return statement.where(PreviewFile.task_id.in_(sa.select(Task.id).where(Task.project_id == project_id)))
