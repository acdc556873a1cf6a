"""Stored files of previews: where they are, and what is answered while they are made. Rules: contract/rules/previews.md §5."""

from flask import current_app, jsonify, request

from zou.platform.errors import NotFound
from zou.platform.storage import store
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
        if not is_local:
            states.record(tx, preview.id, [(bucket, prefix)], "missing")
            tx.commit()  # the answer is a 404, and what was learnt must outlive it
        raise NotFound() from None
    if size_bytes and path.stat().st_size != size_bytes:
        raise NotFound()
    return path
