"""Productions: their team, settings, custom columns and templates."""

from zou.platform.http import Domain
from zou.productions.resources import lists, settings

domain = Domain("productions")

domain.route("/data/projects/open", lists.OpenProjectsResource)
domain.route("/data/projects/all", lists.AllProjectsResource)
domain.route("/data/projects/<project_id>/team", settings.TeamResource)
domain.route("/data/projects/<project_id>/team/<person_id>", settings.TeamMemberResource)
domain.route("/data/projects/<project_id>/settings/batch", settings.BatchSettingsResource)
domain.route("/data/projects/<project_id>/settings/task-types", settings.TaskTypeSettingsResource)
domain.route("/data/projects/<project_id>/settings/task-types/<task_type_id>", settings.TaskTypeSettingResource)
domain.route("/data/projects/<project_id>/settings/task-status/<task_status_id>", settings.TaskStatusSettingResource)
domain.route("/data/projects/<project_id>/settings/asset-types", settings.AssetTypeSettingsResource)
domain.route("/data/projects/<project_id>/settings/asset-types/<asset_type_id>", settings.AssetTypeSettingResource)
domain.route("/data/projects/<project_id>/settings/status-automations/<status_automation_id>", settings.StatusAutomationSettingResource)
domain.route(
    "/data/projects/<project_id>/settings/preview-background-files/<preview_background_file_id>", settings.PreviewBackgroundSettingResource
)
