"""Signing in a desktop program through the browser: a code that the program exchanges for tokens. Rules: contract/rules/auth.md §9."""

import hashlib
import hmac
import secrets as random
from base64 import urlsafe_b64encode

from zou.auth import secrets
from zou.people.models import Person
from zou.platform import exact_json

LIFETIME_S = 60


def new_code(tx, actor, challenge):
    """A code for who holds the verifier of the challenge (S256); it remembers whether a single sign-on vouched for the person."""
    code = random.token_urlsafe(32)
    skip = bool(actor.claims.get("skip_2fa_setup"))
    value = {"person_id": str(actor.id), "code_challenge": challenge, "skip_2fa_setup": skip}
    secrets.keep(tx, name(code), exact_json.write(value), LIFETIME_S)
    return code


def redeem(tx, code, verifier):
    """(person, whether they need no second factor set up) of a code, or None. The code is used up, whatever the verifier."""
    kept = secrets.take(tx, name(code))
    found = exact_json.read(kept) if kept else None
    challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    if found is None or not hmac.compare_digest(found["code_challenge"], challenge):
        return None
    person = tx.get(Person, found["person_id"])
    return (person, found["skip_2fa_setup"]) if person is not None and person.active else None


def name(code):
    """Where the code's meaning is kept; of the code itself only a digest, as of any secret that is looked up."""
    return f"app-login-code-{hashlib.sha256(code.encode()).hexdigest()}"
