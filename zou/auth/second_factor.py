"""The second factor at sign-in. Rules: contract/rules/auth.md §8."""

import hmac
import time

import bcrypt
import pyotp

from zou.auth import secrets

METHODS = ("totp", "email_otp", "fido")
STEP_S = 30
WINDOW = (-1, 0, 1)  # steps before and after the present one whose codes count


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
        return False
    if person.fido_enabled and proof.get("fido_authentication_response"):
        return False
    if proof.get("recovery_code"):
        return use_recovery_code(person, proof["recovery_code"])
    return None


def use_totp(tx, person, code):
    """Whether this is a code of now that did not sign the person in before."""
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


def use_recovery_code(person, code):
    """Whether this is one of the person's recovery codes, which is used up by that."""
    given = code.encode()[:72]
    for hashed in person.otp_recovery_codes or ():
        if bcrypt.checkpw(given, bytes(hashed)):
            person.otp_recovery_codes = [bytes(other) for other in person.otp_recovery_codes if other != hashed]
            return True
    return False
