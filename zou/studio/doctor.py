"""What an installation needs to work, tested one part after the other, each with what to do about it. `zou doctor` prints it."""

import io
import os
import shutil
import smtplib
import stat
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from zou import config
from zou.platform.db import schema
from zou.platform.errors import TrackerError
from zou.platform.storage import BUCKETS, key_of
from zou.platform.storage.store import Store

OK, WARNING, FAILURE = "ok", "warning", "failure"
OLDEST_POSTGRESQL = 15
CLOCK_TOLERANCE_S = 5
MAIL_TIMEOUT_S = 10
WORKER_SILENCE_S = 60
QUEUE_PATIENCE_S = 900
LEAST_FREE_BYTES = 5 * 1024**3
EXTENSIONS = {"pg_trgm": "near spellings are not found by the search", "unaccent": "the search minds accents"}


@dataclass(frozen=True)
class Finding:
    """What was found about a part: its state, in words, and what to do when it is not well."""

    part: str
    state: str
    text: str
    advice: str = ""


@dataclass
class Patient:
    """What is examined."""

    settings: Mapping[str, Any]
    engine: sa.Engine
    store: Callable[[], Store]
    data_folder: Path | None = None  # of the embedded database


def examine(patient: Patient) -> Iterator[Finding]:
    """Findings about every part, as they are made. Nothing is changed; a small file is written to each bucket and removed."""
    yield from database(patient)
    for test in (storage, mail, ffmpeg, rights, secrets):
        yield from test(patient)


def database(patient: Patient) -> Iterator[Finding]:
    """The database, and what can only be asked where it answers: schema, clock, queue."""
    try:
        with patient.engine.connect() as connection:
            yield from server(connection, patient.settings)
            yield from revisions(connection)
            yield clock(connection)
            if schema.has_schema(connection, "tracker"):
                yield from queue(connection, patient.settings)
    except sa.exc.OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        yield Finding("database", FAILURE, f"It cannot be reached: {reason}", "Start PostgreSQL, and compare the DB_* settings with it.")


def server(connection: sa.Connection, settings: Mapping[str, Any]) -> Iterator[Finding]:
    """Version, extensions and connections of PostgreSQL."""
    version = connection.scalar(sa.text("SHOW server_version"))
    if int(str(version).split(".")[0]) < OLDEST_POSTGRESQL:
        yield Finding("database", FAILURE, f"PostgreSQL {version} is too old.", f"Upgrade it to {OLDEST_POSTGRESQL} or newer.")
    else:
        yield Finding("database", OK, f"PostgreSQL {version} answers.")
    most = int(str(connection.scalar(sa.text("SHOW max_connections"))))
    wanted = settings["DB_POOL_SIZE"] + settings["DB_MAX_OVERFLOW"]
    if wanted > most:
        text = f"A process may open {wanted} connections, the server allows {most}."
        yield Finding("database", WARNING, text, "Raise max_connections of PostgreSQL, or lower DB_POOL_SIZE and DB_MAX_OVERFLOW.")
    there = set(connection.scalars(sa.text("SELECT name FROM pg_available_extensions")))
    for name in sorted(EXTENSIONS.keys() - there):
        text = f"The extension {name} is missing: {EXTENSIONS[name]}."
        yield Finding("database", WARNING, text, "Install PostgreSQL's contrib package, then run `zou upgrade-db`.")


def revisions(connection: sa.Connection) -> Iterator[Finding]:
    """Whether the schema is the one that this program needs."""
    for line, name in ((None, "public"), ("tracker", "tracker")):
        found = schema.read_revision(connection, name)
        if found != schema.head(line):
            text = f"The schema {name} is at revision {found or 'none'}, needed is {schema.head(line)}."
            advice = "Run `zou upgrade-db`, and `zou init-data` on a new database."
            yield Finding("schema", FAILURE, text, advice)
            return
    if not connection.scalar(sa.text("SELECT EXISTS (SELECT FROM public.project_status)")):
        yield Finding("schema", FAILURE, "The rows of a new installation are missing.", "Run `zou init-data`.")
    elif not connection.scalar(sa.text("SELECT EXISTS (SELECT FROM public.person WHERE role = 'admin' AND active AND NOT is_bot)")):
        yield Finding("schema", WARNING, "There is no administrator.", "Run `zou create-admin <email> --password <password>`.")
    else:
        yield Finding("schema", OK, f"Newest revision ({schema.head()}, {schema.head('tracker')}).")


def clock(connection: sa.Connection) -> Finding:
    """Whether this machine and the database agree about the time: tokens and events rest on it."""
    before_s = time.time()
    theirs = connection.scalar(sa.text("SELECT extract(epoch FROM clock_timestamp())"))
    drift_s = float(theirs or 0) - (before_s + time.time()) / 2
    if abs(drift_s) > CLOCK_TOLERANCE_S:
        text = f"The clock of the database is {abs(drift_s):.0f} s {'ahead' if drift_s > 0 else 'behind'}."
        return Finding("clock", FAILURE, text, "Have both machines keep time with NTP (systemd-timesyncd, chrony).")
    return Finding("clock", OK, f"Within {abs(drift_s):.2f} s of the database's.")


def queue(connection: sa.Connection, settings: Mapping[str, Any]) -> Iterator[Finding]:
    """Whether workers report, and whether work piles up."""
    found = connection.execute(
        sa.text(
            """
            SELECT (SELECT count(*) FROM tracker.procrastinate_workers
                     WHERE last_heartbeat > now() - make_interval(secs => :silence)) AS workers,
                   count(*) FILTER (WHERE status = 'failed') AS failed,
                   count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()) AS waiting,
                   (SELECT extract(epoch FROM now() - min(event.at)) FROM tracker.procrastinate_events event
                      JOIN tracker.procrastinate_jobs job ON job.id = event.job_id
                     WHERE job.status = 'todo' AND coalesce(job.scheduled_at, now()) <= now()) AS oldest
              FROM tracker.procrastinate_jobs
            """
        ),
        {"silence": WORKER_SILENCE_S},
    ).one()
    if not found.workers:
        state = FAILURE if settings["ENABLE_JOB_QUEUE"] or found.waiting else WARNING
        text = f"No worker has reported for {WORKER_SILENCE_S} s; {found.waiting} jobs wait."
        yield Finding("queue", state, text, "Start `zou worker` (`zou run` starts one; the service zou-worker of config/systemd).")
    elif (found.oldest or 0) > QUEUE_PATIENCE_S:
        text = f"{found.waiting} jobs wait, the oldest for {found.oldest / 60:.0f} minutes."
        yield Finding("queue", WARNING, text, "Start more workers, here or on other machines.")
    else:
        yield Finding("queue", OK, f"{found.workers} workers, {found.waiting} jobs wait.")
    if found.failed:
        yield Finding("queue", WARNING, f"{found.failed} jobs failed.", "Look for their errors in the logs of the workers.")


def storage(patient: Patient) -> Iterator[Finding]:
    """Whether each bucket takes a file, gives it back and removes it; how much room there is."""
    try:
        kept = patient.store()
    except (ValueError, KeyError) as error:
        yield Finding("storage", FAILURE, str(error), "Correct the FS_* settings.")
        return
    for name in BUCKETS:
        key, content = key_of("doctor", str(uuid.uuid4())), os.urandom(64)
        bucket = kept.buckets[name]
        try:
            bucket.put(key, io.BytesIO(content))
            with bucket.open(key) as file:
                same = file.read() == content
            bucket.delete(key)
        except (OSError, TrackerError) as error:
            where = getattr(bucket, "folder", name)
            text = f"{where} cannot be used: {getattr(error, 'strerror', None) or error}"
            yield Finding("storage", FAILURE, text, "Give this account the right to write there, or correct the FS_* settings.")
            return
        if not same:
            yield Finding("storage", FAILURE, f"The bucket {name} gives back another content.", "Look into the storage itself.")
            return
    backend = patient.settings["FS_BACKEND"] or "local"
    yield Finding("storage", OK, f"{', '.join(BUCKETS)} can be written and read ({backend}).")
    first = kept.buckets[next(iter(BUCKETS))]
    yield from room(Path(first.folder) if first.is_local else None, "storage")
    yield from room(kept.temporary(), "storage")


def room(folder: Path | None, part: str) -> Iterator[Finding]:
    """A finding when a folder's disk is nearly full."""
    if folder is None:
        return
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        yield Finding(part, WARNING, f"{free / 1024**3:.1f} GiB are left for {folder}.", "Make room, or move the folder to a larger disk.")


def mail(patient: Patient) -> Iterator[Finding]:
    """Whether the mail server answers and takes our name; no mail is sent."""
    settings = patient.settings
    if not settings["MAIL_ENABLED"]:
        yield Finding("mail", WARNING, "MAIL_ENABLED is off: no invitations, reset links or notifications.", "Set the MAIL_* settings.")
        return
    place = f"{settings['MAIL_SERVER']}:{settings['MAIL_PORT']}"
    kind = smtplib.SMTP_SSL if settings["MAIL_USE_SSL"] else smtplib.SMTP
    try:
        with kind(settings["MAIL_SERVER"], settings["MAIL_PORT"], timeout=MAIL_TIMEOUT_S) as connection:
            if settings["MAIL_USE_TLS"]:
                connection.starttls()
            if settings["MAIL_USERNAME"]:
                connection.login(settings["MAIL_USERNAME"], settings["MAIL_PASSWORD"] or "")
            connection.noop()
    except smtplib.SMTPAuthenticationError:
        yield Finding("mail", FAILURE, f"{place} refuses MAIL_USERNAME.", "Correct MAIL_USERNAME and MAIL_PASSWORD.")
    except (smtplib.SMTPException, OSError) as error:
        text = f"{place} cannot be used: {error}"
        yield Finding("mail", FAILURE, text, "Correct MAIL_SERVER, MAIL_PORT, MAIL_USE_TLS and MAIL_USE_SSL, or set MAIL_ENABLED to false.")
    else:
        yield Finding("mail", OK, f"{place} answers.")


def ffmpeg(patient: Patient) -> Iterator[Finding]:
    """Whether films can be made."""
    from zou.platform.media import movies

    try:
        program = movies.ffmpeg()
        found = subprocess.run([program, "-hide_banner", "-encoders"], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        yield Finding("ffmpeg", FAILURE, f"It does not run: {error}", "Install ffmpeg, or the Python package imageio-ffmpeg anew.")
        return
    if "libx264" not in found.stdout:
        yield Finding("ffmpeg", FAILURE, f"{program} has no encoder libx264.", "Install an ffmpeg that has it, as Debian's.")
    else:
        yield Finding("ffmpeg", OK, program)


def rights(patient: Patient) -> Iterator[Finding]:
    """Whether folders can be written, and secrets are closed to other accounts."""
    settings, wrong = patient.settings, []
    folders = {"TMP_DIR": settings["TMP_DIR"], "PREVIEW_FOLDER": settings["PREVIEW_FOLDER"], "PLUGIN_FOLDER": settings["PLUGIN_FOLDER"]}
    for name, folder in folders.items():
        if folder and Path(folder).exists() and not os.access(folder, os.W_OK | os.X_OK):
            wrong.append(Finding("rights", FAILURE, f"{name} {folder} cannot be written.", f"chown -R {os.getuid()} {folder}"))
    for name in ("EVENT_HANDLERS_FOLDER", "ZOU_KITSU_FOLDER", "ZOU_DOCS_FOLDER"):
        folder = settings[name]
        if folder and not os.access(folder, os.R_OK | os.X_OK):
            wrong.append(Finding("rights", FAILURE, f"{name} {folder} cannot be read.", "Correct the setting or the rights."))
    if patient.data_folder is not None:
        for name in ("secret-key", "database-password"):
            path = patient.data_folder / name
            if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
                wrong.append(Finding("rights", FAILURE, f"{path} is open to other accounts.", f"chmod 600 {path}"))
    if os.getuid() == 0:
        wrong.append(Finding("rights", WARNING, "This runs as root.", "Run it under an account of its own (see config/systemd)."))
    yield from wrong or [Finding("rights", OK, "Folders and secrets have the rights they need.")]


def secrets(patient: Patient) -> Iterator[Finding]:
    """Whether tokens are signed with a key that nobody knows."""
    key = patient.settings["SECRET_KEY"]
    if key in ("", config.SETTINGS["SECRET_KEY"].default):
        if patient.data_folder is None:
            yield Finding("settings", FAILURE, "SECRET_KEY is the one that everybody knows.", "Set it to a long random text of your own.")
            return
    elif len(key) < 32:
        yield Finding("settings", WARNING, "SECRET_KEY is short.", "Make it 32 characters or longer; everybody signs in again after that.")
        return
    yield Finding("settings", OK, "Read without a fault.")
