"""Payloads of productions, their settings, templates and custom columns."""

from marshmallow import fields

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


class WholeProjectSchema(ProjectSchema):
    """A production as it is read on its own: with settings by task type and status, custom columns and a series' first episode."""

    project_status_name = fields.String()
    descriptors = fields.List(fields.Dict())
    task_type_links = fields.Dict()
    task_types_priority = fields.Dict()
    task_statuses_link = fields.Dict()
    first_episode_id = fields.UUID()


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
