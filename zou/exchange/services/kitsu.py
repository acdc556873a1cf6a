"""Rows of another installation, as it serialises them, written under their own ids. Rules: contract/rules/imports.md §10.

All entries of a request are written, or none: first the rows, then what links them, each by a fixed number of statements.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from marshmallow import ValidationError
from sqlalchemy.dialects.postgresql import insert

from zou.comments.models import AttachmentFile, Comment
from zou.entities.models import Entity, EntityLink
from zou.entities.queries.kinds import TEMPORAL_KINDS
from zou.entities.services.batch import array
from zou.entities.services.creation import type_id
from zou.inbox.models import News, Notification, Subscription
from zou.planning.models import Milestone, ScheduleItem, TimeSpent
from zou.platform import events
from zou.platform.db.payload import BAD_FORMAT, column_fields, is_uuid
from zou.platform.db.types import utcnow
from zou.platform.errors import Invalid
from zou.playlists.models import BuildJob, Playlist
from zou.previews.models import PreviewFile
from zou.productions.models import MetadataDescriptor, Project
from zou.tasks.models import Task

NEWS_KEYS = ("id", "task_id", "comment_id", "preview_file_id", "author_id", "change", "created_at")
IN_DATA = ("frame_in", "frame_out", "fps")


@dataclass(frozen=True)
class Kind:
    """One kind of rows: the name of its events, and what its entries need besides their columns."""

    event: str
    model: Any
    id_key: str | None = None  # of the events
    added: tuple[str, ...] = ()  # relations whose ids are added to those that are there
    replaced: tuple[str, ...] = ()  # relations whose ids are all there are
    prepare: Callable = lambda tx, entries, stored: None  # alters the entries before they are read
    told: Callable = lambda entry, row: {}  # further keys of the event
    matches: tuple[str, ...] = ("id",)  # columns that an entry is known by
    names: Callable = field(default=lambda kind, entry: (kind.event, kind.id_key))


def run(tx, kind, entries, silent):
    """Write entries; returns the ids of their rows, in their order. Raises Invalid, and has written nothing then.

    Emits <kind>:new or <kind>:update for each, unless `silent`.
    """
    check(entries)
    stored = known_rows(tx, kind, entries)
    kind.prepare(tx, entries, stored)
    rows = [write(tx, kind, number, entry, stored) for number, entry in enumerate(entries, 1)]
    tx.flush()
    for name in (*kind.added, *kind.replaced):
        link(tx, kind.model, name, [(row, entry[name]) for (row, _), entry in zip(rows, entries, strict=True) if name in entry], kind)
    if not silent:
        tell(tx, kind, entries, rows)
    return [row.id for row, _ in rows]


def check(entries):
    """Refuse what is no list of objects."""
    if not isinstance(entries, list):
        raise Invalid("A list of entities is expected.")
    problems = [number for number, entry in enumerate(entries, 1) if not isinstance(entry, dict)]
    if problems:
        raise Invalid("A list of entities is expected.", data={"errors": [problem(number, "", "It is no object.") for number in problems]})


def problem(number, field_name, message):
    """One value at fault."""
    return {"line": number, "column": field_name, "field": field_name, "message": message}


def known_rows(tx, kind, entries):
    """{value of the columns that a row is known by: row}, locked, of those that entries name. Raises Invalid for malformed ids."""
    problems = [
        problem(number, name, f"{name} is not a valid UUID.")
        for number, entry in enumerate(entries, 1)
        for name in kind.matches
        if not is_uuid(entry.get(name))
    ]
    if problems:
        raise Invalid(problems[0]["message"], data={"errors": problems})
    column = getattr(kind.model, kind.matches[0])
    ids = {entry[kind.matches[0]].lower() for entry in entries}
    rows = tx.scalars(sa.select(kind.model).where(column == sa.any_(array(ids))).order_by(kind.model.id).with_for_update())
    return {tuple(str(getattr(row, name)) for name in kind.matches): row for row in rows}


def write(tx, kind, number, entry, stored):
    """(row, whether it is new) of an entry."""
    key = tuple(entry[name].lower() for name in kind.matches)
    row, is_new = stored.get(key), key not in stored
    if row is None:
        row = stored[key] = kind.model()
        row.id = uuid.UUID(entry["id"]) if is_uuid(entry.get("id")) else uuid.uuid4()
        tx.add(row)
    columns = column_fields(kind.model)
    for name, value in entry.items():
        if name in columns and name != "id":
            setattr(row, name, read(number, columns[name], name, value))
    if not is_new and "updated_at" not in entry:
        row.updated_at = utcnow()
    return row, is_new


def read(number, column, name, value):
    """A value as its column takes it. Raises Invalid."""
    if value is None:
        return None
    try:
        return column.deserialize(value)
    except ValidationError:
        raise Invalid(BAD_FORMAT, data={"errors": [problem(number, name, BAD_FORMAT)]}) from None


# --- links ---


def link(tx, model, name, wanted, kind):
    """Write the links of rows. `wanted`: (row, ids) each; ids of rows that are not there are left out."""
    if not wanted:
        return
    relation = sa.inspect(model).relationships[name]
    pairs = {(row.id, uuid.UUID(id)) for row, ids in wanted for id in ids_in(name, ids)}
    target = relation.mapper.class_
    there = set(tx.scalars(sa.select(target.id).where(target.id == sa.any_(array({id for _, id in pairs})))))
    pairs = sorted((pair for pair in pairs if pair[1] in there), key=str)
    owners = [row.id for row, _ in wanted]
    if relation.secondary is None:
        point_to(tx, relation, owners, pairs)
        return
    table = relation.secondary
    (_, own), (_, other) = relation.synchronize_pairs[0], relation.secondary_synchronize_pairs[0]
    if name in kind.replaced:
        kept = sa.func.unnest(array([a for a, _ in pairs]), array([b for _, b in pairs])).table_valued("a", "b").render_derived("kept")
        is_kept = sa.exists().where(kept.c.a == own, kept.c.b == other)
        tx.execute(sa.delete(table).where(own == sa.any_(array(owners)), sa.not_(is_kept)).execution_options(synchronize_session=False))
    if pairs:
        tx.execute(insert(table).on_conflict_do_nothing(), [{own.name: a, other.name: b} for a, b in pairs])


def ids_in(name, ids):
    """The ids of a list of ids or of objects with one. Raises Invalid."""
    found = [item.get("id") if isinstance(item, dict) else item for item in ids] if isinstance(ids, list) else [None]
    if ids is None:
        return []
    if not all(is_uuid(id) for id in found):
        raise Invalid(f"{name} must be a list of UUIDs.", field=name)
    return found


def point_to(tx, relation, owners, pairs):
    """Let rows that refer to their owner by a column refer to these owners, and those of the same owners that are not listed to none."""
    (_, column), *_ = relation.synchronize_pairs
    target = column.table
    loose = sa.update(target).where(column == sa.any_(array(owners)), target.c.id != sa.all_(array([id for _, id in pairs])))
    tx.execute(loose.values({column.name: None}))
    for owner, id in pairs:
        tx.execute(sa.update(target).where(target.c.id == id).values({column.name: owner}))


# --- events ---


def tell(tx, kind, entries, rows):
    """Emit the events of the rows, with the production that each belongs to."""
    projects = dict(tx.execute(project_rows(kind.model, [row.id for row, _ in rows])).all())
    for entry, (row, is_new) in zip(entries, rows, strict=True):
        event, id_key = kind.names(kind, entry)
        data = {id_key: row.id} if id_key else {}
        name = f"{event}:{'new' if is_new else 'update'}"
        events.emit(tx, name, {**data, **kind.told(entry, row)}, project_id=projects.get(row.id))


def project_rows(model, ids):
    """Select of (id, id of the production)."""
    project = {
        Project: lambda: Project.id,
        AttachmentFile: lambda: project_through(Comment, AttachmentFile.comment_id, Comment.object_id),
        Comment: lambda: project_through_task(Comment.object_id),
        BuildJob: lambda: sa.select(Playlist.project_id).where(Playlist.id == BuildJob.playlist_id).scalar_subquery(),
        EntityLink: lambda: sa.select(Entity.project_id).where(Entity.id == EntityLink.entity_in_id).scalar_subquery(),
    }.get(model, lambda: model.project_id if hasattr(model, "project_id") else project_through_task(model.task_id))
    return sa.select(model.id, project()).where(model.id == sa.any_(array(ids)))


def project_through_task(task_id):
    """Scalar subquery: the production of a task."""
    return sa.select(Task.project_id).where(Task.id == task_id).scalar_subquery()


def project_through(middle, reference, task_id):
    """Scalar subquery: the production of the task that a row in between is about."""
    return sa.select(Task.project_id).join(middle, task_id == Task.id).where(middle.id == reference).scalar_subquery()


# --- what kinds need ---


def prepare_entities(tx, entries, stored):
    """Entities say their kind by `type`, and hold their parent and frames under other names."""
    kinds = {kind: type_id(tx, kind) for kind in TEMPORAL_KINDS if any(entry.get("type", "Shot") == kind for entry in entries)}
    previews = {entry["preview_file_id"] for entry in entries if is_uuid(entry.get("preview_file_id"))}
    there = {str(id) for id in tx.scalars(sa.select(PreviewFile.id).where(PreviewFile.id == sa.any_(array(previews))))}
    for entry in entries:
        kind = entry.get("type", "Shot")
        if kind in kinds:
            entry["entity_type_id"] = str(kinds[kind])
        elif is_uuid(entry.get("asset_type_id")):
            entry["entity_type_id"] = entry["asset_type_id"]
        if is_uuid(entry.get("sequence_id")):
            entry["parent_id"] = entry["sequence_id"]
        more = {key: entry[key] for key in IN_DATA if entry.get(key) is not None}
        if more:
            entry["data"] = {**(entry["data"] if isinstance(entry.get("data"), dict) else {}), **more}
        if str(entry.get("preview_file_id")).lower() not in there:
            entry["preview_file_id"] = None


def entity_names(kind, entry):
    """The event of an entity, and its id key, whose capital letter clients of the contract know."""
    name = entry.get("type", "Shot")
    name = name if isinstance(name, str) else "Entity"
    return name.lower(), f"{name}_id"


def prepare_previews(tx, entries, stored):
    """Previews without their files: only their rows were imported."""
    for entry in entries:
        row = stored.get((str(entry["id"]).lower(),))
        data = entry.get("data") if isinstance(entry.get("data"), dict) else (row.data if row is not None else None)
        entry["data"] = {**(data or {}), "imported_only": True}
        if not entry.get("status"):
            entry["status"] = "ready"


def prepare_notifications(tx, entries, stored):
    """Notifications name their type otherwise, since `type` says what an object is."""
    for entry in entries:
        entry["type"] = entry.pop("notification_type", None) or "comment"


def prepare_news(tx, entries, stored):
    """News are no more than what they tell of, and never changed."""
    for entry in entries:
        kept = {key: entry[key] for key in NEWS_KEYS if key in entry}
        entry.clear()
        entry.update(kept)
        if "created_at" in kept:
            entry["updated_at"] = kept["created_at"]


def comment_told(entry, row):
    """What comment:new says besides its id."""
    return {"task_id": row.object_id, "person_id": row.person_id, "for_client": bool(row.for_client)}


PROJECT_LINKS = ("team", "task_types", "task_statuses", "asset_types", "status_automations", "preview_background_files")
COMMENT_LINKS = ("previews", "mentions", "department_mentions", "acknowledgements", "attachment_files")

KINDS = {
    "projects": Kind("project", Project, added=PROJECT_LINKS),
    "metadata-descriptors": Kind("metadata-descriptor", MetadataDescriptor, "metadata_descriptor_id", added=("departments",)),
    "milestones": Kind("milestone", Milestone, "milestone_id"),
    "schedule-items": Kind("schedule-item", ScheduleItem, "schedule_item_id"),
    "playlists": Kind("playlist", Playlist, "playlist_id"),
    "entities": Kind("entity", Entity, replaced=("entities_out",), prepare=prepare_entities, names=entity_names),
    "entity-links": Kind("entity-link", EntityLink, matches=("entity_in_id", "entity_out_id")),
    "tasks": Kind("task", Task, replaced=("assignees",)),
    "comments": Kind("comment", Comment, "comment_id", replaced=COMMENT_LINKS, told=comment_told),
    "preview-files": Kind("preview-file", PreviewFile, "preview_file_id", prepare=prepare_previews),
    "attachment-files": Kind("attachment-file", AttachmentFile, "attachment_file_id"),
    "build-jobs": Kind("build-job", BuildJob, "build_job_id"),
    "time-spents": Kind("time-spent", TimeSpent, "time_spent_id"),
    "subscriptions": Kind("subscription", Subscription, "subscription_id"),
    "notifications": Kind("notification", Notification, "notification_id", prepare=prepare_notifications),
    "news": Kind("news", News, "news_id", prepare=prepare_news),
}
"""{last part of the route: kind}"""
