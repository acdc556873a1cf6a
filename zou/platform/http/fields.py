"""Fields of bodies and queries that read values as the contract's server does."""

from marshmallow import fields


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
