"""A production sent to another server by its import routes. Rules: contract/rules/sync-and-backup.md §6.

The contract's order and selection lose assets, assignees and the previews of comments; here every entity goes, parents first, with its
relations, ordered by id, and previews go before the comments that show them.
"""

import logging
import time

import orjson
import sqlalchemy as sa

from zou.entities.models import Entity, EntityType
from zou.exchange.services.kitsu import KINDS, project_rows
from zou.exchange.sync.remote import RemoteFailure
from zou.platform.db.projection import json_row

log = logging.getLogger(__name__)

FIRST = ("Episode", "Sequence", "Scene", "ConceptFolder")
ORDER = (
    *("metadata-descriptors", "milestones", "entities", "schedule-items", "entity-links", "tasks", "subscriptions"),
    *("time-spents", "preview-files", "comments", "notifications", "attachment-files", "news", "playlists", "build-jobs"),
)


def send(tx, remote, project, schemas, batch_size=200, throttle_s=0, silent=True, progress=None):
    """Send a production; returns ({kind: rows sent}, number of batches that failed). `schemas`: {kind: schema of its rows}."""
    sent, failed = {}, 0
    for kind, statement in passes(project):
        for batch in batches(tx, schemas[kind], statement, batch_size):
            prepare(kind, batch)
            try:
                remote.post(f"import/kitsu/{kind}", batch, **({"silent": "true"} if silent else {}))
                sent[kind] = sent.get(kind, 0) + len(batch)
            except RemoteFailure as failure:
                failed += 1
                log.error("A batch of %s %s was refused: %s", len(batch), kind, failure)
            if progress:
                progress(kind, sent.get(kind, 0))
            if throttle_s:
                time.sleep(throttle_s)
    return sent, failed


def passes(project):
    """Yield (kind, select of rows ordered by id), parents first; entities once more at the end, for the previews that show them."""
    yield "projects", sa.select(KINDS["projects"].model).where(KINDS["projects"].model.id == project.id)
    for kind in ORDER:
        if kind == "entities":
            yield from entity_passes(project)
        else:
            yield kind, of_project(kind, project)
    shown = sa.select(Entity).where(Entity.project_id == project.id, Entity.preview_file_id.isnot(None))
    yield "entities", shown.order_by(Entity.id)


def entity_passes(project):
    """Yield the entities of a production kind by kind, those that others stand in first."""
    of = sa.select(Entity).join(EntityType, EntityType.id == Entity.entity_type_id).where(Entity.project_id == project.id)
    for name in FIRST:
        yield "entities", of.where(EntityType.name == name).order_by(Entity.id)
    yield "entities", of.where(EntityType.name.not_in(FIRST)).order_by(Entity.id)


def of_project(kind, project):
    """Select of the rows of a kind that belong to a production."""
    model = KINDS[kind].model
    _, project_id = project_rows(model, []).selected_columns
    return sa.select(model).where(project_id == project.id).order_by(model.id)


def batches(tx, schema, statement, size):
    """Yield lists of serialised rows with their relations, at most `size` each, by id."""
    model = statement.column_descriptions[0]["entity"]
    last = None
    while True:
        page = statement if last is None else statement.where(model.id > last)
        text = sa.cast(json_row(schema, model, relations=True), sa.Text)
        rows = tx.execute(page.with_only_columns(model.id, text).limit(size)).all()
        if not rows:
            return
        yield [orjson.loads(row[1]) for row in rows]
        last = rows[-1][0]


def prepare(kind, batch):
    """Name and leave out what the import of the other server expects."""
    for entry in batch:
        if kind == "notifications":
            entry["notification_type"] = entry.get("type") if entry.get("notification_type") is None else entry["notification_type"]
        if kind == "preview-files":
            entry.pop("source_file_id", None)
