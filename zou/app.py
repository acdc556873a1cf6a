"""Where every part is wired together: `create_app()`, and `zou.app:app` for gunicorn."""

import os
from importlib import import_module
from importlib.util import find_spec

import orjson
from flask import Flask
from flask.json.provider import JSONProvider
from flask_compress import Compress
from sqlalchemy.orm import configure_mappers

from zou import API_VERSION, config
from zou.auth import actor, tokens
from zou.auth.stream import admit
from zou.domains import DOMAINS, import_models
from zou.inbox import handlers as outgoing
from zou.people import audience
from zou.platform import exact_json, log, metrics, reporting, shared_settings
from zou.platform.db import db
from zou.platform.events import custom, realtime
from zou.platform.http import errors, headers, manual, receiving, slots, web_client
from zou.platform.media import pictures
from zou.platform.plugins import plugin_folder
from zou.platform.plugins.loading import load_all
from zou.platform.storage import clear_leftovers
from zou.playlists import rooms
from zou.studio import administration, monitoring

compress = Compress()


class OrjsonProvider(JSONProvider):
    """Flask's JSON through orjson; ids and dates are written as text."""

    def dumps(self, obj, **kwargs):
        return orjson.dumps(obj, default=str, option=orjson.OPT_NON_STR_KEYS).decode()

    def loads(self, s, **kwargs):
        return orjson.loads(s)


def create_app(settings=None):
    """The application. `settings`: values that win over those of the environment (see `zou.config`)."""
    app = bare_app(settings)
    app.config.update(COMPRESS_ALGORITHM=["zstd", "br", "gzip"], COMPRESS_BR_LEVEL=3, COMPRESS_ZSTD_LEVEL=3)
    compress.init_app(app)
    for domain in domains():
        app.register_blueprint(domain.blueprint())
    app.register_blueprint(manual.domain.blueprint())
    if app.config["ADMIN_TOKEN"]:
        app.register_blueprint(administration.blueprint())
    if app.config["PROMETHEUS_METRICS_ENABLED"] and not os.environ.get(metrics.MULTIPROCESS):
        app.register_blueprint(monitoring.blueprint())
    reporting.register(app)
    slots.register(app)
    web_client.register(app)
    app.extensions["keep_avatar"] = import_module("zou.previews.services.avatars").keep
    return app


def bare_app(settings=None):
    """An application with settings, database, errors, tokens and Socket.IO, and no routes yet."""
    app = Flask("zou", static_folder=None)
    app.json = OrjsonProvider(app)
    app.request_class = receiving.Request
    app.url_map.strict_slashes = False
    app.config.update({**config.load(), **(settings or {})})
    log.register(app)
    reporting.start(app.config, API_VERSION)
    metrics.register(app, API_VERSION)
    pictures.limit_pixels(app.config["MAX_IMAGE_PIXELS"])
    app.config.setdefault("SQLALCHEMY_DATABASE_URI", config.database_url(app.config))
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", engine_options(app.config))
    db.init_app(app)
    import_models()
    errors.register(app)
    tokens.register(app)
    headers.register(app)
    hearing = audience.Audience(lambda: audience.subjects_of(domains()))
    app.extensions.update(authenticate=actor.authenticate, admit=admit, audience=hearing, issue_api_token=tokens.issue_api_token)
    realtime.register(app)
    outgoing.register(app)
    custom.register(app)
    rooms.register(app)
    return app


def domains():
    """Every domain that serves something, in the order of their imports."""
    found = []
    for name in DOMAINS:
        if find_spec(f"zou.{name}") is not None:
            domain = getattr(import_module(f"zou.{name}"), "domain", None)
            if domain is not None:
                found.append(domain)
    return found


def engine_options(settings):
    """Options of SQLAlchemy's engine from the DB_* settings."""
    return {
        "pool_size": settings["DB_POOL_SIZE"],
        "max_overflow": settings["DB_MAX_OVERFLOW"],
        "pool_pre_ping": settings["DB_POOL_PRE_PING"],
        "pool_recycle": settings["DB_POOL_RECYCLE"],
        "pool_reset_on_return": settings["DB_POOL_RESET_ON_RETURN"],
        "executemany_mode": "values_plus_batch",  # many UPDATEs of one form are sent together, not one by one
        "json_serializer": exact_json.write,
        "json_deserializer": exact_json.read,
        # The queue's functions live in `tracker`. Compiling a statement anew for each request costs more than it saves.
        "connect_args": {"options": "-c timezone=UTC -c search_path=public,tracker -c jit=off"},
    }


def serve(app):
    """The application of a process that serves, its log set up. Raises BadSetting when everybody knows its SECRET_KEY."""
    config.require_secret_key(app.config)
    load_all(app, plugin_folder(app.config))
    configure_mappers()  # now, not in the first request
    log.configure(app.config["ZOU_LOG_LEVEL"], app.config["ZOU_LOG_FORMAT"])
    clear_leftovers(app.config)
    with app.app_context():
        shared_settings.share(db.engine, app.config)
    return app


def __getattr__(name):
    """`zou.app:app`, made when a server asks for it and not when a command only imports this module."""
    if name == "app":
        globals()["app"] = app = serve(create_app())
        return app
    raise AttributeError(name)
