"""Plug-ins: packages in the shape of a domain, in a folder of the installation. Rules: contract/rules/plugins.md.

manifest    what a plug-in says of itself
source      from a folder, an archive, an address or a repository to a folder that holds one
migrations  the revisions of its tables, recorded in a table of its own
hooks       what it does around its installation and removal
loading     its routes, pages, handlers and commands in a running process
authoring   a skeleton to start from, and the package to hand out
"""

from pathlib import Path


def plugin_folder(settings) -> Path:
    """The folder of plug-ins: PLUGIN_FOLDER, else `plugins` in the working folder."""
    return Path(settings["PLUGIN_FOLDER"] or "plugins").expanduser().resolve()


def table_prefix(id: str) -> str:
    """What the names of a plug-in's tables begin with."""
    return f"plugin_{id}_"
