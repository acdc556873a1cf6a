"""Files: pictures, movies and documents, in a local folder or an object store. Rules: contract/rules/storage.md."""

from flask import current_app

from zou.platform.storage.layout import BUCKETS, key_of
from zou.platform.storage.store import Store, clear_leftovers, from_settings, temporary_folder

__all__ = ["BUCKETS", "Store", "clear_leftovers", "from_settings", "key_of", "store", "temporary_folder"]


def store():
    """The store of this application, made at first use: drivers of object stores may not cross a fork."""
    app = current_app._get_current_object()
    return app.extensions.get("storage") or app.extensions.setdefault("storage", from_settings(app.config))
