"""A process that ends when the one that started it ends, even by kill -9.

The parent keeps the writing end of a pipe, the child reads from the other end: the end of the file is the end of the parent.
"""

import os
import signal
import threading
import time

VARIABLE = "ZOU_LIFELINE"
PATIENCE_S = 20


def follow() -> None:
    """End this process when its parent ends. Does nothing in a process that was started without a lifeline."""
    descriptor = os.environ.pop(VARIABLE, None)
    if descriptor is not None:
        threading.Thread(target=_wait, args=[int(descriptor)], daemon=True, name="lifeline").start()


def _wait(descriptor: int) -> None:
    while os.read(descriptor, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE_S)
    os._exit(1)
