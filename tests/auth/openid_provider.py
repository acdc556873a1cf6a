"""A small OpenID provider: discovery, keys, codes with PKCE, userinfo."""

import base64
import hashlib
import secrets
import time
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from flask import Flask, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "tracker", "a client secret"


class OpenIdProvider:
    """`claims` is what it says of whoever signs in; tests alter it, and what it `answers` wrongly."""

    def __init__(self):
        self.key = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"}, private=True)
        self.signing_key = self.key
        self.algorithm = "RS256"
        self.claims = {"sub": "u-1", "email": "ada@studio.example", "email_verified": True}
        self.page = {}
        self.override = {}  # claims of the token that are put in at last
        self.codes = {}
        self.address = None

    def application(self, address):
        self.address = address
        app = Flask("openid")
        app.add_url_rule("/.well-known/openid-configuration", "discovery", self.discovery)
        app.add_url_rule("/keys", "keys", lambda: jsonify({"keys": [self.key.as_dict(private=False)]}))
        app.add_url_rule("/authorize", "authorize", self.authorize)
        app.add_url_rule("/token", "token", self.token, methods=["POST"])
        app.add_url_rule("/userinfo", "userinfo", lambda: jsonify(self.page))
        return app

    def discovery(self):
        return jsonify(
            issuer=self.address,
            authorization_endpoint=f"{self.address}/authorize",
            token_endpoint=f"{self.address}/token",
            userinfo_endpoint=f"{self.address}/userinfo",
            jwks_uri=f"{self.address}/keys",
            id_token_signing_alg_values_supported=["RS256", "HS256", "none"],
        )

    def authorize(self):
        code = secrets.token_urlsafe(16)
        self.codes[code] = request.args.to_dict()
        return redirect(f"{request.args['redirect_uri']}?{urlencode({'code': code, 'state': request.args['state']})}")

    def token(self):
        asked = self.codes.pop(request.form["code"], None)
        digest = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or asked["code_challenge"] != challenge or request.headers["Authorization"] != f"Basic {basic}":
            return jsonify(error="invalid_grant"), 400
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": asked["nonce"], **self.claims, **self.override}
        signed = jwt.encode({"alg": self.algorithm, "kid": "k1"}, claims, self.signing_key, algorithms=[self.algorithm])
        return jsonify(access_token="opaque", token_type="Bearer", expires_in=3600, id_token=signed)


def visit(location):
    """The query of the callback to which the provider sends a browser that follows this address."""
    answer = requests.get(location, allow_redirects=False, timeout=10)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
