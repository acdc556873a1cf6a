"""What is sent and answered."""

from marshmallow import Schema, fields, validate

from zou.platform.db.payload import RowSchema

from .models import Kudo


class KudoSchema(RowSchema):
    """Thanks, all columns."""

    class Meta(RowSchema.Meta):
        model = Kudo


class NewKudoSchema(Schema):
    """Thanks to be given."""

    text = fields.String(required=True, validate=validate.Length(min=1, max=400))
