"""For authors: a skeleton to start from, a revision out of the models, and the package to hand out."""

import importlib
import os
import shutil
import tempfile
import zipfile
from pathlib import Path
from string import Template

from sqlalchemy.engine import Connection

from zou.platform.db import Base
from zou.platform.plugins import loading, manifest, migrations
from zou.platform.plugins.manifest import PluginError

SKELETON = Path(__file__).parent / "skeleton"
LEFT_OUT = {".git", "__pycache__"}


def create_skeleton(path: Path, said: dict[str, str | None], force: bool = False) -> Path:
    """A new plug-in in `<path>/<id>`, from what the author says of it; `force` replaces a folder of that name. Raises PluginError."""
    id = str(said["id"])
    target = path / id
    if target.exists() and not force:
        raise PluginError(f"Plugin '{id}' already exists in {path}.")
    lines = [f"{key} = {quoted(value)}" for key, value in said.items() if value]
    text = "\n".join([*lines, "frontend_project_enabled = false", "frontend_studio_enabled = true", ""])
    manifest.parse(text)  # refused before anything is written
    path.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".skeleton-", dir=path) as work:
        made = Path(work) / id
        made.mkdir()
        (made / manifest.FILE).write_text(text, encoding="utf-8")
        for source in sorted(file for file in SKELETON.rglob("*.txt")):
            file = made / source.relative_to(SKELETON).with_suffix("")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(Template(source.read_text(encoding="utf-8")).substitute(id=id, name=said["name"]), encoding="utf-8")
        shutil.copyfile(SKELETON / "logo.png", made / "logo.png")
        if target.exists():
            shutil.rmtree(target)
        os.replace(made, target)
    return target


def quoted(value: str) -> str:
    """A basic string of TOML."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def create_package(path: Path, output: Path, force: bool = False) -> Path:
    """A zip archive of a plug-in's content; an output that does not end in `.zip` is a folder. Returns its path. Raises PluginError."""
    said = manifest.read(path)
    target = output if output.suffix == ".zip" else output / f"{said.id}-{said.version}.zip"
    if target.exists() and not force:
        raise PluginError(f"Output path '{target}' already exists.")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(path.rglob("*")):
                inside = file.relative_to(path)
                if file.is_file() and file.suffix != ".pyc" and not LEFT_OUT & set(inside.parts):
                    archive.write(file, inside)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    return target


def migrate(connection: Connection, path: Path, message: str = "") -> list:
    """Write a revision file that brings the database to the plug-in's models; returns it in a list. Raises PluginError."""
    if not (path / "models.py").exists():
        raise PluginError(f"'models.py' not found in '{path}'.")
    said = manifest.read(path)
    loading.forget(said.id)
    if path.name != said.id:
        raise PluginError(f"The folder of the plugin must be named '{said.id}'.")
    loading.import_plugin(path)
    importlib.import_module(f"{said.id}.models")
    return migrations.generate(connection, path, said.id, Base.metadata, message)
