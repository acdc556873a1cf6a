"""The news of productions: what was said on their tasks, newest first. Rules: contract/rules/notifications-and-news.md §5."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou.comments.models import Comment
from zou.entities.models import Entity
from zou.entities.queries import naming
from zou.inbox.models import News
from zou.people.models import Person
from zou.people.schemas import PersonShortSchema
from zou.platform.db.prepared import prepared
from zou.platform.db.projection import aggregate, json_row
from zou.previews.models import PreviewFile
from zou.productions.models import Project
from zou.tasks.models import Task
from zou.tasks.queries.lists import below

PREVIEW_KEYS = ("id", "name", "extension", "revision", "position", "status")


@dataclass(frozen=True)
class Filters:
    """What a list of news is narrowed to; None: not at all. `task_status_id` is the status that the comment gave."""

    task_type_id: str | None = None
    task_status_id: str | None = None
    person_id: str | None = None
    episode_id: str | None = None
    only_preview: bool = False
    after: datetime | None = None
    before: datetime | None = None

    def conditions(self):
        """SQL conditions."""
        found = {
            "task_type_id": lambda value: Task.task_type_id == value,
            "task_status_id": lambda value: Comment.task_status_id == value,
            "person_id": lambda value: News.author_id == value,
            "episode_id": lambda value: below(value, levels=2),
            "only_preview": lambda value: News.preview_file_id.is_not(None),
            "after": lambda value: News.created_at > value,
            "before": lambda value: News.created_at < value,
        }
        given = {key: getattr(self, key) for key in found}
        return [found[key](value) for key, value in given.items() if value is not None and value is not False]


def joined(statement):
    """A select over news with their task, its entity and production, and their comment, if it is still there."""
    return (
        statement.select_from(News)
        .join(Task, Task.id == News.task_id)
        .join(Project, Project.id == Task.project_id)
        .join(Entity, Entity.id == Task.entity_id)
        .outerjoin(Comment, Comment.id == News.comment_id)
    )


def items(conditions, with_previews=False):
    """Select of the items of a list, newest first. `with_previews`: each with all previews of its revision under `preview_files`."""
    author = aliased(Person)
    columns = [
        News.id, sa.literal("News").label("type"), News.author_id, News.comment_id, News.task_id, Task.task_type_id, Comment.task_status_id,
        Task.entity_id.label("task_entity_id"), News.preview_file_id, PreviewFile.extension.label("preview_file_extension"),
        PreviewFile.revision.label("preview_file_revision"), Task.project_id, Project.name.label("project_name"),
        sa.func.date_trunc(sa.literal_column("'second'"), News.created_at).label("created_at"), News.change,
        naming.full_name().label("full_entity_name"), naming.episode_id().label("episode_id"),
        Entity.preview_file_id.label("entity_preview_file_id"),
        json_row(PersonShortSchema, author, where=author.id == News.author_id).label("person"),
        *([previews_of_revision().label("preview_files")] if with_previews else []),
    ]  # fmt: skip
    rows = joined(sa.select(*columns)).outerjoin(PreviewFile, PreviewFile.id == News.preview_file_id)
    return rows.where(*conditions).order_by(News.created_at.desc(), News.id.desc())


def previews_of_revision():
    """Scalar subquery: JSON list of the previews of the task that have the revision of the news, by position."""
    other = aliased(PreviewFile)
    same = sa.and_(other.task_id == News.task_id, other.revision == PreviewFile.revision)
    rows = sa.select(*[getattr(other, key) for key in PREVIEW_KEYS]).where(same).order_by(other.position, other.created_at)
    rows = rows.correlate(News, PreviewFile).subquery("p").lateral("p")
    listed = sa.func.coalesce(sa.func.json_agg(sa.func.row_to_json(sa.literal_column("p"))), sa.text("'[]'::json"))
    return sa.select(listed).select_from(rows).scalar_subquery()


@prepared
def page_of(actor, about, filters, limit, offset, *, scope, with_previews=False):
    """Select of (number of news, number of changes by status as JSON text, JSON array of a page of news).

    `scope`: function (actor, about) -> conditions: which news, of what `about` names, the actor reads.
    """
    conditions = [*scope(actor, about), *filters.conditions()]
    counted = sa.select(News.id, News.created_at, News.change, Comment.task_status_id.label("status")).select_from(News)
    counted = counted.join(Task, Task.id == News.task_id).outerjoin(Comment, Comment.id == News.comment_id)
    # Each task has a production and an entity: what is only counted need not look them up.
    counted = counted.where(Task.project_id.is_not(None), Task.entity_id.is_not(None), *conditions).cte("n")
    chosen = sa.select(counted.c.id).order_by(counted.c.created_at.desc(), counted.c.id.desc()).limit(limit).offset(offset)
    changes = sa.func.count().filter(counted.c.change, counted.c.status.is_not(None)).label("changes")
    by_status = sa.select(counted.c.status, sa.func.count().label("amount"), changes).group_by(counted.c.status).subquery("s")
    amounts = sa.func.json_object_agg(by_status.c.status, by_status.c.changes).filter(by_status.c.changes > 0)
    stats = sa.cast(sa.func.coalesce(amounts, sa.text("'{}'::json")), sa.Text)
    rows = aggregate(items([News.id == sa.any_(sa.func.array(chosen.scalar_subquery()))], with_previews))
    total = sa.cast(sa.func.coalesce(sa.func.sum(by_status.c.amount), 0), sa.Integer)
    return sa.select(total, stats, rows.scalar_subquery()).select_from(by_status)


@prepared
def one(id, project_id):
    """Select of one text: a single news of a production; no row when there is none."""
    row = items([News.id == id, Task.project_id == project_id]).subquery("r")
    return sa.select(sa.cast(sa.func.row_to_json(sa.literal_column("r")), sa.Text)).select_from(row)
