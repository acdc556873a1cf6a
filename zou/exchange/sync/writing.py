"""Rows of the other server into our tables: a page at a time, and when the database refuses it, row by row."""

import copy
import logging
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from zou.entities.services.batch import array
from zou.exchange.services import kitsu
from zou.platform.db.payload import is_uuid
from zou.platform.errors import TrackerError

log = logging.getLogger(__name__)


@dataclass
class Count:
    """Rows written and rows refused."""

    written: int = 0
    refused: int = 0


def write_page(tx, kind, entries):
    """Write a page of rows and commit it; a row that the database refuses is logged and left out. Returns a Count."""
    count = Count()
    if not entries:
        return count
    try:
        with tx.begin_nested():
            put(tx, kind, copy.deepcopy(entries))
        count.written = len(entries)
    except (DBAPIError, TrackerError) as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        for entry in entries:
            try:
                with tx.begin_nested():
                    put(tx, kind, [copy.deepcopy(entry)])
                count.written += 1
            except (DBAPIError, TrackerError) as refusal:
                count.refused += 1
                reason = str(getattr(refusal, "orig", None) or refusal).strip().splitlines()[0]
                log.error("Failed to import %s %s: %s", kind.model.__name__, entry.get("id"), reason)
    tx.commit()
    tx.expunge_all()  # a long synchronisation must not keep every row in memory
    return count


def put(tx, kind, entries):
    """Write rows, silently; ids are matched, columns overwritten."""
    loosen(tx, kind, entries)
    kitsu.run(tx, kind, entries, silent=True)


def loosen(tx, kind, entries):
    """Let optional references to rows that are not here be none: what is not synchronised, or comes later."""
    for column in kind.model.__table__.columns:
        if not column.nullable or not column.foreign_keys:
            continue
        (key,) = column.foreign_keys
        target = key.column
        ids = {entry[column.name].lower() for entry in entries if is_uuid(entry.get(column.name))}
        if not ids:
            continue
        there = {str(id) for id in tx.scalars(sa.select(target).where(target == sa.any_(array(ids))))}
        if target.table is column.table:
            there |= {entry["id"].lower() for entry in entries if is_uuid(entry.get("id"))}
        for entry in entries:
            id = entry.get(column.name)
            if is_uuid(id) and id.lower() not in there:
                entry[column.name] = None
                log.debug("%s %s: %s %s is not here.", kind.model.__name__, entry.get("id"), column.name, id)
