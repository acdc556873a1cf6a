"""Variants of the schedule of a production. Rules: contract/rules/crud.md §6.5, schedule-and-budget.md §3."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from zou.planning.models import ProductionScheduleVersion, ProductionScheduleVersionTaskLink
from zou.planning.models import production_schedule_version_task_link_person_link as assignment
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.db.types import utcnow
from zou.platform.errors import Invalid, NotFound
from zou.platform.rows import Rows
from zou.productions.models import Project
from zou.tasks.models import Task, task_person_link

NOT_LOADED = {"synchronize_session": False}
DATES = ("start_date", "due_date", "estimation")
link = ProductionScheduleVersionTaskLink


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


def source_of(tx, version, id):
    """The variant that another one is to be made from. Raises NotFound, and Invalid for itself or one of another production."""
    source = tx.get(ProductionScheduleVersion, id) if is_uuid(id) else None
    if source is None:
        raise NotFound()
    if source.project_id != version.project_id:
        raise Invalid("Production schedule versions must belong to the same project.")
    if source.id == version.id:
        raise Invalid("A production schedule version cannot be copied onto itself.")
    return source


def copy_production(tx, version):
    """Take over the dates and estimations of the tasks of a production; returns how many.

    All assignees of the variant are replaced by those that the tasks have now.
    """
    tasks = sa.select(Task.id.label("task_id"), Task.start_date, Task.due_date, Task.estimation).where(
        Task.project_id == version.project_id
    )
    count = copy_dates(tx, version, tasks)
    own = sa.select(link.id).where(link.production_schedule_version_id == version.id)
    tx.execute(sa.delete(assignment).where(assignment.c.production_schedule_version_task_link_id.in_(own)))
    people = sa.select(link.id, task_person_link.c.person_id).join(task_person_link, task_person_link.c.task_id == link.task_id)
    copy_people(tx, people.where(link.production_schedule_version_id == version.id))
    return count


def copy_version(tx, version, source):
    """Take over the dates, estimations and assignees of the tasks of another variant; returns how many. Other tasks keep theirs.

    Emits production_schedule_version:update.
    """
    other = sa.orm.aliased(link)
    tasks = sa.select(other.task_id, other.start_date, other.due_date, other.estimation)
    count = copy_dates(tx, version, tasks.where(other.production_schedule_version_id == source.id))
    pairs = sa.and_(
        link.production_schedule_version_id == version.id,
        other.production_schedule_version_id == source.id,
        other.task_id == link.task_id,
    )
    copied = sa.select(link.id).join(other, pairs)
    tx.execute(sa.delete(assignment).where(assignment.c.production_schedule_version_task_link_id.in_(copied)))
    theirs = assignment.c.production_schedule_version_task_link_id == other.id
    copy_people(tx, sa.select(link.id, assignment.c.person_id).join(other, pairs).join(assignment, theirs))
    version.production_schedule_from = source.id
    tx.flush()
    tell(tx, version)
    return count


def copy_dates(tx, version, tasks):
    """Write the links of a variant in one statement; returns how many. `tasks`: select of (task_id, start_date, due_date, estimation)."""
    found, now = tasks.subquery("found"), utcnow()
    values = {
        "id": sa.func.gen_random_uuid(),
        "created_at": sa.literal(now),
        "updated_at": sa.literal(now),
        "production_schedule_version_id": sa.literal(version.id, sa.Uuid),
        "task_id": found.c.task_id,
        **{key: found.c[key] for key in DATES},
    }
    statement = insert(link).from_select(list(values), sa.select(*values.values()), include_defaults=False)
    changes = {"updated_at": now, **{key: statement.excluded[key] for key in DATES}}
    written = statement.on_conflict_do_update(index_elements=["production_schedule_version_id", "task_id"], set_=changes)
    return len(tx.scalars(written.returning(link.id), execution_options=NOT_LOADED).all())


def copy_people(tx, people):
    """Assign people in a variant. `people`: select of (link id, person id)."""
    keys = ["production_schedule_version_task_link_id", "person_id"]
    tx.execute(insert(assignment).from_select(keys, people))


def apply(tx, version):
    """Give the tasks of a production the dates and estimations of a variant of its schedule, nulls too; returns how many.

    Assignees stay. The variant is locked, for information, and the production remembers it. Emits task:update for each task,
    production_schedule_version:update and project:update. `version`: locked.
    """
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
    tell(tx, version)
    follower = sa.update(Project).where(Project.id == version.project_id).values(from_schedule_version_id=version.id)
    tx.execute(follower, execution_options=NOT_LOADED)
    events.emit(tx, "project:update", project_id=version.project_id)
    return len(ids)


def tell(tx, version):
    """Emit production_schedule_version:update, the name that the actions on variants use."""
    events.emit(tx, "production_schedule_version:update", {"production_schedule_version_id": version.id}, project_id=version.project_id)
