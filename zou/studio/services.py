"""How the server is: what answers, what the machine does, what the web client must know. Rules: contract/rules/errors-and-index.md §4."""

import datetime
import http.client
import os
import time

import psutil
import sqlalchemy as sa

from zou import API_VERSION
from zou.people import accounts
from zou.people.models import Organisation
from zou.platform import shared_settings
from zou.platform.db import Base

NAME = "Zou"
PROBE_TIMEOUT_S = 5
CPU_SAMPLE_S = 0.1
WORKER_SILENCE_S = 60  # after which a worker counts as gone; it reports every ten seconds

PROBE = sa.text(
    """
    SELECT to_regclass('tracker.secret') IS NOT NULL AS secrets,
           EXISTS (SELECT FROM tracker.procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => :silence)) AS workers
    """
)
CAUSES = {
    "database-up": "The database cannot be reached, or refuses: `zou doctor` says why.",
    "key-value-store-up": "The schema is not there: run `zou upgrade-db`.",
    "event-stream-up": "Nothing answers at EVENT_STREAM_HOST and EVENT_STREAM_PORT, and this process does not listen to the database.",
    "job-queue-up": f"No worker has reported for {WORKER_SILENCE_S} s: start `zou worker`.",
    "indexer-up": "The database, which does the search, cannot be used.",
}
RUNNING_JOBS = sa.text("SELECT count(*) FROM tracker.procrastinate_jobs WHERE status = 'doing'")


def status(tx, settings, stream):
    """{name, version, a flag for each part, and `causes` of those that are down}. `stream`: the Socket.IO of this process.

    Search is done by the database.
    """
    try:
        found = tx.execute(PROBE, {"silence": WORKER_SILENCE_S}).one()
        secrets, workers, database = found.secrets, found.workers, True
    except sa.exc.SQLAlchemyError:
        tx.rollback()
        secrets = workers = database = False
    flags = {
        "database-up": database,
        "key-value-store-up": secrets,
        "event-stream-up": answers(settings["EVENT_STREAM_HOST"], settings["EVENT_STREAM_PORT"]) or (database and stream.is_up()),
        "job-queue-up": workers,
        "indexer-up": database,
    }
    causes = {flag: CAUSES[flag] if database else CAUSES["database-up"] for flag, is_up in flags.items() if not is_up}
    return {"name": NAME, "version": API_VERSION, **flags, **({"causes": causes} if causes else {})}


def answers(host, port):
    """Whether something speaks HTTP there: the Socket.IO process, where it runs on its own."""
    connection = http.client.HTTPConnection(host, port, timeout=PROBE_TIMEOUT_S)
    try:
        connection.request("GET", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def status_lines(found):
    """The status for people: a line for each part."""
    lines = [f"name: {found['name']}", f"version: {found['version']}"]
    for part in ("database", "event-stream", "key-value-store", "job-queue", "indexer"):
        lines.append(f"{part}-up: {'up' if found[f'{part}-up'] else 'down'}")
    lines += [f"cause of {flag}: {cause}" for flag, cause in found.get("causes", {}).items()]
    return "\n".join(lines)


def status_numbers(found):
    """The status for a time series: 0 or 1 for each part, and seconds since 1970."""
    return {**{key: int(value) for key, value in found.items() if key.endswith("-up")}, "time": time.time()}


def machine(tx):
    """Load of processors and memory, and running jobs. `last 10 min` is the load of fifteen minutes, under the contract's key."""
    memory = psutil.virtual_memory()
    loads = os.getloadavg()
    return {
        "date": datetime.datetime.now().isoformat(),
        "cpu": {
            "percent": psutil.cpu_percent(interval=CPU_SAMPLE_S, percpu=True),
            "loadavg": {"last 1 min": loads[0], "last 5 min": loads[1], "last 10 min": loads[2]},
        },
        "memory": {"total": memory.total, "used": memory.used, "available": memory.available, "percent": memory.percent},
        "jobs": {"running_jobs": tx.scalar(RUNNING_JOBS)},
    }


def totals(tx):
    """How much an installation holds, by one statement."""
    preview, comment = Base.metadata.tables["preview_file"], Base.metadata.tables["comment"]
    kinds = {"number_of_video_previews": "mp4", "number_of_picture_previews": "png", "number_of_model_previews": "obj"}
    counts = [sa.func.count().filter(preview.c.extension == extension).label(key) for key, extension in kinds.items()]
    comments = sa.select(sa.func.count()).select_from(comment).scalar_subquery().label("number_of_comments")
    return dict(tx.execute(sa.select(*counts, comments).select_from(preview)).mappings().one())


def shared_configuration(tx, settings):
    """{key: {env, redis}} of the settings that processes share (`redis`: what is shared, under the contract's name), and `active_users`."""
    stored = shared_settings.stored(tx)
    found = {key: {"env": settings[name], "redis": stored.get(key)} for key, name in shared_settings.SHARED.items()}
    return {**found, "active_users": accounts.active_count(tx)}


def client_settings(tx, settings):
    """What the web client must know before anybody signs in."""
    dark = sa.select(Organisation.dark_theme_by_default).order_by(Organisation.created_at, Organisation.id).limit(1)
    shared = {key: shared_settings.text_of(key, settings).label(key) for key in ("default_locale", "default_timezone")}
    found = tx.execute(sa.select(dark.scalar_subquery().label("dark"), *shared.values())).one()
    told = {
        "is_self_hosted": settings["IS_SELF_HOSTED"],
        "crisp_token": settings["CRISP_TOKEN"],
        "dark_theme_by_default": bool(found.dark),
        "indexer_configured": bool(settings["INDEXER_KEY"]),
        "saml_enabled": settings["SAML_ENABLED"],
        "saml_idp_name": settings["SAML_IDP_NAME"],
        "oidc_enabled": settings["OIDC_ENABLED"],
        "oidc_idp_name": settings["OIDC_IDP_NAME"],
        "default_locale": found.default_locale,
        "default_timezone": found.default_timezone,
        "enforce_2fa": settings["ENFORCE_2FA"],
        "movie_highdef_bitrate": settings["MOVIE_HIGHDEF_BITRATE"],
        "movie_lowdef_bitrate": settings["MOVIE_LOWDEF_BITRATE"],
        "preview_accounts_enabled": settings["AUTH_STRATEGY"] == "auth_local_classic",
    }
    if settings["SENTRY_KITSU_ENABLED"]:
        told["sentry"] = {"dsn": settings["SENTRY_KITSU_DSN"], "sampleRate": settings["SENTRY_KITSU_SR"]}
    return told
