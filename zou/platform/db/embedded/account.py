"""The system account under which the embedded database runs: PostgreSQL refuses to run as root."""

import logging
import os
import pwd
import shutil
import stat
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

NAME = "zou-postgres"
SPARE = ("postgres", "nobody")  # where no account can be created (read-only /etc, no useradd), one that every system has will do


@dataclass(frozen=True)
class Account:
    """An unprivileged system account."""

    name: str
    uid: int
    gid: int

    def process_options(self) -> dict:
        """Keyword arguments of subprocess that make a child run under this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def may(self, path: Path, want: int) -> bool:
        """Whether the permission bits of `path` grant `want` (some of stat.S_IRWXO, as for others) to this account."""
        info = path.stat()
        shift = 6 if info.st_uid == self.uid else 3 if info.st_gid == self.gid else 0
        return (info.st_mode >> shift) & want == want

    def reaches(self, path: Path, want: int) -> bool:
        """Whether this account may pass every folder above `path` and has `want` on it."""
        return all(self.may(parent, stat.S_IXOTH) for parent in path.parents) and self.may(path, want)

    def open_way_to(self, path: Path) -> None:
        """Let this account pass the folders above `path`: only pass, not list, and only where it cannot yet.

        A data folder in root's home (0700) needs it; nothing becomes readable that its own permissions protect.
        """
        for parent in path.parents:
            if not self.may(parent, stat.S_IXOTH):
                log.warning("Letting others pass (not read) %s, so that the database's account %s reaches its files.", parent, self.name)
                parent.chmod(parent.stat().st_mode | stat.S_IXOTH)


def for_database(cluster: Path) -> Account | None:
    """The account to use for the files in `cluster`: None when this process is not root and so uses its own."""
    if os.geteuid() != 0:
        return None
    if cluster.exists() and (owner := cluster.stat().st_uid) != 0:
        return _by_uid(owner)
    return _named(NAME) or _create() or _spare()


def _by_uid(uid: int) -> Account:
    entry = pwd.getpwuid(uid)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _named(name: str) -> Account | None:
    try:
        return _by_uid(pwd.getpwnam(name).pw_uid)
    except KeyError:
        return None


def _create() -> Account | None:
    """A new account, by useradd or busybox's adduser; None when neither works."""
    if shutil.which("useradd"):
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
    elif shutil.which("adduser"):
        command = ["adduser", "-S", "-D", "-H", NAME]
    else:
        return None
    for _attempt in range(20):  # two servers that start at once compete for the lock on /etc/passwd
        subprocess.run(command, capture_output=True, check=False)
        if account := _named(NAME):
            return account
        time.sleep(0.1)
    return None


def _spare() -> Account:
    for name in SPARE:
        if account := _named(name):
            log.warning("The account %s could not be created; the database runs as %s.", NAME, name)
            return account
    raise RuntimeError(f"PostgreSQL refuses to run as root, and no account for it could be found or created ({NAME}).")
