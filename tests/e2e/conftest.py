"""Stories against `zou run`, started as a newcomer would: on a fresh data folder, with nothing configured."""

import re
import threading
import time

import pytest
import requests

from tests.processes import data_folder, free_port, spawn  # noqa: F401  (fixtures)

EMAIL = "admin@example.com"
PATIENCE_S = 90


class Running:
    """A server that `zou run` keeps: its address, its output, the administrator's password and how to ask."""

    def __init__(self, spawn, folder, port, **settings):  # noqa: F811
        self.start_process = lambda: spawn("-m", "zou", "run", "--data", folder, "--port", port, **settings)
        self.folder, self.url, self.password = folder, f"http://127.0.0.1:{port}", None
        self.start()

    def start(self):
        """Start the server and wait until it answers."""
        self.process = self.start_process()
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            found = re.search(r"password (\S+)", line)
            self.password = found.group(1) if found else self.password
            if line.startswith("Ready"):
                # Read on, or the server stops when the pipe is full of its log.
                threading.Thread(target=self.process.stdout.read, daemon=True).start()
                return
        raise AssertionError("zou run ended: " + "".join(lines))

    def log_in(self, email=EMAIL, password=None):
        """A session with a token."""
        session = requests.Session()
        answer = session.post(f"{self.url}/auth/login", json={"email": email, "password": password or self.password}, timeout=30)
        session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return session

    def wait(self):
        """Wait until the address answers."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                if requests.get(self.url, timeout=5).ok:
                    return
            except requests.ConnectionError:
                time.sleep(0.1)
        raise AssertionError(f"nothing answers at {self.url}")


@pytest.fixture
def server(spawn, data_folder, free_port):  # noqa: F811
    """`zou run` on a fresh data folder; it ends before the folder goes, or it would start its database again."""
    running = Running(spawn, data_folder, free_port, BCRYPT_LOG_ROUNDS="4", MAIL_CHECK_DELIVERABILITY="false")
    yield running
    if running.process.poll() is None:
        running.process.terminate()
        running.process.wait(PATIENCE_S)
