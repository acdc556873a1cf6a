"""Copies of an object store's files on this machine, made in the background while somebody already reads a part of one."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from zou.platform.errors import TrackerError
from zou.platform.storage.store import Store

AT_ONCE = 4
log = logging.getLogger(__name__)
lock = threading.Lock()
under_way: set[tuple[str, str, str]] = set()


@cache
def threads() -> ThreadPoolExecutor:
    """The threads of this process, made when they are first needed: they do not survive a fork."""
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="filling")


def fill(kept: Store, bucket: str, prefix: str, id: str, extension: str) -> None:
    """Begin to copy a file, unless this process does already."""
    file = (bucket, prefix, str(id))
    with lock:
        if file in under_way:
            return
        under_way.add(file)
    threads().submit(copy, kept, file, extension)


def copy(kept: Store, file: tuple[str, str, str], extension: str) -> None:
    """Copy a file. A failure is logged: the next reader asks the storage again."""
    try:
        kept.local_path(*file, extension)
    except (TrackerError, OSError) as error:
        log.warning("The file %s could not be copied: %s", "-".join(file[1:]), error)
    finally:
        with lock:
            under_way.discard(file)
