"""Payloads of planning. Keys: contract/rules/serialisation.md §1.1."""

from zou.planning.models import (
    Budget,
    BudgetEntry,
    DayOff,
    HardwareItem,
    HardwareItemDepartmentLink,
    Milestone,
    ProductionScheduleVersion,
    ProductionScheduleVersionTaskLink,
    SalaryScale,
    ScheduleItem,
    TimeSpent,
)
from zou.platform.db.payload import RelatedIds, RowSchema


class MilestoneSchema(RowSchema):
    """A date that matters to a production."""

    class Meta(RowSchema.Meta):
        model = Milestone


class ScheduleItemSchema(RowSchema):
    """A bar of a schedule."""

    class Meta(RowSchema.Meta):
        model = ScheduleItem


class DayOffSchema(RowSchema):
    """Days on which a person does not work."""

    class Meta(RowSchema.Meta):
        model = DayOff


class DayOffDatesSchema(RowSchema):
    """Days off as supervisors see them: without the reason."""

    class Meta(RowSchema.Meta):
        model = DayOff
        exclude = ("description",)


class TimeSpentSchema(RowSchema):
    """Minutes that a person worked on a task on a day."""

    class Meta(RowSchema.Meta):
        model = TimeSpent


class BudgetSchema(RowSchema):
    """A revision of a production's budget."""

    class Meta(RowSchema.Meta):
        model = Budget


class BudgetEntrySchema(RowSchema):
    """A position of a budget."""

    class Meta(RowSchema.Meta):
        model = BudgetEntry


class SalaryScaleSchema(RowSchema):
    """What a position costs in a department, per day."""

    class Meta(RowSchema.Meta):
        model = SalaryScale


class HardwareItemSchema(RowSchema):
    """A kind of machine."""

    class Meta(RowSchema.Meta):
        model = HardwareItem


class HardwareItemDepartmentLinkSchema(RowSchema):
    """A kind of machine that a department uses."""

    class Meta(RowSchema.Meta):
        model = HardwareItemDepartmentLink


class ScheduleVersionSchema(RowSchema):
    """A variant of a production's schedule."""

    class Meta(RowSchema.Meta):
        model = ProductionScheduleVersion


class ScheduleVersionTaskLinkSchema(RowSchema):
    """The dates of a task in a variant of the schedule."""

    class Meta(RowSchema.Meta):
        model = ProductionScheduleVersionTaskLink

    assignees = RelatedIds()
