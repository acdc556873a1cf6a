"""The running process of an embedded database: found by its files, whoever started it, and stopped in steps."""

import logging
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Postmaster:
    """What postmaster.pid says about a process that is really there."""

    process: psutil.Process
    port: int
    socket_folder: str
    listens_on: str
    state: str  # starting, ready, stopping

    @property
    def ready(self) -> bool:
        return self.state == "ready"


def find(data: Path) -> Postmaster | None:
    """The postmaster that runs on the files in `data`; None when there is none, whatever a stale postmaster.pid says."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        process = psutil.Process(int(lines[0]))
    except (OSError, ValueError, IndexError, psutil.NoSuchProcess):
        return None
    if not serves(process, data):
        return None
    lines += [""] * 8
    return Postmaster(process, int(lines[3] or 0), lines[4].strip(), lines[5].strip(), lines[7].strip() or "starting")


def settled(data: Path, patience_s: float) -> Postmaster | None:
    """As `find`, once the postmaster is no longer starting: a crash recovery under way is not cut short."""
    deadline = time.monotonic() + patience_s
    while (running := find(data)) and running.state == "starting" and time.monotonic() < deadline:
        time.sleep(0.05)
    return running


def serves(process: psutil.Process, data: Path) -> bool:
    """Whether `process` is a living process of PostgreSQL in the folder `data` (its processes work inside it)."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE and process.name() == "postgres" and Path(process.cwd()) == data
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:  # somebody else's process: then it is not ours
        return False


def stop(process: psutil.Process, patience_s: float = 60) -> None:
    """Stop a postmaster: fast shutdown (sessions are ended, nothing is lost), then at once, then by force."""
    for step, wait_s in ((signal.SIGINT, patience_s), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        try:
            process.send_signal(step)
            process.wait(wait_s)
            return
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            log.warning("The database (process %d) did not stop on %s.", process.pid, step.name)


def clear_remains(data: Path, socket_folder: Path) -> None:
    """End what a killed postmaster left: its child processes, its postmaster.pid, its socket. The caller holds the folder's lock.

    PostgreSQL refuses to start while a file names a process number that exists: one given to another process meanwhile, or a
    killed postmaster that nobody reaped (in a container whose first process does not).
    """
    remains = [process for process in psutil.process_iter() if serves(process, data)]
    _gone, alive = psutil.wait_procs(remains, timeout=5)  # they notice by themselves that the postmaster is gone
    for process in alive:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(alive, timeout=5)
    for remnant in (data / "postmaster.pid", *socket_folder.glob(".s.PGSQL.*")):
        remnant.unlink(missing_ok=True)


def log_tail(path: Path, size_bytes: int = 2000) -> str:
    """The end of the server's log, for messages."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - size_bytes))
            return file.read().decode(errors="replace").strip()
    except OSError:
        return ""
