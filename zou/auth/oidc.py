"""OpenID Connect: Authlib asks and checks, this module says what counts. Rules: contract/rules/auth.md §16."""

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import current_app
from joserfc.errors import JoseError

from zou.auth.single_sign_on import Identity, refuse
from zou.platform.errors import Unavailable

FAILED = "OIDC authentication failed."
TIMEOUT_S = 10
SIGNED_BY_THE_PROVIDER = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}
NAMED = ("OIDC_DISCOVERY_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_SCOPES")
FAILURES = (AuthlibBaseError, JoseError, requests.RequestException, ValueError, KeyError, TypeError, RuntimeError)
"""What Authlib raises when a provider answers with anything but what it should."""


def client():
    """The client of the provider that the settings name; it keeps the discovery document and keys of the provider."""
    settings = current_app.config
    named = tuple(settings[name] for name in NAMED)
    kept = current_app.extensions.get("oidc")
    if kept is None or kept[0] != named:
        url, id, secret, scopes = named
        options = {"scope": scopes, "code_challenge_method": "S256", "default_timeout": TIMEOUT_S}
        made = OAuth(current_app).register("oidc", server_metadata_url=url, client_id=id, client_secret=secret, client_kwargs=options)
        kept = current_app.extensions["oidc"] = (named, made)
    return kept[1]


def begin(redirect_uri):
    """A redirection to the provider; state, nonce and PKCE verifier stay in this browser's signed cookie. Raises Unavailable."""
    try:
        return client().authorize_redirect(redirect_uri)
    except FAILURES as error:
        raise Unavailable("The OIDC provider cannot be reached.") from error


def finish():
    """The identity that the provider vouches for in the request at hand. Raises Invalid."""
    settings = current_app.config
    provider = client()
    try:
        metadata = provider.load_server_metadata()
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = [name for name in offered if name in SIGNED_BY_THE_PROVIDER]
        wanted = {
            "iss": {"essential": True, "value": metadata["issuer"]},
            "aud": {"essential": True, "value": settings["OIDC_CLIENT_ID"]},
            "sub": {"essential": True},
        }
        token = provider.authorize_access_token(claims_options=wanted)
        claims = token["userinfo"]
    except FAILURES as error:
        raise refuse(FAILED) from error
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise refuse(FAILED)
    email = claims.get(settings["OIDC_EMAIL_CLAIM"])
    values = names_of(settings, provider, token, claims)
    return Identity("oidc", email if isinstance(email, str) else "", claims["iss"], claims["sub"], values, doubt(settings, claims, email))


def doubt(settings, claims, email):
    """Why the address must not be used to find or make a person, or None; who is bound already is known without it."""
    if not email or not isinstance(email, str):
        return "No email claim returned by the provider."
    verified = claims.get("email_verified")
    refused = verified is not True if settings["OIDC_REQUIRE_EMAIL_VERIFIED"] else verified in (False, "false")
    return "Email address is not verified." if refused else None


def names_of(settings, provider, token, claims):
    """{first_name, last_name} as far as the provider tells them, in the token or, if it has neither, on its page about the person."""
    keys = {"first_name": settings["OIDC_GIVEN_NAME_CLAIM"], "last_name": settings["OIDC_FAMILY_NAME_CLAIM"]}
    source = claims
    if not any(claims.get(key) for key in keys.values()):
        source = page_of(provider, token, claims)
    return {column: source[key] for column, key in keys.items() if isinstance(source.get(key), str) and source[key]}


def page_of(provider, token, claims):
    """The claims of the provider's userinfo page when it is about the same person, else none; its failure is no failure here."""
    try:
        found = provider.userinfo(token=token)
    except FAILURES:
        return {}
    return found if found.get("sub") == claims["sub"] else {}
