"""Copies of previews on another task. Rules: contract/rules/comments.md §2.5."""

import sqlalchemy as sa

from zou.files.services import register
from zou.files.services.register import Kept
from zou.platform.storage import store
from zou.previews.models import PreviewFile
from zou.previews.services import main, numbering, states, uploads
from zou.previews.services.removal import files_of
from zou.productions.models import Project

COPIED = ("extension", "original_name", "status", "file_size", "width", "height", "duration")


def copy_last_revision(tx, task, target, comment):
    """Give a comment of another task copies of the previews of a task's newest revision, their files included.

    `target`: the comment's task, locked. What has no file yet is left out; annotations and validation stay where they were made. Emits
    as `numbering.add`, and comment:update and preview-file:add-file for each.
    """
    newest = sa.select(sa.func.max(PreviewFile.revision)).where(PreviewFile.task_id == task.id).scalar_subquery()
    originals = sa.select(PreviewFile).where(
        PreviewFile.task_id == task.id, PreviewFile.revision == newest, PreviewFile.status != "processing"
    )
    project = tx.get(Project, target.project_id)
    if project.is_single_preview_per_revision:
        originals = originals.limit(1)
    for original in tx.scalars(originals.order_by(PreviewFile.position, PreviewFile.created_at)).all():
        preview = numbering.add(tx, target, comment, comment.person_id)
        for key in COPIED:
            setattr(preview, key, getattr(original, key))
        tx.flush()
        states.record(tx, preview.id, register.keep(tx, files_to_copy(original, preview.id)))
        main.show(tx, preview, target, project.is_set_preview_automated)
        uploads.tell_arrival(tx, preview, target)


def files_to_copy(original, id):
    """What is stored of a preview, to be kept for another one too."""
    found = []
    for bucket, prefix, own_id in files_of(original):
        try:
            path = store().local_path(bucket, prefix, own_id, original.extension)
        except FileNotFoundError:
            continue
        found.append(Kept(bucket, prefix, id, path))
    return found
