"""Bodies that the routes of productions read."""

import functools

from marshmallow import Schema, fields, validate

from zou.platform.http.fields import Whole

PROJECT_ROLES = ("user", "supervisor", "manager", "client", "vendor")
bitrate = validate.Range(min=1)


class TeamMemberSchema(Schema):
    """A person to add to a team, and their role there."""

    person_id = fields.String(required=True, validate=validate.Length(min=1))
    role = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(PROJECT_ROLES))


class TeamRoleSchema(Schema):
    """A role on a production; null is the person's own."""

    role = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(PROJECT_ROLES))


class TaskTypeSettingSchema(Schema):
    """A task type for a production, and its settings there."""

    task_type_id = fields.String(required=True, validate=validate.Length(min=1))
    priority = Whole(load_default=None, allow_none=True)
    hd_bitrate_compression = Whole(load_default=None, allow_none=True, validate=bitrate)
    ld_bitrate_compression = Whole(load_default=None, allow_none=True, validate=bitrate)
    is_client_visible = fields.Boolean(load_default=None, allow_none=True)


class BatchSettingsSchema(Schema):
    """What to add to the settings of a production at once."""

    task_types = fields.List(fields.Nested(TaskTypeSettingSchema), load_default=list)
    task_status_ids = fields.List(fields.String(), load_default=list)
    asset_type_ids = fields.List(fields.String(), load_default=list)
    replace_task_types = fields.Boolean(load_default=False)


class StatusRightSchema(Schema):
    """Whether clients may set a status on a production; null: as in the studio."""

    is_client_allowed = fields.Boolean(required=True, allow_none=True)


@functools.cache
def id_body(name):
    """A body with one id."""
    required = fields.String(required=True, validate=validate.Length(min=1))
    return Schema.from_dict({name: required}, name=f"{name.title().replace('_', '')}Body")


@functools.cache
def ids_body(name):
    """A body with one list of ids."""
    return Schema.from_dict({name: fields.List(fields.String(), required=True)}, name=f"{name.title().replace('_', '')}Body")


class TemplateTaskTypeSchema(TaskTypeSettingSchema):
    """A task type for a template, and its settings in new productions."""


class TemplateTaskStatusSchema(Schema):
    """A task status for a template, and its settings in new productions; what is not sent stays."""

    task_status_id = fields.String(required=True, validate=validate.Length(min=1))
    priority = Whole(load_default=None, allow_none=True)
    roles_for_board = fields.List(fields.String(), load_default=list)
    is_client_allowed = fields.Boolean(allow_none=True)


class TemplateFromProjectSchema(Schema):
    """What to call a template that is made from a production."""

    name = fields.String(required=True, validate=validate.Length(min=1))
    description = fields.String(load_default=None, allow_none=True)


class DefaultBackgroundSchema(Schema):
    """A background of a template; null is none."""

    default_preview_background_file_id = fields.String(load_default=None, allow_none=True)


class DescriptorChangesSchema(Schema):
    """A custom column: what is left out is reset, but for the name."""

    name = fields.String(load_default=None, allow_none=True)
    data_type = fields.String(load_default="string", validate=validate.Length(min=1))
    for_client = fields.Boolean(load_default=False, allow_none=True)
    choices = fields.List(fields.String(), load_default=list)
    departments = fields.List(fields.String(), load_default=list)


class NewDescriptorSchema(DescriptorChangesSchema):
    """A new custom column."""

    name = fields.String(required=True, validate=validate.Length(min=1))
    entity_type = fields.String(load_default="Asset")
    task_type_id = fields.String(load_default=None, allow_none=True)


class AllDescriptorsSchema(DescriptorChangesSchema):
    """A custom column of all productions."""

    entity_type = fields.String(required=True, validate=validate.Length(min=1))


class DescriptorsReorderSchema(Schema):
    """The order of the custom columns of a kind of rows."""

    entity_type = fields.String(required=True, validate=validate.Length(min=1))
    descriptor_ids = fields.List(fields.String(), required=True, validate=validate.Length(min=1))


class AllDescriptorsReorderSchema(Schema):
    """The order of the custom columns of a kind of rows, by their keys."""

    entity_type = fields.String(required=True, validate=validate.Length(min=1))
    field_order = fields.List(fields.String(), required=True, validate=validate.Length(min=1))


class PreviewAccountStateSchema(Schema):
    """Whether a preview account is open."""

    is_open = fields.Boolean(required=True)
