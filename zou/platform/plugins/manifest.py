"""What a plug-in says of itself: `manifest.toml`, in a folder or at the root of a zip archive."""

import re
import tomllib
import zipfile
from dataclasses import asdict, dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

FILE = "manifest.toml"
ID = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")  # a module, a folder, part of a URL, and of the names of tables
# The expression that semver.org suggests.
SEMANTIC_VERSION = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
    r"(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?"
)


class PluginError(Exception):
    """A plug-in that cannot be read, installed or removed; the message is for the administrator."""


@dataclass(frozen=True)
class Manifest:
    """The manifest, checked."""

    id: str
    name: str
    version: str
    license: str
    maintainer_name: str
    maintainer_email: str | None = None
    description: str | None = None
    website: str | None = None
    icon: str = ""
    frontend_project_enabled: bool = False
    frontend_studio_enabled: bool = False

    def __getitem__(self, key: str) -> Any:
        return getattr(self, key)

    @property
    def has_frontend(self) -> bool:
        return self.frontend_project_enabled or self.frontend_studio_enabled

    def columns(self) -> dict[str, Any]:
        """The columns of the plug-in's row in the table `plugin`."""
        values = asdict(self)
        return {"plugin_id": values.pop("id"), **values}


def read(path: str | Path) -> Manifest:
    """The manifest of a folder or a zip archive. Raises PluginError."""
    path = Path(path)
    try:
        if path.is_dir():
            text = (path / FILE).read_text(encoding="utf-8")
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                text = archive.read(FILE).decode("utf-8")
        else:
            raise PluginError(f"Invalid plugin path: {path}")
    except (OSError, KeyError, UnicodeDecodeError, zipfile.BadZipFile):
        raise PluginError(f"'{path}' has no readable {FILE} at its root.") from None
    return parse(text)


def parse(text: str) -> Manifest:
    """The manifest of a TOML text. Raises PluginError."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PluginError(f"{FILE} is no TOML: {error}") from None
    for key in ("id", "name", "version", "license", "maintainer"):
        if not isinstance(given.get(key), str) or not given[key].strip():
            raise PluginError(f"{FILE} must give a text for '{key}'.")
    check(given)
    name, email = parseaddr(given["maintainer"])
    if "@" not in email:
        name, email = given["maintainer"], ""
    return Manifest(
        id=given["id"],
        name=given["name"],
        version=given["version"],
        license=given["license"],
        maintainer_name=name or email,
        maintainer_email=email or None,
        description=given.get("description"),
        website=given.get("website"),
        icon=given.get("icon") or "",
        frontend_project_enabled=given.get("frontend_project_enabled", False),
        frontend_studio_enabled=given.get("frontend_studio_enabled", False),
    )


def check(given: dict) -> None:
    """Refuse an id that cannot be a module, a version that is not semantic, a license that SPDX does not list."""
    if not ID.fullmatch(given["id"]):
        raise PluginError(f"'{given['id']}' cannot be the id of a plugin: letters, digits, _ and -, at most 40, no digit first.")
    if not SEMANTIC_VERSION.fullmatch(given["version"]):
        raise PluginError(f"'{given['version']}' is not a semantic version (such as 1.4.0).")
    try:
        canonicalize_license_expression(given["license"])
    except InvalidLicenseExpression:
        raise PluginError(f"'{given['license']}' is not an SPDX license identifier (such as MIT or GPL-3.0-only).") from None
    for key in ("frontend_project_enabled", "frontend_studio_enabled"):
        if not isinstance(given.get(key, False), bool):
            raise PluginError(f"{FILE}: '{key}' must be true or false.")
    for key in ("description", "website", "icon"):
        if not isinstance(given.get(key) or "", str):
            raise PluginError(f"{FILE}: '{key}' must be a text.")


def order(version: str) -> tuple:
    """What versions are compared by, the precedence of semver.org; anything else sorts before all of them."""
    found = SEMANTIC_VERSION.fullmatch(version)
    if found is None:
        return ()
    numbers = tuple(int(part) for part in found.groups()[:3])
    before = found.group(4)
    parts = [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in before.split(".")] if before else []
    return (*numbers, before is None, parts)
