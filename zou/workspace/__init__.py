"""The workspace: what the signed-in person sees and keeps."""

from zou.platform.http import Crud, Domain
from zou.tasks.resources.lists import of_kind
from zou.workspace import resources
from zou.workspace.models import SearchFilter, SearchFilterGroup
from zou.workspace.schemas import SearchFilterGroupSchema, SearchFilterSchema

domain = Domain("workspace")
domain.crud(
    Crud(SearchFilter, SearchFilterSchema, "search-filters"),
    Crud(SearchFilterGroup, SearchFilterGroupSchema, "search-filter-groups"),
)
domain.route("/data/user/context", resources.ContextResource)
domain.route("/data/user/projects/open", resources.MyOpenProjectsResource)
domain.route("/data/user/tasks", resources.MyTasksResource)
domain.route("/data/user/done-tasks", resources.MyDoneTasksResource)
for kind in ("Asset", "Shot", "Scene", "Sequence"):
    path = f"/data/user/{kind.lower()}s/<{kind.lower()}_id>"
    domain.route(f"{path}/tasks", of_kind(resources.MyEntityTasksResource, kind))
    domain.route(f"{path}/task-types", of_kind(resources.MyEntityTaskTypesResource, kind))
