"""Schedules: bars of a production and variants of its dates. Rules: contract/rules/crud.md §6.5, schedule-and-budget.md."""

import sqlalchemy as sa

from zou.planning.models import ProductionScheduleVersion, ProductionScheduleVersionTaskLink, ScheduleItem
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.db.types import utcnow
from zou.platform.errors import Invalid, NotFound
from zou.platform.rows import Rows
from zou.productions.models import Project
from zou.tasks.models import Task

KEY = ("project_id", "task_type_id", "object_id")
NOT_LOADED = {"synchronize_session": False}


class ScheduleItemRows(Rows):
    """Bars: one for a task type, and one for each object of it."""

    def check_new(self, tx, actor, values):
        """Refuse a second bar of the same thing. The table's own constraint does not see it when a key is null."""
        key = [values.get(name) for name in KEY]
        if all(value is None or is_uuid(value) for value in key):
            same = [getattr(ScheduleItem, name).is_not_distinct_from(value) for name, value in zip(KEY, key, strict=True)]
            lock_project(tx, values.get("project_id"))
            if tx.scalar(sa.select(sa.exists().where(*same))):
                raise Invalid("A similar schedule item already exists")

    def check_change(self, tx, actor, row, values):
        """Clients send the days of work as text when they did not change; such text is left out."""
        if isinstance(values.get("man_days"), str):
            del values["man_days"]


def lock_project(tx, project_id):
    """Let bars of one production be added one after the other, so that two requests cannot add the same one."""
    if project_id is not None:
        tx.execute(sa.select(Project.id).where(Project.id == project_id).with_for_update(key_share=True))


class ScheduleVersionRows(Rows):
    """Variants of a production's schedule."""

    def check_remove(self, tx, actor, row, force):
        """Detach what was derived from the variant, and the productions that follow it."""
        derived = sa.update(ProductionScheduleVersion).where(ProductionScheduleVersion.production_schedule_from == row.id)
        tx.execute(derived.values(production_schedule_from=None), execution_options=NOT_LOADED)
        followers = sa.update(Project).where(Project.from_schedule_version_id == row.id).values(from_schedule_version_id=None)
        for project_id in tx.scalars(followers.returning(Project.id), execution_options=NOT_LOADED).all():
            events.emit(tx, "project:update", {}, project_id=project_id)


class ScheduleVersionTaskLinkRows(Rows):
    """Dates of tasks in variants of the schedule."""

    protected = frozenset({"task_id", "production_schedule_version_id"})

    def check_new(self, tx, actor, values):
        """The task and the variant belong to the same production. Raises NotFound for a task that is not there."""
        version, task = values.get("production_schedule_version_id"), values.get("task_id")
        if not is_uuid(version) or not is_uuid(task):
            return  # refused when the values are read
        projects = sa.select(
            sa.select(ProductionScheduleVersion.project_id).where(ProductionScheduleVersion.id == version).scalar_subquery(),
            sa.select(Task.project_id).where(Task.id == task).scalar_subquery(),
        )
        of_version, of_task = tx.execute(projects).one()
        if of_task is None:
            raise NotFound()
        if of_version != of_task:
            raise Invalid("The task and the production schedule version must be in the same project.")


def apply(tx, version):
    """Give the tasks of a production the dates and estimations of a variant of its schedule, nulls too; returns how many.

    Assignees stay. The variant is locked, for information, and the production remembers it. Emits task:update for each task,
    production_schedule_version:update and project:update. `version`: locked.
    """
    link = ProductionScheduleVersionTaskLink
    planned = sa.select(link.task_id).where(link.production_schedule_version_id == version.id)
    tx.execute(sa.select(Task.id).where(Task.id.in_(planned)).order_by(Task.id).with_for_update(key_share=True))
    moved = (
        sa.update(Task)
        .where(Task.id == link.task_id, link.production_schedule_version_id == version.id)
        .values(start_date=link.start_date, due_date=link.due_date, estimation=link.estimation, updated_at=utcnow())
        .returning(Task.id)
    )
    ids = tx.scalars(moved, execution_options=NOT_LOADED).all()
    for id in ids:
        events.emit(tx, "task:update", {"task_id": id}, project_id=version.project_id)
    version.locked = True
    tx.flush()
    tell_version(tx, version)
    follower = sa.update(Project).where(Project.id == version.project_id).values(from_schedule_version_id=version.id)
    tx.execute(follower, execution_options=NOT_LOADED)
    events.emit(tx, "project:update", project_id=version.project_id)
    return len(ids)


def tell_version(tx, version):
    """Emit production_schedule_version:update, the name that the actions on variants use."""
    events.emit(tx, "production_schedule_version:update", {"production_schedule_version_id": version.id}, project_id=version.project_id)
