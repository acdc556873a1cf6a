"""Files of estimations and dates of tasks. Rules: contract/rules/imports.md §6."""

import datetime as dt
import math

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou.comments.services.bulk import lock_tasks
from zou.entities.models import Entity, EntityType
from zou.entities.queries.kinds import is_kind
from zou.exchange.services.cells import CustomColumns, Persons, integer
from zou.exchange.services.names import NameIndex
from zou.people.models import Organisation
from zou.platform import events
from zou.platform.db.types import utcnow
from zou.tasks.models import Task

EVERY = ("main", "all")
EASIEST, HARDEST = 1, 5
WRITTEN = ("estimation", "nb_drawings", "start_date", "due_date", "difficulty", "data")
MOST_MINUTES = 10**9  # nobody estimates two thousand years
parent = aliased(Entity)


def run(tx, project, task_type, episode_id, sheet):
    """Import what a file says of the tasks of one type; returns nothing for each line. Raises Invalid, and has written nothing then."""
    sheet.require("Parent", "Entity")
    if not sheet.lines:
        return []
    custom = CustomColumns(tx, project, "Task", set(sheet.headers), task_type.id)
    persons = Persons(tx, {name for line in sheet.lines for name in custom.names(line)})
    day = Day(tx)
    found = tasks_by_name(tx, project, task_type, None if episode_id in EVERY else episode_id)
    ids = sheet.judged(lambda line: task_of(line, found, task_type))
    sheet.settle()
    tasks = lock_tasks(tx, set(ids))
    for line, id in zip(sheet.lines, ids, strict=True):
        task = tasks[id]
        for name, value in read(line, day).items():
            setattr(task, name, value)
        data = custom.read(line, persons, task.data or {})
        filled = {key: value for key, value in data.items() if value != ""}
        if filled:
            task.data = {**(task.data or {}), **filled}
    sheet.settle()
    now = utcnow()
    tx.execute(sa.update(Task), [{"id": id, "updated_at": now, **{n: getattr(task, n) for n in WRITTEN}} for id, task in tasks.items()])
    for id in ids:
        events.emit(tx, "task:update", {"task_id": id}, project_id=project.id)
    return [None] * len(ids)


def tasks_by_name(tx, project, task_type, episode_id):
    """(id of the task or None,) of assets or shots by (parent, entity), narrowed to an episode."""
    of_shots = task_type.for_entity == "Shot"
    if task_type.for_entity not in ("Shot", "Asset", None):
        return NameIndex()
    group = parent.name if of_shots else EntityType.name
    rows = (
        sa.select(sa.func.coalesce(group, ""), Entity.name, Task.id)
        .select_from(Entity)
        .join(EntityType, EntityType.id == Entity.entity_type_id)
        .outerjoin(parent, parent.id == Entity.parent_id)
        .outerjoin(Task, sa.and_(Task.entity_id == Entity.id, Task.task_type_id == task_type.id))
        .where(Entity.project_id == project.id, is_kind("Shot" if of_shots else "Asset"))
        .order_by(Entity.canceled.is_(True), Task.id.is_(None), (Task.name == "main").desc(), Entity.created_at, Entity.id)
    )
    if episode_id is not None:
        rows = rows.where((parent.parent_id if of_shots else Entity.source_id) == episode_id)
    found = NameIndex()
    for group_name, name, id in tx.execute(rows):
        found.enter((group_name, name), (id,))
    return found


def task_of(line, found, task_type):
    """The id of the task that a line is about."""
    group, name = line.text("Parent"), line.text("Entity")
    match = found.find((group, name))
    if match is None:
        line.wrong("Entity", f"Entity '{name[:80]}' with parent '{group[:80]}' not found")
        return None
    if match[0] is None:
        line.wrong("Entity", f"Entity '{name[:80]}' with parent '{group[:80]}' has no task {task_type.name}")
    return match[0]


class Day:
    """How long the studio's day is, and whether it counts in hours."""

    def __init__(self, tx):
        organisation = tx.scalar(sa.select(Organisation).limit(1))
        self.minutes = (organisation.hours_by_day if organisation else 8) * 60
        self.in_hours = bool(organisation and organisation.format_duration_in_hours)

    def estimation(self, value):
        """Minutes of a number of hours or days, as the studio counts."""
        if not self.in_hours:
            return float(round(value * self.minutes))
        minutes = value * 60
        whole = round(minutes)
        return float(whole) if abs(minutes - whole) < 1e-6 else minutes

    def last(self, start, minutes):
        """The last day of work of that length; Saturdays and Sundays do not count, and a part of a day counts as one."""
        steps = max(math.ceil(minutes / self.minutes - 1), 0) if self.minutes else 0
        if steps == 0:
            return start
        weeks, rest = divmod(steps, 5)
        day = start - dt.timedelta(days=max(start.weekday() - 4, 0)) + dt.timedelta(weeks=weeks)  # from Friday for a weekend
        while rest > 0:
            day += dt.timedelta(days=1)
            rest -= day.weekday() < 5
        return day


def read(line, day):
    """{column of the task: value} of the filled cells of a line."""
    values = {}
    minutes = estimation(line, day)
    start, due = date(line, "Start date"), date(line, "Due date")
    if minutes is not None:
        values["estimation"] = minutes
    if start is not None:
        values["start_date"] = start
        if due is None and minutes is not None:
            due = last_day(line, day, start, minutes)
    if due is not None:
        values["due_date"] = due
    drawings, difficulty = integer(line, "Drawings", "Drawings"), integer(line, "Difficulty", "Difficulty")
    if drawings is not None:
        values["nb_drawings"] = drawings
    if difficulty is not None:
        values["difficulty"] = difficulty
        if not EASIEST <= difficulty <= HARDEST:
            line.wrong("Difficulty", f"A value is invalid: Difficulty must be between {EASIEST} and {HARDEST}, got '{difficulty}'")
    return values


def estimation(line, day):
    """The minutes of the cell, None for an empty one."""
    text = (line.get("Estimation") or "").strip()
    if not text:
        return None
    try:
        minutes = day.estimation(float(text))
    except (ValueError, OverflowError):
        minutes = math.nan
    if not -MOST_MINUTES < minutes < MOST_MINUTES:
        line.wrong("Estimation", f"A value is invalid: Estimation must be a number, got '{text[:80]}'")
        return None
    return minutes


def date(line, header):
    """The day of a cell, `YYYY-MM-DD`, None for an empty one."""
    text = (line.get(header) or "").strip()
    if not text:
        return None
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d")
    except ValueError:
        line.wrong(header, f"A value is invalid: {header} must be a date such as 2026-03-31, got '{text[:80]}'")
        return None


def last_day(line, day, start, minutes):
    """The due date of a task without one."""
    try:
        return day.last(start, minutes)
    except OverflowError:
        line.wrong("Estimation", "A value is invalid: Estimation is beyond the calendar")
        return None
