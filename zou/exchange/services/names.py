"""Rows by names that files may spell otherwise: exactly, else by their slugs. Rules: contract/rules/imports.md §5 and §6."""

from functools import lru_cache

from slugify import slugify

slug = lru_cache(maxsize=100_000)(slugify)


class NameIndex:
    """Rows by keys, which are tuples of names; the first row of a key stays."""

    def __init__(self):
        self.exact = {}
        self.slugs = None  # made when a key is not found as it is, which files that were exported never need

    def enter(self, key, row):
        """Enter a row under a key."""
        self.exact.setdefault(key, row)

    def find(self, *keys):
        """The row of the first of these keys that is there as it is, else of the first whose slug is; None without one."""
        found = next((self.exact[key] for key in keys if key in self.exact), None)
        if found is not None:
            return found
        if self.slugs is None:
            self.slugs = {}
            for key, row in self.exact.items():
                self.slugs.setdefault(slugged(key), row)
        return next((self.slugs[word] for word in map(slugged, keys) if word in self.slugs), None)


def slugged(key):
    """Names as one slug.

    >>> slugged(("Big Props", "Chaise longue"))
    'big-propschaise-longue'
    """
    return "".join(slug(part) for part in key)
