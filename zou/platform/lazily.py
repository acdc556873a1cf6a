"""Libraries that are imported when they are first used: a process that never needs them does not hold them.

OpenImageIO, PyAV, NumPy and OpenTimelineIO take 70 MiB of every process, and most requests need none of them.
"""

from importlib import import_module


class Lazily:
    """Stands for a module; its first use imports it.

    >>> maths = Lazily("math")
    >>> maths.floor(1.5)
    1
    """

    def __init__(self, name):
        self._name = name

    def __getattr__(self, attribute):
        return getattr(import_module(self._name), attribute)
