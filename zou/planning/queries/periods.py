"""Periods that a path names: years, months, ISO weeks, days. Rules: contract/rules/time-and-timesheets.md §2."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from zou.platform.errors import Invalid

BAD_DATE, BAD_PERIOD = "Invalid date format.", "Invalid month or year."
NUMBER = re.compile(r"[0-9]{1,4}")


def year(year, message=BAD_PERIOD):
    """(first day, day after the last one) of a calendar year. Raises Invalid."""
    return days(message, lambda y: (dt.date(y, 1, 1), dt.date(y + 1, 1, 1)), year)


def iso_year(year, message=BAD_PERIOD):
    """(first Monday, day after the last Sunday) of the year as ISO 8601 counts it. Raises Invalid."""
    return days(message, lambda y: (dt.date.fromisocalendar(y, 1, 1), dt.date.fromisocalendar(y + 1, 1, 1)), year)


def inside(bounds):
    """The first and the last day of a period that is given by its first day and the day after it."""
    start, end = bounds
    return start, end - dt.timedelta(days=1)


def month(year, month, message=BAD_PERIOD):
    """(first day, day after the last one) of a calendar month. Raises Invalid."""
    return days(message, lambda y, m: (dt.date(y, m, 1), dt.date(y + m // 12, m % 12 + 1, 1)), year, month)


def week(year, week, message=BAD_PERIOD):
    """(Monday, next Monday) of an ISO week. Raises Invalid."""

    def bounds(y, w):
        monday = dt.date.fromisocalendar(y, w, 1)
        return monday, monday + dt.timedelta(days=7)

    return days(message, bounds, year, week)


def day(year, month, day, message=BAD_PERIOD):
    """(the day, the next one). Raises Invalid."""

    def bounds(*parts):
        first = dt.date(*parts)
        return first, first + dt.timedelta(days=1)

    return days(message, bounds, year, month, day)


def date(text, message=BAD_DATE):
    """The day that a text `YYYY-MM-DD` names. Raises Invalid."""
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise Invalid(message) from None


def days(message, bounds, *parts):
    """What `bounds` makes of numbers given as text. Raises Invalid with this message."""
    if not all(NUMBER.fullmatch(part) for part in parts):
        raise Invalid(message)
    try:
        return bounds(*map(int, parts))
    except (ValueError, OverflowError):
        raise Invalid(message) from None


def in_utc(day, timezone):
    """The moment, UTC and without zone, at which a day begins in a time zone."""
    return dt.datetime.combine(day, dt.time(), ZoneInfo(timezone)).astimezone(dt.UTC).replace(tzinfo=None)
