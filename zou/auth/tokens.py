"""Tokens: made, read from requests, revoked. Rules: contract/rules/auth.md §1, §3 and §11.

Flask-JWT-Extended signs and verifies. What was revoked is in `tracker.revoked_token`, so it outlives the process and all workers know.
"""

from datetime import UTC, datetime, time, timedelta

import sqlalchemy as sa
from flask import current_app, jsonify, request
from flask.sessions import SecureCookieSessionInterface
from flask_jwt_extended import JWTManager, create_access_token, create_refresh_token, decode_token, get_jti, get_jwt, verify_jwt_in_request

from zou.auth import origins
from zou.auth.secrets import keep
from zou.platform.db.types import utcnow

ACCESS_LIFETIME = timedelta(days=7)
REFRESH_LIFETIME = timedelta(days=15)
COOKIE_LIFETIME_S = 31540000
LAST_SECOND = time(23, 59, 59)  # of the day on which an API token dies
REFRESH_PATH = "/auth/refresh-token"
EMBEDDED_BROWSERS = ("Electron", "QtWebEngine")  # panels of desktop tools, which keep the tokens themselves

REVOKE = sa.text(
    """
    WITH expired AS (DELETE FROM tracker.revoked_token WHERE expires_at < :now AND jti <> :jti)
    INSERT INTO tracker.revoked_token (jti, expires_at) VALUES (:jti, :expires_at) ON CONFLICT (jti) DO NOTHING
    """
)

manager = JWTManager()


class ShortSession(SecureCookieSessionInterface):
    """The signed cookie that remembers a browser between the two halves of a sign-in: challenge and answer."""

    def get_cookie_secure(self, app):
        return is_secure()


class Revoked(Exception):
    """The token has been revoked."""


def register(app):
    """Prepare an application to sign and read tokens."""
    app.config.update(
        JWT_SECRET_KEY=app.config["SECRET_KEY"],
        JWT_ALGORITHM="HS256",
        JWT_ACCESS_TOKEN_EXPIRES=ACCESS_LIFETIME,
        JWT_REFRESH_TOKEN_EXPIRES=REFRESH_LIFETIME,
        JWT_TOKEN_LOCATION=["headers", "cookies"],
        JWT_REFRESH_COOKIE_PATH=REFRESH_PATH,
        JWT_COOKIE_CSRF_PROTECT=False,  # SameSite=Lax protects
    )
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.session_interface = ShortSession()
    manager.init_app(app)
    app.register_error_handler(Revoked, lambda error: refuse("Token has been revoked", 401))


def refuse(text, status):
    """An answer about a token that cannot be used."""
    response = jsonify({"msg": text})
    response.status_code = status
    return response


@manager.unauthorized_loader
def answer_missing(text):
    """No token where one is looked for; the cookie is named first, as clients know it."""
    details = text[text.index("(") + 1 : -1].split("; ") if "(" in text else [text]
    return refuse(f"Missing JWT in cookies or headers ({'; '.join(reversed(details))})", 401)


@manager.invalid_token_loader
def answer_invalid(text):
    """A token that is none, or not ours, or of the wrong kind."""
    return refuse(text, 422)


@manager.expired_token_loader
def answer_expired(header, claims):
    """gazu asks for a new token when it reads exactly this."""
    return jsonify({"error": True, "message": "Signature has expired"}), 401


# --- made -------------------------------------------------------------------------------------------------------------------------


def issue_pair(person, requires_2fa_setup=False, skip_2fa_setup=False):
    """(access token, refresh token) of a person who signed in."""
    claims = {"identity_type": "person"}
    if requires_2fa_setup:
        claims["requires_2fa_setup"] = True
    if skip_2fa_setup:
        claims["skip_2fa_setup"] = True
    refresh = create_refresh_token(str(person.id), additional_claims=claims)
    return issue_access(person.id, claims, get_jti(refresh)), refresh


def issue_access(person_id, claims, refresh_jti):
    """An access token that a logout revokes together with the refresh token it names."""
    return create_access_token(str(person_id), additional_claims={**claims, "refresh_jti": refresh_jti})


def issue_api_token(tx, person):
    """A new API token of a bot or a person, which replaces the one they had; it dies at the end of `person.expiration_date`."""
    lifetime = False
    if person.expiration_date is not None:
        lifetime = datetime.combine(person.expiration_date, LAST_SECOND, UTC) - datetime.now(UTC)
    kind = "bot" if person.is_bot else "person_api"
    token = create_access_token(str(person.id), additional_claims={"identity_type": kind}, expires_delta=lifetime)
    person.jti = get_jti(token)
    tx.flush()
    return token


# --- read -------------------------------------------------------------------------------------------------------------------------


def read_request():
    """The verified claims of the request's token: the header's, else the cookie's. Raises Denied for a write of another site by cookie."""
    wants_refresh = request.url_rule is not None and request.url_rule.rule == REFRESH_PATH
    verify_jwt_in_request(refresh=wants_refresh)
    if not request.headers.get("Authorization", "").startswith("Bearer "):
        origins.check()
    return get_jwt()


def read_token(text, kind="access"):
    """The verified claims of a token given otherwise than by a request's header or cookie. Raises PyJWT's errors, and WrongKind."""
    claims = decode_token(text)
    if claims["type"] != kind:
        raise WrongKind()
    return claims


class WrongKind(Exception):
    """A token of the other kind: refresh instead of access."""


# --- revoked ----------------------------------------------------------------------------------------------------------------------


def revoke(tx, jti, expires_at):
    """Refuse a token from now on. `expires_at`: when it would die by itself (UTC, without zone); after that nobody remembers it."""
    tx.execute(REVOKE, {"jti": jti, "expires_at": expires_at, "now": utcnow()})


def revoke_claims(tx, claims):
    """Revoke an access token and the refresh token that came with it."""
    revoke(
        tx,
        claims["jti"],
        datetime.fromtimestamp(claims["exp"], UTC).replace(tzinfo=None) if "exp" in claims else utcnow() + ACCESS_LIFETIME,
    )
    if claims.get("refresh_jti"):
        revoke(tx, claims["refresh_jti"], utcnow() + REFRESH_LIFETIME)


def revoke_others(tx, person_id, claims=None):
    """Refuse every session of a person opened before now, but that of `claims`; API tokens stay."""
    kept = [claims.get("jti"), claims.get("refresh_jti")] if claims else []
    now = int(datetime.now(UTC).timestamp())
    keep(tx, f"sessions-{person_id}", " ".join([str(now), *filter(None, kept)]), REFRESH_LIFETIME.total_seconds())


def is_closed(claims, closed):
    """Whether `revoke_others` refuses these claims. `closed`: what it kept for their person, or None."""
    if not closed:
        return False
    since, *kept = closed.split()
    return claims["iat"] < int(since) and not {claims["jti"], claims.get("refresh_jti")} & set(kept)


# --- cookies ----------------------------------------------------------------------------------------------------------------------


def is_browser():
    """Whether a browser asks, which then keeps its tokens in cookies."""
    agent = request.headers.get("User-Agent", "")
    return agent.startswith(("Mozilla/", "Opera/")) and not any(name in agent for name in EMBEDDED_BROWSERS)


def set_cookies(response, access=None, refresh=None):
    """Put tokens in the browser's cookies."""
    for name, path, value in cookies(access, refresh):
        if value is not None:
            response.set_cookie(name, value, max_age=COOKIE_LIFETIME_S, path=path, secure=is_secure(), httponly=True, samesite="Lax")
    return response


def clear_cookies(response):
    """Take the tokens out of the browser's cookies."""
    for name, path, _ in cookies():
        response.set_cookie(name, "", expires=0, path=path, secure=is_secure(), httponly=True, samesite="Lax")
    return response


def cookies(access=None, refresh=None):
    """(name, path, value) of both cookies. Only the way to a new token gets the refresh token, below the path the API is mounted at."""
    return ("access_token_cookie", "/", access), ("refresh_token_cookie", request.script_root + REFRESH_PATH, refresh)


def is_secure():
    """Whether cookies must travel by https only: the studio's site is reached by it, and this request came for that site."""
    if request.is_secure or request.headers.get("X-Forwarded-Proto") == "https":
        return True
    settings = current_app.config
    return settings["DOMAIN_PROTOCOL"] == "https" and request.host == settings["DOMAIN_NAME"]
