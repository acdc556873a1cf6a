"""Hours logged, as statements that yield JSON. Rules: contract/rules/time-and-timesheets.md §2."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from zou.planning.models import TimeSpent
from zou.planning.schemas import TimeSpentSchema
from zou.platform.db.projection import select_list
from zou.tasks.models import Task
from zou.tasks.queries.lists import assigned_to

ROW = sa.literal_column("r")
EMPTY = sa.text("'{}'::jsonb")


def by_person(task_id, date=None):
    """Select of one text: `{"total": minutes, person id: [entries]}` of a task. `date`: text that the database reads as a day."""
    rows = sa.select(*select_list(TimeSpentSchema, TimeSpent)).where(TimeSpent.task_id == task_id).order_by(TimeSpent.date)
    if date is not None:
        rows = rows.where(TimeSpent.date == sa.cast(sa.literal(date, sa.Text), sa.Date))
    entries = rows.subquery("r")
    groups = sa.select(
        entries.c.person_id, sa.func.sum(entries.c.duration).label("total"), sa.func.json_agg(sa.func.row_to_json(ROW)).label("rows")
    ).select_from(entries).where(entries.c.person_id.isnot(None)).group_by(entries.c.person_id).subquery("g")  # fmt: skip
    people = sa.func.coalesce(sa.cast(sa.func.json_object_agg(groups.c.person_id, groups.c.rows), JSONB), EMPTY)
    total = sa.func.jsonb_build_object("total", sa.func.coalesce(sa.func.sum(groups.c.total), 0))
    return sa.select(sa.cast(total.concat(people), sa.Text))


def of_entity(entity_id, person_id=None):
    """Select of the entries on tasks of an entity, latest day first. `person_id`: only on tasks that this person is assigned to."""
    tasks = sa.select(Task.id).where(Task.entity_id == entity_id)
    if person_id is not None:
        tasks = tasks.where(assigned_to(person_id))
    return sa.select(TimeSpent).where(TimeSpent.task_id.in_(tasks)).order_by(TimeSpent.date.desc(), TimeSpent.id)
