"""Modules that are large and seldom needed, imported at first use: an application worker starts sooner and holds less memory."""

from importlib import import_module
from typing import Any


class Lazy:
    """Stands for a module; its attributes are those of the module, which the first one imports."""

    def __init__(self, name: str):
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(import_module(self._name), attribute)
        setattr(self, attribute, value)
        return value
