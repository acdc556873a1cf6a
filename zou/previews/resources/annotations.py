"""Drawings on previews: PUT /actions/preview-files/<id>/update-annotations."""

from zou.people.rules import admin, in_team, is_client_of, leads, supervises_department
from zou.platform.http import Resource, body, permission, returns
from zou.previews.models import PreviewFile
from zou.previews.schemas import AnnotationsSchema, PreviewFileSchema
from zou.previews.services import annotations

draws = admin | (in_team & (leads | is_client_of | supervises_department))


class PreviewFileAnnotationsResource(Resource):
    """The drawings of reviewers on a preview."""

    @permission(draws, on=PreviewFile)
    @body(AnnotationsSchema)
    @returns(PreviewFileSchema)
    def put(self, preview, body):
        """Add, replace and remove drawn objects; those that others draw meanwhile stay."""
        annotations.change(self.tx, preview, self.actor, **body)
        return preview
