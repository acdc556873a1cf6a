"""Backgrounds on which productions show their previews."""

import sqlalchemy as sa

from zou.people.rules import member
from zou.platform.http import permission, returns
from zou.previews.models import PreviewBackgroundFile
from zou.previews.schemas import PreviewBackgroundFileSchema
from zou.productions.models import Project, project_preview_background_file_link
from zou.productions.resources.settings import linking


class BackgroundSettingsResource(linking("preview_background_file")):
    """Preview backgrounds that a production uses."""

    @permission(member, on=Project)
    @returns(PreviewBackgroundFileSchema, many=True)
    def get(self, project):
        """Preview backgrounds that a production uses."""
        link = project_preview_background_file_link.c
        used = sa.select(link.preview_background_file_id).where(link.project_id == project.id)
        return sa.select(PreviewBackgroundFile).where(PreviewBackgroundFile.id.in_(used))
