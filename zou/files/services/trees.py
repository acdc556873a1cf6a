"""File trees: the templates by which a production names its folders and files. Rules: contract/rules/file-trees.md §1 to §3, §6.

{mode: {"mountpoint": text, "root": text, "folder_path": {kind: template, "style": style}, "file_name": {the same}}}
"""

import json
import re
from importlib import resources

from zou.platform.errors import Invalid

TREE_NAME = re.compile(r"[A-Za-z0-9_-]+")
TOKEN = re.compile(r"<([\w.]*)>")
STYLES = {"lowercase": str.lower, "uppercase": str.upper}
KINDS = {"Shot": "shot", "Sequence": "sequence", "Scene": "scene", "Episode": "episode"}


class MalformedTree(Exception):
    """A path cannot be made with the tree of a production; the message says why, or is empty when a part is missing."""


def shipped(name):
    """A tree that comes with the server, by its name; None when there is none. Raises Invalid for what cannot be a name."""
    if not isinstance(name, str) or not TREE_NAME.fullmatch(name):
        raise Invalid("The name of a file tree has letters, digits, dashes and underscores only.")
    file = resources.files("zou.files").joinpath("trees", f"{name}.json")
    return json.loads(file.read_text()) if file.is_file() else None


def section(tree, mode):
    """The part of a tree for a mode. Raises MalformedTree."""
    if tree is None:
        raise MalformedTree("No tree can be found for given project.")
    found = tree.get(mode) if isinstance(tree, dict) else None
    if found is None:
        raise MalformedTree(f"Mode {mode} cannot be found on given tree.")
    if not isinstance(found, dict) or not all(isinstance(found.get(key), str) for key in ("mountpoint", "root")):
        raise MalformedTree(f"Can't find given mode ({mode}) in given tree.")
    return found


def root_of(part, separator):
    """Where the paths of a section begin, with a separator at the end."""
    return part["mountpoint"] + separator + (part["root"] + separator if part["root"] else "")


def template(part, which, kind):
    """(template, style) of a kind in a section. `which`: folder_path or file_name. Raises MalformedTree when there is none."""
    templates = part.get(which)
    found = templates.get(kind) if isinstance(templates, dict) else None
    if not isinstance(found, str):
        raise MalformedTree("")
    return found, style_of(templates)


def style_of(templates):
    """The function that gives text the style of a section's templates."""
    style = templates.get("style")
    return STYLES.get(style, str) if isinstance(style, str) else str
