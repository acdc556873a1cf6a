"""Containers of OpenStack Swift (FS_BACKEND=swift), through python-swiftclient: `pip install 'zou-tracker[swift]'`.

Objects are named by their keys, as in the contract (contract/rules/storage.md §4). Connections are shared by the threads of a process,
FS_SWIFT_POOL_SIZE of them, with one token for all. An object of more than 5 GiB is refused by Swift itself.
"""

import contextlib
import hashlib
import io
import logging
import queue
import threading
import time
from datetime import UTC
from email.utils import parsedate_to_datetime

from zou.platform import metrics
from zou.platform.errors import StorageFull, Unavailable
from zou.platform.storage.backends import CHUNK_BYTES, cipher_of, decrypt, encrypt

try:
    from keystoneauth1.exceptions import ClientException as IdentityError
    from swiftclient import Connection
    from swiftclient.exceptions import ClientException
except ImportError as error:
    raise ValueError("FS_BACKEND is 'swift', whose driver is missing: pip install 'zou-tracker[swift]'.") from error

NOT_FOUND, TOO_LARGE, WRONG_CONTENT, FULL = 404, 413, 422, 507
PATIENCE_S = 30  # for a free connection
UNREACHABLE = "The file storage cannot be reached, retry later."
log = logging.getLogger(__name__)


class Token:
    """The address of the storage and the token of its account, shared by the connections of a process for some time."""

    def __init__(self, lifetime_s):
        self.lifetime_s = lifetime_s
        self.lock = threading.Lock()
        self.url = self.token = None
        self.ends = 0.0

    def get(self, connection):
        """(address, token), asked for by a connection when there is none that is young enough."""
        if not self.lifetime_s:
            return connection.get_auth()
        with self.lock:
            if time.monotonic() >= self.ends:
                self.url, self.token = connection.get_auth()
                self.ends = time.monotonic() + self.lifetime_s
            return self.url, self.token

    def forget(self):
        """The token was refused."""
        with self.lock:
            self.ends = 0.0


class Pool:
    """Connections for all threads and containers of a process, made as they are needed. One serves one call at a time."""

    def __init__(self, settings):
        self.arguments = {
            "authurl": settings.get("FS_SWIFT_AUTHURL"), "user": settings.get("FS_SWIFT_USER"), "key": settings.get("FS_SWIFT_KEY"),
            "auth_version": str(settings.get("FS_SWIFT_AUTH_VERSION") or "3"), "retries": settings.get("FS_SWIFT_RETRIES") or 0,
            "timeout": settings.get("FS_SWIFT_TIMEOUT") or 60, "retry_on_ratelimit": True,
            "os_options": {
                "tenant_name": settings.get("FS_SWIFT_TENANT_NAME"), "region_name": settings.get("FS_SWIFT_REGION_NAME"),
                "user_domain_name": "Default", "project_domain_name": "Default",
            },
        }  # fmt: skip
        lifetime_s = settings.get("FS_SWIFT_TOKEN_CACHE_TTL")
        self.token = Token(3600 if lifetime_s is None else lifetime_s)
        self.free = queue.LifoQueue()
        for _ in range(settings.get("FS_SWIFT_POOL_SIZE") or 20):
            self.free.put(None)

    def take(self):
        """A connection, to be given back. Raises Unavailable when all are in use for too long."""
        try:
            connection = self.free.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise Unavailable("All connections to the file storage are in use, retry later.") from None
        try:
            if connection is None:
                connection = Connection(**self.arguments)
            if connection.token is None:
                connection.url, connection.token = self.token.get(connection)
            return connection
        except BaseException:
            self.free.put(connection)
            raise

    def give_back(self, connection, is_sound=True):
        """The connection is free. One that failed is closed, and asks for a new token."""
        if not is_sound:
            self.token.forget()
            with contextlib.suppress(Exception):
                connection.close()
            connection = None
        self.free.put(connection)


pools: dict[tuple, Pool] = {}
POOLED = ("AUTHURL", "USER", "KEY", "AUTH_VERSION", "TENANT_NAME", "REGION_NAME", "POOL_SIZE", "TIMEOUT", "RETRIES", "TOKEN_CACHE_TTL")


def pool_of(settings):
    """The pool of an account."""
    return pools.setdefault(tuple(settings.get(f"FS_SWIFT_{name}") for name in POOLED), Pool(settings))


class SwiftBucket:
    """A container; the name of an object is its key."""

    is_local = False

    def __init__(self, settings, name):
        self.name = name
        self.pool = pool_of(settings)
        self.cipher = cipher_of(settings["FS_SWIFT_AES256_KEY"]) if settings.get("FS_SWIFT_AES256_ENCRYPTED") else None
        self.policy = settings.get("FS_SWIFT_ETAG_MISMATCH_POLICY") or "log"
        if settings.get("FS_SWIFT_CREATE_CONTAINER"):
            with self.connection() as connection:
                connection.put_container(name)

    @contextlib.contextmanager
    def connection(self):
        """A connection, for the block. Raises FileNotFoundError for what is not there, StorageFull, Unavailable."""
        with told():
            connection = self.pool.take()
        is_sound = False
        try:
            with told():
                yield connection
            is_sound = True
        except FileNotFoundError:
            is_sound = True
            raise
        finally:
            self.pool.give_back(connection, is_sound)

    def open(self, key):
        """A binary reader. Raises FileNotFoundError."""
        if self.cipher is None:
            return io.BufferedReader(Download(self, key), CHUNK_BYTES)
        with self.connection() as connection:
            return io.BytesIO(decrypt(self.cipher, connection.get_object(self.name, key)[1]))

    def parts(self, key, start, stop):
        """Yield the content between two places, piece by piece. An encrypted object cannot be read so."""
        with self.connection() as connection:
            asked = {"Range": f"bytes={start}-{stop - 1}"}
            _, body = connection.get_object(self.name, key, headers=asked, resp_chunk_size=CHUNK_BYTES)
            try:
                yield from body
            finally:
                body.close()

    def put(self, key, source):
        """Store the content of a binary reader that can be read twice; returns its size in bytes."""
        size_bytes = None
        if self.cipher is not None:
            content = source.read()
            size_bytes, source = len(content), io.BytesIO(encrypt(self.cipher, content))
        length = source.seek(0, io.SEEK_END)
        source.seek(0)
        checksum = hashlib.file_digest(source, "md5").hexdigest()
        source.seek(0)
        with self.connection() as connection:
            found = connection.put_object(self.name, key, source, content_length=length, etag=checksum, chunk_size=CHUNK_BYTES)
        if found.strip('"') != checksum:
            self.tell_mismatch(key, found, checksum)
        return length if size_bytes is None else size_bytes

    def tell_mismatch(self, key, found, expected):
        """What FS_SWIFT_ETAG_MISMATCH_POLICY wants for an object that is not what was sent. Raises Unavailable unless it is `log`."""
        log.error("The object %s of container %s has the checksum %s, and not %s.", key, self.name, found, expected)
        metrics.etag_mismatch(self.name)
        if self.policy == "raise_and_delete":
            self.delete(key)
        if self.policy != "log":
            raise Unavailable("The file storage did not keep what was sent, retry later.")

    def walk(self):
        """Yield the key of every object."""
        marker = ""
        while True:
            with self.connection() as connection:
                page = connection.get_container(self.name, marker=marker)[1]
            if not page:
                return
            yield from (entry["name"] for entry in page)
            marker = page[-1]["name"]

    def unfinished(self):
        """None: an object appears whole."""
        return iter(())

    def head(self, key):
        """The headers of an object. Raises FileNotFoundError."""
        with self.connection() as connection:
            return connection.head_object(self.name, key)

    def exists(self, key):
        try:
            self.head(key)
        except FileNotFoundError:
            return False
        return True

    def size(self, key):
        """Size in bytes. Raises FileNotFoundError."""
        if self.cipher is not None:
            with self.open(key) as reader:
                return len(reader.read())
        return int(self.head(key)["content-length"])

    def modified(self, key):
        """When the object was written, in seconds since 1970. Raises FileNotFoundError."""
        moment = parsedate_to_datetime(self.head(key)["last-modified"])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()

    def delete(self, key):
        """Remove the object; one that is not there counts as removed."""
        with contextlib.suppress(FileNotFoundError), self.connection() as connection:
            connection.delete_object(self.name, key)


class Download(io.RawIOBase):
    """An object as it arrives; holds a connection until it is closed."""

    def __init__(self, bucket, key):
        self.bucket = bucket
        self.taken = contextlib.ExitStack()
        connection = self.taken.enter_context(bucket.connection())
        try:
            self.body = connection.get_object(bucket.name, key, resp_chunk_size=CHUNK_BYTES)[1]
        except BaseException as error:
            if not self.taken.__exit__(type(error), error, error.__traceback__):
                raise

    def readable(self):
        return True

    def readinto(self, buffer):
        with told():
            content = self.body.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)

    def close(self):
        if not self.closed:
            with contextlib.suppress(Exception):
                self.body.close()
            self.taken.close()
        super().close()


@contextlib.contextmanager
def told():
    """Tell what is not there, and a storage that is full, from one that cannot be used."""
    try:
        yield
    except FileNotFoundError:
        raise
    except ClientException as error:
        if error.http_status == NOT_FOUND:
            raise FileNotFoundError(error.http_path or str(error)) from error
        if error.http_status in (TOO_LARGE, FULL):
            raise StorageFull() from error
        if error.http_status == WRONG_CONTENT:
            raise Unavailable("The file did not arrive whole in the file storage, retry later.") from error
        raise Unavailable(UNREACHABLE) from error
    except (OSError, IdentityError) as error:  # also what requests raises
        raise Unavailable(UNREACHABLE) from error
