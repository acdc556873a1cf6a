"""Programs that end with the process that started them, even when that one is killed.

Linux sends a process the signal that it asked for when its parent ends; it must ask itself, so a tiny Python does before it becomes the
program. Running code between fork and exec of a process with threads, which is the other way, can hang. Elsewhere nothing is added.
"""

import os
import sys

PDEATHSIG, SIGKILL = 1, 9
BECOME = (
    "import ctypes, os, sys\n"
    f"ctypes.CDLL(None).prctl({PDEATHSIG}, {SIGKILL})\n"
    "os.getppid() == int(sys.argv[1]) or os._exit(1)\n"  # it ended before that
    "os.execv(sys.argv[2], sys.argv[2:])\n"
)


def mortal(command: list[str]) -> list[str]:
    """The command that runs a program, given by its path, as a process that does not outlive this one."""
    if not sys.platform.startswith("linux"):
        return command
    return [sys.executable, "-I", "-S", "-c", BECOME, str(os.getpid()), *command]
