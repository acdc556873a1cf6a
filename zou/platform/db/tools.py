"""PostgreSQL's own programs for dumps: those of the system when they are new enough for the server, else those of the embedded database."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from sqlalchemy import text
from sqlalchemy.engine import URL, Engine

from zou.platform.db.embedded.cluster import program

CHUNK_BYTES = 1024 * 1024


class ToolFailure(Exception):
    """A program of PostgreSQL is missing or failed; the message is what it said."""


def find(name: str, server_version: int) -> Path:
    """The path of a program that can speak with a server of this major version. Raises ToolFailure."""
    found = shutil.which(name)
    if found and major_version(found) >= server_version:
        return Path(found)
    brought = program(Path(), None) / name
    if not brought.exists() or major_version(str(brought)) < server_version:
        raise ToolFailure(f"No {name} for PostgreSQL {server_version} is installed; install the client programs of that version.")
    return brought


def major_version(path: str) -> int:
    """The major version of a program, 0 when it does not say."""
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found.group(1)) if found else 0


def server_version(engine: Engine) -> int:
    """The major version of the server."""
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT current_setting('server_version_num')"))) // 10000


def arguments(url: URL) -> tuple[list[str], dict[str, str]]:
    """(options that name the database, environment with its password, which no list of processes shows)."""
    options = ["--host", str(url.host or url.query.get("host") or "localhost"), "--dbname", str(url.database)]
    if url.port:
        options += ["--port", str(url.port)]
    if url.username:
        options += ["--username", url.username]
    return ["--no-password", *options], {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}


@contextmanager
def dump(engine: Engine, *options: str) -> Iterator[IO[bytes]]:
    """Inside: a reader of pg_dump's output. Raises ToolFailure at the end when the dump is not whole."""
    named, environ = arguments(engine.url)
    with running([find("pg_dump", server_version(engine)), *named, *options], environ, "stdout") as reader:
        yield reader


@contextmanager
def restore(engine: Engine, *options: str) -> Iterator[IO[bytes]]:
    """Inside: a writer into pg_restore, which reads a dump in its own format. Raises ToolFailure when it was not restored."""
    named, environ = arguments(engine.url)
    with running([find("pg_restore", server_version(engine)), *named, *options], environ, "stdin") as writer:
        yield writer


@contextmanager
def running(command: list, environ: dict[str, str], end: str) -> Iterator[IO[bytes]]:
    """Inside: one end of a program's pipes. Raises ToolFailure with what it said on its standard error when it fails."""
    pipes: dict[str, Any] = {end: subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen([str(part) for part in command], env=environ, **pipes)
    said: bytes = b""
    stream = getattr(process, end)
    try:
        yield stream
    except BrokenPipeError:
        pass  # the program ended before; what it said follows
    except BaseException:
        process.kill()
        raise
    finally:
        with suppress(BrokenPipeError):
            stream.close()
        said = process.stderr.read() if process.stderr else b""
        status = process.wait()
    if status:
        raise ToolFailure(said.decode(errors="replace").strip() or f"{command[0]} ended with status {status}.")
