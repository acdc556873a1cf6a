"""Bodies and query strings that the routes of planning read."""

from marshmallow import Schema, fields, validate


class DurationSchema(Schema):
    """Minutes of work."""

    duration = fields.Float(required=True, validate=validate.Range(min=0, min_inclusive=False))
