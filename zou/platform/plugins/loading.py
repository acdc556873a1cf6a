"""Plug-ins in a running process: their modules, routes, pages and commands. A plug-in that fails is logged and left out."""

import importlib
import logging
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import click
from flask import Blueprint, Flask, Response, send_from_directory
from sqlalchemy.orm import configure_mappers

from zou.platform.db import Base
from zou.platform.events import outbox
from zou.platform.http.domain import Domain, check
from zou.platform.http.resource import Api, Resource, dump
from zou.platform.plugins import manifest, table_prefix
from zou.platform.plugins.manifest import Manifest, PluginError

log = logging.getLogger(__name__)


def load_all(app: Flask, folder: Path) -> list[str]:
    """Serve every plug-in of the folder; returns the ids of those that are served."""
    loaded: list[str] = []
    if not folder.is_dir():
        return loaded
    for path in installed(folder):
        try:
            load(app, path)
        except Exception:
            log.exception("The plugin %s could not be loaded and is left out.", path.name)
            forget(path.name)
        else:
            loaded.append(path.name)
    return loaded


def installed(folder: Path) -> list[Path]:
    """The folders of the plug-ins, in the order of their names; what begins with a dot is none."""
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith((".", "__")))


def load(app: Flask, path: Path) -> Manifest:
    """Import a plug-in and serve it. Raises whatever its own code raises; nothing of it is served then."""
    said = manifest.read(path)
    if said.id != path.name:
        raise PluginError(f"The folder {path} holds a plugin named '{said.id}'.")
    module = import_plugin(path)
    for part in ("models", "handlers"):
        if (path / f"{part}.py").exists() or (path / part / "__init__.py").exists():
            importlib.import_module(f"{said.id}.{part}")
    configure_mappers()
    app.register_blueprint(blueprint(said, module, path))
    return said


def import_plugin(path: Path) -> ModuleType:
    """The package in a folder of that name. Raises PluginError when its name belongs to a package of the server's own."""
    folder = str(path.parent)
    if folder in sys.path:
        sys.path.remove(folder)
    sys.path.insert(0, folder)
    importlib.invalidate_caches()
    module = importlib.import_module(path.name)
    if not module.__file__ or Path(module.__file__).resolve().parent != path.resolve():
        raise PluginError(f"'{path.name}' is the name of another Python package; the plugin needs an id of its own.")
    return module


def blueprint(said: Manifest, module: ModuleType, path: Path) -> Blueprint:
    """The routes of a plug-in below /plugins/<id>: of its `domain`, of its list `routes`, and its pages."""
    made = Blueprint(f"plugin {said.id}", f"plugin_{said.id}", url_prefix=f"/plugins/{said.id}")
    api = Api(made)
    api.representation("application/json")(as_json)  # of views of flask-restful; those of the server answer by themselves
    for route, view in routes_of(module):
        if issubclass(view, Resource):
            check(route, view)
        endpoint = f"{view.__name__}:{route}".replace(".", "_")
        if hasattr(view, "representations"):
            api.add_resource(view, route, endpoint=endpoint)
        else:
            made.add_url_rule(route, view_func=view.as_view(endpoint))  # any other view class of Flask
    if said.has_frontend:
        serve_pages(made, path / "frontend" / "dist")
    return made


def as_json(data: Any, code: int, headers: dict | None = None) -> Response:
    """The answer of a view that returned plain data."""
    answer = dump(data, code)
    answer.headers.extend(headers or {})
    return answer


def routes_of(module: ModuleType) -> list[tuple[str, Any]]:
    """[(path, view class)] of a plug-in, paths beginning with a slash."""
    domain = getattr(module, "domain", None)
    routes = [*(domain.routes if isinstance(domain, Domain) else ()), *getattr(module, "routes", ())]
    return [(path if path.startswith("/") else f"/{path}", view) for path, view in routes]


def serve_pages(made: Blueprint, folder: Path) -> None:
    """Serve the built pages of a plug-in, to everybody, to be asked for again each time."""

    def page(path: str = "index.html"):
        return send_from_directory(folder, path, max_age=0)

    made.add_url_rule("/frontend", "frontend", page)
    made.add_url_rule("/frontend/<path:path>", "frontend files", page)


def forget(id: str) -> None:
    """Take a plug-in's modules, models and tables out of this process, so that it can be imported again, or be left out."""
    # SQLAlchemy has no public way to take back single classes; a failed one would make all others fail too.
    managers = Base.registry._managers
    for manager in [manager for manager in list(managers) if in_package(manager.class_.__module__, id)]:
        Base.registry._dispose_manager_and_mapper(manager)
        managers.pop(manager, None)
    for table in [table for name, table in Base.metadata.tables.items() if name.startswith(table_prefix(id))]:
        Base.metadata.remove(table)
    for name, functions in outbox.handlers.items():
        outbox.handlers[name] = [function for function in functions if not in_package(function.__module__, id)]
    for name in [name for name in sys.modules if in_package(name, id)]:
        del sys.modules[name]


def in_package(name: str, id: str) -> bool:
    return name == id or name.startswith(f"{id}.")


def command_group(folder: Path, name: str) -> click.Group:
    """The commands of a plug-in as `zou <id> <command>`: the click commands of its module `commands`."""
    import_plugin(folder / name)
    module = importlib.import_module(f"{name}.commands")
    group = click.Group(name, help=f"Commands of the plugin {name}.")
    for value in vars(module).values():
        if isinstance(value, click.Command):
            group.add_command(value)
    return group
