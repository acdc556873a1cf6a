"""An LDAP directory from ldaptor, in a process of its own: `python -m tests.auth.ldap_server` serves the LDIF of its standard input.

It prints its port. ldaptor looks names up in lower case and checks passwords of `userPassword` in clear.
"""

import contextlib
import io
import subprocess
import sys

from ldaptor.inmemory import fromLDIFFile
from ldaptor.interfaces import IConnectedLDAPEntry
from ldaptor.protocols.ldap.ldapserver import LDAPServer
from twisted.internet import protocol, reactor
from twisted.python.components import registerAdapter


class Factory(protocol.ServerFactory):
    """Every connection sees the same tree."""

    protocol = LDAPServer

    def __init__(self, root):
        self.root = root

    def buildProtocol(self, addr):
        made = self.protocol()
        made.debug = False
        made.factory = self
        return made


def serve(root):
    """Answer until the process is ended."""
    registerAdapter(lambda factory: factory.root, Factory, IConnectedLDAPEntry)
    port = reactor.listenTCP(0, Factory(root), interface="127.0.0.1")
    print(port.getHost().port, flush=True)
    reactor.run()


@contextlib.contextmanager
def directory(ldif):
    """The port of a directory with these entries, running inside."""
    process = subprocess.Popen([sys.executable, "-m", "tests.auth.ldap_server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        process.stdin.write(ldif.encode() + b"\n\n")  # the last entry ends where another line begins
        process.stdin.close()
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


if __name__ == "__main__":
    fromLDIFFile(io.BytesIO(sys.stdin.buffer.read())).addCallback(serve)
