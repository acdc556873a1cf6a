"""Work that a job of HashiCorp Nomad does on another machine: dispatched, watched, its last words told. Rules: contract/rules/jobs.md §6.

The job is parameterised; its payload is JSON in base64: the parameters of the work and the FS_* settings, with which it reaches the files.
"""

import base64
import json
import time
from collections.abc import Mapping
from typing import Any

import requests

from zou.platform.errors import Unavailable

TIMEOUT_S, PAUSE_S = 5, 1
PORT = 4646
WORDS = 400  # of what a failed job said


class RemoteError(Exception):
    """The job failed; the message says why."""


def address(host: str) -> str:
    """The URL of Nomad: its host, with a port, or a whole address.

    >>> address("zou-nomad-01.zou")
    'http://zou-nomad-01.zou:4646'
    """
    if "://" in host:
        return host.rstrip("/")
    return f"http://{host}" if ":" in host else f"http://{host}:{PORT}"


def payload(parameters: Mapping[str, Any], settings: Mapping[str, Any]) -> str:
    """The payload of a job. `settings`: all settings; those of the storage are sent along."""
    storage = {name: value for name, value in settings.items() if name.startswith("FS_") and value is not None}
    return base64.b64encode(json.dumps({**parameters, **storage}).encode()).decode()


class Nomad:
    """The HTTP API of a Nomad. Raises Unavailable while it cannot be reached."""

    def __init__(self, host: str):
        self.url = address(host)

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        try:
            answer = requests.request(method, f"{self.url}/v1/{path}", timeout=TIMEOUT_S, **options)
        except requests.RequestException as error:
            raise Unavailable("Nomad cannot be reached, retry later.") from error
        if answer.status_code >= 500:
            raise Unavailable("Nomad cannot answer, retry later.")
        return answer

    def dispatch(self, job: str, content: str) -> str:
        """Start a job; returns its id. Raises RemoteError when Nomad refuses it."""
        answer = self.ask("POST", f"job/{job}/dispatch", json={"Payload": content, "Meta": {}})
        if answer.status_code != 200:
            raise RemoteError(f"Nomad refused the job {job}: {answer.text.strip()[:WORDS]}")
        return answer.json()["DispatchedJobID"]

    def wait(self, id: str, patience_s: float | None = None) -> None:
        """Return when a job is done, or is not known any more: its files tell then. Raises RemoteError when it failed or takes too long."""
        deadline = time.monotonic() + patience_s if patience_s else None
        while True:
            answer = self.ask("GET", f"job/{id}/summary")
            if answer.status_code == 404:
                return
            group: dict[str, int] = next(iter(answer.json()["Summary"].values()), {})
            if group.get("Failed") or group.get("Lost"):
                raise RemoteError(f"The remote job failed. {self.last_words(id)}".strip())
            if group.get("Complete") == 1:
                return
            if deadline and time.monotonic() > deadline:
                raise RemoteError("The remote job took too long (JOB_QUEUE_TIMEOUT).")
            time.sleep(PAUSE_S)

    def last_words(self, id: str) -> str:
        """What a failed job wrote at its end, as far as it can be had."""
        try:
            allocation = self.ask("GET", f"job/{id}/allocations").json()[-1]
            task = next(iter(allocation["TaskStates"]))
            said = [
                self.ask("GET", f"client/fs/logs/{allocation['ID']}", params={"task": task, "type": kind, "plain": "true"}).text.strip()
                for kind in ("stdout", "stderr")
            ]
        except (Unavailable, ValueError, LookupError, TypeError, StopIteration):
            return ""
        return "\n".join(filter(None, said))[-WORDS:]
