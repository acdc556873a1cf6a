"""An Active Directory that knows one person, as far as an NTLM bind goes: discovery, challenge, proof (NTLMv2)."""

import hmac
import os
import socketserver
import struct
import threading
from contextlib import contextmanager

from Crypto.Hash import MD4

DISCOVERY, NEGOTIATE, RESPONSE = 0x89, 0x8A, 0x8B  # tags of the kinds of bind that Active Directory adds (MS-ADTS 5.1.1.1.3)
UNBIND = 0x42
INVALID_CREDENTIALS = 49
FLAGS = 0xE28A8215  # of an ordinary challenge, with target information


def element(tag, content):
    """A BER element, of a length that fits in two bytes."""
    return bytes([tag, 0x82]) + struct.pack(">H", len(content)) + content


def read_element(data, at=0):
    """(tag, content, where the next begins) of a BER element."""
    tag, length, at = data[at], data[at + 1], at + 2
    if length & 0x80:
        size = length & 0x7F
        length, at = int.from_bytes(data[at : at + size]), at + size
    return tag, data[at : at + length], at + length


def field(message, at):
    """The bytes that a field of an NTLM message refers to."""
    length, _, offset = struct.unpack_from("<HHI", message, at)
    return message[offset : offset + length]


def challenge_message(challenge):
    """The second message of NTLM."""
    name = "ZOU".encode("utf-16-le")
    info = struct.pack("<HH", 2, len(name)) + name + struct.pack("<HH", 0, 0)
    head = b"NTLMSSP\0" + struct.pack("<IHHIIQQ", 2, len(name), len(name), 56, FLAGS, int.from_bytes(challenge, "little"), 0)
    return head + struct.pack("<HHI", len(info), len(info), 56 + len(name)) + b"\x0a\0\0\0\0\0\0\x0f" + name + info


class Conversation(socketserver.BaseRequestHandler):
    """One connection."""

    def handle(self):
        challenge = os.urandom(8)
        while data := self.request.recv(65536):
            _, message, _ = read_element(data)
            _, number, at = read_element(message)
            operation, bind, _ = read_element(message, at)
            if operation == UNBIND:
                return
            *_, at = read_element(bind)  # version
            _, name, at = read_element(bind, at)
            kind, credentials, _ = read_element(bind, at)
            code, answer = 0, b""
            if kind == DISCOVERY:
                answer = b"NTLM"
            elif kind == NEGOTIATE:
                answer = challenge_message(challenge)
            elif kind != RESPONSE or not self.server.proves(credentials, challenge):
                code = INVALID_CREDENTIALS
            result = element(0x0A, bytes([code])) + element(0x04, answer) + element(0x04, b"")
            self.request.sendall(element(0x30, element(0x02, number) + element(0x61, result)))


class ActiveDirectory(socketserver.ThreadingTCPServer):
    """Knows `user` (domain and name) by `password`."""

    daemon_threads = True

    def __init__(self, domain, user, password):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.domain, self.user, self.password = domain, user, password

    def proves(self, message, challenge):
        """Whether the third message of NTLM answers the challenge with the password."""
        response, domain, user = field(message, 20), field(message, 28).decode("utf-16-le"), field(message, 36).decode("utf-16-le")
        secret = MD4.new(self.password.encode("utf-16-le")).digest()
        key = hmac.new(secret, (self.user.upper() + self.domain).encode("utf-16-le"), "md5").digest()
        expected = hmac.new(key, challenge + response[16:], "md5").digest()
        return (domain, user) == (self.domain, self.user) and hmac.compare_digest(expected, response[:16])


@contextmanager
def active_directory(domain, user, password):
    """The port of such a server, which answers inside."""
    with ActiveDirectory(domain, user, password) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
