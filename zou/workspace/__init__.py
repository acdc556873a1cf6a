"""The workspace: what the signed-in person sees and keeps."""

from zou.platform.http import Crud, Domain
from zou.workspace.models import SearchFilter, SearchFilterGroup
from zou.workspace.schemas import SearchFilterGroupSchema, SearchFilterSchema

domain = Domain("workspace")
domain.crud(
    Crud(SearchFilter, SearchFilterSchema, "search-filters"),
    Crud(SearchFilterGroup, SearchFilterGroupSchema, "search-filter-groups"),
)
