"""Names as parts of paths and file names."""

from slugify import slugify


def slug(text, separator="_"):
    """The text in lower-case ASCII letters and digits; every run of anything else becomes one separator, none at the ends.

    >>> slug("3ds Max")
    '3ds_max'
    """
    return slugify(str(text), separator=separator)
