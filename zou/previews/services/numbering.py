"""New previews of a comment, and the numbers they get. Rules: contract/rules/previews.md §1.1."""

import uuid

import sqlalchemy as sa

from zou.platform import events
from zou.platform.db import Base
from zou.platform.errors import Invalid
from zou.previews.models import PreviewFile
from zou.productions.models import Project


def add(tx, task, comment, author_id, revision=None):
    """A new preview of a comment, its file still to come. Emits preview-file:new and comment:update.

    `task`: locked, so that two previews cannot get one number. `revision`: None for the next one, or that of the comment's first.
    Raises Invalid for a revision that another comment has, and for a second file where the production allows one a revision.
    """
    revision, position = numbers(tx, task, comment, revision)
    if position > 1 and tx.get(Project, task.project_id).is_single_preview_per_revision:
        raise Invalid("Only one preview file is allowed per revision for this project.", shape="plain")
    preview = PreviewFile(
        name=str(uuid.uuid4())[:13], source="webgui", extension="mp4", status="processing", person_id=author_id, task_id=task.id,
        revision=revision, position=position,
    )  # fmt: skip
    tx.add(preview)
    tx.flush()
    link = Base.metadata.tables["comment_preview_link"]
    tx.execute(sa.insert(link).values(comment=comment.id, preview_file=preview.id))
    show_in_news(tx, comment, preview)
    events.emit(tx, "preview-file:new", {"preview_file_id": preview.id, "comment_id": comment.id}, task.project_id)
    tell_comment(tx, comment, task.project_id)
    return preview


def show_in_news(tx, comment, preview):
    """Show a preview, or none, in the news of a comment."""
    news = Base.metadata.tables["news"]
    tx.execute(sa.update(news).where(news.c.comment_id == comment.id).values(preview_file_id=preview and preview.id))


def numbers(tx, task, comment, revision):
    """(revision, position) of the next preview of a comment."""
    link = Base.metadata.tables["comment_preview_link"]
    of_task = sa.select(PreviewFile.revision, PreviewFile.position, PreviewFile.created_at, link.c.comment.label("comment")).outerjoin(
        link, sa.and_(link.c.preview_file == PreviewFile.id, link.c.comment == comment.id)
    )
    rows = tx.execute(of_task.where(PreviewFile.task_id == task.id).order_by(PreviewFile.created_at, PreviewFile.position)).all()
    of_comment = [row for row in rows if row.comment is not None]
    if revision is None:
        if not of_comment:
            return max((row.revision or 0 for row in rows), default=0) + 1, 1
        revision = of_comment[0].revision
    elif not of_comment and any(row.revision == revision and row.position == 1 for row in rows):
        raise Invalid(
            f"Revision {revision} already exists for this task. "
            "Choose a different revision number, or omit it to let the revision auto-increment.",
            shape="plain",
        )
    return revision, sum(row.revision == revision for row in rows) + 1


def tell_comment(tx, comment, project_id):
    """Emit comment:update: a preview was attached, or its file arrived."""
    data = {"comment_id": comment.id, "task_id": comment.object_id, "person_id": comment.person_id, "for_client": bool(comment.for_client)}
    events.emit(tx, "comment:update", data, project_id)


def move(tx, preview, position):
    """Put a preview at a place among those of its task and revision, from 1; a place beyond them changes nothing.

    Returns the ids of all of them in their order.
    """
    same = sa.select(PreviewFile).where(PreviewFile.task_id == preview.task_id, PreviewFile.revision == preview.revision)
    rows = list(tx.scalars(same.order_by(PreviewFile.position, PreviewFile.created_at).with_for_update()))
    if 1 <= position <= len(rows):
        rows.remove(preview)
        rows.insert(position - 1, preview)
        for place, row in enumerate(rows, 1):
            row.position = place
    tx.flush()
    return [row.id for row in rows]
