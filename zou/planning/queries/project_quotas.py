"""How many shots, frames and drawings the people of a production finish. Rules: contract/rules/entities.md §10.

A statement yields what each person finished on each day; `summed` arranges it by day, ISO week, month and year.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from zou.entities.models import Entity
from zou.entities.queries.kinds import is_kind
from zou.people.models import Person
from zou.planning.models import TimeSpent
from zou.planning.queries.quotas import working_days
from zou.tasks.models import Task, task_person_link

MEASURES = ("frames", "count", "drawings")
SATURDAY = 6


@dataclass(frozen=True)
class Question:
    """Whose work is counted: `conditions` over `Task`; `person_id`: that person's alone; `timezone`: in which a day is meant."""

    mode: str
    timezone: str
    conditions: tuple
    key: object  # column of `contributions` that the answer is keyed by: person_id or task_type_id
    person_id: object = None

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
    """Select of (task_id, task_type_id, person_id, day, frames, drawings, count): a row for each share of a task."""
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
        sa.func.round(DRAWINGS * share).label("drawings"), share.label("count"),
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
    ]  # fmt: skip
    nobody = ~sa.exists().where(TimeSpent.task_id == Task.id)
    statement = question.of_shots(*columns).join(task_person_link, task_person_link.c.task_id == Task.id)
    return statement.join(day, is_weekday).where(nobody, Task.real_start_date.is_not(None))


def of_studio(studio_id):
    """Condition: somebody of a studio is assigned to the task."""
    link = task_person_link
    people = sa.select(link.c.task_id).join(Person, Person.id == link.c.person_id).where(Person.studio_id == studio_id)
    return Task.id.in_(people)


def quotas(tx, question, fps):
    """{key: {day, week, month, year: {frames, seconds, count, drawings[, entries]}}} and the same for `total`; {} without work.

    A task counts once in the total of a weighted question, however many people share a day of it.
    """
    share = contributions(question).subquery("share")
    mine = [share.c.person_id == question.person_id] if question.person_id is not None else []
    sums = [sa.func.sum(sa.cast(share.c[name], sa.Float)).label(name) for name in MEASURES]
    key = share.c[question.key]
    groups = sa.select(key.label("key"), share.c.day, *sums).where(key.is_not(None), *mine).group_by(key, share.c.day)
    found = {}
    for row in tx.execute(groups):
        found.setdefault(str(row.key), []).append(row)
    if not found:
        return {}
    return {**{id: summed(rows, fps) for id, rows in found.items()}, "total": summed(total(tx, question, share, mine), fps)}


def total(tx, question, share, mine):
    """The rows of all keys together."""
    work = sa.select(share).where(*mine)
    if question.is_weighted:
        logged = sa.exists().where(TimeSpent.task_id == share.c.task_id)
        alone = sa.func.count().over(partition_by=(share.c.task_id, share.c.day))
        parts = [sa.case((logged, share.c[name]), else_=share.c[name] / alone).label(name) for name in MEASURES]
        work = sa.select(share.c.day, *parts).where(*mine)
    work = work.subquery("work")
    sums = [sa.func.sum(sa.cast(work.c[name], sa.Float)).label(name) for name in MEASURES]
    return tx.execute(sa.select(work.c.day, *sums).group_by(work.c.day)).all()


def summed(rows, fps):
    """What days add up to, by day, week, month and year."""
    periods = {name: {measure: {} for measure in ("frames", "seconds", "count", "drawings")} for name in ("day", "week", "month", "year")}
    entries = {"day": {}, "week": {}, "month": {}}
    for row in sorted(rows, key=lambda row: row.day):
        for name, key, around in keys_of(row.day):
            if around is not None and key not in periods[name]["frames"]:
                entries[name][around] = entries[name].get(around, 0) + 1
            for measure in MEASURES:
                sums = periods[name][measure]
                sums[key] = sums.get(key, 0) + (getattr(row, measure) or 0)
    for name, period in periods.items():
        period["seconds"] = {key: frames / fps for key, frames in period["frames"].items()}
        period["count"] = {key: whole(round(number, 2)) for key, number in period["count"].items()}
        for measure in ("frames", "drawings"):
            period[measure] = {key: whole(number) for key, number in period[measure].items()}
        if name in entries:
            period["entries"] = entries[name]
    return periods


def keys_of(day):
    """(period, its key, the key of the period around it) of a day."""
    iso = day.isocalendar()
    month = f"{day:%Y-%m}"
    return (
        ("day", day.isoformat(), month), ("week", f"{iso.year}-{iso.week}", str(iso.year)), ("month", month, str(day.year)),
        ("year", str(day.year), None),
    )  # fmt: skip


def whole(number):
    """A number without fraction as a whole one."""
    return int(number) if number == int(number) else number
