"""Fixtures of tests that start processes: data folders, free ports, and nothing left behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def data_folder():
    """A new data folder. Not pytest's tmp_path: pytest closes the folder above that again while other sessions still work in it."""
    folder = Path(tempfile.mkdtemp(prefix="zou-test-"))
    yield folder / "data"
    for process in processes_in(folder):
        process.kill()
    shutil.rmtree(folder)


def processes_in(folder):
    """Processes that work in `folder`: those of its database."""
    found = []
    for process in psutil.process_iter():
        try:
            if Path(process.cwd()).is_relative_to(folder):
                found.append(process)
        except psutil.Error:
            continue
    return found


def environment(**settings):
    """An environment for a child process: this one's, without any setting of a database."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DB_", "ZOU_"))}
    return inherited | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | settings


@pytest.fixture
def spawn():
    """spawn(*arguments, **settings) -> Popen of a Python process with its output as text. It is killed at the end of the test."""
    started = []

    def start(*arguments, **settings):
        process = subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            env=environment(**settings),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        process.stdout.close()


@pytest.fixture
def free_port():
    """A port of 127.0.0.1 on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
