"""The built Kitsu web client, served by the same process from a folder (ZOU_KITSU_FOLDER): the client at `/`, the API below `/api`.

The API also stays at the root, for scripts. A browser that asks for a page gets the client, whose router takes the path from there.
"""

import mimetypes
import re
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Response, request, send_file
from werkzeug.utils import safe_join

PREFIX = "/api"
YEAR_S = 365 * 24 * 3600
# The client's build puts a hash of the content into names: such a file never changes.
HASHED = re.compile(r"[-.][A-Za-z0-9_-]{8,}\.\w+$")
TEXT = re.compile(r"text/|application/(javascript|json|manifest\+json)|image/svg\+xml")
LARGEST_TEXT_BYTES = 20 * 1024 * 1024


def register(app: Flask) -> None:
    """Serve the client of the setting's folder. Raises ValueError when there is no client in it."""
    given = app.config["ZOU_KITSU_FOLDER"]
    if not given:
        return
    folder = Path(given).expanduser().resolve()
    if not (folder / "index.html").is_file():
        raise ValueError(f"ZOU_KITSU_FOLDER: there is no index.html in {folder}; it must be the folder `dist` of a built Kitsu.")
    app.wsgi_app = Mounted(app.wsgi_app)  # type: ignore[method-assign]

    @app.before_request
    def client() -> Response | None:
        if request.method not in ("GET", "HEAD") or request.script_root.endswith(PREFIX):
            return None
        path = safe_join(str(folder), request.path.lstrip("/")) if request.path != "/" else None
        if path is not None and Path(path).is_file():
            return file_of(Path(path))
        return file_of(folder / "index.html") if wants_page() else None


class Mounted:
    """The application below `/api` too."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        path = environ.get("PATH_INFO", "")
        if path == PREFIX or path.startswith(f"{PREFIX}/"):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + PREFIX
            environ["PATH_INFO"] = path[len(PREFIX) :] or "/"
        return self.application(environ, start_response)


def wants_page() -> bool:
    """Whether a person's browser asks, and not a script: it names HTML among what it accepts."""
    return "text/html" in request.accept_mimetypes.values() and not request.headers.get("Authorization")


def file_of(path: Path) -> Response:
    """A file of the client; one whose name holds a hash for a year, others asked for anew each time, which costs a 304."""
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    stamp = path.stat()
    if TEXT.match(kind) and stamp.st_size <= LARGEST_TEXT_BYTES:  # whole, so that it is compressed
        response = Response(path.read_bytes(), mimetype=kind)
        response.set_etag(f"{stamp.st_mtime_ns:x}-{stamp.st_size:x}")
        response.last_modified = datetime.fromtimestamp(stamp.st_mtime, UTC)
        response.make_conditional(request)
    else:
        response = send_file(path, mimetype=kind, conditional=True)
    fixed = HASHED.search(path.name) and path.suffix != ".html"
    response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable" if fixed else "no-cache"
    return response
