"""Drawings on previews. Rules: contract/rules/previews.md §6.

`annotations` of a preview: [{"time": seconds, "drawing": {"objects": [{"id": text, ...}]}, ...}]. Times are compared as they are written:
"0" is another one than 0. The row is locked while it changes, so what two reviewers draw at once adds up.
"""

import copy
import uuid

import sqlalchemy as sa

from zou.platform import events
from zou.platform.db.types import utcnow
from zou.tasks.models import Task


def change(tx, preview, actor, additions, updates, deletions):
    """Add, replace and remove drawn objects of a preview, which is locked. Emits preview-file:annotation-update."""
    sheets = copy.deepcopy(preview.annotations or [])
    for sheet in sheets:
        name_objects(sheet)
    for addition in additions:
        add(sheets, addition)
    for update in updates:
        replace(sheets, update)
    for deletion in deletions:
        remove(sheets, deletion)
    preview.annotations = [sheet for sheet in sheets if objects_of(sheet)]
    preview.updated_at = utcnow()
    tx.flush()
    moment = preview.updated_at.replace(microsecond=0).isoformat()
    data = {"preview_file_id": preview.id, "person_id": actor.id, "updated_at": moment}
    project_id = tx.scalar(sa.select(Task.project_id).where(Task.id == preview.task_id))
    events.emit(tx, "preview-file:annotation-update", data, project_id)


def add(sheets, addition):
    """Append a sheet, or to the sheet of that time the objects that it has not."""
    addition = copy.deepcopy(addition)
    name_objects(addition)
    sheet = at(sheets, addition["time"])
    if sheet is None:
        sheets.append(addition)
        return
    known = {key_of(drawn["id"]) for drawn in objects_of(sheet)}
    new = [drawn for drawn in objects_of(addition) if key_of(drawn["id"]) not in known]
    set_objects(sheet, objects_of(sheet) + new)


def replace(sheets, update):
    """Replace objects of a sheet; they move to its end, on top of the others."""
    sheet = at(sheets, update["time"])
    if sheet is None:
        return
    for drawn in objects_of(update):
        others = [known for known in objects_of(sheet) if key_of(known["id"]) != key_of(drawn.get("id"))]
        if len(others) < len(objects_of(sheet)):
            set_objects(sheet, [*others, copy.deepcopy(drawn)])


def remove(sheets, deletion):
    """Take objects off a sheet, by their ids."""
    sheet = at(sheets, deletion["time"])
    if sheet is not None:
        gone = {key_of(id) for id in deletion.get("objects") or []}
        set_objects(sheet, [drawn for drawn in objects_of(sheet) if key_of(drawn["id"]) not in gone])


def at(sheets, time):
    """The first sheet of that time, or None."""
    return next((sheet for sheet in sheets if same_time(sheet.get("time"), time)), None)


def same_time(one, other):
    """Whether two times are the same value; True is no number here."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def key_of(id):
    """An id in a form that sets can hold, whatever a client sent."""
    return repr(id)


def objects_of(sheet):
    """The drawn objects of a sheet; of one without drawing, none."""
    drawing = sheet.get("drawing")
    objects = drawing.get("objects") if isinstance(drawing, dict) else None
    return [drawn for drawn in objects if isinstance(drawn, dict)] if isinstance(objects, list) else []


def set_objects(sheet, objects):
    """Set what is drawn on a sheet."""
    drawing = sheet.get("drawing")
    sheet["drawing"] = {**(drawing if isinstance(drawing, dict) else {}), "objects": objects}


def name_objects(sheet):
    """Give an id to every object without one."""
    for drawn in objects_of(sheet):
        if not drawn.get("id"):
            drawn["id"] = str(uuid.uuid4())
