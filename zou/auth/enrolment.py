"""Setting up and giving up second factors. Rules: contract/rules/auth.md §8, table of routes.

`person` is always the actor's own locked row. Refusals are Invalid without `data`, as clients know them.
"""

import pyotp
import sqlalchemy as sa

from zou.auth import mails, second_factor, throttle, tokens
from zou.people import organisation
from zou.people.models import Person
from zou.platform.errors import Invalid
from zou.platform.lazy import Lazy

security_keys = Lazy("zou.auth.security_keys")

NEXT = {"totp": ("fido", "email_otp"), "email_otp": ("fido", "totp"), "fido": ("totp", "email_otp")}
"""What a person prefers instead of a method that goes, if they have it."""

MOST_CODES, CODES_WINDOW_S = 5, 600  # mails with a code to one person


def own(tx, actor):
    """The actor's row, locked: what is proved and what is changed stay together."""
    return tx.scalar(sa.select(Person).where(Person.id == actor.id).with_for_update().execution_options(populate_existing=True))


def refuse_when(condition, text):
    """Raise Invalid, in the shape of this part, when a condition holds."""
    if condition:
        raise Invalid(text, shape="plain")


# --- TOTP -----------------------------------------------------------------------------------------------------------------------


def offer_totp(tx, person):
    """A new secret for the person's app: {"totp_provisionning_uri", "otp_secret"}; it counts once a code proved it."""
    refuse_when(person.totp_enabled, "TOTP already enabled.")
    person.totp_secret = pyotp.random_base32()
    issuer = f"Kitsu {organisation.name(tx)}"
    uri = pyotp.TOTP(person.totp_secret).provisioning_uri(name=person.email, issuer_name=issuer)
    return {"totp_provisionning_uri": uri, "otp_secret": person.totp_secret}


def enable_totp(tx, settings, claims, person, code):
    """Take the secret offered last as second factor."""
    refuse_when(person.totp_enabled, "TOTP already enabled.")
    second_factor.require(tx, person, lambda: second_factor.use_totp(tx, person, code), "TOTP verification failed.")
    return enable(tx, settings, claims, person, "totp")


# --- codes by mail ----------------------------------------------------------------------------------------------------------------


def offer_email_code(tx, person):
    """Send a first code; codes by mail count once it came back."""
    refuse_when(person.email_otp_enabled, "OTP by email already enabled.")
    person.email_otp_secret = pyotp.random_base32()
    send_code(tx, person)


def enable_email_code(tx, settings, claims, person, code):
    """Take codes by mail as second factor."""
    refuse_when(person.email_otp_enabled, "OTP by email already enabled.")
    text = "OTP by email verification failed."
    second_factor.require(tx, person, lambda: second_factor.use_email_code(tx, person, code), text)
    return enable(tx, settings, claims, person, "email_otp")


def send_code(tx, person):
    """Send a code, unless the person was sent many in the last minutes: nobody fills the mailbox of another."""
    if throttle.count(tx, f"codes-sent-{person.id}", CODES_WINDOW_S) <= MOST_CODES:
        mails.one_time_code(tx, person, second_factor.new_email_code(tx, person))


# --- security keys ----------------------------------------------------------------------------------------------------------------


def offer_key(tx, person):
    """WebAuthn creation options for one more key."""
    return security_keys.registration_options(tx, person)


def enable_key(tx, settings, claims, person, response, name):
    """Register a security key as second factor."""
    state = security_keys.recall(tx, person, "create")
    refuse_when(state is None, "No preregistration before.")
    try:
        security_keys.register(tx, person, state, response, name)
    except (ValueError, TypeError, KeyError, AttributeError):  # what the library raises for an answer of another shape
        raise Invalid("FIDO server exception your registration response is probly wrong.", shape="plain", remembered=True) from None
    return enable(tx, settings, claims, person, "fido")


def remove_key(tx, person, name, proof):
    """Forget the first key of that name; without any, keys are no second factor any more. Another name changes nothing."""
    refuse_when(not person.fido_enabled, "FIDO not enabled.")
    require(tx, person, proof)
    found = list(person.fido_credentials or ())
    keep = next((found[:n] + found[n + 1 :] for n, key in enumerate(found) if key["device_name"] == name), found)
    person.fido_credentials = keep
    if not keep:
        disable(person, "fido")


# --- all of them ------------------------------------------------------------------------------------------------------------------


def require(tx, person, proof):
    """Raise Invalid unless the person proves their second factor. `proof`: see `second_factor.verify`."""
    second_factor.require(tx, person, lambda: second_factor.verify(tx, person, proof), "OTP verification failed.")


def enable(tx, settings, claims, person, method):
    """Switch a method on: {"otp_recovery_codes", "access_token", "refresh_token"}; sessions opened elsewhere are closed."""
    setattr(person, f"{method}_enabled", True)
    if person.preferred_two_factor_authentication is None:
        person.preferred_two_factor_authentication = method
    codes = None if person.otp_recovery_codes else second_factor.new_recovery_codes(person, settings["BCRYPT_LOG_ROUNDS"])
    tokens.revoke_others(tx, person.id, claims)
    access, refresh = tokens.issue_pair(person)
    return {"otp_recovery_codes": codes, "access_token": access, "refresh_token": refresh}


def give_up(tx, person, method, proof):
    """Switch off codes of an app or by mail; its secret is forgotten."""
    refuse_when(not second_factor.enabled(person), "TOTP not enabled." if method == "totp" else "OTP by email not enabled.")
    require(tx, person, proof)
    setattr(person, f"{method}_secret", None)
    disable(person, method)


def disable(person, method):
    """Switch a method off; with the last one the recovery codes go."""
    setattr(person, f"{method}_enabled", False)
    left = second_factor.enabled(person)
    if person.preferred_two_factor_authentication == method or not left:
        person.preferred_two_factor_authentication = next((other for other in NEXT[method] if other in left), None)
    if not left:
        person.otp_recovery_codes = None


def renew_recovery_codes(tx, settings, person, proof):
    """{"otp_recovery_codes"}: new ones in place of the old."""
    refuse_when(not second_factor.enabled(person), "No two factor authentication enabled.")
    require(tx, person, proof)
    return {"otp_recovery_codes": second_factor.new_recovery_codes(person, settings["BCRYPT_LOG_ROUNDS"])}


# --- before sign-in ---------------------------------------------------------------------------------------------------------------


def mail_code(tx, email):
    """Send a code to the person with that e-mail, if they are active and take codes by mail; nobody hears whether."""
    person = by_email(tx, email)
    if person is not None and person.active and person.email_otp_enabled and person.email_otp_secret:
        send_code(tx, person)


def challenge(tx, email):
    """What a browser needs to ask a key of the person with that e-mail. Raises Invalid, the same for every reason."""
    person = by_email(tx, email)
    refuse_when(person is None or not person.active or not person.fido_enabled, "FIDO not enabled.")
    return security_keys.request_options(tx, person)


def by_email(tx, email):
    """The person, not a bot, with that e-mail in any case, or None. Raises Invalid without an e-mail to look for."""
    if email is None:
        raise Invalid("Missing required parameter: email")
    return tx.scalar(sa.select(Person).where(sa.func.lower(Person.email) == email.lower(), Person.is_bot.is_(False)).limit(1))
