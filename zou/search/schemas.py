"""What a search asks."""

from marshmallow import Schema, fields, validate

from zou.platform.http.fields import Whole

INDEXES = ("assets", "shots", "persons")
MOST = 2**31 - 1


class SearchSchema(Schema):
    """A query, in which production and which indexes, and which of the results."""

    query = fields.String(required=True)
    project_id = fields.UUID(load_default=None, allow_none=True)
    limit = Whole(load_default=3, validate=validate.Range(min=1, max=MOST))
    offset = Whole(load_default=0, validate=validate.Range(min=0, max=MOST))
    index_names = fields.List(fields.String(), load_default=list(INDEXES))
