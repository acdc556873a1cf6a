"""Bodies and query strings that the routes of the workspace read."""

from marshmallow import Schema, ValidationError, fields, validate

from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid
from zou.platform.http.fields import Id, Moment

some = validate.Length(min=1)


class Assignees(fields.Field):
    """`unassigned`, or UUIDs parted by commas."""

    def _deserialize(self, value, attr, data, **kwargs):
        if value == "unassigned":
            return value
        ids = value.split(",")
        if not all(is_uuid(id) for id in ids):
            raise Invalid("Wrong UUID format.")
        return ids


class AtLeastOne(fields.Integer):
    """A whole number; less than one means one."""

    def _deserialize(self, value, attr, data, **kwargs):
        return min(max(super()._deserialize(value, attr, data, **kwargs), 1), 2**31 - 1)


class ToCheckSchema(Schema):
    """What to narrow the tasks to check by, their order, and which page of them."""

    project_id = Id()
    task_type_id = Id()
    task_status_id = Id()
    episode_id = Id()
    person_id = Assignees()
    due_date_since = Moment()
    due_date_until = Moment(lasting=True)
    order_by = fields.String()
    page = AtLeastOne()
    limit = AtLeastOne(load_default=100)


class FilterSchema(Schema):
    """A search to save."""

    name = fields.String(required=True, validate=some)
    query = fields.String(required=True, validate=some)
    list_type = fields.String(load_default="todo")
    project_id = fields.String(load_default=None, allow_none=True)
    entity_type = fields.String(load_default=None, allow_none=True)
    is_shared = fields.Boolean(load_default=False, allow_none=True)
    search_filter_group_id = fields.String(load_default=None, allow_none=True)
    department_id = fields.String(load_default=None, allow_none=True)


class FilterChangesSchema(Schema):
    """Changes of a saved search; what is null stays, but a null group takes it out of its group."""

    name = fields.String(allow_none=True)
    search_query = fields.String(allow_none=True)
    search_filter_group_id = fields.String(allow_none=True)
    is_shared = fields.Boolean(allow_none=True)
    project_id = fields.String(allow_none=True)
    department_id = fields.String(allow_none=True)


class FilterGroupSchema(Schema):
    """A folder of saved searches to make."""

    name = fields.String(required=True, validate=some)
    color = fields.String(load_default="", allow_none=True)
    list_type = fields.String(load_default="todo")
    project_id = fields.String(load_default=None, allow_none=True)
    entity_type = fields.String(load_default=None, allow_none=True)
    is_shared = fields.Boolean(load_default=False, allow_none=True)
    department_id = fields.String(load_default=None, allow_none=True)


class FilterGroupChangesSchema(Schema):
    """Changes of a folder of saved searches; what is null stays."""

    name = fields.String(allow_none=True)
    color = fields.String(allow_none=True)
    is_shared = fields.Boolean(allow_none=True)
    project_id = fields.String(allow_none=True)
    department_id = fields.String(allow_none=True)


class DesktopLoginSchema(Schema):
    """When a session was opened; now, when it is not said."""

    date = Moment(refusal=ValidationError, load_default=None, allow_none=True)


class PeriodSchema(Schema):
    """A period, in whatever the database reads as dates."""

    start_date = fields.String(load_default=None)
    end_date = fields.String(load_default=None)
