"""The errors that services raise.

    TrackerError
      Invalid 400        the request breaks a rule; `field` names the culprit when there is one
      Unauthorized 401   no usable token
      Denied 403         the actor may not
      NotFound 404       no such row or path
      Conflict 409       somebody else holds what is asked for
      Unavailable 503    try again later
      StorageFull 507    there is no space left

HTTP statuses live on the classes; `zou.platform.http.errors` writes the answers.
"""

import errno

FULL = frozenset([errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
"""What the system answers to a write for which there is no space: disk full, quota reached, file too large."""


class TrackerError(Exception):
    """An error whose message is meant for the person who caused it."""

    status = 500

    def __init__(self, message=None, data=None, **extra):
        """`data`: details under the key `data`; `extra`: further keys of the answer, where clients read them."""
        super().__init__(message or self.__doc__)
        self.message = message or self.__doc__
        self.data = data
        self.extra = extra


class Invalid(TrackerError):
    """The request breaks a rule."""

    status = 400

    def __init__(self, message=None, data=None, field=None, shape="full", remembered=False, **extra):
        """`field`: the key at fault, told under `data.errors` as the contract's validation answers do.

        `shape`: which keys the answer has, since clients compare: "full" error, message and data; "plain" error and message;
        "bare" the message alone, "error" the text under `error` (contract/rules/errors-and-index.md §1).
        `remembered`: what was written before the refusal is committed all the same: a wrong password is counted.
        """
        if field is not None and data is None:
            data = {"errors": [{"field": field, "message": message}]}
        super().__init__(message, data, **extra)
        self.shape = shape
        self.remembered = remembered


class Unauthorized(TrackerError):
    """The server could not verify that you are authorized to access the URL requested."""

    status = 401


class Denied(TrackerError):
    """You don't have the permission to access the requested resource."""

    status = 403

    def __init__(self, message=None, rule=None, **details):
        """`rule`: the permission rule that refused (see `zou.platform.rules`); the answer says who may, in its words."""
        super().__init__(message, **details)
        self.rule = rule


class NotFound(TrackerError):
    """The requested URL was not found on the server."""

    status = 404


class Conflict(TrackerError):
    """The change conflicts with something already under way."""

    status = 409


class Unavailable(TrackerError):
    """The server cannot do this at the moment, retry later."""

    status = 503


class StorageFull(TrackerError):
    """The server has no space left for this; nothing of it was kept."""

    status = 507


def is_full(error):
    """Whether an error means that there was no space for what was to be written."""
    return isinstance(error, OSError) and error.errno in FULL
