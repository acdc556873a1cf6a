"""Where a file is kept: buckets, keys, and the folders of the local backend. Rules: contract/rules/storage.md §1 to §3.

A file is named by its bucket, its prefix and the id of the row that owns it; its key is `<prefix>-<id>`. Existing folders are adopted,
so the paths below are exactly those of the contract, the crowded folders of prefixes with a dash included.
"""

from pathlib import PurePosixPath

BUCKETS = ("pictures", "movies", "files")
FLAT = "dbbackup"  # the one prefix whose files are not spread over folders


def key_of(prefix, id):
    """The key of a file. Raises ValueError for one that would leave its folder."""
    key = f"{prefix}-{id}"
    if "/" in key or "\\" in key or "\x00" in key or ".." in key:
        raise ValueError(f"{key!r} is not the key of a file.")
    return key


def path_of(key):
    """The path of a key inside the folder of its bucket, for the local backend."""
    folder, _, name = key.partition("-")
    if folder == FLAT:
        return PurePosixPath(folder, name)
    return PurePosixPath(folder, name[:3], name[3:6], name)


def key_at(path):
    """The key of a file found at a path inside the folder of its bucket."""
    parts = PurePosixPath(path).parts
    return f"{parts[0]}-{parts[-1]}"
