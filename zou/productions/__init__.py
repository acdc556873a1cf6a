"""Productions: projects, their status, team, settings, custom columns and templates."""

from zou.people.rules import admin, anyone, in_team, manager, manages, member, mine_and_open
from zou.platform.http import Crud, Domain
from zou.productions.models import MetadataDescriptor, Project, ProjectStatus, ProjectTemplate
from zou.productions.resources import descriptors, lists, preview_account, settings, templates
from zou.productions.resources.rows import (
    MetadataDescriptorsResource,
    ProjectResource,
    ProjectsResource,
    ProjectTemplateResource,
    TaskStatusLinksReorderResource,
    TaskStatusLinksResource,
    TaskTypeLinksReorderResource,
    TaskTypeLinksResource,
)
from zou.productions.rules import meant_for, shows_descriptor
from zou.productions.schemas import MetadataDescriptorSchema, ProjectSchema, ProjectStatusSchema, ProjectTemplateSchema
from zou.productions.services.descriptors import MetadataDescriptorRows
from zou.productions.services.projects import ProjectRows
from zou.productions.services.templates import ProjectTemplateRows

domain = Domain("productions")
domain.crud(
    Crud(
        Project,
        ProjectSchema,
        "projects",
        lists=anyone,
        visible=admin | mine_and_open,
        reads=member,
        writes=manages,
        service=ProjectRows,
        models_resource=ProjectsResource,
        model_resource=ProjectResource,
    ),
    Crud(ProjectStatus, ProjectStatusSchema, "project-status", lists=anyone, reads=anyone),
    Crud(
        ProjectTemplate,
        ProjectTemplateSchema,
        "project-templates",
        lists=manager,
        reads=manager,
        service=ProjectTemplateRows,
        post_relations=False,
        model_resource=ProjectTemplateResource,
    ),
    Crud(
        MetadataDescriptor,
        MetadataDescriptorSchema,
        "metadata-descriptors",
        lists=anyone,
        visible=shows_descriptor,
        service=MetadataDescriptorRows,
        put_relations=True,
        models_resource=MetadataDescriptorsResource,
    ),
)
domain.hears("metadata_descriptor", MetadataDescriptor, admin | (in_team & meant_for), for_staff=True)

domain.route("/data/task-type-links", TaskTypeLinksResource)
domain.route("/data/task-status-links", TaskStatusLinksResource)
domain.route("/actions/projects/<project_id>/task-type-links/reorder", TaskTypeLinksReorderResource)
domain.route("/actions/projects/<project_id>/task-status-links/reorder", TaskStatusLinksReorderResource)

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

of_template = "/data/project-templates/<project_template_id>"
domain.route("/data/project-templates/from-project/<project_id>", templates.TemplateFromProjectResource)
domain.route("/data/projects/<project_id>/apply-template/<project_template_id>", templates.ApplyTemplateResource)
domain.route(f"{of_template}/metadata-descriptors", templates.TemplateDescriptorsResource)
domain.route(f"{of_template}/default-preview-background-file", templates.DefaultBackgroundResource)
domain.route(f"{of_template}/asset-types", templates.TemplateAssetTypesResource)
domain.route(f"{of_template}/preview-background-files", templates.TemplateBackgroundsResource)
for path, family in {
    "task-types": "task_type", "task-statuses": "task_status", "asset-types": "asset_type", "status-automations": "status_automation",
    "preview-background-files": "preview_background_file",
}.items():  # fmt: skip
    domain.route(f"{of_template}/{path}/<{family}_id>", templates.link_resource(family))
domain.route("/actions/project-templates/<project_template_id>/task-types/reorder", templates.TemplateTaskTypesReorderResource)
domain.route("/actions/project-templates/<project_template_id>/task-statuses/reorder", templates.TemplateTaskStatusesReorderResource)

domain.route("/data/projects/<project_id>/metadata-descriptors", descriptors.ProjectDescriptorsResource)
domain.route("/data/projects/<project_id>/metadata-descriptors/reorder", descriptors.ProjectDescriptorsReorderResource)
domain.route("/data/projects/<project_id>/metadata-descriptors/<metadata_descriptor_id>", descriptors.ProjectDescriptorResource)
domain.route("/data/metadata-descriptors/all-projects", descriptors.AllDescriptorsResource)
domain.route("/data/metadata-descriptors/all-projects/<field_name>", descriptors.AllDescriptorResource)
domain.route("/actions/metadata-descriptors/all-projects/reorder", descriptors.AllDescriptorsReorderResource)
domain.route("/data/projects/<project_id>/preview-account", preview_account.PreviewAccountResource)
