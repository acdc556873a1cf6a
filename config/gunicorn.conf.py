"""gunicorn -c config/gunicorn.conf.py zou.app:app"""

import os

bind = os.environ.get("BIND", "127.0.0.1:5000")
# Socket.IO keeps a client's connection in one process: with more workers, run it alone (zou.event_stream:app) on its own port.
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
worker_class = "gthread"
threads = int(os.environ.get("ZOU_THREADS", "64"))
keepalive = 30
timeout = 120
graceful_timeout = 30
loglevel = "warning"  # the application logs requests itself
