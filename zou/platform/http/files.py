"""Answers whose body is a file: types, names, caching, ranges. Rules: contract/rules/previews.md §5."""

import io
from pathlib import Path
from urllib.parse import quote

import werkzeug.utils
from flask import current_app, request, send_file
from werkzeug.datastructures import ContentRange
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from zou.platform.storage import store


def file_answer(path, mimetype, last_modified=None, download_as=None, is_public=False, shown_as=None):
    """The content of a file, with validators and ranges; with ZOU_NGINX_FILES nginx sends what is in the local folder.

    `download_as`: the name of an attachment; None: shown in place, under the name `shown_as` when there is one.
    """
    age_s = current_app.config["CLIENT_CACHE_MAX_AGE"]
    named = {"mimetype": mimetype, "as_attachment": download_as is not None, "download_name": download_as or shown_as, "max_age": age_s}
    named["response_class"] = current_app.response_class
    location = location_of(path)
    if location is not None:
        response = werkzeug.utils.send_file(path, request.environ, **named, conditional=False, etag=False, use_x_sendfile=True)
        del response.headers["X-Sendfile"], response.headers["Content-Length"]
        response.headers["X-Accel-Redirect"] = location
    else:
        environ = dict(request.environ)
        if not is_one_range():
            environ.pop("HTTP_RANGE", None)  # a server may ignore what is no single range of bytes
        response = werkzeug.utils.send_file(path, environ, **named, conditional=True, last_modified=last_modified)
    response.headers["Cache-Control"] = f"{'public' if is_public else 'private'}, max-age={age_s}"
    response.headers.setdefault("Accept-Ranges", "bytes")
    if download_as is None and shown_as is None:
        response.headers["Content-Disposition"] = 'inline; filename=""'
    return response


def is_one_range():
    """Whether the request asks for one part of a file."""
    asked = request.range
    return asked is not None and asked.units == "bytes" and len(asked.ranges) == 1


def part_answer(parts, mimetype, size_bytes):
    """A part of a file that is read from an object store, as the request's one range asks; 416 for one outside of it.

    `parts`: function from the first byte and the one after the last to an iterable of bytes. `size_bytes`: of the whole file.
    """
    age_s = current_app.config["CLIENT_CACHE_MAX_AGE"]
    wanted = request.range.range_for_length(size_bytes)
    if wanted is None:
        raise RequestedRangeNotSatisfiable(size_bytes)
    start, stop = wanted
    response = current_app.response_class(parts(start, stop), 206, mimetype=mimetype)
    response.content_range = ContentRange("bytes", start, stop, size_bytes)
    response.content_length = stop - start
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = f"private, max-age={age_s}"
    response.headers["Content-Disposition"] = 'inline; filename=""'
    return response


def location_of(path):
    """Where nginx finds a file, as a path of URLs; None for one that it does not serve."""
    inside = current_app.config["ZOU_NGINX_FILES"]
    root = store().local_root if inside else None
    path = Path(path).absolute()
    if root is None or not path.is_relative_to(root):
        return None
    return f"{inside.rstrip('/')}/{quote(str(path.relative_to(root)))}"


def made_answer(content, mimetype, name, as_attachment=False):
    """Content that was made for this request, which no cache keeps. `content`: bytes."""
    response = send_file(io.BytesIO(content), mimetype=mimetype, as_attachment=as_attachment, download_name=name)
    response.headers["Cache-Control"] = "no-cache"
    if not as_attachment:
        response.headers["Content-Disposition"] = f"inline; filename={name}"
    return response
