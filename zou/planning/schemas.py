"""Payloads of planning."""

from zou.planning.models import Milestone
from zou.platform.db.payload import RowSchema


class MilestoneSchema(RowSchema):
    """A date that matters to a production."""

    class Meta(RowSchema.Meta):
        model = Milestone
