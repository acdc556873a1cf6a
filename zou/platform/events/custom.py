"""The studio's own event handlers: a package `event_handlers` in a folder of the installation. Rules: contract/rules/events.md §4.

    event_map = {"task:status-changed": a_module}        # in its __init__.py
    def handle_event(data): ...                          # in that module

With ENABLE_JOB_QUEUE each call is a job, which exists if and only if its change was committed; without, it is made in the process that
served the request, after the commit, and its failure is logged.
"""

import importlib
import importlib.util
import logging
import sys
from pathlib import Path
from types import ModuleType

from flask import Flask, current_app
from sqlalchemy.orm import Session

from zou.platform import jobs
from zou.platform.events import outbox

PACKAGE = "event_handlers"
log = logging.getLogger(__name__)
registered: dict[tuple[str, str], ModuleType] = {}
"""{(event name, module name): module}"""


def register(app: Flask) -> None:
    """Import the package, if there is one, and have its handlers called. What it raises while it is imported stops the program."""
    folder = Path(app.config["EVENT_HANDLERS_FOLDER"] or PACKAGE).expanduser().resolve()
    place = place_of(folder)
    if place is None:
        return
    if str(place) not in sys.path:
        sys.path.insert(0, str(place))
        importlib.invalidate_caches()
    package = importlib.import_module(PACKAGE)
    for event, module in package.event_map.items():
        registered[event, module.__name__] = module


def place_of(folder: Path) -> Path | None:
    """The folder from which the package can be imported, or None: the setting may name the package or the folder that holds it."""
    if (folder / PACKAGE / "__init__.py").exists():
        return folder
    return folder.parent if folder.name == PACKAGE and (folder / "__init__.py").exists() else None


@jobs.task("events.handle")
def handle(tx: Session, event: str, module: str, data: dict) -> None:
    """Call a handler, in a worker."""
    registered[event, module].handle_event(data)


def wanted(data_of: list[tuple[str, dict]]) -> list[tuple[str, str, dict]]:
    """(event, module, data) for every handler of these events."""
    return [(event, module, data) for name, data in data_of for event, module in registered if event == name]


@outbox.before
def plan(tx: Session, data_of: list[tuple[str, dict]]) -> None:
    """Leave the handlers of a transaction's events to the workers, when there is a queue."""
    calls = wanted(data_of)
    if calls and current_app.config["ENABLE_JOB_QUEUE"]:
        jobs.defer_all(tx, handle, [{"event": event, "module": module, "data": data} for event, module, data in calls])


@outbox.after
def call(data_of: list[tuple[str, dict]]) -> None:
    """Call the handlers of committed events here and now, when there is no queue."""
    calls = wanted(data_of)
    if not calls or current_app.config["ENABLE_JOB_QUEUE"]:
        return
    for event, module, data in calls:
        try:
            registered[event, module].handle_event(data)
        except Exception:
            log.exception("The handler %s of the event %s failed.", module, event)
