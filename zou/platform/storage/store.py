"""The store: three buckets, one way to name a file, whatever the backend."""

import contextlib
import logging
import os
import shutil
import tempfile
import uuid
from pathlib import Path

from zou.platform.storage import workspaces
from zou.platform.storage.backends import CHUNK_BYTES, LocalBucket, ObjectBucket, cipher_of
from zou.platform.storage.layout import BUCKETS, key_of
from zou.platform.storage.measured import MeasuredBucket

log = logging.getLogger(__name__)


class Store:
    """Files by (bucket, prefix, id). Reading what is not there raises FileNotFoundError; a store that is down, Unavailable."""

    def __init__(self, buckets, temporary_folder, tells_missing=False):
        """`tells_missing`: whether each file that is asked for and not there is logged."""
        self.buckets = buckets
        self.temporary_folder = Path(temporary_folder)
        self.tells_missing = tells_missing

    @property
    def local_root(self):
        """The folder that all buckets are in, when they are folders of this machine; else None."""
        parents = {bucket.folder.absolute().parent if bucket.is_local else None for bucket in self.buckets.values()}
        return parents.pop() if len(parents) == 1 else None

    def open(self, bucket, prefix, id):
        """A binary reader of a file."""
        return self.buckets[bucket].open(key_of(prefix, id))

    def put(self, bucket, prefix, id, source):
        """Store a file whole; returns its size in bytes. `source`: a path or a binary reader."""
        if not hasattr(source, "read"):
            with Path(source).open("rb") as reader:
                return self.put(bucket, prefix, id, reader)
        size_bytes = self.buckets[bucket].put(key_of(prefix, id), source)
        if not self.buckets[bucket].is_local:
            self.forget(prefix, id)
        return size_bytes

    def get(self, bucket, prefix, id, target):
        """Copy a file to a path; the path appears whole or not at all."""
        target = Path(target)
        part = target.with_name(f"{target.name}.{uuid.uuid4().hex}.part")
        try:
            with self.open(bucket, prefix, id) as source, part.open("wb") as file:
                shutil.copyfileobj(source, file, CHUNK_BYTES)
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)
        return target

    def exists(self, bucket, prefix, id):
        return self.buckets[bucket].exists(key_of(prefix, id))

    def size(self, bucket, prefix, id):
        """Size of a file in bytes."""
        return self.buckets[bucket].size(key_of(prefix, id))

    def delete(self, bucket, prefix, id):
        """Remove a file; one that is not there counts as removed."""
        self.buckets[bucket].delete(key_of(prefix, id))
        if not self.buckets[bucket].is_local:
            self.forget(prefix, id)

    def local_path(self, bucket, prefix, id, extension, size_bytes=None):
        """A path on this machine with the file's content: its own, or a copy in TMP_DIR. `size_bytes`: what it must have, when known."""
        try:
            return self.found_path(bucket, prefix, id, extension, size_bytes)
        except FileNotFoundError:
            if self.tells_missing:
                log.warning("File %s is not in %s.", key_of(prefix, id), bucket)
            raise

    def found_path(self, bucket, prefix, id, extension, size_bytes):
        """As `local_path`, in silence."""
        kept = self.buckets[bucket]
        key = key_of(prefix, id)
        if kept.is_local:
            path = kept.path(key)
            if not path.is_file():
                raise FileNotFoundError(path)
            return path
        cached = self.cached(prefix, id, extension)
        if not is_valid(cached, size_bytes):
            self.get(bucket, prefix, id, cached)
        return cached

    def cached(self, prefix, id, extension):
        """Where the copy of an object store's file is on this machine, whether it is there or not."""
        return self.temporary() / f"cache-{key_of(prefix, id)}.{extension}"

    def is_streamable(self, bucket, prefix, id, extension):
        """Whether a part of a file is better asked of the storage: there is no copy here yet, and the file is not encrypted."""
        kept = self.buckets[bucket]
        return not kept.is_local and kept.cipher is None and not is_valid(self.cached(prefix, id, extension), None)

    def parts(self, bucket, prefix, id, start, stop):
        """Yield the content of an object between two places, piece by piece."""
        return self.buckets[bucket].parts(key_of(prefix, id), start, stop)

    @contextlib.contextmanager
    def borrowed(self, bucket, prefix, id):
        """Path with the content of a file, for the block only: its own, or of an object store a copy that goes afterwards.

        Raises FileNotFoundError.
        """
        if self.buckets[bucket].is_local:
            yield self.local_path(bucket, prefix, id, "")
            return
        with self.workspace() as folder:
            yield self.get(bucket, prefix, id, Path(folder, prefix))

    def forget(self, prefix, id):
        """Drop this machine's copies of a file that was written again."""
        for cached in self.temporary().glob(f"cache-{key_of(prefix, id)}.*"):
            cached.unlink(missing_ok=True)

    def temporary(self):
        """The folder of temporary files (TMP_DIR), made when it is missing."""
        self.temporary_folder.mkdir(parents=True, exist_ok=True)
        return self.temporary_folder

    def workspace(self):
        """A temporary folder that is gone after its `with` block."""
        return workspaces.workspace(self.temporary())


def is_valid(path, size_bytes):
    """Whether a cached copy is whole, as far as one can know."""
    if not path.is_file():
        return False
    found = path.stat().st_size
    return found == size_bytes if size_bytes is not None else found > 0


def temporary_folder(settings):
    """The folder of temporary files (TMP_DIR), made when it is missing."""
    folder = Path(settings.get("TMP_DIR") or os.path.join(tempfile.gettempdir(), "zou"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def clear_leftovers(settings):
    """Remove what killed processes left in the folder of temporary files. A folder that cannot be used is found out by whoever needs it."""
    with contextlib.suppress(OSError):
        workspaces.clear(temporary_folder(settings))


def from_settings(settings):
    """The store that the FS_*, PREVIEW_FOLDER and TMP_DIR settings describe. Raises ValueError for a backend that cannot be had."""
    prefix = settings.get("FS_BUCKET_PREFIX") or ""
    backend = settings.get("FS_BACKEND") or "local"
    make = {"local": local_bucket, "s3": s3_bucket, "swift": swift_bucket}.get(backend)
    if make is None:
        raise ValueError(f"FS_BACKEND is {backend!r}; this server has: local, s3, swift.")
    return Store(
        {bucket: MeasuredBucket(make(settings, f"{prefix}{bucket}"), bucket) for bucket in BUCKETS},
        temporary_folder(settings),
        bool(settings.get("LOG_FILE_NOT_FOUND")),
    )


def local_bucket(settings, name):
    """A folder below PREVIEW_FOLDER, else THUMBNAIL_FOLDER, else `previews` in the current folder."""
    root = settings.get("PREVIEW_FOLDER") or settings.get("THUMBNAIL_FOLDER") or Path.cwd() / "previews"
    return LocalBucket(Path(root) / name)


def s3_bucket(settings, name):
    """A bucket of an S3-compatible store, through s3fs."""
    import fsspec  # slow to import, as the other, and of use to this backend only
    from botocore.exceptions import BotoCoreError

    filesystem = fsspec.filesystem(
        "s3",
        key=settings.get("FS_S3_ACCESS_KEY"),
        secret=settings.get("FS_S3_SECRET_KEY"),
        endpoint_url=settings.get("FS_S3_ENDPOINT"),
        client_kwargs={"region_name": settings.get("FS_S3_REGION")} if settings.get("FS_S3_REGION") else {},
        use_listings_cache=False,
    )
    cipher = cipher_of(settings["FS_S3_AES256_KEY"]) if settings.get("FS_S3_AES256_ENCRYPTED") else None
    create = None
    if settings.get("FS_S3_CREATE_BUCKET"):
        # Amazon refuses a location constraint for its first region, which s3fs always sends.
        is_first = (settings.get("FS_S3_REGION") or "us-east-1") == "us-east-1"
        create = (lambda bucket: filesystem.call_s3("create_bucket", Bucket=bucket)) if is_first else filesystem.mkdir
    return ObjectBucket(filesystem, name, cipher, create, failures=(BotoCoreError,))


def swift_bucket(settings, name):
    """A container of OpenStack Swift. Raises ValueError when its driver is not installed."""
    from zou.platform.storage.swift import SwiftBucket  # its driver is an extra

    return SwiftBucket(settings, name)
