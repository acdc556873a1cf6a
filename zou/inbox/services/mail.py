"""Mails: how they are written and handed to the mail server. Rules: contract/rules/notifications-and-news.md §6.3.

By the standard library and not by Flask-Mail, which sets no time limit: a mail server that does not answer would hold a worker for ever.
"""

import logging
import re
import smtplib
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from html.parser import HTMLParser

from zou import config
from zou.inbox.texts import layout, phrase

log = logging.getLogger(__name__)

TIMEOUT_S = 20
LOGO = "/img/kitsu.b07d6464.png"
BLOCKS = {"p", "h1", "div", "head", "body", "title"}


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt: `sent`; `refused`, for good; `later`, worth another attempt; `logged` instead of sent. `reason`: why."""

    status: str
    reason: str | None = None


@dataclass(frozen=True)
class Written:
    """What a mail says. `body`: HTML, paragraphs parted by empty lines; `button`: (label, link) or None."""

    subject: str
    title: str
    body: str
    locale: str
    organisation: str
    button: tuple | None = None

    def html(self):
        """The whole HTML page."""
        return layout().render(
            language=self.locale.replace("_", "-"),
            title=self.title,
            paragraphs=self.body.split("\n\n"),
            button={"label": self.button[0], "link": self.button[1]} if self.button else None,
            signature=phrase(self.locale, "email_signature", organisation_name=self.organisation),
            logo=f"{site()}{LOGO}",
        )

    def text(self):
        """The same as plain text, links as `text (url)`."""
        return plain(self.html())


def site():
    """The address of the web client."""
    return f"{config.value('DOMAIN_PROTOCOL')}://{config.value('DOMAIN_NAME')}"


class PlainText(HTMLParser):
    """Turns a page of ours into text."""

    def __init__(self):
        super().__init__()
        self.parts, self.link, self.silent = [], None, 0

    def handle_starttag(self, tag, attrs):
        if tag in ("style", "head"):
            self.silent += 1
        elif tag == "br":
            self.parts.append("\n")
        elif tag in BLOCKS:
            self.parts.append("\n\n")
        elif tag == "a":
            self.link = dict(attrs).get("href")

    def handle_endtag(self, tag):
        if tag in ("style", "head"):
            self.silent -= 1
        elif tag in BLOCKS:
            self.parts.append("\n\n")
        elif tag == "a" and self.link:
            self.parts.append(f" ({self.link})")
            self.link = None

    def handle_data(self, data):
        if not self.silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def plain(html):
    """The text of a page: blocks on lines of their own, never more than one empty line."""
    parser = PlainText()
    parser.feed(html)
    lines = "\n".join(line.strip() for line in "".join(parser.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def message(written, recipient):
    """The message for a recipient: plain text with an HTML alternative."""
    made = EmailMessage()
    made["Subject"] = " ".join(written.subject.split())
    made["From"] = Address("Kitsu Bot", addr_spec=parseaddr(config.value("MAIL_DEFAULT_SENDER"))[1])
    made["To"] = Address(addr_spec=recipient)
    made["Date"] = formatdate()
    made["Message-ID"] = make_msgid(domain="kitsu")
    made.set_content(written.text(), charset="utf-8", cte="quoted-printable")
    made.add_alternative(written.html(), subtype="html", charset="utf-8", cte="quoted-printable")
    made["Content-Language"] = written.locale.replace("_", "-")  # last: setting the content takes such headers away
    return made


def send(written, recipient):
    """Hand a mail to the mail server. Returns its `Outcome`; raises nothing for what a server or an address may do."""
    if config.value("MAIL_DEBUG_BODY"):
        log.info("mail to %s:\n%s", recipient, written.text())
    try:
        made = message(written, recipient)
    except ValueError as error:  # an address that is none
        return Outcome("refused", f"The address cannot be written to: {error}")
    if config.value("MAIL_DEBUG"):
        log.info("mail to %s: %s", recipient, made["Subject"])
        return Outcome("logged", "MAIL_DEBUG is on.")
    try:
        with connection() as server:
            server.send_message(made)
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        return judged(code, answer)
    except smtplib.SMTPResponseException as error:
        return judged(error.smtp_code, error.smtp_error)
    except (smtplib.SMTPException, OSError) as error:
        return Outcome("later", f"{type(error).__name__}: {error}")
    return Outcome("sent")


def judged(code, answer):
    """The outcome of an answer of the mail server: only 550 to 554 say that the recipient will never get it."""
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
    return Outcome("refused" if 550 <= code <= 554 else "later", f"{code} {text}")


def connection():
    """A session with the mail server."""
    kind = smtplib.SMTP_SSL if config.value("MAIL_USE_SSL") else smtplib.SMTP
    server = kind(config.value("MAIL_SERVER"), config.value("MAIL_PORT"), timeout=TIMEOUT_S)
    if config.value("MAIL_USE_TLS"):
        server.starttls()
    if config.value("MAIL_USERNAME"):
        server.login(config.value("MAIL_USERNAME"), config.value("MAIL_PASSWORD") or "")
    return server
