"""Metrics for Prometheus (PROMETHEUS_METRICS_ENABLED): requests, storage, workers and queue. Names: contract/rules/errors-and-index.md §6.

One process: `/metrics` of the API, for administrators. Several (gunicorn with PROMETHEUS_MULTIPROC_DIR set): every process writes
into that folder and config/gunicorn.conf.py serves the sum on a port of its own. Without the setting nothing is imported or measured.
"""

import contextlib
import os
import time
from collections.abc import Iterator
from typing import Any

import psycopg2
from flask import Flask, Response, g, request
from sqlalchemy.engine import URL, make_url

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120)
PROBE_TIMEOUT_S = 5
WORKERS = "SELECT max(extract(epoch FROM last_heartbeat)) FROM tracker.procrastinate_workers"
JOBS = "SELECT status, count(*) FROM tracker.procrastinate_jobs GROUP BY status"

measured: Any = None  # the Metrics of this process, when they are on


class Metrics:
    """The metrics of a process. They are made once: the library keeps them in a registry of its own."""

    def __init__(self) -> None:
        from prometheus_client import Counter, Gauge, Histogram

        together = {"multiprocess_mode": "livesum"}
        route, place = ["method", "url_rule", "status"], ["op", "bucket"]
        self.info = Gauge("zou_info", "Version of the API.", ["version"], multiprocess_mode="max")
        self.requests = Counter("zou_http_request", "Requests.", route)
        self.exceptions = Counter("zou_http_request_exceptions", "Requests answered with a fault of the server.", ["method", "url_rule"])
        self.seconds = Histogram("zou_http_request_duration_seconds", "Duration of requests.", route, buckets=BUCKETS_S)
        self.inflight = Gauge("zou_http_request_inflight", "Requests under way.", ["method", "path"], **together)
        self.operations = Counter("zou_storage_operations", "Operations on the storage.", [*place, "status"])
        self.bytes = Counter("zou_storage_bytes", "Bytes read from and written to the storage.", place)
        self.storage_seconds = Histogram("zou_storage_operation_duration_seconds", "Duration of operations.", place, buckets=BUCKETS_S)
        self.storage_inflight = Gauge("zou_storage_operations_inflight", "Operations under way.", place, **together)
        self.mismatches = Counter("zou_storage_etag_mismatch", "Uploads whose checksum differed.", ["bucket"])


def register(app: Flask, version: str) -> None:
    """Measure the requests of an application, when the setting says so."""
    global measured
    if not app.config["PROMETHEUS_METRICS_ENABLED"]:
        return
    if measured is None:
        measured = Metrics()
    measured.info.labels(version).set(1)
    app.before_request(begin)
    app.teardown_request(end)
    app.after_request(note_status)


def rule() -> str:
    """The route of a request, without the values in its path, or one name for all that match none."""
    return request.url_rule.rule if request.url_rule else "none"


def begin() -> None:
    g.metrics_begin, g.metrics_status = time.perf_counter(), 500
    measured.inflight.labels(request.method, rule()).inc()


def note_status(response: Response) -> Response:
    g.metrics_status = response.status_code
    return response


def end(error: BaseException | None) -> None:
    begin_s = g.pop("metrics_begin", None)
    if begin_s is None:
        return
    labels = (request.method, rule(), str(g.metrics_status))
    measured.inflight.labels(request.method, rule()).dec()
    measured.requests.labels(*labels).inc()
    measured.seconds.labels(*labels).observe(time.perf_counter() - begin_s)
    if g.metrics_status >= 500:
        measured.exceptions.labels(request.method, rule()).inc()


@contextlib.contextmanager
def storage_operation(op: str, bucket: str) -> Iterator[None]:
    """Measure what happens inside, an operation on the storage. A file that is not there is no failure."""
    if measured is None:
        yield
        return
    begin_s, status = time.perf_counter(), "error"
    measured.storage_inflight.labels(op, bucket).inc()
    try:
        yield
        status = "ok"
    except FileNotFoundError:
        status = "missing"
        raise
    finally:
        measured.storage_inflight.labels(op, bucket).dec()
        measured.storage_seconds.labels(op, bucket).observe(time.perf_counter() - begin_s)
        measured.operations.labels(op, bucket, status).inc()


def storage_bytes(op: str, bucket: str, size_bytes: int) -> None:
    """Count bytes that were read or written."""
    if measured is not None:
        measured.bytes.labels(op, bucket).inc(size_bytes)


def etag_mismatch(bucket: str) -> None:
    """Count an upload whose checksum differed from what was sent."""
    if measured is not None:
        measured.mismatches.labels(bucket).inc()


class QueueCollector:
    """What the database knows about workers and jobs, asked when somebody reads the metrics."""

    def __init__(self, url: URL | str):
        self.dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        try:
            connection = psycopg2.connect(self.dsn, connect_timeout=PROBE_TIMEOUT_S)
        except psycopg2.Error:
            return
        with contextlib.closing(connection), connection.cursor() as cursor:
            seen = GaugeMetricFamily("zou_rq_scheduler_last_seen_timestamp_seconds", "When a worker last reported.", labels=["queue"])
            cursor.execute(WORKERS)
            last = cursor.fetchone()
            if last and last[0] is not None:
                seen.add_metric(["default"], float(last[0]))
            yield seen
            jobs = GaugeMetricFamily("zou_jobs", "Jobs in the queue.", labels=["status"])
            cursor.execute(JOBS)
            for status, count in cursor.fetchall():
                jobs.add_metric([status], count)
            yield jobs


def text(url: URL | str) -> bytes:
    """All metrics in the text form of Prometheus: of every process where PROMETHEUS_MULTIPROC_DIR is set, else of this one."""
    from prometheus_client import REGISTRY, CollectorRegistry, generate_latest, multiprocess

    queue = CollectorRegistry()
    queue.register(QueueCollector(url))
    if not os.environ.get(MULTIPROCESS):
        return generate_latest(REGISTRY) + generate_latest(queue)
    multiprocess.MultiProcessCollector(queue)
    return generate_latest(queue)


def serve(url: URL | str, host: str, port: int) -> None:
    """Serve the metrics of all processes on a port of its own, in a thread: what the gunicorn that starts them does."""
    import threading
    from wsgiref.simple_server import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    def answer(environ: dict, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain; version=0.0.4; charset=utf-8")])
        return [text(url)]

    server = make_server(host, port, answer, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()


def forget(process_id: int) -> None:
    """Drop the gauges of a process that ended."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(process_id)
