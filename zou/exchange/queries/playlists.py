"""A playlist with the state of each entry, for spreadsheets. Lines: contract/rules/exports.md §5."""

from datetime import UTC
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from zou.comments.models import Comment
from zou.comments.rules import by_client, reads_comment
from zou.entities.models import Entity
from zou.entities.queries.naming import full_name as entity_name
from zou.people.models import Person
from zou.people.schemas import full_name
from zou.platform.db.payload import is_uuid
from zou.platform.errors import NotFound
from zou.platform.rules import as_sql
from zou.previews.models import PreviewFile
from zou.tasks.models import Task, TaskStatus, TaskType

HEADER = ["Entity name", "Nb Frames", "Task Type", "Retake count", "Revision", "Task Status", "Last comment author", "Last comment date",
          "Last comment"]  # fmt: skip
WIDTH = 7  # cells of the lines above the table


def table(tx, project, playlist, actor, timezone, is_client=False):
    """Yield the lines of the export. `timezone`: in which moments are written. Raises NotFound for an entry without preview."""
    context = project.name
    if playlist.episode_id is not None:
        context += f" - {tx.scalar(sa.select(Entity.name).where(Entity.id == playlist.episode_id))}"
    what = "shots" if playlist.for_entity == "shot" else "assets"
    yield ["Playlist", f"{context} | for {what}", playlist.name, local(playlist.created_at, timezone), "", "", ""]
    yield [""] * WIDTH
    yield HEADER
    ids = [entry.get("preview_file_id") for entry in playlist.shots or () if isinstance(entry, dict)]
    found = {str(row.id): row for row in tx.execute(statement(actor, [id for id in ids if is_uuid(id)]))}
    for id in ids:
        if not is_uuid(id) or id.lower() not in found:
            raise NotFound()
        row = found[id.lower()]
        retakes = 0 if is_client else row.retake_count
        said = [row.author, local(row.date, timezone), row.text]
        yield [row.name, row.nb_frames, row.task_type, retakes, row.revision, row.status, *said]


def statement(actor, preview_ids):
    """Select of what previews are of, with the last comment of their tasks that no client wrote and that the actor may read."""
    seen = [as_sql((reads_comment & ~by_client).clause(Comment, actor)), Comment.object_id == Task.id]
    last = (
        sa.select(full_name(Person).label("author"), Comment.created_at.label("date"), Comment.text)
        .join(Person, Person.id == Comment.person_id)
        .where(*seen)
        .order_by(Comment.created_at.desc())
        .limit(1)
        .lateral("last")
    )
    return (
        sa.select(
            PreviewFile.id, PreviewFile.revision, entity_name(Entity).label("name"), Entity.nb_frames, TaskType.name.label("task_type"),
            Task.retake_count, TaskStatus.name.label("status"), last.c.author, last.c.date, last.c.text,
        )
        .select_from(PreviewFile)
        .join(Task, Task.id == PreviewFile.task_id)
        .join(Entity, Entity.id == Task.entity_id)
        .join(TaskType, TaskType.id == Task.task_type_id)
        .join(TaskStatus, TaskStatus.id == Task.task_status_id)
        .outerjoin(last, sa.true())
        .where(PreviewFile.id.in_(preview_ids))
    )  # fmt: skip


def local(moment, timezone):
    """A moment of the database in a time zone, `YYYY-MM-DDTHH:MM:SS`; empty for none."""
    return "" if moment is None else moment.replace(tzinfo=UTC).astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%dT%H:%M:%S")
