"""Mails of signing in: what they say to whom. Source: contract/rules/auth.md §10, "Mails of this part".

`app.extensions["send_mail"](recipient, kind, values, locale)` writes and sends them; the domain `inbox` gives it. It is called after the
commit, by a thread: neither a mail server's delay nor its failure shows in an answer, and the time of an answer does not tell whether
there is somebody to write to.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app, request

from zou.people import organisation

log = logging.getLogger(__name__)
senders = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")


def one_time_code(tx, person, code):
    """Send a code of the second factor, good for five minutes."""
    leave(tx, person, "otp_code", code=code, minutes=5)


def password_changed(tx, person):
    """Tell a person that their password is another one now."""
    leave(tx, person, "password_changed")


def password_recovery(tx, person, token):
    """Send the link with which a person sets a new password, good for two hours."""
    leave(tx, person, "password_recovery", link=reset_link(person, token), hours=2)


def reset_link(person, token, **more):
    """The page of the web client that sets a password. `more`: further parameters, `type="new"` for an invitation."""
    settings = current_app.config
    query = urlencode({"email": person.email, "token": token, **more})
    return f"{settings['DOMAIN_PROTOCOL']}://{settings['DOMAIN_NAME']}/reset-change-password?{query}"


def leave(tx, person, kind, **values):
    """Send a mail when the transaction commits. Every kind has first_name, organisation, time (of the person's zone) and ip."""
    app = current_app._get_current_object()
    values |= {
        "first_name": person.first_name,
        "organisation": organisation.name(tx),
        "time": datetime.now(UTC).astimezone(ZoneInfo(str(person.timezone or app.config["DEFAULT_TIMEZONE"]))),
        "ip": request.headers.get("X-Forwarded-For", ""),
    }
    post(tx, person.email, kind, person.locale, **values)


def post(tx, address, kind, locale=None, **values):
    """Send a mail to an address when the transaction commits. `locale`: of whom it is for, else that of the studio."""
    app = current_app._get_current_object()
    mail = (address, kind, values, locale or app.config["DEFAULT_LOCALE"])
    sa.event.listen(tx, "after_commit", lambda session: senders.submit(send, app, *mail), once=True)


def send(app, recipient, kind, values, locale):
    """Hand a mail to who sends them; a failure is logged, never the values, which may hold a code."""
    deliver = app.extensions.get("send_mail")
    if deliver is None:
        log.warning("nothing sends mail here: no %s for a person", kind)
        return
    with app.app_context():
        try:
            deliver(recipient, kind, values, locale)
        except Exception:
            log.exception("a mail (%s) was not sent", kind)
