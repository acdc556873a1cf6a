"""From what an administrator names (a folder, a zip archive, an address, a repository) to a folder that holds the plug-in."""

import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import requests

from zou.platform.plugins import manifest
from zou.platform.plugins.manifest import PluginError

PATIENCE_S = 300
CHUNK_BYTES = 1024 * 1024
MAX_UNPACKED_BYTES = 1024**3
LEFT_OUT = shutil.ignore_patterns(".git", "__pycache__", "*.pyc")


@contextmanager
def staged(path: str, beside: Path) -> Iterator[tuple[Path, manifest.Manifest]]:
    """Inside: (a folder named after the plug-in that holds a copy of it, its manifest). Everything is removed at the end.

    `beside`: the folder of plug-ins, on whose file system the copy is made so that it can be moved into place. Raises PluginError.
    """
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".incoming-", dir=beside) as work:
        found = fetch(path, Path(work))
        said = manifest.read(found)
        target = Path(work) / "staged" / said.id
        unpack(found, target)
        yield target, said


def fetch(path: str, work: Path) -> Path:
    """The local folder or archive of what `path` names, downloaded or cloned into `work` when it is elsewhere."""
    if path.startswith(("http://", "https://")) and urlsplit(path).path.endswith(".zip"):
        return download(path, work / "download.zip")
    if path.startswith(("http://", "https://", "git://", "ssh://", "git@")):
        return clone(path, work / "clone")
    local = Path(path).expanduser()
    if not local.exists():
        raise PluginError(f"Plugin path '{path}' does not exist.")
    return local.resolve()


def download(url: str, target: Path) -> Path:
    """The archive behind an address."""
    try:
        with requests.get(url, stream=True, timeout=PATIENCE_S) as answer, target.open("wb") as file:
            answer.raise_for_status()
            for chunk in answer.iter_content(CHUNK_BYTES):
                file.write(chunk)
    except requests.RequestException as error:
        raise PluginError(f"The plugin cannot be downloaded: {error}") from None
    return target


def clone(url: str, target: Path) -> Path:
    """The working tree of a repository."""
    try:
        done = subprocess.run(
            ["git", "clone", "--quiet", "--depth", "1", "--", url, str(target)],
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except FileNotFoundError:
        raise PluginError("git is not installed; give the plugin as a folder or a zip archive.") from None
    except subprocess.TimeoutExpired:
        raise PluginError(f"The plugin could not be cloned within {PATIENCE_S} s.") from None
    if done.returncode:
        raise PluginError(f"The plugin cannot be cloned: {done.stderr.strip()}")
    return target


def unpack(found: Path, target: Path) -> None:
    """Copy a folder, or the content of an archive, to a folder."""
    if found.is_dir():
        shutil.copytree(found, target, ignore=LEFT_OUT)
        return
    with zipfile.ZipFile(found) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise PluginError("The plugin's archive is larger than 1 GiB.")
        inside = target.resolve()
        for entry in archive.infolist():
            if not (inside / entry.filename).resolve().is_relative_to(inside):
                raise PluginError(f"The plugin's archive holds a path outside of it: {entry.filename}")
        archive.extractall(target)
