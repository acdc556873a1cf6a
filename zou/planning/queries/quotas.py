"""The shots that a person worked off in a period, each with its share. Rules: contract/rules/time-and-timesheets.md §5.2.

Weighted by hours: a shot counts by the part of its task's hours that the person logged in the period. Shots on whose task nobody
logged anything count by the part of its working days that fall into the period.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from zou.entities.models import Entity
from zou.entities.queries.criteria import Viewer, columns_seen, of_my_projects
from zou.entities.queries.kinds import is_kind
from zou.entities.queries.naming import full_name
from zou.entities.schemas import PlainEntitySchema
from zou.planning.models import TimeSpent
from zou.planning.queries import periods
from zou.platform.db.projection import aggregate
from zou.tasks.models import Task, task_person_link

WORKING_DAYS_A_WEEK = 5


@dataclass(frozen=True)
class Quota:
    """What is asked: a period in days, the time zone in which it is meant, the mode, further conditions over `Task`."""

    start: object
    end: object  # the day after the last one
    timezone: str
    mode: str
    conditions: tuple = ()

    @property
    def is_weighted(self):
        return self.mode.startswith("weighted")

    @property
    def date(self):
        """The column of `Task` that says when it was finished."""
        return Task.done_date if self.mode.endswith("done") else Task.end_date

    @property
    def bounds(self):
        """(start, end) as moments in UTC."""
        return periods.in_utc(self.start, self.timezone), periods.in_utc(self.end, self.timezone)


def shots(person_id, quota, actor):
    """Select of one text: the shots with `full_name` and `weight`, by name, of productions that the actor is in."""
    weights = by_hours(person_id, quota).union_all(by_days(person_id, quota)) if quota.is_weighted else by_date(person_id, quota)
    weights = weights.subquery("weights")
    summed = sa.select(weights.c.entity_id, sa.func.sum(weights.c.weight).label("weight")).group_by(weights.c.entity_id).subquery("summed")
    name = full_name(Entity)
    weight = sa.cast(summed.c.weight, sa.Float).label("weight")
    rows = sa.select(*columns_seen(PlainEntitySchema, Viewer(actor), "Shot"), name.label("full_name"), weight).join(
        summed, summed.c.entity_id == Entity.id
    )
    return aggregate(rows.where(*of_my_projects(actor)).order_by(name))


def shot_tasks(columns, quota):
    """Select of tasks on shots that the question is about."""
    return sa.select(*columns).join(Entity, Entity.id == Task.entity_id).where(is_kind("Shot"), *quota.conditions)


def assigned(person_id):
    """Condition: the person is assigned to the task."""
    return Task.id.in_(sa.select(task_person_link.c.task_id).where(task_person_link.c.person_id == person_id))


def by_hours(person_id, quota):
    """(entity_id, weight) for each entry of hours in the period; a task whose hours are not counted yet has no shares."""
    share = hundredths(TimeSpent.duration / sa.func.nullif(Task.duration, 0))
    logged = (TimeSpent.person_id == person_id, TimeSpent.date >= quota.start, TimeSpent.date < quota.end)
    statement = shot_tasks([Task.entity_id, share.label("weight")], quota).join(TimeSpent, TimeSpent.task_id == Task.id)
    return statement.where(*logged, Task.duration > 0)


def by_days(person_id, quota):
    """(entity_id, weight) of assigned tasks without hours that were under way in the period."""
    start, end = quota.bounds
    first, last = sa.func.greatest(Task.real_start_date, start), sa.func.least(quota.date, end)
    inside = hundredths(sa.cast(working_days(first, last), sa.Numeric) / working_days(Task.real_start_date, quota.date))
    covered = sa.and_(Task.real_start_date <= start, quota.date >= end)
    weight = sa.case((covered, sa.cast(1, sa.Numeric)), else_=inside)
    nobody = ~sa.exists().where(TimeSpent.task_id == Task.id)
    under_way = (Task.real_start_date < end, quota.date >= start, Task.real_start_date <= quota.date)
    return shot_tasks([Task.entity_id, weight.label("weight")], quota).where(assigned(person_id), nobody, *under_way)


def by_date(person_id, quota):
    """(entity_id, weight) of assigned tasks that were finished in the period; each counts whole."""
    start, end = quota.bounds
    statement = shot_tasks([Task.entity_id, sa.cast(1, sa.Numeric).label("weight")], quota)
    return statement.where(assigned(person_id), quota.date >= start, quota.date < end).distinct()


def hundredths(number):
    """SQL: a number rounded to two places."""
    return sa.func.round(sa.cast(number, sa.Numeric), 2)


def working_days(start, end):
    """SQL: one, and the Mondays to Fridays after the day of `start` up to that of `end`."""
    return 1 + weekdays_until(end) - weekdays_until(start)


def weekdays_until(moment):
    """SQL: how many Mondays to Fridays there were since a Monday long ago, the day of the moment included."""
    days = sa.cast(moment, sa.Date) - sa.cast(sa.literal("1900-01-01", sa.Text), sa.Date)
    return days // 7 * WORKING_DAYS_A_WEEK + sa.func.least(days % 7 + 1, WORKING_DAYS_A_WEEK)
