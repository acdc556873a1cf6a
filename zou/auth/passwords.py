"""Passwords: compared in constant time, whoever asks. Rules: contract/rules/auth.md §6; hashes are made by `people.accounts`."""

import functools

import bcrypt

from zou.people.accounts import BCRYPT_BYTES

DEFAULT_PASSWORD = "default"
"""The password of accounts that were made without one; it opens nothing but the way to a new one."""


def matches(text, hashed, rounds):
    """Whether the password has this hash. Takes the time of one comparison also when there is no hash to compare with."""
    given = text.encode()[:BCRYPT_BYTES]
    try:
        if hashed:
            return bcrypt.checkpw(given, bytes(hashed))
    except ValueError:  # the column holds something that is no hash
        pass
    spend(text, rounds)
    return False


def spend(text, rounds):
    """Do the work of one comparison, so that an answer's delay does not tell which accounts exist."""
    bcrypt.checkpw(text.encode()[:BCRYPT_BYTES], any_hash(rounds))


@functools.cache
def any_hash(rounds):
    """A hash of that cost which no password has."""
    return bcrypt.gensalt(rounds) + b"." * 31
