"""Where a password is checked: here, nowhere, or by a directory (AUTH_STRATEGY). Rules: contract/rules/auth.md §6."""

from zou.auth import passwords
from zou.platform.errors import Invalid, Unavailable
from zou.platform.lazy import Lazy

directory = Lazy("zou.auth.directory")

__all__ = ["STRATEGIES", "DirectoryFailure", "NotHere", "check"]


class DirectoryFailure(Unavailable):
    """The directory cannot be asked at the moment."""


class NotHere(Invalid):
    """This account has no password that could be checked."""

    def __init__(self):
        super().__init__(NotHere.__doc__, shape="plain")


def check(settings, person, password):
    """Whether this is the person's password. Raises NotHere, DirectoryFailure."""
    strategy = STRATEGIES.get(settings["AUTH_STRATEGY"])
    if strategy is None:
        raise NotHere()
    return strategy(settings, person, password)


def locally(settings, person, password):
    """Compared with the hash of the person's row."""
    return passwords.matches(password, person.password, settings["BCRYPT_LOG_ROUNDS"])


def by_directory(settings, person, password):
    """Asked of the LDAP server for persons who come from it; others have a local password where LDAP_FALLBACK says so."""
    if person.is_generated_from_ldap:
        return directory.accepts(settings, person.desktop_login, password)
    if settings["LDAP_FALLBACK"]:
        return locally(settings, person, password)
    raise NotHere()


STRATEGIES = {
    "auth_local_classic": locally,
    "auth_local_no_password": lambda settings, person, password: True,
    "auth_remote_ldap": by_directory,
}
