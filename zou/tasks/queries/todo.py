"""To-do lists: tasks with all that a list of them shows. Keys: contract/rules/tasks.md §5.3."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import aliased

from zou.entities.models import Entity, EntityLink, EntityType
from zou.entities.queries.criteria import Viewer, masked_data
from zou.entities.queries.kinds import kind_of, type_named
from zou.people.models import Person
from zou.people.rules import table
from zou.productions.models import Project, ProjectPersonLink
from zou.tasks.models import Task, TaskStatus, TaskType
from zou.tasks.queries.views import columns_seen, for_client


class TodoList:
    """The joins of a to-do list as an actor reads it; `rows` selects its rows, conditions may use its aliases."""

    def __init__(self, actor):
        self.actor = actor
        self.parent, self.grandparent, self.source = aliased(Entity), aliased(Entity), aliased(Entity)
        self.is_group = Entity.entity_type_id == type_named("Sequence")

    def places(self):
        """The labelled expressions that say where a task belongs."""
        data = masked_data(kind_of(Entity), Viewer(self.actor))
        return [
            Project.name.label("project_name"), Project.has_avatar.label("project_has_avatar"),
            Entity.name.label("entity_name"), Entity.description.label("entity_description"), data.label("entity_data"),
            text_of(Entity.preview_file_id).label("entity_preview_file_id"), text_of(Entity.source_id).label("entity_source_id"),
            EntityType.name.label("entity_type_name"), Entity.canceled.label("entity_canceled"),
            self.parent.name.label("sequence_name"), text_of(self.episode_id()).label("episode_id"),
            self.episode_name().label("episode_name"),
            TaskType.for_entity.label("task_type_for_entity"),
        ]  # fmt: skip

    def columns(self):
        """The labelled expressions of a row."""
        return [
            *columns_seen(self.actor), *self.places(), for_client(self.actor, Task.estimation, 0).label("task_estimation"),
            for_client(self.actor, Task.duration, 0).label("task_duration"),
            seconds(for_client(self.actor, Task.start_date)).label("task_start_date"),
            seconds(for_client(self.actor, Task.due_date)).label("task_due_date"),
            TaskType.name.label("task_type_name"), TaskType.color.label("task_type_color"), TaskStatus.name.label("task_status_name"),
            TaskStatus.color.label("task_status_color"), TaskStatus.short_name.label("task_status_short_name"),
            last_comment().label("last_comment"),
        ]  # fmt: skip

    def episode_id(self):
        """The episode of the entity: above its sequence, its own parent for a sequence, else its source."""
        return sa.case(
            (self.grandparent.id.is_not(None), self.grandparent.id),
            (sa.and_(self.is_group, Entity.parent_id.is_not(None)), Entity.parent_id),
            else_=Entity.source_id,
        )

    def episode_name(self):
        of_source = sa.case((Entity.source_id.is_(None), sa.null()), else_=sa.func.coalesce(self.source.name, "MP"))
        return sa.case(
            (self.grandparent.id.is_not(None), self.grandparent.name),
            (sa.and_(self.is_group, Entity.parent_id.is_not(None)), self.parent.name),
            else_=of_source,
        )

    def joined(self, statement):
        return (
            statement.select_from(Task)
            .join(Project, Project.id == Task.project_id)
            .join(TaskType, TaskType.id == Task.task_type_id)
            .join(TaskStatus, TaskStatus.id == Task.task_status_id)
            .join(Entity, Entity.id == Task.entity_id)
            .join(EntityType, EntityType.id == Entity.entity_type_id)
            .outerjoin(self.parent, self.parent.id == Entity.parent_id)
            .outerjoin(self.grandparent, self.grandparent.id == self.parent.parent_id)
            .outerjoin(self.source, self.source.id == Entity.source_id)
        )

    def names(self):
        """The order of names."""
        return [Project.name, self.episode_name(), self.parent.name, EntityType.name, Entity.name, TaskType.name]

    def rows(self, conditions, order=()):
        return self.joined(sa.select(*self.columns())).where(*conditions).order_by(*order)


def last_comment():
    """Scalar subquery: the newest comment of the task that no client of the production wrote, or an empty object."""
    comment, author, link = table("comment").alias("last"), Person.__table__.alias("author"), ProjectPersonLink.__table__.alias("place")
    role = sa.func.coalesce(sa.func.nullif(link.c.role, "admin"), author.c.role)
    date = seconds(comment.c.created_at)
    newest = (
        sa.select(sa.func.json_build_object("text", comment.c.text, "date", date, "person_id", comment.c.person_id))
        .outerjoin(author, author.c.id == comment.c.person_id)
        .outerjoin(link, sa.and_(link.c.person_id == author.c.id, link.c.project_id == Task.project_id))
        .where(comment.c.object_id == Task.id, sa.or_(author.c.id.is_(None), author.c.role == "admin", role != "client"))
        .order_by(comment.c.created_at.desc())
        .limit(1)
    )
    return sa.func.coalesce(newest.correlate(Task).scalar_subquery(), sa.text("'{}'::json"))


def with_castings(rows, order):
    """Select of one text: the array of rows in an order, those of what is cast in episodes with `episode_ids` and `episode_names`.

    The castings of all entities are looked up together: an asset is cast in dozens of shots, and several tasks are about one asset.
    """
    place = sa.func.row_number().over(order_by=order or None).label("place")
    row = rows.add_columns(place).cte("r").prefix_with("MATERIALIZED")
    episode, link = aliased(Entity), aliased(EntityLink)
    keys = sa.func.jsonb_build_object(
        "episode_ids", sa.func.jsonb_agg(aggregate_order_by(episode.id, episode.name)),
        "episode_names", sa.func.jsonb_agg(aggregate_order_by(episode.name, episode.name)),
    )  # fmt: skip
    entities = sa.select(row.c.entity_id).scalar_subquery()
    cast = (
        sa.select(link.entity_out_id.label("owner"), keys.label("keys"))
        .join(episode, sa.and_(episode.id == link.entity_in_id, episode.entity_type_id == type_named("Episode")))
        .where(link.entity_out_id == sa.any_(sa.func.array(entities)))
        .group_by(link.entity_out_id)
        .subquery("cast_in")
    )
    item = sa.func.to_jsonb(sa.literal_column("r")).op("-")("place").op("||")(sa.func.coalesce(cast.c["keys"], sa.text("'{}'::jsonb")))
    items = sa.func.coalesce(sa.func.jsonb_agg(aggregate_order_by(item, row.c.place)), sa.cast(sa.literal("[]"), JSONB))
    # What is cast was found by the rows, so a full join yields what a left one would; but no nested loop is made of it.
    return sa.select(sa.cast(items, sa.Text)).select_from(row).join(cast, cast.c.owner == row.c.entity_id, full=True)


def text_of(column):
    """A column as text, empty when it is null."""
    return sa.func.coalesce(sa.cast(column, sa.Text), "")


def seconds(column):
    """A moment in whole seconds."""
    return sa.func.date_trunc(sa.literal_column("'second'"), column)


def of_person(actor, person_id, done, projects):
    """Select of one text: the tasks assigned to a person, done or not, in the productions that a condition chooses."""
    link = table("task_person_link").alias("mine")
    todo = TodoList(actor)
    # The ids first, as one array: so the tasks are looked up by them, whatever the number of joins. With IN, PostgreSQL may leave the
    # choice of the person to the end and join all tasks of the studio before.
    ids = sa.select(link.c.task_id).where(link.c.person_id == person_id).scalar_subquery()
    theirs = Task.id == sa.any_(sa.func.array(ids))
    finished = TaskStatus.is_done.is_(True) if done else TaskStatus.is_done.is_not(True)
    order = [Task.end_date.desc().nulls_first(), TaskType.name, Entity.name] if done else []
    return with_castings(todo.rows([theirs, finished, *projects]), order)
