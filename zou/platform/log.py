"""Structured log lines on standard error: one a request at level info, and whatever modules say.

A line never holds a query string, a body or a header: sign-in requests carry passwords in any of them.
"""

import json
import logging
import re
import sys
import time
import uuid

from flask import Flask, Response, g, request

requests_log = logging.getLogger("zou.request")
REQUEST_ID = re.compile(r"[\w.\-]{1,64}")
NEEDS_QUOTES = re.compile(r'[\s"=]')


def configure(level: str = "info", form: str = "logfmt") -> None:
    """Send every log line of this process to standard error. `form`: logfmt or json."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else Logfmt())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("procrastinate", "alembic", "urllib3", "fsspec"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))


def fields_of(record: logging.LogRecord) -> dict:
    """What a line says, in order. Extra fields come from `extra={"fields": {...}}`."""
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z"
    fields = {"time": stamp, "level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}
    fields |= getattr(record, "fields", {})
    if record.exc_info:
        fields["exception"] = logging.Formatter().formatException(record.exc_info)
    return fields


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(fields_of(record), default=str, ensure_ascii=False)


class Logfmt(logging.Formatter):
    """key=value pairs, quoted where needed; an exception follows on its own lines."""

    def format(self, record: logging.LogRecord) -> str:
        fields = fields_of(record)
        exception = fields.pop("exception", None)
        line = " ".join(f"{name}={quoted(value)}" for name, value in fields.items() if value is not None)
        return f"{line}\n{exception}" if exception else line


def quoted(value: object) -> str:
    """A value for logfmt; control characters are escaped, so that nobody writes lines of their own."""
    shown = str(value)
    return json.dumps(shown, ensure_ascii=False) if not shown or NEEDS_QUOTES.search(shown) or not shown.isprintable() else shown


def enable() -> None:
    """Let our loggers speak: a library that configures logging for itself may have silenced all that were there before."""
    for name, logger in logging.root.manager.loggerDict.items():
        if name.partition(".")[0] == "zou" and isinstance(logger, logging.Logger):
            logger.disabled = False


def register(app: Flask) -> None:
    """Log each request of `app`, under an id that is also told in the header X-Request-ID."""
    enable()

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        g.request_begin = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        begin_s = g.get("request_begin")
        fields = {
            "method": request.method,
            # The rule, not the path: paths hold ids, share tokens and reset tokens.
            "path": request.url_rule.rule if request.url_rule else None,
            "status": response.status_code,
            "duration_ms": None if begin_s is None else round((time.perf_counter() - begin_s) * 1000, 1),
            "person": getattr(g.get("actor"), "id", None),
            "request": g.get("request_id"),
        }
        requests_log.info("request", extra={"fields": fields})
        response.headers.setdefault("X-Request-ID", g.get("request_id", ""))
        return response
