"""What a plug-in does around its installation and removal. Hooks never stop the operation: what they raise is logged."""

import logging
from pathlib import Path

from zou.platform.plugins import loading
from zou.platform.plugins.manifest import Manifest

log = logging.getLogger(__name__)

PRE_INSTALL, POST_INSTALL = "pre_install", "post_install"
PRE_UNINSTALL, POST_UNINSTALL = "pre_uninstall", "post_uninstall"


def call(path: Path, hook: str, said: Manifest | None) -> None:
    """Call a hook of the plug-in in a folder, if it has one, with its manifest."""
    loading.forget(path.name)  # what is imported may be another version, from another folder
    try:
        function = getattr(loading.import_plugin(path), hook, None)
    except Exception:
        log.debug("The plugin %s cannot be imported; it has no hook.", path.name, exc_info=True)
        return
    if function is None:
        return
    try:
        function(said)
    except Exception:
        log.exception("%s of the plugin %s failed.", hook, path.name)
