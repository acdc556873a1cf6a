"""Payloads of productions, their settings, templates and custom columns."""

from zou.platform.db.payload import RelatedIds, RowSchema
from zou.productions.models import (
    MetadataDescriptor,
    Project,
    ProjectStatus,
    ProjectTaskStatusLink,
    ProjectTaskTypeLink,
    ProjectTemplate,
    ProjectTemplateTaskStatusLink,
    ProjectTemplateTaskTypeLink,
)


class ProjectSchema(RowSchema):
    """A production."""

    class Meta(RowSchema.Meta):
        model = Project

    team = RelatedIds()
    asset_types = RelatedIds()
    task_statuses = RelatedIds()
    task_types = RelatedIds()
    status_automations = RelatedIds()
    preview_background_files = RelatedIds()


class ProjectStatusSchema(RowSchema):
    """Whether a production is open or closed."""

    class Meta(RowSchema.Meta):
        model = ProjectStatus


class ProjectTemplateSchema(RowSchema):
    """Settings from which productions are made."""

    class Meta(RowSchema.Meta):
        model = ProjectTemplate

    task_types = RelatedIds()
    task_statuses = RelatedIds()
    asset_types = RelatedIds()
    status_automations = RelatedIds()
    preview_background_files = RelatedIds()


class MetadataDescriptorSchema(RowSchema):
    """A custom column of a production."""

    class Meta(RowSchema.Meta):
        model = MetadataDescriptor

    departments = RelatedIds()


class ProjectTaskTypeLinkSchema(RowSchema):
    """A task type that a production uses."""

    class Meta(RowSchema.Meta):
        model = ProjectTaskTypeLink


class ProjectTaskStatusLinkSchema(RowSchema):
    """A task status that a production uses."""

    class Meta(RowSchema.Meta):
        model = ProjectTaskStatusLink


class TemplateTaskTypeLinkSchema(RowSchema):
    """A task type that a template holds."""

    class Meta(RowSchema.Meta):
        model = ProjectTemplateTaskTypeLink


class TemplateTaskStatusLinkSchema(RowSchema):
    """A task status that a template holds."""

    class Meta(RowSchema.Meta):
        model = ProjectTemplateTaskStatusLink
