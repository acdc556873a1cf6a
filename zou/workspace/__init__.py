"""The workspace: what the signed-in person sees and keeps."""

from zou.people.rules import admin, in_team, self_as
from zou.platform.http import Crud, Domain
from zou.platform.rules import Rule
from zou.tasks.resources.lists import of_kind
from zou.workspace.models import SearchFilter, SearchFilterGroup
from zou.workspace.resources import checks, filters, lists, time
from zou.workspace.schemas import SearchFilterGroupSchema, SearchFilterSchema

domain = Domain("workspace")
domain.crud(
    Crud(SearchFilter, SearchFilterSchema, "search-filters"),
    Crud(SearchFilterGroup, SearchFilterGroupSchema, "search-filter-groups"),
)
shared = admin | self_as("person_id") | (in_team & Rule(lambda source, actor: source.is_shared, "shared with the team"))
domain.hears("search_filter", SearchFilter, shared).hears("search_filter_group", SearchFilterGroup, shared)

domain.route("/data/user/context", lists.ContextResource)
domain.route("/data/user/projects/open", lists.MyOpenProjectsResource)
domain.route("/data/user/tasks", lists.MyTasksResource)
domain.route("/data/user/done-tasks", lists.MyDoneTasksResource)
for kind in ("Asset", "Shot", "Scene", "Sequence"):
    path = f"/data/user/{kind.lower()}s/<{kind.lower()}_id>"
    domain.route(f"{path}/tasks", of_kind(lists.MyEntityTasksResource, kind))
    domain.route(f"{path}/task-types", of_kind(lists.MyEntityTaskTypesResource, kind))
domain.route("/data/user/projects/<project_id>/asset-types", lists.MyAssetTypesResource)
domain.route("/data/user/projects/<project_id>/asset-types/<asset_type_id>/assets", lists.MyAssetsResource)
domain.route("/data/user/projects/<project_id>/sequences", lists.MySequencesResource)
domain.route("/data/user/projects/<project_id>/episodes", lists.MyEpisodesResource)
domain.route("/data/user/sequences/<sequence_id>/shots", lists.MySequenceShotsResource)
domain.route("/data/user/sequences/<sequence_id>/scenes", lists.MySequenceScenesResource)
domain.route("/data/user/tasks-to-check", checks.TasksToCheckResource)
domain.route("/data/user/tasks-to-check/filter-values", checks.TasksToCheckValuesResource)
domain.route("/data/user/filters", filters.MyFiltersResource)
domain.route("/data/user/filters/<filter_id>", filters.MyFilterResource)
domain.route("/data/user/filter-groups", filters.MyFilterGroupsResource)
domain.route("/data/user/filter-groups/<filter_group_id>", filters.MyFilterGroupResource)
domain.route("/data/user/time-spents", time.MyTimeSpentsResource)
domain.route("/data/user/time-spents/<date>", time.MyTimeSpentsOfDayResource)
domain.route("/data/user/tasks/<task_id>/time-spents/<date>", time.MyTaskTimeSpentResource)
domain.route("/data/user/day-offs/<date>", time.MyDayOffResource)
domain.route("/data/user/desktop-login-logs", time.MyDesktopLoginLogsResource)
