"""What the workers do by the clock: throw away what has expired, take up jobs whose worker died."""

from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import text
from sqlalchemy.orm import Session

from zou.platform.jobs import task
from zou.platform.storage import clear_leftovers

if TYPE_CHECKING:
    import procrastinate

SILENCE_S = 120
PURGED = ("revoked_token", "secret")


@task("platform.purge_expired", cron="17 * * * *", queueing_lock="platform.purge_expired")
def purge_expired(tx: Session) -> None:
    """Remove revocations of tokens that have expired by themselves, and secrets past their time."""
    purge(tx)


def purge(tx: Session) -> int:
    """Number of expired rows removed. A row without expiry stays."""
    removed = 0
    for table in PURGED:
        statement = text(f"delete from tracker.{table} where expires_at < now() at time zone 'utc' returning 1")
        removed += len(tx.execute(statement).all())
    return removed


@task("platform.clear_leftovers", cron="41 * * * *", queueing_lock="platform.clear_leftovers")
def clear_temporary(tx: Session) -> None:
    """Remove what killed processes left in the folder of temporary files."""
    clear_leftovers(current_app.config)


@task("platform.retry_stalled", cron="*/5 * * * *", queueing_lock="platform.retry_stalled")
async def retry_stalled(context: "procrastinate.JobContext", timestamp: int) -> None:
    """Give jobs whose worker was killed to another one: a worker tells every few seconds that it lives."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENCE_S):
        await manager.retry_job(job)
