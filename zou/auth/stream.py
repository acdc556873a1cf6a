"""Who may connect to the event stream. Reasons of refusal: contract/rules/events.md §5."""

from flask_jwt_extended import get_jwt, verify_jwt_in_request
from flask_jwt_extended.exceptions import JWTExtendedException, NoAuthorizationError, WrongTokenError
from jwt.exceptions import ExpiredSignatureError, PyJWTError

from zou.auth import tokens
from zou.auth.actor import Inactive, Unknown, actor_of, needs_second_factor
from zou.platform.errors import Unauthorized

MISSING = (
    'Missing access token: send the Kitsu cookie, an Authorization header, or {"token": "<access token>"} in the socket.io auth payload.'
)
REASONS = (
    (ExpiredSignatureError, "Access token expired."),
    (tokens.Revoked, "Access token revoked."),
    ((WrongTokenError, tokens.WrongKind), "A refresh token was given: send the access token."),
    (Inactive, "Inactive account."),
    (Unknown, "Unknown account."),
    ((PyJWTError, JWTExtendedException), "Invalid access token."),
)


def admit(tx, auth=None):
    """The actor of a connection: by header or cookie of its handshake, else by the auth payload. Raises Unauthorized with the reason."""
    try:
        actor = actor_of(tx, read_handshake(auth))
    except (PyJWTError, JWTExtendedException, tokens.Revoked, tokens.WrongKind, Inactive, Unknown) as error:
        raise Unauthorized(next(text for kind, text in REASONS if isinstance(error, kind)))
    if needs_second_factor(actor):
        raise Unauthorized("Two-factor authentication setup is required.")
    return actor


def read_handshake(auth):
    """The verified claims of the token that came with the handshake."""
    try:
        verify_jwt_in_request()
        return get_jwt()
    except NoAuthorizationError:
        token = auth.get("token") if isinstance(auth, dict) else None
        if not token:
            raise Unauthorized(MISSING) from None
        return tokens.read_token(str(token))
