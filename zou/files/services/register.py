"""The register of stored files (`stored_file`), and the only way by which rows of the trade store and remove files.

Files are written before the transaction commits and taken back when it fails; they are removed after the commit only. So a committed
row always has its file, and a failed request leaves none behind. Rules: contract/rules/storage.md §7.
"""

import logging
from dataclasses import dataclass
from pathlib import Path

import orjson
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from zou import config
from zou.files.models import StoredFile
from zou.platform.storage import key_of, store

NEW, GONE = "files.new", "files.gone"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept:
    """A file to store: where it goes, and the path that holds its content now."""

    bucket: str
    prefix: str
    id: str
    source: Path


REGISTER = sa.text(
    """
    INSERT INTO stored_file AS f (id, bucket, key, prefix, file_id, size, journal, purge_forced, purge_attempts, created_at, updated_at)
    SELECT gen_random_uuid(), n.bucket, n.key, n.prefix, n.file_id, n.size, jsonb_build_array(jsonb_build_object(
        'op', 'create', 'at', to_char(moment, 'YYYY-MM-DD"T"HH24:MI:SS.US'), 'size', n.size)), false, 0, moment, moment
    FROM jsonb_to_recordset(CAST(:files AS jsonb)) AS n(bucket text, key text, prefix text, file_id text, size bigint),
        LATERAL (SELECT clock_timestamp() AT TIME ZONE 'UTC' AS moment OFFSET 0) AS clock
    ORDER BY n.bucket, n.key
    ON CONFLICT (bucket, key) DO UPDATE SET
        size = excluded.size, deleted_at = NULL, purged_at = NULL, purge_forced = false, purge_attempts = 0, last_error = NULL,
        updated_at = excluded.updated_at,
        journal = (SELECT jsonb_agg(e ORDER BY i) FROM jsonb_array_elements(f.journal || jsonb_build_array(excluded.journal -> 0
                || jsonb_build_object('op', CASE WHEN f.deleted_at IS NULL THEN 'update' ELSE 'undelete' END)))
            WITH ORDINALITY AS entries(e, i) WHERE i > jsonb_array_length(f.journal) - 49)
    """
)

MARK = sa.text(
    """
    INSERT INTO stored_file AS f
        (id, bucket, key, prefix, file_id, journal, deleted_at, purged_at, purge_forced, purge_attempts, created_at, updated_at)
    SELECT gen_random_uuid(), n.bucket, n.key, n.prefix, n.file_id,
        jsonb_build_array(jsonb_build_object('op', 'delete', 'at', at, 'force', CAST(:force AS boolean)))
            || CASE WHEN :purge THEN jsonb_build_array(jsonb_build_object('op', 'purge', 'at', at)) ELSE '[]' END,
        moment, CASE WHEN :purge THEN moment END, :force, 0, moment, moment
    FROM jsonb_to_recordset(CAST(:files AS jsonb)) AS n(bucket text, key text, prefix text, file_id text),
        LATERAL (SELECT clock_timestamp() AT TIME ZONE 'UTC' AS moment OFFSET 0) AS clock,
        LATERAL (SELECT to_char(moment, 'YYYY-MM-DD"T"HH24:MI:SS.US') AS at) AS stamp
    ORDER BY n.bucket, n.key
    ON CONFLICT (bucket, key) DO UPDATE SET
        deleted_at = coalesce(f.deleted_at, excluded.deleted_at), purged_at = coalesce(excluded.purged_at, f.purged_at),
        purge_forced = f.purge_forced OR excluded.purge_forced, updated_at = excluded.updated_at,
        journal = (SELECT jsonb_agg(e ORDER BY i)
            FROM jsonb_array_elements(f.journal || excluded.journal) WITH ORDINALITY AS entries(e, i)
            WHERE i > jsonb_array_length(f.journal || excluded.journal) - 50)
    """
)


def keep(tx, files):
    """Store files and register them. `files`: list of `Kept`. Returns {(bucket, prefix): size in bytes}."""
    storage, entries, sizes = store(), [], {}
    for file in files:
        is_new = not storage.exists(file.bucket, file.prefix, file.id)
        if is_new:
            tx.info.setdefault(NEW, []).append((file.bucket, file.prefix, file.id))
        size_bytes = sizes[file.bucket, file.prefix] = storage.put(file.bucket, file.prefix, file.id, file.source)
        entries.append({**entry(file.bucket, file.prefix, file.id), "size": size_bytes})
    if entries:
        tx.execute(REGISTER, {"files": orjson.dumps(entries).decode()})
    return sizes


def announce(tx, files):
    """Register files that somebody else is about to write. `files`: list of (bucket, prefix, id)."""
    entries = [{**entry(*file), "size": None} for file in files]
    if entries:
        tx.execute(REGISTER, {"files": orjson.dumps(entries).decode()})


def discard(tx, files, force=False):
    """Mark files as deleted; with `force`, or the setting REMOVE_FILES, they are removed once the transaction is committed.

    `files`: list of (bucket, prefix, id). A file that was never registered is registered as deleted.
    """
    if not files:
        return
    purge = force or bool(config.value("REMOVE_FILES"))
    entries = [entry(*file) for file in files]
    tx.execute(MARK, {"files": orjson.dumps(entries).decode(), "force": force, "purge": purge})
    if purge:
        tx.info.setdefault(GONE, []).extend(files)


def discard_known(tx, files):
    """The same for those of the files that are registered and not marked yet."""
    entries = {(bucket, key_of(prefix, id)): (bucket, prefix, id) for bucket, prefix, id in files}
    known = sa.select(StoredFile.bucket, StoredFile.key).where(StoredFile.deleted_at.is_(None))
    found = tx.execute(known.where(sa.tuple_(StoredFile.bucket, StoredFile.key).in_(list(entries)))).all() if entries else ()
    discard(tx, [entries[tuple(row)] for row in found])


def entry(bucket, prefix, id):
    """A file as the register names it."""
    return {"bucket": bucket, "key": key_of(prefix, id), "prefix": prefix, "file_id": str(id)}


def remove(files):
    """Remove files from the storage; a failure is logged, the next removal of the same file tries again."""
    for bucket, prefix, id in files:
        try:
            store().delete(bucket, prefix, id)
        except Exception:
            log.exception("The file %s of bucket %s could not be removed.", key_of(prefix, id), bucket)


@event.listens_for(Session, "after_commit")
def settle(tx):
    """What was stored stays; what was discarded goes."""
    tx.info.pop(NEW, None)
    remove(tx.info.pop(GONE, ()))


@event.listens_for(Session, "after_transaction_end")
def take_back(tx, transaction):
    """What was stored for rows that were not committed goes; what was discarded stays."""
    if transaction.parent is None:
        tx.info.pop(GONE, None)
        remove(tx.info.pop(NEW, ()))
