"""Bodies and query strings that the routes of the inbox read."""

from marshmallow import Schema, fields

from zou.platform.http.fields import Id
from zou.platform.http.shapes import FLAG, ID, MOMENT, WHOLE

FILTERS = {
    **dict.fromkeys(("task_type_id", "task_status_id", "person_id", "episode_id"), ID),
    **dict.fromkeys(("after", "before"), MOMENT), **dict.fromkeys(("page", "limit"), WHOLE), "only_preview": FLAG,
}  # fmt: skip
"""What lists of news are narrowed by."""


class Flag(fields.Field):
    """`true` in any case is true, everything else false."""

    def _deserialize(self, value, attr, data, **kwargs):
        return value.lower() == "true"


class NotificationsSchema(Schema):
    """Which notifications; `after` and `before` in whatever the database reads as a moment."""

    after = fields.String()
    before = fields.String()
    task_type_id = Id("Invalid UUID format for task_type_id: {value}")
    task_status_id = Id("Invalid UUID format for task_status_id: {value}")
    type = fields.String()
    read = Flag()
    watching = Flag()


class ReadSchema(Schema):
    """Whether a notification was read."""

    read = fields.Boolean(required=True)
