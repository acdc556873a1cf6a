"""Movies that a runner on another machine encodes (ENABLE_JOB_QUEUE_REMOTE). Rules: contract/rules/jobs.md §6, previews.md §4.3.

The runner finds the source in the object store and leaves versions and pictures there; what it left is looked up afterwards.
"""

import sqlalchemy as sa

from zou import config
from zou.files.services import register
from zou.platform import jobs, shared_settings
from zou.platform.jobs.nomad import Nomad, RemoteError, payload
from zou.platform.media import movies as media
from zou.platform.storage import store
from zou.previews.models import PreviewFile
from zou.previews.services import selection, states
from zou.previews.services.movies import FAILURE_LENGTH, VERSIONS, Made

RUNNING = "nomad_job_id"
OBJECT_STORES = ("s3", "swift")
SHOWN_FIRST = ("previews", "lowdef", "source")


def job_of(tx, kind):
    """(Nomad, name of its job) for a kind of work (`normalize`, `tile`, `playlist`), or None when it is done here."""
    if not config.value("ENABLE_JOB_QUEUE_REMOTE") or config.value("FS_BACKEND") not in OBJECT_STORES:
        return None
    host, name = (shared(tx, key) for key in ("nomad_host", f"nomad_{kind}_job"))
    return (Nomad(host), name) if name else None


def shared(tx, key):
    """The value of a setting that all processes share."""
    name = shared_settings.SHARED[key]
    return tx.scalar(sa.select(shared_settings.text_of(key, {name: config.value(name)})))


def do(nomad, job, parameters):
    """Have a job done and wait for its end. Raises RemoteError, Unavailable."""
    nomad.wait(start(nomad, job, parameters), config.value("JOB_QUEUE_TIMEOUT"))


def start(nomad, job, parameters):
    """Start a job; returns its id. Raises RemoteError, Unavailable."""
    return nomad.dispatch(job, payload(parameters, {name: config.value(name) for name in config.SETTINGS if name.startswith("FS_")}))


def normalise(tx, id, data, target, normalize, nomad, job):
    """Have a movie encoded by a runner; what it left in the storage, as `Made`. A job that was started before is watched further.

    No transaction is open meanwhile. Raises Unavailable when Nomad or the storage cannot be used.
    """
    files = [("movies", "previews"), ("movies", "lowdef"), *[("pictures", prefix) for prefix in (*states.PICTURES, "tiles")]]
    data = {key: value for key, value in (data or {}).items() if key != "failure"}
    running = data.pop(RUNNING, None)
    try:
        if running is None:
            running = start(nomad, job, parameters(id, target, normalize))
            register.announce(tx, [(*file, id) for file in files])
            remember(tx, id, running)
            jobs.release(tx)
        nomad.wait(running, config.value("JOB_QUEUE_TIMEOUT"))
    except RemoteError as error:
        return Made(values={"data": {**data, RUNNING: None, "failure": str(error)[:FAILURE_LENGTH]}}, status="broken")
    return left(id, data, files)


def parameters(id, target, normalize):
    """What a runner is told of a movie; of version 2 of the runners, which make the pictures too."""
    return {
        "version": "2", "preview_file_id": str(id), "width": target.width, "height": target.height, "fps": target.fps,
        "skip_high_def": bool(config.value("SKIP_NORMALIZATION_HIGHDEF")),
        "skip_normalization": bool(not normalize or config.value("SKIP_NORMALIZATION_FULL")),
        "preset": config.value("MOVIE_ENCODING_PRESET"), "vbv_bufsize_factor": config.value("MOVIE_VBV_BUFSIZE_FACTOR"),
        "highdef_bitrate": target.high, "lowdef_bitrate": target.low,
    }  # fmt: skip


def remember(tx, id, job_id):
    """Note which job of Nomad encodes a movie: another worker watches it when this one dies."""
    preview = selection.locked(tx, id)
    if preview is not None:
        preview.data = {**(preview.data or {}), RUNNING: job_id}


def left(id, data, files):
    """What a runner left in the storage of a movie, measured, as `Made`."""
    kept = store()
    for _, prefix in files:
        kept.forget(prefix, id)
    there = {file: kept.exists(*file, id) for file in [*files, ("movies", "source")]}
    prefixes = [prefix for prefix in VERSIONS if there["movies", prefix]]
    shown = next((prefix for prefix in SHOWN_FIRST if prefix in prefixes), None)
    if shown is None:
        return Made(values={"data": {**data, RUNNING: None, "failure": "The remote job left no movie."}}, status="broken")
    with kept.borrowed("movies", shown, id) as path:
        movie, size_bytes = media.probe(path), path.stat().st_size
    values = {
        "width": movie.size.width, "height": movie.size.height, "duration": movie.duration_s, "file_size": size_bytes,
        "data": {**data, RUNNING: None, "movie_prefixes": prefixes},
    }  # fmt: skip
    known = {file: "ok" if is_there else "failed" for file, is_there in there.items() if is_there or file[0] == "pictures"}
    return Made(values=values, known=known)


def make_tiles(tx, id, nomad, job):
    """Have the tiles of a movie made by a runner. Raises RemoteError, Unavailable, FileNotFoundError when it left none."""
    prefixes = (tx.scalar(sa.select(PreviewFile.data).where(PreviewFile.id == id)) or {}).get("movie_prefixes") or []
    register.announce(tx, [("pictures", "tiles", id)])
    jobs.release(tx)
    do(nomad, job, {"version": "1", "preview_file_id": str(id), "movie_prefixes": prefixes})
    store().forget("tiles", id)
    if not store().exists("pictures", "tiles", id):
        raise FileNotFoundError("the remote job left no tiles")
    if tx.scalar(sa.select(PreviewFile.id).where(PreviewFile.id == id).with_for_update(read=True, key_share=True)):
        states.record(tx, id, [("pictures", "tiles")])
