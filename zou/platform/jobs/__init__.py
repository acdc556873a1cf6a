"""Background work on procrastinate, in the database of the requests.

@jobs.task("playlists.build")
def build(tx, playlist_id): ...          # runs in a worker, in a transaction of its own

jobs.defer(tx, build, playlist_id=playlist.id)   # exists if and only if the transaction of `tx` commits
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any

import procrastinate
from procrastinate.contrib.sqlalchemy import SQLAlchemyPsycopg2Connector
from procrastinate.tasks import Task
from sqlalchemy import text
from sqlalchemy.orm import Session

from zou.platform.db import db

__all__ = ["attempts", "defer", "is_pending", "queue", "release", "task"]

# Requests only defer, each on its own connection: this connector is never opened. A worker gives the tasks another one.
queue = procrastinate.App(connector=SQLAlchemyPsycopg2Connector())


running: ContextVar[int] = ContextVar("attempts", default=0)


def attempts() -> int:
    """How often the job that runs here was begun before: it failed and is tried again, or its worker died."""
    return running.get()


def release(tx: Session) -> None:
    """End the transaction of a job before long work that needs no database, so that nothing is locked meanwhile; what was written stays."""
    tx.commit()


def task(name: str, cron: str | None = None, **options: Any) -> Callable[[Callable], Task]:
    """Declare a task: a function of `tx` and of ids as text. The transaction is committed when it returns.

    `cron`: also run at these times. `options`: those of procrastinate (queue, lock, queueing_lock, retry, priority).
    """

    def declare(function: Callable) -> Task:
        @wraps(function)
        def run(context: procrastinate.JobContext, **ids: Any) -> Any:
            ids.pop("timestamp", None)  # of periodic tasks: the time for which it was planned
            running.set(context.job.attempts or 0)
            with context.additional_context["flask"].app_context():
                result = function(db.session, **ids)
                db.session.commit()
                return result

        declared: Any = queue.task(name=name, pass_context=True, **options)(run)
        return queue.periodic(cron=cron)(declared) if cron else declared

    return declare


def defer(tx: Session, task: Task, *, schedule_in: dict | None = None, lock: str | None = None, priority: int = 0, **ids: Any) -> int:
    """Leave a task to the workers when the transaction of `tx` commits; returns the job's id.

    `ids`: its arguments, written as text. `schedule_in`: {"seconds": 60} and the like. `lock`: jobs of one lock run one by one.
    `priority`: jobs of a higher one come first.
    Needs the schema `tracker` in the search path of the connection, which the engine's options set.
    """
    arguments = written(ids)
    options: dict[str, Any] = {"connection": tx.connection()}
    if schedule_in:
        options["schedule_in"] = schedule_in
    if lock:
        options["lock"] = lock
    if priority:
        options["priority"] = priority
    return task.configure(**options).defer(**arguments)


def is_pending(tx: Session, lock: str) -> bool:
    """Whether a job of that lock waits or is under way."""
    found = "SELECT EXISTS (SELECT FROM tracker.procrastinate_jobs WHERE lock = :lock AND status IN ('todo', 'doing'))"
    return bool(tx.scalar(text(found), {"lock": lock}))


def defer_all(tx: Session, task: Task, jobs: list[dict]) -> list[int]:
    """Leave a task to the workers once for each of these arguments, by one statement; see `defer`. Returns the jobs' ids."""
    return task.configure(connection=tx.connection()).batch_defer(*[written(ids) for ids in jobs])


def written(ids: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a job as JSON takes them."""
    plain = bool | int | float | str | list | dict | None
    return {name: value if isinstance(value, plain) else str(value) for name, value in ids.items()}
