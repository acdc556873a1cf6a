"""A mail server of the tests: it keeps what it takes, and refuses the addresses that it is told to."""

import email
import email.policy
import socket

import pytest
from aiosmtpd.controller import Controller


class Sink:
    """Keeps mails; refuses the addresses and answers as it is told."""

    def __init__(self):
        self.mails, self.answers = [], {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.answers.get(address)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture(scope="session")
def mail_server():
    """A mail server on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    yield controller
    controller.stop()


def text_of(mail):
    """What a mail says, as plain text."""
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
