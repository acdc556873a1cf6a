"""How many shots, frames and drawings the people of a production finish. Rules: contract/rules/entities.md §10.

A statement yields what each person finished on each day, and arranges it by day, ISO week, month and year.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import aggregate_order_by

from zou.entities.models import Entity
from zou.entities.queries.kinds import is_kind
from zou.people.models import Person
from zou.planning.models import TimeSpent
from zou.planning.queries.quotas import working_days
from zou.platform.db.prepared import prepared
from zou.tasks.models import Task, task_person_link
from zou.tasks.queries.lists import assigned_to

MEASURES = ("frames", "count", "drawings")
SATURDAY = 6
TOTAL = "total"
HUNDRED = sa.literal_column("100::float8", sa.Float)


@dataclass(frozen=True)
class Asked:
    """Whose work is counted: of a production, of a task type, of people of a studio, of one person; None: of any."""

    project_id: object
    timezone: str
    task_type_id: object = None
    studio_id: object = None
    person_id: object = None

    def conditions(self):
        """SQL conditions over `Task`."""
        found = {
            "task_type_id": lambda id: Task.task_type_id == id,
            "studio_id": of_studio,
            "person_id": assigned_to,
        }
        given = {key: getattr(self, key) for key in found}
        return [Task.project_id == self.project_id, *[found[key](id) for key, id in given.items() if id is not None]]


@dataclass(frozen=True)
class Question:
    """Whose work is counted: `conditions` over `Task`; `timezone`: in which a day is meant."""

    mode: str
    timezone: object
    conditions: tuple

    @property
    def is_weighted(self):
        return self.mode.startswith("weighted")

    @property
    def finished(self):
        """The column of `Task` that says when it was finished."""
        return Task.done_date if "done" in self.mode else Task.end_date

    def day(self, moment):
        """SQL: the day of a moment (UTC) in the time zone."""
        return sa.cast(sa.func.timezone(self.timezone, sa.func.timezone("UTC", moment)), sa.Date)

    def of_shots(self, *columns):
        """Select over the finished tasks on shots that the question is about."""
        wanted = (is_kind("Shot"), self.finished.is_not(None), *self.conditions)
        return sa.select(Task.id.label("task_id"), Task.task_type_id, *columns).join(Entity, Entity.id == Task.entity_id).where(*wanted)


FRAMES, DRAWINGS = sa.func.coalesce(Entity.nb_frames, 0), sa.func.coalesce(Task.nb_drawings, 0)


def contributions(question):
    """Select of (task_id, task_type_id, person_id, day, frames, drawings, count): a row for each share of a task.

    Of weighted ones also `by_hours`: whether hours were logged on the task.
    """
    if not question.is_weighted:
        day = question.day(question.finished)
        columns = [task_person_link.c.person_id, day.label("day"), FRAMES.label("frames"), DRAWINGS.label("drawings")]
        return question.of_shots(*columns, sa.literal(1, sa.Float).label("count")).join(
            task_person_link, task_person_link.c.task_id == Task.id
        )
    return by_hours(question).union_all(by_days(question))


def by_hours(question):
    """Shares by the hours logged: each entry counts by its part of the hours of the task, on its day."""
    share = TimeSpent.duration / Task.duration
    columns = [
        TimeSpent.person_id, TimeSpent.date.label("day"), sa.func.round(FRAMES * share).label("frames"),
        sa.func.round(DRAWINGS * share).label("drawings"), share.label("count"), sa.true().label("by_hours"),
    ]  # fmt: skip
    return question.of_shots(*columns).join(TimeSpent, TimeSpent.task_id == Task.id).where(Task.duration > 0)


def by_days(question):
    """Shares of tasks on which nobody logged hours: each weekday from start to end counts the same, for each assignee."""
    start, end = question.day(Task.real_start_date), question.day(question.finished)
    days = sa.func.generate_series(sa.cast(start, sa.DateTime), sa.cast(end, sa.DateTime), sa.text("INTERVAL '1 day'"))
    day = days.table_valued("value").render_derived("each").lateral("each")
    is_weekday = sa.extract("isodow", day.c.value) < SATURDAY
    business = sa.cast(working_days(start, end), sa.Float)
    columns = [
        task_person_link.c.person_id, sa.cast(day.c.value, sa.Date).label("day"), sa.func.round(FRAMES / business).label("frames"),
        sa.cast(DRAWINGS, sa.Float).label("drawings"), (1 / business).label("count"),
        sa.false().label("by_hours"),
    ]  # fmt: skip
    nobody = ~sa.exists().where(TimeSpent.task_id == Task.id)
    statement = question.of_shots(*columns).join(task_person_link, task_person_link.c.task_id == Task.id)
    return statement.join(day, is_weekday).where(nobody, Task.real_start_date.is_not(None))


def of_studio(studio_id):
    """Condition: somebody of a studio is assigned to the task."""
    link = task_person_link
    people = sa.select(link.c.task_id).join(Person, Person.id == link.c.person_id).where(Person.studio_id == studio_id)
    return Task.id.in_(people)


@prepared
def quotas(actor, asked, fps, *, mode, key, as_vendor):
    """Select of one text: {key: {day, week, month, year: {frames, seconds, count, drawings[, entries]}}} and the same for `total`.

    An empty object without work. `asked`: `Asked`; `fps`: frames per second; `key`: person_id or task_type_id; `as_vendor`: of tasks of
    the actor alone. A task counts once in the total of a weighted question, however many people share a day of it.
    """
    mine = [assigned_to(actor.id)] if as_vendor else []
    question = Question(mode, asked.timezone, (*asked.conditions(), *mine))
    share = contributions(question).cte("share").prefix_with("MATERIALIZED")
    own = [share.c.person_id == asked.person_id] if asked.person_id is not None else []
    name = share.c[key]
    days = sa.select(sa.cast(name, sa.Text).label("key"), share.c.day, *sums(share)).where(name.is_not(None), *own)
    days = days.group_by(name, share.c.day)
    everything = days.union_all(total(question, share, own)).cte("days")
    whole = arranged(everything, fps)
    found = sa.exists().where(everything.c.key != TOTAL)
    return sa.select(sa.cast(sa.case((found, whole), else_=sa.text("'{}'::json")), sa.Text))


def sums(table):
    """The labelled sums of a table's measures."""
    return [sa.func.coalesce(sa.func.sum(sa.cast(table.c[name], sa.Float)), 0).label(name) for name in MEASURES]


def exact(number):
    """A sum of shares without the noise of its last digits, which depends on the order of the summands."""
    return sa.cast(sa.func.round(sa.cast(number, sa.Numeric), 9), sa.Float)


def total(question, share, own):
    """Select of the days of all keys together, under the key `total`."""
    work = sa.select(share).where(*own)
    if question.is_weighted:
        alone = sa.func.count().over(partition_by=(share.c.task_id, share.c.day))
        parts = [sa.case((share.c.by_hours, share.c[name]), else_=share.c[name] / alone).label(name) for name in MEASURES]
        work = sa.select(share.c.day, *parts).where(*own)
    work = work.subquery("work")
    return sa.select(sa.literal(TOTAL, sa.Text).label("key"), work.c.day, *sums(work)).group_by(work.c.day)


def arranged(days, fps):
    """Scalar subquery: the JSON object of days of keys, by day, ISO week, month and year.

    `entries` counts the days, weeks and months with work by the month, year and year around them.
    """
    day, month, year = (sa.func.to_char(days.c.day, form) for form in ("YYYY-MM-DD", "YYYY-MM", "FMYYYY"))
    week_year, week = (sa.cast(sa.extract(part, days.c.day), sa.Text) for part in ("isoyear", "week"))
    rows = (("day", day, month), ("week", week_year + "-" + week, week_year), ("month", month, year), ("year", year, sa.null()))
    arrays = [sa.cast(postgresql.array(cells), postgresql.ARRAY(sa.Text)) for cells in zip(*rows, strict=True)]
    periods = sa.func.unnest(*arrays).table_valued("period", "at", "around").render_derived("p").lateral("p")
    parts = sa.select(days.c.key, periods.c.period, periods.c.at, periods.c.around, sa.func.min(days.c.day).label("first"), *sums(days))
    parts = parts.select_from(days).join(periods, sa.true()).group_by(days.c.key, periods.c.period, periods.c.at, periods.c.around)
    parts = parts.cte("parts")
    counted = sa.select(parts.c.key, parts.c.period, parts.c.around, sa.func.count().label("number")).where(parts.c.around.is_not(None))
    counted = counted.group_by(parts.c.key, parts.c.period, parts.c.around).subquery("counted")
    entries = sa.select(counted.c.key, counted.c.period, sa.func.json_object_agg(counted.c.around, counted.c.number).label("entries"))
    entries = entries.group_by(counted.c.key, counted.c.period).subquery("entries")
    values = {
        "frames": parts.c.frames, "seconds": parts.c.frames / fps, "drawings": parts.c.drawings,
        # Halves go to the even neighbour, as in the number that clients know.
        "count": sa.func.round(exact(parts.c["count"]) * HUNDRED) / HUNDRED,
    }  # fmt: skip
    made = {name: sa.func.json_object_agg(parts.c.at, aggregate_order_by(value, parts.c.first)) for name, value in values.items()}
    grouped = sa.select(parts.c.key, parts.c.period, *[value.label(name) for name, value in made.items()])
    grouped = grouped.group_by(parts.c.key, parts.c.period).subquery("grouped")
    pairs = [item for name in made for item in (name, grouped.c[name])]
    plain, full = sa.func.json_build_object(*pairs), sa.func.json_build_object(*pairs, "entries", entries.c.entries)
    of_period = sa.case((entries.c.key.is_(None), plain), else_=full)
    same = sa.and_(entries.c.key == grouped.c.key, entries.c.period == grouped.c.period)
    by_key = sa.select(grouped.c.key, sa.func.json_object_agg(grouped.c.period, of_period).label("periods"))
    by_key = by_key.select_from(grouped).outerjoin(entries, same).group_by(grouped.c.key).subquery("by_key")
    return sa.select(sa.func.json_object_agg(by_key.c.key, by_key.c.periods)).scalar_subquery()
