"""Annotations put on the frames that players show: `zou normalize-annotation-times`. Rules: contract/rules/previews.md §6."""

from decimal import ROUND_HALF_UP, Decimal

import sqlalchemy as sa

from zou.entities.models import Entity
from zou.platform import events
from zou.platform.db.types import utcnow
from zou.previews.models import PreviewFile
from zou.previews.services import selection
from zou.previews.services.annotations import key_of, objects_of, set_objects
from zou.previews.services.movies import frame_rate
from zou.productions.models import Project
from zou.tasks.models import Task

PLACES = Decimal("0.0001")


def annotated(project_id=None):
    """Conditions: the preview has annotations, and belongs to that production."""
    has_some = sa.func.jsonb_array_length(PreviewFile.annotations) > 0
    is_list = sa.func.jsonb_typeof(PreviewFile.annotations) == "array"
    return [sa.case((is_list, has_some), else_=sa.false()), *selection.of_project(project_id)]


def snapped(sheets, fps):
    """Annotations with their times on the grid of frames, those of one frame merged. `fps`: text, as productions write it."""
    step = (1 / Decimal(fps)).quantize(PLACES, ROUND_HALF_UP)
    kept, by_time = [], {}
    for sheet in sheets:
        time = on_grid(sheet.get("time"), step) if isinstance(sheet, dict) else None
        if time is None:
            kept.append(sheet)
            continue
        first = by_time.get(time)
        if first is not None:
            known = {key_of(drawn.get("id")) for drawn in objects_of(first)}
            set_objects(first, objects_of(first) + [drawn for drawn in objects_of(sheet) if key_of(drawn.get("id")) not in known])
            continue
        is_there = not isinstance(sheet["time"], str) and sheet["time"] == float(time)
        by_time[time] = {**sheet, "time": sheet["time"] if is_there else float(time)}
        kept.append(by_time[time])
    return kept


def on_grid(time, step):
    """A time in seconds, moved to the frame that is shown then; None for what is no time. `step`: duration of a frame."""
    if isinstance(time, bool):
        return None
    try:
        seconds = Decimal(str(time))
        frame = (max(seconds, Decimal(0)) / step).quantize(Decimal(1), ROUND_HALF_UP)
        return (frame * step).quantize(PLACES, ROUND_HALF_UP)
    except ArithmeticError:  # no number, not a finite one, or one of more digits than times have
        return None


def normalise(tx, id, dry_run=False):
    """Put the annotations of a preview on its frames; returns (how many there were, how many there are), None when all were there.

    Emits preview-file:annotation-update. `dry_run`: nothing is written.
    """
    preview = selection.locked(tx, id)
    if preview is None or not preview.annotations:
        return None
    found = tx.execute(
        sa.select(Entity.data, Project.fps, Task.project_id)
        .join(Task, Task.entity_id == Entity.id)
        .join(Project, Project.id == Task.project_id)
        .where(Task.id == preview.task_id)
    ).first()
    fps = frame_rate((found.data or {}).get("fps"), found.fps) if found else frame_rate()
    before, after = preview.annotations, snapped(preview.annotations, fps)
    if after == before and all(type(a) is type(b) for a, b in zip(times_of(after), times_of(before), strict=True)):
        return None
    if not dry_run:
        preview.annotations, preview.updated_at = after, utcnow()
        tx.flush()
        data = {"preview_file_id": preview.id, "person_id": None, "updated_at": preview.updated_at.replace(microsecond=0).isoformat()}
        events.emit(tx, "preview-file:annotation-update", data, found and found.project_id, by_actor=False)
    return len(before), len(after)


def times_of(sheets):
    """The times of annotations, as they are written."""
    return [sheet.get("time") if isinstance(sheet, dict) else None for sheet in sheets]
