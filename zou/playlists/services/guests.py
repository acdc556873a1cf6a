"""People without account on a shared page: who they are, and what they say. Rules: contract/rules/playlists.md §6 and §7."""

import secrets

import sqlalchemy as sa

from zou.auth.actor import Actor
from zou.comments.models import AttachmentFile, Comment
from zou.comments.services import attachments, posting
from zou.comments.services.locking import lock
from zou.comments.services.posting import Draft
from zou.comments.services.rows import CommentRows
from zou.people.models import Person
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Denied, Invalid, NotFound
from zou.playlists.queries import shared
from zou.previews.models import PreviewFile
from zou.previews.services import annotations
from zou.productions.models import ProjectTaskStatusLink
from zou.tasks.models import Task, TaskStatus

NAME = "Guest"
comments = CommentRows(Comment)


def refusal(kind, message):
    """An error whose answer holds nothing but `error`, as the shared page reads it."""
    error = kind(message)
    error.shape = "error"
    return error


def enter(tx, link, guest_id=None, first_name=None, last_name=None):
    """(guest, whether the browser knew them): the guest of that id of this link, else the one of that name, else a new one.

    `link`: locked, so that a name is made once. Emits person:new for a new one.
    """
    known = find(tx, link, guest_id) if guest_id else None
    if known is not None:
        return known, True
    first_name, last_name = (first_name or "").strip() or NAME, (last_name or "").strip()
    named = sa.select(Person).where(*of_link(link), Person.first_name == first_name, Person.last_name == last_name)
    guest = tx.scalar(named.order_by(Person.created_at).limit(1))
    if guest is None:
        guest = Person(
            first_name=first_name, last_name=last_name, role="client", is_guest=True, data={"share_link_id": str(link.id)},
            email=f"guest-{secrets.token_hex(4)}@guest.kitsu",
        )  # fmt: skip
        tx.add(guest)
        tx.flush()
        events.emit(tx, "person:new", {"person_id": guest.id})
    return guest, False


def of_link(link):
    """Conditions: guests that a link created."""
    return Person.is_guest.is_(True), Person.data["share_link_id"].astext == str(link.id)


def find(tx, link, guest_id):
    """The guest of that id that a link created, or None."""
    return tx.scalar(sa.select(Person).where(Person.id == guest_id, *of_link(link)))


def actor_of(tx, link, guest_id, disabled="Comments are disabled for this link", stranger="Guest not part of this shared playlist"):
    """The guest who acts. Raises Denied where the link allows no comments, and for a guest of another link."""
    if not link.can_comment:
        raise refusal(Denied, disabled)
    guest = find(tx, link, guest_id) if is_uuid(guest_id) else None
    if guest is None:
        raise refusal(Denied, stranger)
    return Actor(guest.id, guest.role, "guest", [], None, {})


def comment(tx, link, playlist, values):
    """Post a comment on a task that a shared playlist shows, with all that follows. Raises Denied, Invalid."""
    actor = actor_of(tx, link, values["guest_id"])
    is_shown = values["task_id"] in shared.task_ids(tx, playlist)
    task = lock(tx, [values["task_id"]], [values["text"]]).get(values["task_id"]) if is_shown else None
    if task is None:
        raise refusal(Denied, "Task not part of this shared playlist")
    allowed = is_allowed(tx, task, values["task_status_id"])
    if allowed is None:
        raise refusal(Invalid, "Task status not found")
    if not allowed:
        raise refusal(Invalid, "Task status not allowed for guests")
    draft = Draft(text=values["text"] or "", checklist=values["checklist"] or [], author_id=actor.id)
    return posting.post(tx, actor, task, values["task_status_id"], draft)


def is_allowed(tx, task, status_id):
    """Whether clients may give a task this status, by the production, else by the status; None for an unknown one."""
    override = ProjectTaskStatusLink
    found = tx.execute(
        sa.select(sa.func.coalesce(override.is_client_allowed, TaskStatus.is_client_allowed, sa.false()))
        .select_from(TaskStatus)
        .outerjoin(override, sa.and_(override.project_id == task.project_id, override.task_status_id == TaskStatus.id))
        .where(TaskStatus.id == status_id)
    ).first()
    return found and found[0]


def own_comment(tx, link, playlist, comment_id, guest_id):
    """(guest, comment): a comment that the guest wrote on a task that the playlist shows, locked. Raises Denied, NotFound."""
    actor = actor_of(tx, link, guest_id, stranger="Forbidden")
    row = tx.scalar(sa.select(Comment).where(Comment.id == comment_id).with_for_update()) if is_uuid(comment_id) else None
    if row is None:
        raise refusal(NotFound, "Comment not found")
    if row.person_id != actor.id or str(row.object_id) not in shared.task_ids(tx, playlist):
        raise refusal(Denied, "Forbidden")
    return actor, row


def change(tx, link, playlist, comment_id, values):
    """Change a comment of a guest; what is None stays. Raises as `own_comment`, and Denied for a status that clients may not give."""
    actor, row = own_comment(tx, link, playlist, comment_id, values["guest_id"])
    status_id = values["task_status_id"]
    if status_id is not None and status_id != str(row.task_status_id) and not is_allowed(tx, tx.get(Task, row.object_id), status_id):
        raise refusal(Denied, "Forbidden")
    changed = {key: values[key] for key in ("text", "checklist", "task_status_id") if values[key] is not None}
    return comments.update(tx, actor, row, changed)


def remove(tx, link, playlist, comment_id, guest_id):
    """Remove a comment of a guest, with all that hangs on it."""
    actor, row = own_comment(tx, link, playlist, comment_id, guest_id)
    comments.remove(tx, actor, row)


def attach(tx, link, playlist, comment_id, guest_id, files):
    """Attach files to a comment of a guest; returns the comment."""
    _, row = own_comment(tx, link, playlist, comment_id, guest_id)
    attachments.attach(tx, row.id, files)
    return row


def detach(tx, link, playlist, comment_id, guest_id, attachment_id):
    """Remove a file of a comment of a guest. Raises NotFound for one that is not of the comment."""
    _, row = own_comment(tx, link, playlist, comment_id, guest_id)
    found = tx.get(AttachmentFile, attachment_id) if is_uuid(attachment_id) else None
    if found is None or found.comment_id != row.id:
        raise refusal(NotFound, "Attachment not found")
    attachments.detach(tx, found)


def draw(tx, link, playlist, values):
    """Change the drawings on a preview that a shared playlist shows; returns the preview.

    Raises NotFound for an unknown one, Denied for one that the playlist does not show. Emits preview-file:annotation-update.
    """
    actor = actor_of(tx, link, values["guest_id"], disabled="Annotations are disabled")
    preview = tx.scalar(sa.select(PreviewFile).where(PreviewFile.id == values["preview_file_id"]).with_for_update())
    if preview is None:
        raise NotFound()
    if not shared.shows_preview(tx, playlist, preview):
        raise Denied("Preview not part of this shared playlist")
    annotations.change(tx, preview, actor, *[values[key] or [] for key in ("additions", "updates", "deletions")])
    return preview
