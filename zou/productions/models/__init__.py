"""Productions, what they use, their templates and their custom columns."""

from zou.productions.models.metadata import DATA_TYPES, KINDS, TEMPORAL_KINDS, MetadataDescriptor, department_metadata_descriptor_link
from zou.productions.models.project import BOARD_ROLES, PRODUCTION_STYLES, Project, ProjectPersonLink, ProjectStatus
from zou.productions.models.settings import (
    ProjectTaskStatusLink,
    ProjectTaskTypeLink,
    ProjectTaskTypeSoftwareLink,
    project_asset_type_link,
    project_preview_background_file_link,
    project_status_automation_link,
)
from zou.productions.models.templates import (
    ProjectTemplate,
    ProjectTemplateTaskStatusLink,
    ProjectTemplateTaskTypeLink,
    project_template_asset_type_link,
    project_template_preview_background_file_link,
    project_template_status_automation_link,
)

__all__ = [
    "BOARD_ROLES",
    "DATA_TYPES",
    "KINDS",
    "PRODUCTION_STYLES",
    "TEMPORAL_KINDS",
    "MetadataDescriptor",
    "Project",
    "ProjectPersonLink",
    "ProjectStatus",
    "ProjectTaskStatusLink",
    "ProjectTaskTypeLink",
    "ProjectTaskTypeSoftwareLink",
    "ProjectTemplate",
    "ProjectTemplateTaskStatusLink",
    "ProjectTemplateTaskTypeLink",
    "department_metadata_descriptor_link",
    "project_asset_type_link",
    "project_preview_background_file_link",
    "project_status_automation_link",
    "project_template_asset_type_link",
    "project_template_preview_background_file_link",
    "project_template_status_automation_link",
]
