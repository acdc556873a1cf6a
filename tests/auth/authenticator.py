"""A security key in software: makes credentials and signs challenges as WebAuthn says."""

import hashlib
import json
import os
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from fido2 import cbor
from fido2.cose import ES256, RS256, EdDSA

USER_PRESENT, USER_VERIFIED, ATTESTED = 0x01, 0x04, 0x40
KINDS = {
    -7: (lambda: ec.generate_private_key(ec.SECP256R1()), ES256, lambda key, data: key.sign(data, ec.ECDSA(hashes.SHA256()))),
    -8: (ed25519.Ed25519PrivateKey.generate, EdDSA, lambda key, data: key.sign(data)),
    -257: (lambda: rsa.generate_private_key(65537, 2048), RS256, lambda key, data: key.sign(data, padding.PKCS1v15(), hashes.SHA256())),
}


def text(data):
    """Bytes as base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def data(value):
    """The bytes of such a text."""
    return urlsafe_b64decode(value + "=" * (-len(value) % 4))


class Authenticator:
    """One key. `algorithm`: a COSE number; `id`: bytes of the credential."""

    def __init__(self, algorithm=-7, id=None, origin="https://studio.example"):
        make, self.kind, self.sign = KINDS[algorithm]
        self.key = make()
        self.id = id or os.urandom(32)
        self.origin = origin

    def client_data(self, kind, challenge):
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def create(self, options):
        """The answer to creation options."""
        client_data = self.client_data("webauthn.create", options["challenge"])
        public = cbor.encode(dict(self.kind.from_cryptography_key(self.key.public_key())))
        attested = os.urandom(16) + struct.pack(">H", len(self.id)) + self.id + public
        auth_data = self.auth_data(options["rp"]["id"], USER_PRESENT | USER_VERIFIED | ATTESTED) + attested
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": auth_data})
        return {
            "id": text(self.id),
            "rawId": text(self.id),
            "type": "public-key",
            "response": {"clientDataJSON": text(client_data), "attestationObject": text(attestation)},
            "clientExtensionResults": {},
        }

    def get(self, options):
        """The answer to request options."""
        client_data = self.client_data("webauthn.get", options["challenge"])
        auth_data = self.auth_data(options["rpId"], USER_PRESENT)
        signature = self.sign(self.key, auth_data + hashlib.sha256(client_data).digest())
        return {
            "id": text(self.id),
            "rawId": text(self.id),
            "type": "public-key",
            "response": {"clientDataJSON": text(client_data), "authenticatorData": text(auth_data), "signature": text(signature)},
            "clientExtensionResults": {},
        }

    def auth_data(self, party, flags):
        return hashlib.sha256(party.encode()).digest() + bytes([flags]) + struct.pack(">I", 0)
