"""Bodies and query strings that the routes of planning read."""

from marshmallow import Schema, fields, validate

from zou.platform.http.fields import Real, Whole

some = validate.Length(min=1)


class DurationSchema(Schema):
    """Minutes of work."""

    duration = Real(required=True, validate=validate.Range(min=0, min_inclusive=False))


class NewBudgetSchema(Schema):
    """A new budget."""

    name = fields.String(required=True, validate=some)
    currency = fields.String(load_default="USD", allow_none=True)


class BudgetChangesSchema(Schema):
    """What to change of a budget; nulls are left out."""

    name = fields.String(load_default=None, allow_none=True)
    currency = fields.String(load_default=None, allow_none=True)


class NewEntrySchema(Schema):
    """A new entry of a budget."""

    department_id = fields.String(required=True, validate=some)
    person_id = fields.String(load_default=None, allow_none=True)
    start_date = fields.String(load_default=None, allow_none=True)
    months_duration = Whole(load_default=None, allow_none=True)
    daily_salary = Real(load_default=None, allow_none=True)
    position = fields.String(load_default=None, allow_none=True)
    seniority = fields.String(load_default=None, allow_none=True)


class WholeEntrySchema(NewEntrySchema):
    """An entry of a budget, whole."""

    department_id = fields.String(load_default=None, allow_none=True)
    exceptions = fields.Dict(keys=fields.String(), load_default=dict, allow_none=True)


class PeriodSchema(Schema):
    """Days, as text that the database reads; a bound that is left out does not count."""

    start_date = fields.String(load_default=None)
    end_date = fields.String(load_default=None)


class EpisodeSchema(Schema):
    """The episode that a list is about; none or an empty text means all."""

    episode_id = fields.String(load_default="")


class TaskLinksQuery(Schema):
    """Which task links of a variant of the schedule."""

    task_type_id = fields.String(load_default="")


class VersionSchema(Schema):
    """A variant of the schedule to copy."""

    production_schedule_version_id = fields.String(required=True, validate=some)
