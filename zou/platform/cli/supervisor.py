"""Child processes of `zou run`: started, watched, started again when they die, stopped in order."""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from zou.platform.cli import lifeline

log = logging.getLogger(__name__)

STOP_PATIENCE_S = 30
LONGEST_PAUSE_S = 30


class Child:
    """One process of the server: `python -m zou <arguments>`, in a session of its own, so that Ctrl-C reaches `zou run` only."""

    def __init__(self, name: str, arguments: list[str], environ: dict[str, str], lifeline_end: int):
        self.name = name
        self.command = [sys.executable, "-m", "zou", *arguments]
        self.environ = environ | {lifeline.VARIABLE: str(lifeline_end)}
        self.lifeline_end = lifeline_end
        self.process: subprocess.Popen | None = None
        self.failures = 0
        self.started = 0.0
        self.not_before = 0.0

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command, env=self.environ, stdin=subprocess.DEVNULL, pass_fds=[self.lifeline_end], start_new_session=True
        )

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def tend(self) -> None:
        """Start the process again if it died; after a pause that grows while it dies young."""
        if self.is_alive():
            return
        now = time.monotonic()
        if self.process is not None:
            self.failures = self.failures + 1 if now - self.started < 60 else 0
            pause_s = min(2**self.failures - 1, LONGEST_PAUSE_S)
            log.error("%s ended with status %s; starting it again in %d s", self.name, self.process.returncode, pause_s)
            self.process, self.not_before = None, now + pause_s
        if now >= self.not_before:
            self.start()

    def stop(self) -> None:
        """Ask the process to end, and make it."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        try:
            self.process.wait(STOP_PATIENCE_S)
        except subprocess.TimeoutExpired:
            log.warning("%s did not end in %d s and is killed", self.name, STOP_PATIENCE_S)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # its own children too, if any is left
        self.process.wait()


class Supervisor:
    """The children of one `zou run`, and its wish to end."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.children: list[Child] = []
        self._lifeline, self._kept = os.pipe()  # only this process holds the end that is kept

    def listen(self) -> None:
        """From now on SIGTERM and SIGINT end `watch`."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())

    def add(self, name: str, arguments: list[str], environ: dict[str, str]) -> Child:
        """Start a child."""
        child = Child(name, arguments, environ, self._lifeline)
        self.children.append(child)
        child.start()
        return child

    def watch(self, also: Callable[[], None]) -> None:
        """Until told to stop: start again what died, and do `also` every second."""
        while not self.stopping.wait(1):
            for child in self.children:
                child.tend()
            also()

    def stop(self) -> None:
        """Stop the children, those started last first."""
        for child in reversed(self.children):
            child.stop()
