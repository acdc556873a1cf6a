"""Bodies that the routes of tasks read."""

from marshmallow import Schema, fields, validate

from zou.platform.http.fields import Whole

some = validate.Length(min=1)


class AssignSchema(Schema):
    """Whom to assign."""

    person_id = fields.String(required=True, validate=some)


class TaskIdsSchema(Schema):
    """Which tasks."""

    task_ids = fields.List(fields.String(), required=True, validate=some)


class ClearAssignationSchema(TaskIdsSchema):
    """Which tasks, and whom to take off them; nobody named means everybody."""

    person_id = fields.String(load_default=None, allow_none=True)


class PrioritySchema(TaskIdsSchema):
    """Which tasks, and their priority."""

    priority = Whole(required=True, validate=validate.Range(min=0))


class TaskTypeIdsSchema(Schema):
    """Which task types; none means all that fit."""

    task_type_ids = fields.List(fields.String(), load_default=list)
