"""Payloads of the workspace."""

from zou.platform.db.payload import RowSchema
from zou.workspace.models import SearchFilter, SearchFilterGroup


class SearchFilterSchema(RowSchema):
    """A saved search."""

    class Meta(RowSchema.Meta):
        model = SearchFilter


class SearchFilterGroupSchema(RowSchema):
    """A folder of saved searches."""

    class Meta(RowSchema.Meta):
        model = SearchFilterGroup
