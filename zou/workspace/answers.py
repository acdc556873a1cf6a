"""What the routes of the signed-in person answer, where it is not the rows of a schema."""

from zou.entities.schemas import AssetTypeSchema
from zou.people.schemas import DepartmentSchema, PersonClientSchema, PersonMinimalRelationsSchema, PersonSafeSchema, StudioSchema
from zou.platform.http.shapes import FLAG, ID, NUMBER, TEXT, WHOLE, by, keys, many, maybe, one_of
from zou.previews.schemas import PreviewBackgroundFileSchema
from zou.productions.answers import OPEN_PROJECT
from zou.productions.schemas import ProjectStatusSchema
from zou.tasks.answers import TO_DO_LIST
from zou.tasks.schemas import CustomActionSchema, StatusAutomationSchema, TaskStatusSchema, TaskTypeSchema
from zou.workspace.schemas import SearchFilterGroupSchema, SearchFilterSchema

FILTERS = by(by(many(SearchFilterSchema)))
"""{kind of list: {production id, or all: saved searches}}."""
FILTER_GROUPS = by(by(many(SearchFilterGroupSchema)))
OPEN_PROJECTS = many(OPEN_PROJECT)

PLUGIN = keys(
    id=ID,
    plugin_id=TEXT,
    name=TEXT,
    description=maybe(TEXT),
    version=TEXT,
    maintainer_name=maybe(TEXT),
    maintainer_email=maybe(TEXT),
    frontend_project_enabled=maybe(FLAG),
    frontend_studio_enabled=maybe(FLAG),
    icon=maybe(TEXT),
)
CONTEXT = keys(
    {"user_limit": WHOLE},
    projects=OPEN_PROJECTS,
    project_roles=by(TEXT),
    persons=many(one_of(PersonSafeSchema, PersonMinimalRelationsSchema, PersonClientSchema)),
    asset_types=many(AssetTypeSchema),
    task_types=many(TaskTypeSchema),
    task_status=many(TaskStatusSchema),
    project_status=many(ProjectStatusSchema),
    departments=many(DepartmentSchema),
    studios=many(StudioSchema),
    custom_actions=many(CustomActionSchema),
    status_automations=many(StatusAutomationSchema),
    preview_background_files=many(PreviewBackgroundFileSchema),
    search_filters=FILTERS,
    search_filter_groups=FILTER_GROUPS,
    plugins=many(PLUGIN),
    notification_count=WHOLE,
)
"""What a client reads right after login; `user_limit` for administrators."""

TO_CHECK = one_of(
    TO_DO_LIST,
    keys(
        data=TO_DO_LIST,
        stats=keys(total=WHOLE, total_duration=NUMBER, total_estimation=NUMBER),
        page=WHOLE,
        limit=WHOLE,
        is_more=FLAG,
    ),
)
TO_CHECK_VALUES = keys(**dict.fromkeys(("project_ids", "task_type_ids", "task_status_ids", "episode_ids", "person_ids"), many(ID)))
