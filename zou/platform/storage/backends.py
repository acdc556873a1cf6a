"""Backends of the storage: the local folder, and object stores behind fsspec.

Both write whole files only: a reader sees the old content, the new content or nothing, never a part.
"""

import base64
import contextlib
import io
import os
import shutil
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet

from zou.platform.errors import Unavailable
from zou.platform.storage.layout import key_at, path_of

CHUNK_BYTES = 1024 * 1024


class LocalBucket:
    """A folder on this machine."""

    is_local = True

    def __init__(self, folder):
        self.folder = Path(folder)

    def path(self, key):
        """Where the file of a key is, whether it exists or not."""
        return self.folder / path_of(key)

    def open(self, key):
        """A binary reader. Raises FileNotFoundError."""
        return self.path(key).open("rb")

    def put(self, key, source):
        """Store the content of a binary reader; returns its size in bytes."""
        target = self.path(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".incoming-", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                shutil.copyfileobj(source, file, CHUNK_BYTES)
                file.flush()
                os.fsync(file.fileno())
                size_bytes = file.tell()
            os.chmod(name, 0o644)  # mkstemp gives 0600, and nginx or the other server reads the folder too
            os.replace(name, target)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)
            raise
        sync_folder(target.parent)
        return size_bytes

    def walk(self):
        """Yield the key of every file, without order; what is just being written is none."""
        for folder, folders, names in os.walk(self.folder):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                if not name.startswith("."):
                    yield key_at(Path(folder, name).relative_to(self.folder))

    def unfinished(self):
        """Yield the paths of writes that are under way, or whose process was killed."""
        yield from self.folder.rglob(".incoming-*")

    def exists(self, key):
        return self.path(key).is_file()

    def modified(self, key):
        """When the file was written, in seconds since 1970. Raises FileNotFoundError."""
        return self.path(key).stat().st_mtime

    def size(self, key):
        """Size in bytes. Raises FileNotFoundError."""
        return self.path(key).stat().st_size

    def delete(self, key):
        """Remove the file; one that is not there counts as removed."""
        self.path(key).unlink(missing_ok=True)


def sync_folder(folder):
    """Make a rename survive a power cut, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


class ObjectBucket:
    """A bucket of an object store; the name of an object is its key.

    `filesystem`: of fsspec; `cipher`: a Fernet, or None; `create`: makes a bucket; `failures`: what the driver raises besides OSError.
    """

    is_local = False

    def __init__(self, filesystem, name, cipher=None, create=None, failures=()):
        self.failures = (OSError, *failures)  # what the driver raises for a store that cannot be used
        self.filesystem = filesystem
        self.name = name
        self.cipher = cipher
        if create is not None:
            with self.outages():
                if not filesystem.exists(name):
                    create(name)

    @contextlib.contextmanager
    def outages(self):
        """Tell a store that cannot be used (503) from a file that is not there (FileNotFoundError)."""
        try:
            yield
        except FileNotFoundError:
            raise
        except self.failures as error:
            raise Unavailable("The file storage cannot be reached, retry later.") from error

    def path(self, key):
        return f"{self.name}/{key}"

    def open(self, key):
        with self.outages():
            if self.cipher is None:
                return self.filesystem.open(self.path(key), "rb")
            return io.BytesIO(decrypt(self.cipher, self.filesystem.cat_file(self.path(key))))

    def parts(self, key, start, stop):
        """Yield the content between two places, piece by piece. An encrypted object cannot be read so."""
        with self.outages(), self.filesystem.open(self.path(key), "rb") as source:
            source.seek(start)
            while start < stop and (piece := source.read(min(CHUNK_BYTES, stop - start))):
                start += len(piece)
                yield piece

    def put(self, key, source):
        with self.outages():
            if self.cipher is not None:
                content = source.read()
                self.filesystem.pipe_file(self.path(key), encrypt(self.cipher, content))
                return len(content)
            size_bytes = 0
            with self.filesystem.open(self.path(key), "wb") as target:  # the object appears when it is closed, whole
                while chunk := source.read(CHUNK_BYTES):
                    size_bytes += target.write(chunk)
            return size_bytes

    def walk(self):
        """Yield the key of every object."""
        with self.outages():
            self.filesystem.invalidate_cache()
            for path in self.filesystem.find(self.name):
                yield path.split("/", 1)[1]

    def exists(self, key):
        with self.outages():
            self.filesystem.invalidate_cache()
            return self.filesystem.exists(self.path(key))

    def size(self, key):
        with self.outages():
            if self.cipher is not None:
                return len(decrypt(self.cipher, self.filesystem.cat_file(self.path(key))))
            self.filesystem.invalidate_cache()
            return self.filesystem.size(self.path(key))

    def unfinished(self):
        """None: an object appears whole."""
        return iter(())

    def modified(self, key):
        with self.outages():
            self.filesystem.invalidate_cache()
            return self.filesystem.modified(self.path(key)).timestamp()

    def delete(self, key):
        with self.outages(), contextlib.suppress(FileNotFoundError):
            self.filesystem.rm_file(self.path(key))


def encrypt(cipher, content):
    """The contract's form of an encrypted object: a Fernet token in bytes, not in base64."""
    return base64.urlsafe_b64decode(cipher.encrypt(content))


def decrypt(cipher, token):
    """The content of an encrypted object."""
    return cipher.decrypt(base64.urlsafe_b64encode(token))


def cipher_of(key):
    """The cipher of a setting that holds 32 bytes in URL-safe base64."""
    return Fernet(key.encode())
