"""Background work on procrastinate, in the database of the requests.

@jobs.task("playlists.build")
def build(tx, playlist_id): ...          # runs in a worker, in a transaction of its own

jobs.defer(tx, build, playlist_id=playlist.id)   # exists if and only if the transaction of `tx` commits
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from zou.platform.db import db

if TYPE_CHECKING:  # a quarter of the time that a web process takes to start, which may never need it
    import procrastinate

__all__ = ["Task", "attempts", "defer", "defer_all", "is_pending", "queue", "release", "task"]

RetryIn = Callable[[BaseException, int], int | None]
declared: list["Task"] = []


@dataclass(frozen=True)
class Task:
    """A function that workers run; see `task`."""

    name: str
    function: Callable
    cron: str | None = None
    retry_in: RetryIn | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def run(self, context: "procrastinate.JobContext", **ids: Any) -> Any:
        """Call the function in a transaction, which is committed when it returns."""
        ids.pop("timestamp", None)  # of periodic tasks: the time for which it was planned
        running.set(context.job.attempts or 0)
        with context.additional_context["flask"].app_context():
            result = self.function(db.session, **ids)
            db.session.commit()
            return result


@cache
def started() -> "procrastinate.App":
    """The queue, without tasks. Requests only defer, each on its own connection: this connector is never opened, workers bring another."""
    import procrastinate
    from procrastinate.contrib.sqlalchemy import SQLAlchemyPsycopg2Connector

    return procrastinate.App(connector=SQLAlchemyPsycopg2Connector())


def retried(retry_in: RetryIn) -> "procrastinate.BaseRetryStrategy":
    """What procrastinate asks when a job has failed."""
    from procrastinate import BaseRetryStrategy, RetryDecision

    class Retry(BaseRetryStrategy):
        def get_retry_decision(self, *, exception, job):
            seconds = retry_in(exception, job.attempts)
            return None if seconds is None else RetryDecision(retry_in={"seconds": seconds})

    return Retry()


def queue() -> "procrastinate.App":
    """The queue, which knows all tasks that were declared until now."""
    made = started()
    for task in declared:
        if task.name not in made.tasks:
            run = task.function if iscoroutinefunction(task.function) else task.run
            options = {**task.options, **({"retry": retried(task.retry_in)} if task.retry_in else {})}
            known: Any = made.task(name=task.name, pass_context=True, **options)(run)
            if task.cron:
                made.periodic(cron=task.cron)(known)
    return made


running: ContextVar[int] = ContextVar("attempts", default=0)


def attempts() -> int:
    """How often the job that runs here was begun before: it failed and is tried again, or its worker died."""
    return running.get()


def release(tx: Session) -> None:
    """End the transaction of a job before long work that needs no database, so that nothing is locked meanwhile; what was written stays."""
    tx.commit()


def task(name: str, cron: str | None = None, retry_in: RetryIn | None = None, **options: Any) -> Callable[[Callable], Task]:
    """Declare a task: a function of `tx` and of ids as text. The transaction is committed when it returns.

    `cron`: also run at these times. `retry_in`: called with the exception of a job that failed and how often it was begun before; returns
    the seconds after which it is tried again, or None. `options`: those of procrastinate (queue, lock, queueing_lock, priority).
    An asynchronous function is given procrastinate's context and no transaction.
    """

    def declare(function: Callable) -> Task:
        made = Task(name, function, cron, retry_in, options)
        declared.append(made)
        return made

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
    return queue().tasks[task.name].configure(**options).defer(**arguments)


def is_pending(tx: Session, lock: str) -> bool:
    """Whether a job of that lock waits or is under way."""
    found = "SELECT EXISTS (SELECT FROM tracker.procrastinate_jobs WHERE lock = :lock AND status IN ('todo', 'doing'))"
    return bool(tx.scalar(text(found), {"lock": lock}))


def defer_all(tx: Session, task: Task, jobs: list[dict]) -> list[int]:
    """Leave a task to the workers once for each of these arguments, by one statement; see `defer`. Returns the jobs' ids."""
    return queue().tasks[task.name].configure(connection=tx.connection()).batch_defer(*[written(ids) for ids in jobs])


def written(ids: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a job as JSON takes them."""
    plain = bool | int | float | str | list | dict | None
    return {name: value if isinstance(value, plain) else str(value) for name, value in ids.items()}
