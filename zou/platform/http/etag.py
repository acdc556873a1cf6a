"""Validators: an answer that has not changed is not sent again.

Small answers carry an ETag of their bytes. Large ones cost more to hash than clients gain, so boards compute a validator from the
database instead and ask `not_modified` before they read a row.
"""

import hashlib

from flask import Response, request

MAX_HASHED_BYTES = 256 * 1024


def conditional(response):
    """The response with a validator, or 304 when the client has it already."""
    if request.method not in ("GET", "HEAD") or response.status_code != 200:
        return response
    data = response.get_data()
    if len(data) > MAX_HASHED_BYTES:
        return response
    response.set_etag(hashlib.blake2b(data, digest_size=16).hexdigest(), weak=True)
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response.make_conditional(request)


def not_modified(validator):
    """A 304 response when the client's copy carries this validator, else None.

    Compression adds the name of its algorithm to a tag that it sends (`"abc:zstd"`), so tags are compared without it.
    """
    tags = request.if_none_match
    known = {tag.partition(":")[0] for tag in tags.as_set(include_weak=True)}
    if validator not in known and not tags.star_tag:
        return None
    return stamped(Response(status=304), validator)


def stamped(response, validator):
    """The response with a validator that was computed from the database."""
    response.set_etag(validator)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
