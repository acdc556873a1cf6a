"""Fields of bodies and queries that read values as the contract's server does."""

from datetime import datetime, timedelta

from marshmallow import fields

from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid


class Whole(fields.Integer):
    """A whole number; true and false count as 1 and 0, texts as the number they spell, fractions are refused."""

    def _deserialize(self, value, attr, data, **kwargs):
        if isinstance(value, float) and not value.is_integer():
            raise self.make_error("invalid")
        return super()._deserialize(int(value) if isinstance(value, bool) else value, attr, data, **kwargs)


class Real(fields.Float):
    """A number; true and false count as 1 and 0, texts as the number they spell."""

    def _deserialize(self, value, attr, data, **kwargs):
        return super()._deserialize(int(value) if isinstance(value, bool) else value, attr, data, **kwargs)


class Moment(fields.Field):
    """A moment as `YYYY-MM-DDTHH:MM:SS` or a day as `YYYY-MM-DD`, in UTC and without zone.

    `lasting`: a day means its last moment. `refusal`: Invalid where the contract's server answers no details, else ValidationError.
    """

    FORMS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d")
    MESSAGE = "Wrong date format for before argument.Expected format: 2020-01-05T13:23:10 or 2020-01-05"

    def __init__(self, lasting=False, refusal=Invalid, **kwargs):
        super().__init__(**kwargs)
        self.lasting, self.refusal = lasting, refusal

    def _deserialize(self, value, attr, data, **kwargs):
        for form in self.FORMS:
            try:
                moment = datetime.strptime(value, form)
            except (TypeError, ValueError):
                continue
            return moment + timedelta(days=1, microseconds=-1) if self.lasting and "T" not in form else moment
        raise self.refusal(self.MESSAGE)


class Id(fields.Field):
    """A UUID, in lower case. `message`: what is said of anything else."""

    def __init__(self, message="Wrong UUID format.", **kwargs):
        super().__init__(**kwargs)
        self.message = message

    def _deserialize(self, value, attr, data, **kwargs):
        if not is_uuid(value):
            raise Invalid(self.message.format(value=value))
        return value.lower()
