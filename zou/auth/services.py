"""Signing in. Order of checks, lockout and answers: contract/rules/auth.md §4 to §7."""

import hashlib
import ipaddress
from dataclasses import dataclass, field, replace
from datetime import timedelta

import sqlalchemy as sa

from zou.auth import passwords, second_factor, secrets, strategies, throttle, tokens
from zou.auth.actor import in_window
from zou.people import organisation
from zou.people.models import LoginLog, Organisation, Person
from zou.people.schemas import OrganisationPublicSchema, OrganisationSchema, PersonSafeSchema
from zou.platform.db.projection import json_row
from zou.platform.db.types import utcnow

MOST_FAILURES = 5
LOCK = timedelta(minutes=1)
LOCKED = {"too_many_failed_login_attemps": True, "message": "Too many failed login attempts, retry in a minute."}


@dataclass
class SignIn:
    """How an attempt ended: a person who is in, or an answer that says why not. Both are committed, since failures are counted.

    `is_guess`: what was typed was wrong.
    """

    person: Person | None = None
    status: int = 200
    answer: dict = field(default_factory=dict)
    is_guess: bool = False


def refused(status=400, **answer):
    """An attempt that failed."""
    return SignIn(status=status, answer={**({"error": True} if len(answer) > 1 else {}), "login": False, **answer})


def sign_in(tx, settings, address, email, password, **proof):
    """Check what a person typed at an address (text, or None), where only so many may guess in a minute.

    `email`: their e-mail or desktop login; `proof`: codes of the second factor, see `second_factor`.
    """
    most, place = settings["LOGIN_FAILURES_PER_ADDRESS"], network(address)
    if not most or place is None:
        return judge(tx, settings, email, password, **proof)
    name = f"guesses-{place}"
    if throttle.counted(tx, name) >= most:
        return refused(**LOCKED)
    attempt = judge(tx, settings, email, password, **proof)
    if attempt.is_guess:
        throttle.count(tx, name, LOCK.total_seconds())
    return attempt


def network(address):
    """What counts as one address: an IPv4 address, or the first half of an IPv6 one, which a household has whole; None for neither."""
    text = readable(address)
    if text is None or ":" not in text:
        return text
    return str(ipaddress.ip_network((text, 64), strict=False))


def judge(tx, settings, email, password, **proof):
    """Check what a person typed, wherever they are."""
    strategy = settings["AUTH_STRATEGY"]
    if strategy not in strategies.STRATEGIES:
        return refused(409)
    person = find(tx, email)
    if person is None:
        return refuse_unknown(tx, settings, email, password)
    if is_locked(person):
        return refused(**LOCKED)
    try:
        right = strategies.check(settings, person, password)
    except strategies.NotHere:
        return refused()
    except strategies.DirectoryFailure:
        return refused(500, error=True, message="A server error occurred. Please contact your administrator.")
    if not right:
        count_failure(person)
        return wrong_password()
    if not person.active or (person.preview_project_id is not None and not in_window(person)):
        return refused(401, unactive=True, message="User is unactive, he cannot log in.")
    if second_factor.enabled(person):
        verdict = second_factor.verify(tx, person, proof)
        if verdict is None:
            return SignIn(status=400, answer=second_factor.missing(person))
        if not verdict:
            count_failure(person)
            return replace(refused(wrong_OTP=True, message="Wrong two-factor authentication code."), is_guess=True)
    if person.login_failed_attemps:
        person.login_failed_attemps = 0
    if password == passwords.DEFAULT_PASSWORD and strategy != "auth_local_no_password":
        token = secrets.new_reset_token(tx, person)
        return SignIn(status=400, answer={"login": False, "default_password": True, "token": token})
    return SignIn(person)


def refuse_unknown(tx, settings, identifier, password):
    """What the same attempts on a real account would bring, in the same time: a lock does not tell that there is an account."""
    name = f"unknown-{hashlib.sha256(identifier.lower().encode()).hexdigest()}"
    if throttle.counted(tx, name) >= MOST_FAILURES:
        return refused(**LOCKED)
    passwords.spend(password, settings["BCRYPT_LOG_ROUNDS"])
    throttle.count(tx, name, LOCK.total_seconds())
    return wrong_password()


def wrong_password():
    """One answer for an unknown person and a wrong password."""
    return SignIn(status=400, answer={"login": False, "message": "Wrong email or password."}, is_guess=True)


def find(tx, identifier):
    """The person, not a bot, with this e-mail, else with this desktop login; locked, so that attempts made at once are counted."""
    by_email = sa.func.lower(Person.email) == identifier.lower()
    statement = (
        sa.select(Person)
        .where(Person.is_bot.is_(False), sa.or_(by_email, Person.desktop_login == identifier))
        .order_by(by_email.is_(True).desc(), Person.created_at, Person.id)
        .limit(1)
        .with_for_update(key_share=True)
    )
    return tx.scalar(statement.execution_options(populate_existing=True))


def is_locked(person):
    """Whether the person must wait; a lock whose time is over is lifted, so a new one needs as many fresh failures."""
    if (person.login_failed_attemps or 0) < MOST_FAILURES:
        return False
    if person.last_login_failed is not None and utcnow() - person.last_login_failed < LOCK:
        return True
    person.login_failed_attemps = 0
    return False


def count_failure(person):
    """One more wrong attempt."""
    person.login_failed_attemps = (person.login_failed_attemps or 0) + 1
    person.last_login_failed = utcnow()


def must_set_up_second_factor(settings, person, skip=False):
    """Whether the person's tokens are good for nothing but that. `skip`: they come from a single sign-on that vouches for them."""
    if skip or not settings["ENFORCE_2FA"] or person.preview_project_id is not None or second_factor.enabled(person):
        return False
    exempt = {email.strip() for email in (settings["2FA_EXEMPT_USERS"] or "").split(",")}
    return person.email not in exempt


def open_session(tx, settings, person, address, origin, skip_2fa_setup=False):
    """Let a person in: {the keys of the answer to a sign-in}. Writes the login log. `origin`: web or script."""
    restricted = must_set_up_second_factor(settings, person, skip_2fa_setup)
    access, refresh = tokens.issue_pair(person, restricted, skip_2fa_setup)
    tx.add(LoginLog(person_id=person.id, ip_address=readable(address), origin=origin))
    answer = {"login": True, "access_token": access, "refresh_token": refresh, **identity(tx, person.id, person.role)}
    return {**answer, "two_factor_authentication_required": True} if restricted else answer


def readable(address):
    """The address when it is one, else None: a proxy's header may hold anything."""
    try:
        return str(ipaddress.ip_address((address or "").strip()))
    except ValueError:
        return None


def identity(tx, person_id, role, schema=PersonSafeSchema):
    """{"user": JSON, "organisation": JSON}: who is signed in, and where, by one statement. Chat tokens are for administrators."""
    studio = organisation.current(tx)
    tx.flush()
    studio_schema = OrganisationSchema if role == "admin" else OrganisationPublicSchema
    user = sa.cast(json_row(schema, Person, relations=True, where=Person.id == person_id), sa.Text)
    place = sa.cast(json_row(studio_schema, Organisation, where=Organisation.id == studio.id), sa.Text)
    found = tx.execute(sa.select(user, place)).one()
    return {"user": found[0], "organisation": found[1]}


def renew(tx, settings, claims, person_id):
    """A new access token for the bearer of a refresh token, whose obligations are judged anew."""
    person = tx.get(Person, person_id)
    skip = bool(claims.get("skip_2fa_setup"))
    flags = {"requires_2fa_setup": must_set_up_second_factor(settings, person, skip), "skip_2fa_setup": skip}
    kept = {name: True for name, holds in flags.items() if holds}
    return tokens.issue_access(person_id, {"identity_type": claims["identity_type"], **kept}, claims["jti"])
