"""The file of a preview background. Rules: contract/rules/previews.md §9."""

import shutil
from pathlib import Path

import sqlalchemy as sa

from zou.files.services import register
from zou.files.services.register import Kept
from zou.platform import events
from zou.platform.media import hdr
from zou.platform.storage import store
from zou.previews.models import PreviewBackgroundFile
from zou.previews.services.uploads import split_name
from zou.productions.models import (
    Project,
    ProjectTemplate,
    project_preview_background_file_link,
    project_template_preview_background_file_link,
)

EXTENSION = "hdr"
FILES = [("pictures", prefix) for prefix in ("thumbnails", "preview-backgrounds")]
USERS = (
    project_preview_background_file_link.c.preview_background_file_id,
    project_template_preview_background_file_link.c.preview_background_file_id,
    Project.default_preview_background_file_id,
    ProjectTemplate.default_preview_background_file_id,
)


def keep(tx, background, name, content):
    """Store the file of a background, which may have had one, and its thumbnail. `content`: a binary reader.

    Raises Invalid for a file that is no Radiance picture. Emits preview-background-file:update and preview-background-file:add-file.
    """
    stem, extension = split_name(name)
    with store().workspace() as folder:
        upload, small = Path(folder, "upload.hdr"), Path(folder, "thumbnail.png")
        with upload.open("wb") as file:
            shutil.copyfileobj(content, file, 1024 * 1024)
        hdr.thumbnail(upload, small)
        register.keep(
            tx, [Kept("pictures", "preview-backgrounds", background.id, upload), Kept("pictures", "thumbnails", background.id, small)]
        )
        background.file_size = upload.stat().st_size
    background.extension, background.original_name = extension, stem[:250]
    data = {"preview_background_file_id": background.id}
    events.emit(tx, "preview-background-file:update", data)
    events.emit(tx, "preview-background-file:add-file", {**data, "extension": extension})


def forget(tx, background):
    """Remove a background whose file was refused, unless a production uses it."""
    if tx.scalar(sa.select(sa.or_(*[sa.exists().where(column == background.id) for column in USERS]))):
        return
    tx.execute(sa.delete(PreviewBackgroundFile).where(PreviewBackgroundFile.id == background.id))
    discard(tx, background, force=True)


def discard(tx, background, force=False):
    """Mark the files of a background as deleted; with `force` they are removed."""
    register.discard(tx, [(*where, background.id) for where in FILES], force)
