"""A file arrives for a preview. Rules: contract/rules/previews.md §2."""

import logging
import shutil
from pathlib import Path

import sqlalchemy as sa

from zou.files.services import register
from zou.files.services.register import Kept
from zou.platform import events
from zou.platform.db import Base
from zou.platform.errors import Invalid
from zou.platform.media import pictures, renders
from zou.platform.storage import store
from zou.previews.services import main, movies, normalising, states
from zou.previews.services.kinds import FILES, LATELY, MOVIES, PICTURES, RENDERED, SHOWN
from zou.previews.services.movies import Made
from zou.previews.services.numbering import tell_comment
from zou.productions.models import Project
from zou.tasks.models import Task

log = logging.getLogger(__name__)
BAD_REQUEST = "The browser (or proxy) sent a request that this server could not understand."
EMPTY_MOVIE = "Uploaded movie could not be written to temporary storage or is empty; aborting before dispatching normalization."


def split_name(name):
    """(stem, extension in lower case) of an uploaded file's name; a name without a dot is its own extension."""
    stem, _, extension = (name or "").rpartition(".")
    return stem, extension.lower()


def is_accepted(extension):
    """Whether previews of this extension are kept."""
    return extension in PICTURES | MOVIES | SHOWN | FILES


def receive(tx, preview, name, content, normalize=True, no_job=False):
    """Store the file of a preview and all that is made of it; nothing is stored of a file that is refused.

    With the job queue, and unless `no_job`, a movie is only stored here: a worker encodes it. `content`: a binary reader.
    Emits preview-file:update, and comment:update and preview-file:add-file for the comment it belongs to.
    Raises Invalid for a second file, a picture that cannot be read, a movie without content.
    """
    if preview.original_name:
        raise Invalid(BAD_REQUEST, shape="plain")
    stem, extension = split_name(name)
    with store().workspace() as folder:
        folder = Path(folder)
        upload = folder / f"upload.{extension}"
        with upload.open("wb") as file:
            shutil.copyfileobj(content, file, 1024 * 1024)
        if extension in MOVIES and normalising.is_for_workers(normalize, no_job):
            made = normalising.waiting(preview, upload)
        else:
            made = make(tx, preview, upload, folder, extension, normalize)
        claim(tx, preview)
        sizes = register.keep(tx, made.files)
        states.record(tx, preview.id, sizes)
    finish(tx, preview, made, stem, extension)
    if preview.status == "processing":
        normalising.leave_to_workers(tx, preview, normalize)
    return preview


def make(tx, preview, upload, folder, extension, normalize):
    """What is kept of an upload, by its class."""
    if extension in PICTURES:
        size, files = web_version(preview.id, upload, folder, extension)
        size_bytes = (folder / "original.png").stat().st_size
        return Made(files, {"width": size.width, "height": size.height, "file_size": size_bytes})
    if extension in MOVIES:
        if not upload.stat().st_size:
            raise Invalid(EMPTY_MOVIE)
        return movies.process(preview.id, preview.data, upload, folder, movies.wanted(tx, preview.task_id), normalize)
    if extension in SHOWN:
        return shown(preview.id, upload, folder, extension)
    return Made([Kept("files", "previews", preview.id, upload)], {"file_size": upload.stat().st_size})


def shown(id, upload, folder, extension):
    """What is kept of a picture that browsers do not show: the file as it came, and the pictures of its web version.

    One that cannot be read is kept as a document, where the contract's server keeps it; of kinds that it does not take, it is refused.
    """
    made = Made([Kept("files", "previews", id, upload)], {"file_size": upload.stat().st_size})
    try:
        size, files = web_version(id, upload, folder, extension)
    except Invalid as error:
        if extension in LATELY:
            raise
        log.info("The picture of preview %s is kept without web version: %s", id, error)
        return made
    made.files += files
    made.values |= {"width": size.width, "height": size.height}
    return made


def web_version(id, source, folder, extension):
    """(Size, files to store) of the web version of a picture. Raises Invalid."""
    original = folder / "original.png"
    size = (renders if extension in RENDERED else pictures).convert(source, original)
    return size, [Kept("pictures", prefix, id, path) for prefix, path in pictures.variants(original, size, folder).items()]


def claim(tx, preview):
    """Lock the row for the rest of the transaction. Raises Invalid when another upload came first meanwhile."""
    tx.refresh(preview, with_for_update=True)
    if preview.original_name:
        raise Invalid(BAD_REQUEST, shape="plain")


def finish(tx, preview, made, stem, extension):
    """Write what is known of the file, and tell."""
    preview.original_name = stem[:250]
    preview.extension = "png" if extension in PICTURES else "mp4" if extension in MOVIES else extension
    preview.status = made.status
    for key, value in made.values.items():
        setattr(preview, key, value)
    task, is_automated = tx.execute(
        sa.select(Task, Project.is_set_preview_automated).join(Project, Project.id == Task.project_id).where(Task.id == preview.task_id)
    ).one()
    is_movie, is_picture = extension in MOVIES, extension in PICTURES
    tell(tx, preview, task.project_id, by_actor=not is_movie)
    main.show(tx, preview, task, is_automated)
    if is_picture:
        tell(tx, preview, task.project_id)  # twice: once for its pictures, once for its row, as clients of the contract hear it
    if is_movie:
        events.emit(tx, "preview-file:update", {"preview_file_id": preview.id}, task.project_id)
    tell_arrival(tx, preview, task)


def tell(tx, preview, project_id, by_actor=True):
    """Emit preview-file:update with the status, at which clients fetch the pictures again."""
    data = {"preview_file_id": preview.id, "status": preview.status}
    events.emit(tx, "preview-file:update", data, project_id, by_actor=by_actor)


def tell_arrival(tx, preview, task):
    """Tell the comment of a preview that its file is there."""
    comment, link = Base.metadata.tables["comment"], Base.metadata.tables["comment_preview_link"]
    found = tx.execute(
        sa.select(comment.c.id, comment.c.object_id, comment.c.person_id, comment.c.for_client)
        .join(link, link.c.comment == comment.c.id)
        .where(link.c.preview_file == preview.id)
    ).first()
    if found is None:
        return
    tell_comment(tx, found, task.project_id)
    data = {
        "comment_id": found.id, "task_id": found.object_id, "preview_file_id": preview.id, "revision": preview.revision,
        "extension": preview.extension, "status": preview.status,
    }  # fmt: skip
    events.emit(tx, "preview-file:add-file", data, task.project_id)
