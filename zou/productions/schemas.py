"""Payloads of productions. Keys: contract/rules/serialisation.md §1 and projects.md."""

from zou.platform.db.payload import RelatedIds, RowSchema
from zou.productions.models import MetadataDescriptor, Project, ProjectStatus, ProjectTaskStatusLink, ProjectTaskTypeLink


class ProjectSchema(RowSchema):
    """A production; the full form has the ids of what it uses."""

    class Meta(RowSchema.Meta):
        model = Project

    team = RelatedIds()
    asset_types = RelatedIds()
    task_statuses = RelatedIds()
    task_types = RelatedIds()
    status_automations = RelatedIds()
    preview_background_files = RelatedIds()


class ProjectStatusSchema(RowSchema):
    """Whether productions with this status are open."""

    class Meta(RowSchema.Meta):
        model = ProjectStatus


class DescriptorSchema(RowSchema):
    """A custom column, in the form that comes with its production."""

    class Meta(RowSchema.Meta):
        model = MetadataDescriptor
        fields = (
            "id", "name", "field_name", "data_type", "choices", "for_client", "entity_type", "task_type_id", "position", "departments",
        )  # fmt: skip

    departments = RelatedIds()


class ProjectTaskTypeLinkSchema(RowSchema):
    """A task type that a production uses, with its settings there."""

    class Meta(RowSchema.Meta):
        model = ProjectTaskTypeLink


class ProjectTaskStatusLinkSchema(RowSchema):
    """A task status that a production uses, with its settings there."""

    class Meta(RowSchema.Meta):
        model = ProjectTaskStatusLink
