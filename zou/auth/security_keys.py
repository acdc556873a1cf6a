"""Security keys (WebAuthn): challenges, registration, proof. Rules: contract/rules/auth.md §8.

A key is stored in `person.fido_credentials` as the contract's server stores it: the bytes of its identifier and of its public key are whole
numbers. A number has no leading zeros; `id_length` tells how many bytes an identifier has that began with some.
"""

import secrets as random

from fido2.cose import CoseKey, UnsupportedKey
from fido2.server import Fido2Server
from fido2.webauthn import Aaguid, AttestedCredentialData, PublicKeyCredentialParameters, PublicKeyCredentialRpEntity
from flask import current_app, session

from zou.auth import secrets
from zou.platform import exact_json

ALGORITHMS = (-7, -8, -35, -36, -37, -257, -47)  # ES256, EdDSA, ES384, ES512, PS256, RS256, ES256K
STATE = "webauthn"  # in the signed cookie: where the challenge is kept
STATE_LIFETIME_S = 300
ANYWHERE = "localhost:8080"  # DOMAIN_NAME of a development set-up, where any origin will do
COORDINATE_BYTES = {1: 32, 2: 48, 3: 66, 6: 32, 8: 32}  # by curve: P-256, P-384, P-521, Ed25519, secp256k1
AAGUID_BYTES = 16
CURVE, X, Y = -1, -2, -3
ELLIPTIC, EDWARDS = 2, 1  # kinds of keys whose parts have a fixed length; those of RSA start with a digit that is not zero


def server():
    """The relying party of this installation."""
    domain = current_app.config["DOMAIN_NAME"]
    party = PublicKeyCredentialRpEntity(name="Kitsu", id=domain.rsplit(":", 1)[0] if ":" in domain else domain)
    made = Fido2Server(party, verify_origin=(lambda origin: True) if domain == ANYWHERE else None)
    made.allowed_algorithms = [PublicKeyCredentialParameters(type="public-key", alg=algorithm) for algorithm in ALGORITHMS]
    return made


def registration_options(tx, person):
    """What the browser needs to register a key, its bytes as base64url text; the challenge is remembered for this browser."""
    user = {"id": str(person.id).encode(), "name": person.email, "displayName": f"{person.first_name} {person.last_name}".strip()}
    options, state = server().register_begin(
        user,
        credentials=keys_of(person),
        user_verification="preferred",
        authenticator_attachment="cross-platform",
        resident_key_requirement="discouraged",
    )
    remember(tx, person, "create", state)
    answer = dict(options.public_key)
    return {**answer, "excludeCredentials": answer.get("excludeCredentials") or []}


def register(tx, person, state, response, name):
    """Add the key that answered the challenge. Raises ValueError and the like when the answer is none."""
    made = server().register_complete(state, response).credential_data
    algorithm = made.public_key.get(3)
    if algorithm not in ALGORITHMS or isinstance(made.public_key, UnsupportedKey):
        raise ValueError("The algorithm was not offered.")
    if any(key.credential_id == made.credential_id for key in keys_of(person)):
        raise ValueError("The key is registered already.")
    person.fido_credentials = [*(person.fido_credentials or []), stored(made, name)]


def request_options(tx, person):
    """What the browser needs to ask a key of the person for a proof; the challenge is remembered for this browser."""
    options, state = server().authenticate_begin(keys_of(person))
    remember(tx, person, "get", state)
    return dict(options.public_key)


def proves(tx, person, response):
    """Whether a key of the person answered the challenge that this browser was given."""
    state = recall(tx, person, "get")
    if state is None:
        return False
    try:
        server().authenticate_complete(state, keys_of(person), response)
    except (ValueError, TypeError, KeyError, AttributeError):  # what the library raises for an answer of another shape
        return False
    return True


# --- challenges -----------------------------------------------------------------------------------------------------------------


def remember(tx, person, purpose, state):
    """Keep a challenge here, and where to find it in the browser's signed cookie."""
    key = session[STATE] = random.token_urlsafe(24)
    value = exact_json.write({"person": str(person.id), "purpose": purpose, "challenge": state["challenge"]})
    secrets.keep(tx, f"webauthn-{key}", value, STATE_LIFETIME_S)


def recall(tx, person, purpose):
    """The challenge that this browser was given for this person, which is used up by that, or None."""
    kept = secrets.take(tx, f"webauthn-{session.pop(STATE, '')}")
    found = exact_json.read(kept) if kept else {}
    if (found.get("person"), found.get("purpose")) != (str(person.id), purpose):
        return None
    return {"challenge": found["challenge"], "user_verification": "preferred"}


# --- storage --------------------------------------------------------------------------------------------------------------------


def keys_of(person):
    """The person's keys as the library knows them."""
    return [loaded(key) for key in person.fido_credentials or ()]


def stored(key, name):
    """A key as an element of `person.fido_credentials`."""
    id = int.from_bytes(key.credential_id)
    found = {
        "device_name": name,
        "aaguid": int.from_bytes(key.aaguid),
        "credential_id": id,
        "public_key": {str(part): int.from_bytes(value) if isinstance(value, bytes) else value for part, value in key.public_key.items()},
    }
    return found if id.bit_length() > (len(key.credential_id) - 1) * 8 else {**found, "id_length": len(key.credential_id)}


def loaded(found):
    """The key of an element of `person.fido_credentials`."""
    numbers = {int(part): value for part, value in found["public_key"].items()}
    kind = numbers[1]
    parts = {X, Y} if kind == ELLIPTIC else {X} if kind == EDWARDS else {-1, -2}
    length = COORDINATE_BYTES[numbers[CURVE]] if kind in (ELLIPTIC, EDWARDS) else None
    public = CoseKey.parse({part: as_bytes(value, length) if part in parts else value for part, value in numbers.items()})
    aaguid = Aaguid(int(found["aaguid"]).to_bytes(AAGUID_BYTES))
    return AttestedCredentialData.create(aaguid, as_bytes(found["credential_id"], found.get("id_length")), public)


def as_bytes(number, length=None):
    """The bytes of a whole number: as many as needed, or `length`."""
    return int(number).to_bytes(length or max(1, (number.bit_length() + 7) // 8))
