"""The LDAP directory of the studio: connecting, checking a password. Rules: contract/rules/auth.md §6."""

import ssl

from ldap3 import NTLM, SIMPLE, Connection, Server, Tls
from ldap3.core.exceptions import LDAPBindError, LDAPException, LDAPInvalidCredentialsResult
from ldap3.utils.dn import escape_rdn

from zou.auth.strategies import DirectoryFailure

TIMEOUT_S = 5


def server(settings):
    """The directory, as the settings name it; its certificate is checked when LDAP_SSL is on."""
    tls = Tls(validate=ssl.CERT_REQUIRED) if settings["LDAP_SSL"] else None
    return Server(settings["LDAP_HOST"], int(settings["LDAP_PORT"]), use_ssl=settings["LDAP_SSL"], tls=tls, connect_timeout=TIMEOUT_S)


def bind_name(settings, login):
    """(name, kind of bind) under which somebody of this login signs in to the directory."""
    if settings["LDAP_IS_AD_SIMPLE"]:
        return f"cn={escape_rdn(login)},{settings['LDAP_BASE_DN']}", SIMPLE
    if settings["LDAP_IS_AD"]:
        return f"{settings['LDAP_DOMAIN']}\\{login}", NTLM
    return f"uid={escape_rdn(login)},{settings['LDAP_BASE_DN']}", SIMPLE


def connect(settings, name, kind, password):
    """A bound connection, or None when the directory refuses name and password. Raises DirectoryFailure."""
    connection = Connection(server(settings), name, password, authentication=kind, receive_timeout=TIMEOUT_S, read_only=True)
    try:
        return connection if connection.bind() else None
    except (LDAPInvalidCredentialsResult, LDAPBindError):
        return None
    except (LDAPException, OSError, ssl.SSLError) as error:
        raise DirectoryFailure() from error


def accepts(settings, login, password):
    """Whether the directory knows this login by this password. Raises DirectoryFailure.

    An empty password is refused here: to a directory it would be a request to sign in as nobody, which it may well grant.
    """
    if not login or not password:
        return False
    connection = connect(settings, *bind_name(settings, login), password)
    if connection is None:
        return False
    connection.unbind()
    return True
