"""Pictures of persons, productions and the studio. Rules: contract/rules/previews.md §8."""

from pathlib import Path

from zou.files.services import register
from zou.files.services.register import Kept
from zou.platform import events
from zou.platform.db import cascade
from zou.platform.media import pictures
from zou.platform.storage import store


def keep(tx, row, kind, content):
    """Store the picture of a row (`kind`: person, organisation, project). `content`: a binary reader.

    Raises Invalid for a file that is no picture. Emits <kind>:update and <kind>:set-thumbnail.
    """
    with store().workspace() as folder:
        path = Path(folder, "picture.png")
        pictures.convert(content, path)
        pictures.fit(path, path, pictures.AVATAR)
        register.keep(tx, [Kept("pictures", "thumbnails", row.id, path)])
    row.has_avatar = True
    events.emit(tx, f"{kind}:update", {f"{kind}_id": row.id}, project_id=row.id if kind == "project" else None)
    events.emit(tx, f"{kind}:set-thumbnail", {f"{kind}_id": row.id})


def clear(tx, row, kind):
    """Take the picture of a row away; its file is marked as deleted. Emits <kind>:update."""
    row.has_avatar = False
    register.discard(tx, [("pictures", "thumbnails", row.id)])
    events.emit(tx, f"{kind}:update", {f"{kind}_id": row.id})


@cascade.gone("person", "id", "has_avatar")
@cascade.gone("project", "id", "has_avatar")
@cascade.gone("organisation", "id", "has_avatar")
def mark_pictures(tx, rows):
    """Persons or productions went: mark their pictures."""
    register.discard_known(tx, [("pictures", "thumbnails", row.id) for row in rows if row.has_avatar])
