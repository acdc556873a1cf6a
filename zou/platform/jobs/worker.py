"""The process that runs jobs: `zou worker`. Any number of them, on any number of machines."""

import asyncio
import logging

import procrastinate
from flask import Flask
from sqlalchemy.engine import URL, make_url

from zou.platform.jobs import queue
from zou.platform.jobs import upkeep as upkeep  # declares its tasks
from zou.platform.storage import clear_leftovers

log = logging.getLogger(__name__)

SEARCH_PATH = "-c search_path=tracker,public -c timezone=UTC"


def connection_text(url: URL | str) -> str:
    """The address as libpq takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def connector(url: URL | str) -> procrastinate.PsycopgConnector:
    """A connector for workers: asynchronous, on psycopg 3."""
    return procrastinate.PsycopgConnector(conninfo=connection_text(url), kwargs={"options": SEARCH_PATH}, min_size=1, max_size=4)


def run(app: Flask, concurrency: int = 2, wait: bool = True) -> None:
    """Run jobs until told to stop (SIGTERM, SIGINT: jobs under way are finished first). `wait` false: until the queue is empty."""
    clear_leftovers(app.config)
    asyncio.run(_run(app, concurrency, wait))


async def _run(app: Flask, concurrency: int, wait: bool) -> None:
    with queue().replace_connector(connector(app.config["SQLALCHEMY_DATABASE_URI"])) as workers_queue:
        async with workers_queue.open_async():
            log.info("worker ready", extra={"fields": {"concurrency": concurrency}})
            await workers_queue.run_worker_async(
                concurrency=concurrency,
                wait=wait,
                install_signal_handlers=wait,
                shutdown_graceful_timeout=30,
                delete_jobs="successful",
                additional_context={"flask": app},
            )
