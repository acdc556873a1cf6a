"""Stored files that belong to no row, and rows whose file is not stored: `zou find-orphans`.

A file belongs to the row whose id its key ends with, in one of the tables that its bucket and prefix stand for (contract/rules/storage.md
§2). A file of a removed row stays in the storage unless REMOVE_FILES is on; it is such a stranger, too.
"""

import time
import uuid
from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from zou.files.services import register
from zou.platform.db.cascade import table

PREVIEW = ("preview_file",)
OWNERS = {
    ("pictures", "original"): PREVIEW,
    ("pictures", "thumbnails-square"): PREVIEW,
    ("pictures", "previews"): PREVIEW,
    ("pictures", "tiles"): PREVIEW,
    ("pictures", "thumbnails"): (*PREVIEW, "person", "project", "organisation", "preview_background_file", "attachment_file"),
    ("pictures", "preview-backgrounds"): ("preview_background_file",),
    ("movies", "source"): PREVIEW,
    ("movies", "previews"): PREVIEW,
    ("movies", "lowdef"): PREVIEW,
    ("movies", "playlists"): ("build_job",),
    ("files", "previews"): PREVIEW,
    ("files", "working"): ("working_file",),
    ("files", "attachments"): ("attachment_file",),
}
ID_LENGTH = 36
AT_ONCE = 1000
DAY_S = 24 * 3600


@dataclass(frozen=True)
class Stranger:
    """A file that belongs to no row."""

    bucket: str
    prefix: str
    id: str
    size_bytes: int


class Report:
    """What does not fit together in a storage and its database. Files younger than `days` are left out: their rows may be on the way."""

    def __init__(self, tx, kept, days):
        self.tx, self.kept = tx, kept
        self.newest = time.time() - days * DAY_S
        self.files, self.unknown = {}, []
        self.walk()
        self.strangers = sorted(self.find_strangers(), key=lambda file: (file.bucket, file.prefix, file.id))
        self.unfinished = [path for bucket in kept.buckets.values() for path in bucket.unfinished() if path.stat().st_mtime < self.newest]
        self.lost = list(self.find_lost())
        self.removed = self.removed_bytes = 0

    def walk(self):
        """Note every file of the storage: {(bucket, prefix): ids in 16 bytes}, and the keys of no known kind."""
        for name, bucket in self.kept.buckets.items():
            for key in bucket.walk():
                prefix, id = key[: -ID_LENGTH - 1], key[-ID_LENGTH:]
                if (name, prefix) in OWNERS and is_id(id):
                    self.files.setdefault((name, prefix), set()).add(uuid.UUID(id).bytes)
                elif not key.startswith("dbbackup-"):
                    self.unknown.append(f"{name}/{key}")

    def find_strangers(self):
        """Yield the files without row."""
        for (name, prefix), ids in self.files.items():
            bucket = self.kept.buckets[name]
            ordered = sorted(ids)
            for start in range(0, len(ordered), AT_ONCE):
                part = [uuid.UUID(bytes=id) for id in ordered[start : start + AT_ONCE]]
                for id in set(part) - self.owned(OWNERS[name, prefix], part):
                    key = f"{prefix}-{id}"
                    try:
                        if bucket.modified(key) < self.newest:
                            yield Stranger(name, prefix, str(id), bucket.size(key))
                    except FileNotFoundError:
                        continue

    def owned(self, tables, ids):
        """Those of some ids that have a row in one of the tables."""
        array = sa.literal(ids, ARRAY(sa.Uuid()))
        selects = [sa.select(table(name).c.id).where(table(name).c.id == sa.any_(array)) for name in tables]
        return set(self.tx.scalars(sa.union_all(*selects)))

    def find_lost(self):
        """Yield (table, id, what is missing) of the rows without file."""
        for name, condition, choices in needs():
            rows = self.tx.execute(sa.select(table(name).c.id).where(condition).order_by(table(name).c.created_at))
            for (id,) in rows:
                if not any(id.bytes in self.files.get(choice, ()) for choice in choices):
                    yield name, id, " or ".join(f"{bucket}/{prefix}" for bucket, prefix in choices)

    def lines(self):
        """Yield a line for everything that does not fit."""
        for file in self.strangers:
            yield f"file without row: {file.bucket}/{file.prefix}-{file.id} ({size_text(file.size_bytes)})"
        for path in self.unfinished:
            yield f"write that was broken off: {path} ({size_text(path.stat().st_size)})"
        for name in sorted(self.unknown):
            yield f"file of no known kind: {name}"
        for name, id, missing in self.lost:
            yield f"row without file: {name} {id} ({missing})"

    def summary(self):
        """The counts, in a line."""
        total = size_text(sum(file.size_bytes for file in self.strangers))
        files = sum(len(ids) for ids in self.files.values())
        lost = ", ".join(f"{count} of {name}" for name, count in sorted(Counter(name for name, *_ in self.lost).items()))
        return (
            f"{files} files; {len(self.strangers)} without row ({total}), {len(self.unfinished)} broken off, "
            f"{len(self.unknown)} of no known kind; {len(self.lost)} rows without file{f' ({lost})' if lost else ''}."
        )

    def remove(self):
        """Remove the files without row, those that still are; yields their number after each part, to be committed."""
        for path in self.unfinished:
            self.removed_bytes += path.stat().st_size
            path.unlink(missing_ok=True)
            self.removed += 1
        for start in range(0, len(self.strangers), AT_ONCE):
            part = self.strangers[start : start + AT_ONCE]
            gone = [file for file in part if not self.owned(OWNERS[file.bucket, file.prefix], [uuid.UUID(file.id)])]
            register.discard(self.tx, [(file.bucket, file.prefix, file.id) for file in gone], force=True)
            self.removed += len(gone)
            self.removed_bytes += sum(file.size_bytes for file in gone)
            yield len(gone)


def needs():
    """[(table, condition on its rows, the (bucket, prefix) of which one must be there)]."""
    preview, stored = table("preview_file"), table("stored_file")
    ready = preview.c.status == "ready"
    background, build, scene = table("preview_background_file"), table("build_job"), table("working_file")
    kept = sa.exists().where(
        stored.c.bucket == "files", stored.c.prefix == "working", stored.c.file_id == sa.cast(scene.c.id, sa.Text),
        stored.c.deleted_at.is_(None),
    )  # fmt: skip
    return [
        ("preview_file", ready & (preview.c.extension == "png"), [("pictures", "original")]),
        ("preview_file", ready & (preview.c.extension == "mp4"), [("movies", prefix) for prefix in ("previews", "lowdef", "source")]),
        ("preview_file", ready & preview.c.extension.not_in(["png", "mp4"]), [("files", "previews")]),
        ("attachment_file", sa.true(), [("files", "attachments")]),
        ("preview_background_file", background.c.extension.is_not(None), [("pictures", "preview-backgrounds")]),
        ("build_job", build.c.status == "succeeded", [("movies", "playlists")]),
        ("working_file", kept, [("files", "working")]),
        *[(name, table(name).c.has_avatar.is_(True), [("pictures", "thumbnails")]) for name in ("person", "project", "organisation")],
    ]


def is_id(text):
    """Whether a text is an id as keys have it."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def size_text(size_bytes):
    """A size for people: 1.5 GiB."""
    size, unit = float(size_bytes), "bytes"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if size < 1024:
            break
        size, unit = size / 1024, larger
    return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
