"""The program's own files, parsed, for the tests of the house rules."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def modules(*patterns):
    """Paths of the modules that match any of the patterns, below the root."""
    found = {path for pattern in patterns for path in ROOT.glob(pattern) if path.suffix == ".py"}
    return sorted(found)


@cache
def parsed(path):
    """The syntax tree of a module."""
    return ast.parse(path.read_text(), str(path))


def imported_by(path):
    """Names of the modules that a module imports, wherever in it, with all their parents."""
    names = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names | {name.rsplit(".", depth)[0] for name in names for depth in range(1, name.count(".") + 1)}


def functions(path):
    """Yield the function definitions of a module, methods included."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def named(path):
    """A path as it is shown by pytest."""
    return str(path.relative_to(ROOT))
