"""The hours and days off of a person. Rules: contract/rules/user.md §9."""

import sqlalchemy as sa

from zou.planning.models import DayOff, TimeSpent
from zou.planning.schemas import TimeSpentSchema
from zou.platform.db.projection import aggregate, select_list
from zou.platform.errors import Invalid
from zou.tasks.models import Task


def day(tx, *texts, message="Wrong date format."):
    """The days that the database reads in these texts. Raises Invalid."""
    try:
        return tx.execute(sa.select(*[sa.cast(sa.literal(text, sa.Text), sa.Date) for text in texts])).one()
    except (sa.exc.DataError, ValueError):  # ValueError: a year that only the database knows, or a NUL character
        raise Invalid(message) from None


def hours_on(person_id, date):
    """What a person logged on a day."""
    return sa.select(TimeSpent).where(TimeSpent.person_id == person_id, TimeSpent.date == date)


def hours_between(person_id, start, end):
    """Select of one text: what a person logged in a period, with the production and type of each task."""
    columns = [*select_list(TimeSpentSchema, TimeSpent), Task.project_id, Task.task_type_id]
    rows = sa.select(*columns).join(Task, Task.id == TimeSpent.task_id)
    return aggregate(rows.where(TimeSpent.person_id == person_id, TimeSpent.date >= start, TimeSpent.date <= end))


def day_off_on(person_id, date):
    """The day off of a person that covers a day."""
    return (
        sa.select(DayOff).where(DayOff.person_id == person_id, DayOff.date <= date, DayOff.end_date >= date).order_by(DayOff.date).limit(1)
    )
