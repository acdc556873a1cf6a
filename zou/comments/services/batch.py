"""Comments on many tasks in one request. Rules: contract/rules/comments.md §2."""

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from zou.comments.models import Comment
from zou.comments.rules import author_is_client
from zou.comments.services import posting
from zou.comments.services.locking import lock
from zou.comments.services.posting import Draft
from zou.people.rules import assigned, manages, supervises_department
from zou.platform.errors import Invalid
from zou.platform.rules import as_sql
from zou.previews.services import numbering, removal, uploads
from zou.tasks.models import Task


@dataclass(frozen=True)
class Entry:
    """One comment of a batch, with the files of its previews."""

    task_id: str
    status_id: str
    draft: Draft
    previews: list = field(default_factory=list)  # of attachments.Sent


def post_many(tx, actor, project_id, entries):
    """Post comments on those tasks of a production that the actor may change; the others are left out. Returns the comments.

    `entries`: {object_id, task_status_id, comment, links, files}.
    """
    may = as_sql((manages | assigned | supervises_department).clause(Task, actor))
    ids = {entry["object_id"].lower() for entry in entries}
    allowed = tx.scalars(sa.select(Task.id).where(Task.id.in_(ids), Task.project_id == project_id, may)).all()
    tasks = lock(tx, allowed, [str(entry["comment"] or "") for entry in entries])
    made = []
    for entry in entries:
        task = tasks.get(entry["object_id"].lower())
        if task is not None:
            links = entry.get("links")
            listed = links if isinstance(links, list) else []
            draft = Draft(text=str(entry["comment"] or ""), links=listed, files=entry["files"], author_id=actor.id)
            made.append(posting.post(tx, actor, task, entry["task_status_id"], draft))
    return made


def copy_client_comments(tx, actor, project_id, task_ids, prefix):
    """Post the last comment of a client on each task again, as the actor, with the task's own status. Returns the new comments.

    Tasks of other productions, and those without such a comment, are left out; files and checklists are not copied.
    """
    last = (
        sa.select(Comment.object_id, Comment.text)
        .where(Comment.object_id.in_(task_ids), author_is_client(Comment))
        .ext(distinct_on(Comment.object_id))
        .order_by(Comment.object_id, Comment.created_at.desc())
    )
    texts = dict(tx.execute(last).all())
    chosen = tx.scalars(sa.select(Task.id).where(Task.id.in_(list(texts)), Task.project_id == project_id)).all()
    made = []
    for task in lock(tx, chosen, [prefix, *texts.values()]).values():
        text = texts[task.id] or ""
        draft = Draft(text=f"{prefix}\n\n{text}" if prefix else text, author_id=actor.id)
        made.append(posting.post(tx, actor, task, task.task_status_id, draft))
    return made


def post_batch(tx, actor, tasks, entries):
    """Post comments with their attachments. `tasks`: {id as text: locked task}. Returns the comments, in the order of the entries."""
    return [posting.post(tx, actor, tasks[entry.task_id.lower()], entry.status_id, entry.draft) for entry in entries]


def add_previews(tx, tasks, entries, comments, wanted):
    """Add the previews of a batch to its comments. `wanted`: {normalize, no_job}. Returns {comment id: its previews}."""
    return {
        comment.id: attach_previews(tx, tasks[entry.task_id.lower()], comment, entry.previews, wanted)
        for entry, comment in zip(entries, comments, strict=True)
    }


def attach_previews(tx, task, comment, files, wanted):
    """Add previews to a comment, each with its file; a file that is not taken, or cannot be read, is left out."""
    made = []
    for file in files:
        if not uploads.is_accepted(uploads.split_name(file.name)[1]):
            continue
        preview = numbering.add(tx, task, comment, comment.person_id)
        try:
            made.append(uploads.receive(tx, preview, file.name, file.content, **wanted))
        except Invalid:
            removal.forget(tx, preview, force=True)
            numbering.show_in_news(tx, comment, made[-1] if made else None)
    return made
