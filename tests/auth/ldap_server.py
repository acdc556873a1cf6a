"""An LDAP directory from ldaptor, in a process of its own: `python -m tests.auth.ldap_server` serves the LDIF of its standard input.

It prints its port. ldaptor looks names up in lower case and checks passwords of `userPassword` in clear.
"""

import io
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


if __name__ == "__main__":
    fromLDIFFile(io.BytesIO(sys.stdin.buffer.read())).addCallback(serve)
