"""Bodies that the routes of tasks read."""

from marshmallow import Schema, fields, validate

from zou.platform.http.fields import Whole
from zou.platform.http.shapes import ID, MOMENT, TEXT, WHOLE

FILTERS = {
    **dict.fromkeys(("project_id", "task_type_id", "task_status_id", "studio_id", "department_id"), ID),
    **dict.fromkeys(("start_date", "due_date"), MOMENT), "person_id": TEXT, "priority": WHOLE,
}  # fmt: skip
"""What lists of open tasks are narrowed by; `person_id`: ids separated by commas, or `unassigned`."""

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
