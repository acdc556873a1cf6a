"""Stored files of previews: where they are, and what is answered while they are made. Rules: contract/rules/previews.md §5."""

from flask import current_app, jsonify, request

from zou.platform.errors import NotFound
from zou.platform.http.files import is_one_range, part_answer
from zou.platform.storage import filling, store
from zou.previews.services import states


def processing_answer(preview):
    """What a client gets of a preview whose files are still being made: 202 for one that reads JSON, else 404."""
    if request.accept_mimetypes.best_match(["image/png", "application/json"], default="image/png") == "application/json":
        response = jsonify({"status": "processing", "preview_file_id": str(preview.id)})
        response.status_code = 202
        response.headers["Retry-After"] = "5"
    else:
        response = jsonify({"error": True, "message": "Preview file was not found."})
        response.status_code = 404
    response.headers["Cache-Control"] = "no-store"
    return response


def streamed(tx, preview, prefix):
    """The part of a movie that a request asks for, straight from the object store while there is no copy here yet; None: serve the file.

    A copy is made in the background meanwhile. Raises NotFound as `locate` does.
    """
    kept = store()
    if request.method != "GET" or not is_one_range() or not kept.is_streamable("movies", prefix, preview.id, "mp4"):
        return None
    if states.is_known_absent(tx, preview.id, "movies", prefix, current_app.config["PREVIEW_MISSING_FILE_RECHECK_DELAY"]):
        raise NotFound()
    try:
        size_bytes = kept.size("movies", prefix, preview.id)
    except FileNotFoundError:
        raise absent(tx, preview, "movies", prefix) from None
    filling.fill(kept, "movies", prefix, preview.id, "mp4")
    return part_answer(lambda start, stop: kept.parts("movies", prefix, preview.id, start, stop), "video/mp4", size_bytes)


def absent(tx, preview, bucket, prefix):
    """The error of a file that an object store has not, which is noted."""
    states.record(tx, preview.id, [(bucket, prefix)], "missing")
    tx.commit()  # the answer is a 404, and what was learnt must outlive it
    return NotFound()


def locate(tx, preview, bucket, prefix, extension, size_bytes=None):
    """Path of a stored file on this machine. Raises NotFound, without asking an object store that lately said it has none."""
    kept = store()
    is_local = kept.buckets[bucket].is_local
    delay_s = 0 if is_local else current_app.config["PREVIEW_MISSING_FILE_RECHECK_DELAY"]
    if states.is_known_absent(tx, preview.id, bucket, prefix, delay_s):
        raise NotFound()
    try:
        path = kept.local_path(bucket, prefix, preview.id, extension, size_bytes)
    except FileNotFoundError:
        raise (NotFound() if is_local else absent(tx, preview, bucket, prefix)) from None
    if size_bytes and path.stat().st_size != size_bytes:
        raise NotFound()
    return path
