"""The domains, in the order in which they may import each other: each one only those before it."""

from importlib import import_module
from importlib.util import find_spec

DOMAINS = [
    "people",
    "auth",
    "productions",
    "entities",
    "tasks",
    "planning",
    "files",
    "previews",
    "comments",
    "inbox",
    "playlists",
    "chats",
    "search",
    "workspace",
    "exchange",
    "studio",
]


def import_models():
    """Import the models of every domain, so that all tables and relationships are known."""
    import_module("zou.platform.events.models")
    for name in DOMAINS:
        if find_spec(f"zou.{name}") and find_spec(f"zou.{name}.models"):
            import_module(f"zou.{name}.models")
