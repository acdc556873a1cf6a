"""The files of rows that were synchronised before. Rules: contract/rules/sync-and-backup.md §5."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.orm import Session

from zou.comments.models import AttachmentFile, Comment
from zou.exchange.sync.remote import RemoteFailure
from zou.files.services import register
from zou.files.services.register import Kept
from zou.people.models import Organisation, Person
from zou.platform.db.payload import is_uuid
from zou.platform.storage import store
from zou.previews.models import PreviewBackgroundFile, PreviewFile
from zou.previews.services import states
from zou.productions.models import Project, project_preview_background_file_link
from zou.tasks.models import Task

log = logging.getLogger(__name__)

PAUSE_S = 0.5
PICTURES = {"thumbnails": "thumbnails", "thumbnails-square": "thumbnails-square", "previews": "previews", "originals": "original"}
AVATARS = (Person, Organisation, Project)
OWNERS = tuple(model.__tablename__ for model in AVATARS)


@dataclass(frozen=True)
class File:
    """A file: its route there, its place here, and the preview whose states it is part of, if it is."""

    route: str
    bucket: str
    prefix: str
    id: str
    preview_id: str | None = None


@dataclass
class Transfer:
    """How files are fetched."""

    attempts: int = 3
    force: bool = False
    workers: int = 1


def wanted(tx, project=None, skip_broken=False, skip_missing=False, source_movies=False):
    """[[File]]: the files that rows here have, by row. `project`: only of this production, when given."""
    groups = [[avatar(model, id)] for model in AVATARS for id in tx.scalars(with_avatar(model, project))]
    previews = sa.select(PreviewFile).order_by(PreviewFile.created_at, PreviewFile.id)
    skipped = [status for status, skip in (("broken", skip_broken), ("missing", skip_missing)) if skip]
    if skipped:
        previews = previews.where(PreviewFile.status.not_in(skipped))
    backgrounds = sa.select(PreviewBackgroundFile)
    attachments = sa.select(AttachmentFile)
    if project is not None:
        previews = previews.join(Task, Task.id == PreviewFile.task_id).where(Task.project_id == project.id)
        link = project_preview_background_file_link.c
        linked = sa.select(link.preview_background_file_id).where(link.project_id == project.id)
        backgrounds = backgrounds.where(PreviewBackgroundFile.id.in_(linked))
        of_project = sa.select(Comment.id).join(Task, Task.id == Comment.object_id).where(Task.project_id == project.id)
        attachments = attachments.where(AttachmentFile.comment_id.in_(of_project))
    groups += [of_preview(preview, source_movies) for preview in tx.scalars(previews)]
    groups += [of_background(background) for background in tx.scalars(backgrounds)]
    groups += [of_attachment(attachment) for attachment in tx.scalars(attachments)]
    return groups


def with_avatar(model, project):
    """Select of the ids of rows with a picture."""
    rows = sa.select(model.id).where(model.has_avatar.is_(True)).order_by(model.id)
    return rows.where(model.id == project.id) if model is Project and project is not None else rows


def avatar(model, id):
    """The picture of a person, organisation or production."""
    return File(f"pictures/thumbnails/{model.__tablename__}s/{id}.png", "pictures", "thumbnails", str(id))


def of_preview(preview, source_movies=False):
    """The files of a preview."""
    id, found = str(preview.id), []
    if preview.extension == "mp4":
        movies = {"originals": "previews", "low": "lowdef", **({"source": "source"} if source_movies else {})}
        found += [File(f"movies/{part}/preview-files/{id}.mp4", "movies", prefix, id, id) for part, prefix in movies.items()]
        found.append(File(f"movies/tiles/preview-files/{id}.png", "pictures", "tiles", id, id))
    if preview.extension in ("mp4", "png"):
        return found + [File(f"pictures/{part}/preview-files/{id}.png", "pictures", prefix, id, id) for part, prefix in PICTURES.items()]
    return [File(f"pictures/originals/preview-files/{id}.{preview.extension}", "files", "previews", id, id)] if preview.extension else []


def of_background(background):
    """The files of a background."""
    id = str(background.id)
    return [
        File(f"pictures/thumbnails/preview-background-files/{id}.png", "pictures", "thumbnails", id),
        File(f"pictures/preview-background-files/{id}.{background.extension}", "pictures", "preview-backgrounds", id),
    ]


def of_attachment(attachment):
    """The file of a comment's attachment."""
    name = quote(attachment.name or "file", safe="")
    return [File(f"data/attachment-files/{attachment.id}/file/{name}", "files", "attachments", str(attachment.id))]


def of_event(tx, name, data, source_movies=False):
    """The files that an event of the other server speaks of; none for a row that is not here."""
    kind, _, action = name.partition(":")
    id = data.get(f"{kind.replace('-', '_')}_id")
    if not is_uuid(id):
        return []
    if action == "set-thumbnail":
        return next(([avatar(model, id)] for model in AVATARS if model.__tablename__ == kind), [])
    if kind == "preview-background-file":
        row = tx.get(PreviewBackgroundFile, id)
        return of_background(row) if row is not None else []
    row = tx.get(PreviewFile, id)
    return of_preview(row, source_movies) if row is not None else []


def take_all(app, tx, remote, groups, transfer, progress=None):
    """Fetch files; returns [(File, reason)] of those that could not be had. One that is not there either is logged only."""
    if transfer.workers <= 1:
        failed = []
        for done, group in enumerate(groups, 1):
            failed += take(tx, remote, group, transfer)
            if progress:
                progress("files", done)
        return failed

    def work(group):
        with app.app_context(), Session(tx.get_bind()) as own:
            return take(own, remote, group, transfer)

    failed = []
    with ThreadPoolExecutor(transfer.workers) as threads:
        for done, found in enumerate(threads.map(work, groups), 1):
            failed += found
            if progress:
                progress("files", done)
    return failed


def take(tx, remote, group, transfer):
    """Fetch the files of a row, and note what the storage has of a preview then; commits. Returns [(File, reason)]."""
    kept, failed = store(), []
    with kept.workspace() as folder:
        for number, file in enumerate(group):
            if not transfer.force and kept.exists(file.bucket, file.prefix, file.id):
                continue
            path = Path(folder, str(number))
            reason = fetch(remote, file, path, transfer.attempts)
            if path.exists():
                register.keep(tx, [Kept(file.bucket, file.prefix, file.id, path)])
            elif reason is not None:
                failed.append((file, reason))
    note_states(tx, kept, group)
    tx.commit()
    return failed


def note_states(tx, kept, group):
    """Record which files of a preview are here."""
    for preview_id in {file.preview_id for file in group if file.preview_id}:
        mine = [(file.bucket, file.prefix, file.id) for file in group if file.preview_id == preview_id]
        there = {(bucket, prefix) for bucket, prefix, id in mine if kept.exists(bucket, prefix, id)}
        states.record(tx, preview_id, there)
        states.record(tx, preview_id, {(bucket, prefix) for bucket, prefix, _ in mine} - there, "missing")


def fetch(remote, file, path, attempts):
    """Download a file in at most so many attempts; returns why it could not be had, None when it was or does not exist there."""
    part, reason = path.with_suffix(".part"), None
    for attempt in range(max(attempts, 1)):
        if attempt:
            time.sleep(PAUSE_S)
        try:
            status = remote.download(file.route, part)
        except RemoteFailure as failure:
            reason = str(failure)
            continue
        if status == 200:
            part.replace(path)
            return None
        reason = f"status {status}"
        if status == 404:
            log.info("%s is not on the source.", file.route)
            return None
        if status == 202:
            return "still processing"
    return reason
