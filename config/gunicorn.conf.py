"""gunicorn -c config/gunicorn.conf.py zou.app:app

Settings of its own, beside those of docs/settings.md: BIND, WEB_CONCURRENCY (processes), ZOU_THREADS; with PROMETHEUS_METRICS_ENABLED and
PROMETHEUS_MULTIPROC_DIR (an empty folder that only this gunicorn uses), METRICS_BIND is where the metrics of all processes are served.
"""

import os
import shutil

bind = os.environ.get("BIND", "127.0.0.1:5000")
# Socket.IO keeps a client's connection in one process: with more workers, run it alone (zou.event_stream:app) on its own port.
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
worker_class = "gthread"
threads = int(os.environ.get("ZOU_THREADS", "64"))
keepalive = 30
timeout = 120
graceful_timeout = 30
loglevel = "warning"  # the application logs requests itself

metrics_folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
metrics_bind = os.environ.get("METRICS_BIND", "127.0.0.1:9404")


def on_starting(server):
    """Drop what processes of an earlier run counted."""
    if metrics_folder:
        shutil.rmtree(metrics_folder, ignore_errors=True)
        os.makedirs(metrics_folder)


def when_ready(server):
    """Serve the metrics of all processes."""
    if metrics_folder:
        from zou import config
        from zou.platform import metrics

        settings = config.load()
        if settings["PROMETHEUS_METRICS_ENABLED"]:
            host, _, port = metrics_bind.rpartition(":")
            metrics.serve(config.database_url(settings), host, int(port))


def child_exit(server, worker):
    """Forget the requests that a process which ended had under way."""
    if metrics_folder:
        from zou.platform import metrics

        metrics.forget(worker.pid)
