"""Accounts: who can sign in, with which password and role. Source: contract/rules/cli.md (accounts), rules/auth.md section 6."""

import secrets

import bcrypt
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from sqlalchemy import func, select

from zou.people.models import Person
from zou.platform.errors import Conflict, Invalid, NotFound
from zou.platform.shared_settings import user_limit

FIRST_ADMIN = "admin@example.com"  # always accepted, although its domain takes no mail
BCRYPT_BYTES = 72  # of a password, only so many count


def hash_password(password):
    """The bcrypt hash that the column `password` holds, at the cost of BCRYPT_LOG_ROUNDS."""
    return bcrypt.hashpw(password.encode()[:BCRYPT_BYTES], bcrypt.gensalt(current_app.config["BCRYPT_LOG_ROUNDS"]))


def check_password_length(password):
    """Raise Invalid when a new password is shorter than MIN_PASSWORD_LENGTH characters."""
    if len(password) < current_app.config["MIN_PASSWORD_LENGTH"]:
        raise Invalid("Password is too short.", field="password")


def check_email(email):
    """Raise Invalid for an address that is malformed, or whose domain takes no mail (MAIL_CHECK_DELIVERABILITY)."""
    if email.lower() == FIRST_ADMIN:
        return
    try:
        validate_email(email, check_deliverability=current_app.config["MAIL_CHECK_DELIVERABILITY"])
    except EmailNotValidError as error:
        raise Invalid(f"Email is not valid: {error}", field="email") from None


def active_count(tx):
    """How many persons count against the user limit: active, and neither bots, guests nor preview accounts."""
    counted = (Person.active.is_(True), Person.is_bot.is_(False), Person.is_guest.is_(False), Person.preview_project_id.is_(None))
    return tx.scalar(select(func.count()).select_from(Person).where(*counted))


def check_user_limit(tx):
    """Raise Invalid when one more active person would be too many (USER_LIMIT)."""
    limit = tx.scalar(select(user_limit(current_app.config)))
    if active_count(tx) >= limit:
        raise Invalid("User limit reached.", data={"limit": limit})


def find(tx, email):
    """The person, not a bot, with that e-mail, or None."""
    return tx.scalar(select(Person).where(Person.email == email, Person.is_bot.is_(False)))


def find_by_login(tx, desktop_login):
    """The person, not a bot, who signs in on desktops under that name, or None."""
    return tx.scalar(select(Person).where(Person.desktop_login == desktop_login, Person.is_bot.is_(False)).limit(1))


def get(tx, email):
    """The person, not a bot, with that e-mail. Raises NotFound."""
    person = find(tx, email)
    if person is None:
        raise NotFound(f"Email ({email}) not listed in database.")
    return person


def create_admin(tx, email, password):
    """A new person `Super Admin` with the role admin. Raises Invalid (password, e-mail, limit), Conflict (known e-mail)."""
    if find(tx, email) is not None:
        raise Conflict(f"A user already exists for {email}.")
    check_password_length(password)
    check_email(email)
    check_user_limit(tx)
    person = Person(email=email, password=hash_password(password), first_name="Super", last_name="Admin", role="admin")
    tx.add(person)
    tx.flush()
    return person


def create_first_admin(tx, email):
    """The one-time password of a new administrator, or None when the studio has an active one already."""
    admins = select(Person.id).where(Person.role == "admin", Person.active.is_(True), Person.is_bot.is_(False))
    if tx.scalar(admins.limit(1)) is not None:
        return None
    length = max(16, current_app.config["MIN_PASSWORD_LENGTH"])
    password = secrets.token_urlsafe(length)[:length]
    create_admin(tx, email, password)
    return password


def change_password(tx, person, password):
    """Give a person a new password. Raises Invalid when it is too short."""
    check_password_length(password)
    person.password = hash_password(password)
    tx.flush()


def set_active(tx, person, active):
    """Let a person sign in, or not. Raises Invalid when that exceeds the user limit."""
    if active and not person.active:
        check_user_limit(tx)
    person.active = active
    tx.flush()


def disable_two_factor(tx, person):
    """Forget every second factor of a person. Raises Invalid when there is none."""
    if not (person.totp_enabled or person.email_otp_enabled or person.fido_enabled):
        raise Invalid("Two factor authentication is not activated.")
    person.totp_enabled = person.email_otp_enabled = person.fido_enabled = False
    person.totp_secret = person.email_otp_secret = person.preferred_two_factor_authentication = None
    person.otp_recovery_codes = person.fido_credentials = None
    tx.flush()
