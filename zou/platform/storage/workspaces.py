"""Temporary folders of work under way, and what is left of work whose process was killed.

A folder is locked as long as its process lives: the system gives the lock back when the process ends, however it ends. So what is left
over can be told from what is in use, by any process, on any machine that shares the folder.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PREFIX = "work-"
NEWEST_S = 600  # a folder is locked a moment after it is made
PART_S = 24 * 3600  # a copy from an object store that takes longer has been given up


@contextlib.contextmanager
def workspace(root: Path) -> Iterator[str]:
    """A temporary folder, for the block."""
    folder = tempfile.mkdtemp(prefix=PREFIX, dir=root)
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # a network folder without locks: then nobody else can lock it either
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def clear(root: Path) -> int:
    """Remove the folders and half copies that killed processes left; returns how many."""
    now, removed = time.time(), 0
    for path in root.glob(f"{PREFIX}*"):
        if age_s(path, now) > NEWEST_S and is_left(path):
            shutil.rmtree(path, ignore_errors=True)
            removed += 1
    for path in root.glob("*.part"):
        if age_s(path, now) > PART_S:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def age_s(path: Path, now: float) -> float:
    """Seconds since something changed in a file or folder; 0 for one that is gone."""
    try:
        return now - path.stat().st_mtime
    except OSError:
        return 0


def is_left(path: Path) -> bool:
    """Whether no process holds the lock of a folder."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except OSError:
        return False
    finally:
        os.close(handle)
