"""Query strings that the logs of the studio read."""

import re

from marshmallow import Schema, fields

from zou.platform.errors import Invalid
from zou.platform.http.fields import Id, Moment, Whole
from zou.platform.http.shapes import FLAG, ID, TEXT, WHOLE, many

EVENT_FILTERS = {
    **dict.fromkeys(("after", "before", "name"), TEXT), **dict.fromkeys(("name_prefixes", "name_suffixes"), many(TEXT)),
    **dict.fromkeys(("cursor_event_id", "project_id"), ID), "person_ids": many(ID), "limit": WHOLE, "only_files": FLAG,
}  # fmt: skip
"""What the log of events is narrowed by, where a production is judged before the others are read."""


class NamePart(fields.String):
    """A part of the names of events: lower-case letters, digits and dashes."""

    def _deserialize(self, value, attr, data, **kwargs):
        if not re.fullmatch(r"[a-z0-9-]+", value):
            raise Invalid(f"The {self.parent.name} parameter contains an invalid value")
        return value


class LogSchema(Schema):
    """Which entries of a log."""

    limit = Whole(load_default=100)
    after = Moment()
    before = Moment()
    person_ids = fields.List(Id("The person_ids parameter contains an invalid id"))


class LoginsSchema(LogSchema):
    """Which sign-ins."""

    cursor_login_log_id = Id("The cursor_login_log_id parameter is not a valid id")


class EventsSchema(LogSchema):
    """Which events. `only_files`: exactly `true` keeps those of files that arrived."""

    cursor_event_id = Id("The cursor_event_id parameter is not a valid id")
    project_id = Id("The project_id parameter is not a valid id")
    name = fields.String()
    name_prefixes = fields.List(NamePart())
    name_suffixes = fields.List(NamePart())
    only_files = fields.String()
