"""The second factor: what proves it, at sign-in and before it is changed. Rules: contract/rules/auth.md §8."""

import hmac
import secrets as random
import string
import time

import bcrypt
import pyotp

from zou.auth import secrets, throttle
from zou.people.accounts import BCRYPT_BYTES
from zou.platform.errors import Invalid
from zou.platform.lazy import Lazy

security_keys = Lazy("zou.auth.security_keys")

METHODS = ("totp", "email_otp", "fido")
STEP_S = 30
WINDOW = (-1, 0, 1)  # steps before and after the present one whose codes count

EMAIL_CODE_LIFETIME_S = 300
COUNTERS = 10**12  # e-mail codes are HOTP at a random one of them

RECOVERY_CODES, RECOVERY_LENGTH = 16, 10
RECOVERY_LETTERS = string.ascii_uppercase + string.digits
RECOVERY_ROUNDS = 8  # 51 random bits need no slow hash, and sixteen of them are compared with a code

MOST_WRONG_PROOFS, PROOFS_WINDOW_S = 5, 60


def enabled(person):
    """The methods that a person set up."""
    return [method for method in METHODS if getattr(person, f"{method}_enabled")]


def missing(person):
    """The answer to a sign-in without a code: which ones would do."""
    return {
        "error": True,
        "login": False,
        "missing_OTP": True,
        "message": "A two-factor authentication code is required.",
        "preferred_two_factor_authentication": person.preferred_two_factor_authentication,
        "two_factor_authentication_enabled": ["recovery_code", *enabled(person)],
    }


def verify(tx, person, proof):
    """Whether the first proof that counts is right; None when none was given. `proof`: {"totp": ..., "recovery_code": ..., ...}."""
    if person.totp_enabled and proof.get("totp") is not None:
        return use_totp(tx, person, proof["totp"])
    if person.email_otp_enabled and proof.get("email_otp"):
        return use_email_code(tx, person, proof["email_otp"])
    if person.fido_enabled and proof.get("fido_authentication_response"):
        return security_keys.proves(tx, person, proof["fido_authentication_response"])
    if proof.get("recovery_code"):
        return use_recovery_code(person, proof["recovery_code"])
    return None


def require(tx, person, right, text):
    """Refuse a wrong proof of a signed-in person. `right`: callable -> whether it is right; after five wrong ones it has to wait.

    Raises Invalid with `text`. Wrong codes are counted apart from sign-ins, so that nobody locks a colleague out of their account.
    """
    name = f"wrong-proofs-{person.id}"
    if throttle.counted(tx, name) >= MOST_WRONG_PROOFS:
        raise Invalid("Too many wrong codes, retry in a minute.", shape="plain", wrong_OTP=True)
    if not right():
        throttle.count(tx, name, PROOFS_WINDOW_S)
        raise Invalid(text, shape="plain", remembered=True, wrong_OTP=True)


# --- codes of an app ----------------------------------------------------------------------------------------------------------


def use_totp(tx, person, code):
    """Whether this is a code of now that did not prove anything before."""
    step = matching_step(person.totp_secret, code)
    if step is None:
        return False
    name = f"totp-step-{person.id}"
    used = secrets.read(tx, name)
    if used is not None and int(used) >= step:
        return False
    secrets.keep(tx, name, str(step), STEP_S * 4)
    return True


def matching_step(secret, code):
    """The number of the 30 seconds, since 1970, that the code belongs to, or None."""
    if not secret:
        return None
    codes = pyotp.TOTP(secret)
    present = int(time.time()) // STEP_S
    for offset in WINDOW:
        if hmac.compare_digest(codes.generate_otp(present + offset).encode(), code.encode()):
            return present + offset
    return None


# --- codes by mail ------------------------------------------------------------------------------------------------------------


def new_email_code(tx, person):
    """A code to send to the person; it replaces the one before."""
    counter = random.randbelow(COUNTERS)
    secrets.keep(tx, email_code_name(person), str(counter), EMAIL_CODE_LIFETIME_S)
    return pyotp.HOTP(person.email_otp_secret).at(counter)


def use_email_code(tx, person, code):
    """Whether this is the code that was sent, which is used up by that."""
    counter = secrets.read(tx, email_code_name(person))
    if counter is None or not person.email_otp_secret:
        return False
    expected = pyotp.HOTP(person.email_otp_secret).at(int(counter))
    return hmac.compare_digest(expected.encode(), code.encode()) and secrets.take(tx, email_code_name(person)) is not None


def email_code_name(person):
    """Where the counter of the code last sent is kept."""
    return f"email-otp-count-{person.id}"


# --- codes on paper -----------------------------------------------------------------------------------------------------------


def new_recovery_codes(person, rounds):
    """Sixteen codes, each good once, in place of those the person had. `rounds`: BCRYPT_LOG_ROUNDS."""
    codes = ["".join(random.choice(RECOVERY_LETTERS) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    salt = min(rounds, RECOVERY_ROUNDS)
    person.otp_recovery_codes = [bcrypt.hashpw(code.encode(), bcrypt.gensalt(salt)) for code in codes]
    return codes


def use_recovery_code(person, code):
    """Whether this is one of the person's recovery codes, which is used up by that."""
    given = code.encode()[:BCRYPT_BYTES]
    for hashed in person.otp_recovery_codes or ():
        if bcrypt.checkpw(given, bytes(hashed)):
            person.otp_recovery_codes = [bytes(other) for other in person.otp_recovery_codes if other != hashed]
            return True
    return False
