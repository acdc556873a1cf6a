"""Column types whose values are checked when they are written."""

from datetime import UTC, datetime
from zoneinfo import available_timezones

from babel import Locale as BabelLocale
from babel import UnknownLocaleError
from sqlalchemy import String
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator

from zou.platform.errors import Invalid

TIMEZONES = frozenset(available_timezones())


class InvalidValue(Invalid, DontWrapMixin):
    """The value cannot be stored in its column."""


def utcnow():
    """Now in UTC, without zone: what every timestamp column holds."""
    return datetime.now(UTC).replace(tzinfo=None)


class Choice(TypeDecorator):
    """A code out of a fixed set, stored as text. `codes`: the codes, or a dict from code to label."""

    impl = String
    cache_ok = True

    def __init__(self, codes, length=255):
        super().__init__(length)
        self.codes = tuple(codes)
        self.length = length

    def process_bind_param(self, value, dialect):
        if value is not None and value not in self.codes:
            raise InvalidValue(f"{value!r} is not one of {', '.join(self.codes)}.")
        return value


class Email(TypeDecorator):
    """An e-mail address, stored and compared in lower case."""

    impl = String
    cache_ok = True

    def __init__(self, length=255):
        super().__init__(length)

    def process_bind_param(self, value, dialect):
        return value if value is None else value.lower()


class Timezone(TypeDecorator):
    """The name of a time zone, such as Europe/Paris."""

    impl = String
    cache_ok = True

    def __init__(self, length=50):
        super().__init__(length)

    def process_bind_param(self, value, dialect):
        value = None if value is None else str(value)
        if value is not None and value not in TIMEZONES:
            raise InvalidValue(f"{value!r} is not a known time zone.")
        return value


class Locale(TypeDecorator):
    """The name of a locale, such as fr_FR."""

    impl = String
    cache_ok = True

    def __init__(self, length=10):
        super().__init__(length)

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        value = str(value)
        try:
            BabelLocale.parse(value)
        except (UnknownLocaleError, ValueError) as error:
            raise InvalidValue(f"{value!r} is not a known locale.") from error
        return value
