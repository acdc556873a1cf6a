"""Changing a password: with the old one, or with a link that came by mail. Rules: contract/rules/auth.md §10."""

import hmac

from zou.auth import mails, secrets, services, strategies, throttle, tokens
from zou.auth.enrolment import by_email
from zou.people import accounts
from zou.platform.errors import Invalid

MOST_LINKS, LINKS_WINDOW_S = 5, 900  # mails with a link to one person
MOST_TRIES, TRIES_WINDOW_S = 10, 60  # wrong tokens for one person


def change(tx, settings, claims, person, old, password, again):
    """Give a person who knows the old password a new one; sessions opened elsewhere are closed. `person`: locked. Raises Invalid."""
    if services.is_locked(person):
        raise Invalid("Too many failed login attempts.", shape="plain", too_many_failed_login_attemps=True)
    if not strategies.check(settings, person, old):
        services.count_failure(person)
        raise Invalid("Old password is wrong.", shape="plain", remembered=True)
    if not person.active:
        raise Invalid("User is unactive.", shape="plain")
    check_new(settings, password, again)
    person.login_failed_attemps = 0 if person.login_failed_attemps else person.login_failed_attemps
    person.password = accounts.hash_password(password)
    tokens.revoke_others(tx, person.id, claims)
    mails.password_changed(tx, person)


def check_new(settings, password, again):
    """Refuse a new password: too short, or typed differently the second time."""
    if len(password) < settings["MIN_PASSWORD_LENGTH"]:
        raise Invalid("Password is too short.", shape="plain")
    if password != again:
        raise Invalid("Confirmation password doesn't match.", shape="plain")


def send_link(tx, email):
    """Send a link to the active person with that e-mail, if there is one; nobody hears whether. After a few, the last one stays good."""
    person = by_email(tx, email)
    if person is not None and person.active and throttle.count(tx, f"links-sent-{person.id}", LINKS_WINDOW_S) <= MOST_LINKS:
        mails.password_recovery(tx, person, secrets.new_reset_token(tx, person))


def set_with_token(tx, settings, email, token, password, again):
    """Give the person who got a token a new password; all their sessions are closed. Raises Invalid."""
    person = services.find(tx, email)
    kept = secrets.read(tx, secrets.reset_name(person)) if person is not None else None
    tries = f"reset-tries-{person.id}" if person is not None else None
    if kept is None or throttle.counted(tx, tries) >= MOST_TRIES:
        raise Invalid("Wrong or expired token.", shape="plain")
    if not hmac.compare_digest(kept.encode(), token.encode()):
        throttle.count(tx, tries, TRIES_WINDOW_S)
        raise Invalid("Wrong or expired token.", shape="plain", remembered=True)
    check_new(settings, password, again)
    person.password = accounts.hash_password(password)
    secrets.take(tx, secrets.reset_name(person))
    tokens.revoke_others(tx, person.id)
    mails.password_changed(tx, person)
