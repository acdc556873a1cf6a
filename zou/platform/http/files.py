"""Answers whose body is a file: types, names, caching, ranges. Rules: contract/rules/previews.md §5."""

import io

from flask import current_app, send_file


def file_answer(path, mimetype, last_modified=None, download_as=None, is_public=False, shown_as=None):
    """The content of a file, with validators and ranges.

    `download_as`: the name of an attachment; None: shown in place, under the name `shown_as` when there is one.
    """
    age_s = current_app.config["CLIENT_CACHE_MAX_AGE"]
    response = send_file(
        path, mimetype=mimetype, as_attachment=download_as is not None, download_name=download_as or shown_as, conditional=True,
        max_age=age_s, last_modified=last_modified,
    )  # fmt: skip
    response.headers["Cache-Control"] = f"{'public' if is_public else 'private'}, max-age={age_s}"
    response.headers.setdefault("Accept-Ranges", "bytes")
    if download_as is None and shown_as is None:
        response.headers["Content-Disposition"] = 'inline; filename=""'
    return response


def made_answer(content, mimetype, name, as_attachment=False):
    """Content that was made for this request, which no cache keeps. `content`: bytes."""
    response = send_file(io.BytesIO(content), mimetype=mimetype, as_attachment=as_attachment, download_name=name)
    response.headers["Cache-Control"] = "no-cache"
    if not as_attachment:
        response.headers["Content-Disposition"] = f"inline; filename={name}"
    return response
