"""Who makes a request: the token's person, as the database knows them now.

The steps of contract/rules/auth.md §1, in its order; one statement for all that they and the permission rules need.
"""

from dataclasses import dataclass
from datetime import UTC
from uuid import UUID

import sqlalchemy as sa
from flask import request

from zou.auth import tokens
from zou.platform.db.payload import is_uuid
from zou.platform.db.prepared import Asking
from zou.platform.db.types import utcnow
from zou.platform.errors import Denied, Unauthorized

READING = ("GET", "HEAD", "OPTIONS")
BEFORE_SECOND_FACTOR = frozenset(
    {
        "/auth/totp",
        "/auth/email-otp",
        "/auth/fido",
        "/auth/recovery-codes",
        "/auth/login",
        "/auth/logout",
        "/auth/authenticated",
        "/auth/refresh-token",
    }
)
"""The paths, exactly, that a person may use who still has to set up a second factor."""

WHO = sa.text(
    """
    SELECT person.id, role, active, jti, preview_project_id, preview_opened_at, preview_open_until,
           ARRAY(SELECT department_id FROM department_link WHERE person_id = person.id) AS department_ids,
           EXISTS (SELECT FROM tracker.revoked_token WHERE revoked_token.jti = :jti) AS revoked,
           (SELECT value FROM tracker.secret WHERE name = 'sessions-' || person.id AND expires_at > :now) AS closed
    FROM (SELECT) AS nobody LEFT JOIN person ON person.id = CAST(:id AS uuid)
    """
).columns(id=sa.Uuid(), preview_project_id=sa.Uuid(), department_ids=sa.ARRAY(sa.Uuid()))


@dataclass(frozen=True, slots=True)
class Actor(Asking):
    """The person or bot that acts; `role` is their own, whatever a production's team says."""

    id: UUID
    role: str
    identity_type: str  # person, person_api (a person's API token) or bot
    department_ids: list[UUID]
    preview_project_id: UUID | None  # the production of a read-only preview account
    claims: dict  # of the token

    @property
    def is_admin(self):
        return self.role == "admin"


def authenticate(tx):
    """The actor of the request. Raises Unauthorized, Denied, or Flask-JWT-Extended's errors, which `tokens` gives their answers."""
    actor = actor_of(tx, tokens.read_request())
    if actor.preview_project_id is not None and request.method not in READING:
        raise Denied("The preview account of a production only reads.")
    if needs_second_factor(actor) and request.path not in BEFORE_SECOND_FACTOR:
        raise Denied(
            "Two-factor authentication setup is required. Please configure 2FA before accessing the API.",
            two_factor_authentication_required=True,
        )
    return actor


def actor_of(tx, claims):
    """The actor that verified claims speak of, by one statement. Raises Revoked, Unknown, Inactive."""
    person_id = claims["sub"] if is_uuid(claims["sub"]) else None
    found = tx.execute(WHO, {"id": person_id, "jti": claims["jti"], "now": utcnow()}).one()
    kind = claims.get("identity_type")
    if is_revoked(kind, claims, found):
        raise tokens.Revoked()
    if found.id is None:
        raise Unknown()
    if not found.active:
        if kind == "person":
            # The refusal rolls the request back; the tokens must stay dead all the same when the person is let in again.
            tokens.revoke_claims(tx, claims)
            tx.commit()
        raise Inactive()
    if found.preview_project_id is not None and not in_window(found, claims["iat"]):
        raise Inactive()
    return Actor(found.id, found.role, kind, found.department_ids, found.preview_project_id, claims)


def is_revoked(kind, claims, found):
    """Whether the token is dead: by the list of revoked ones, by a new password, or, of API tokens, because there is a newer one."""
    jti = claims["jti"]
    if not jti or kind not in ("person", "person_api", "bot"):
        return True
    if kind == "person":
        return found.revoked or tokens.is_closed(claims, found.closed)
    return found.jti != jti


def in_window(person, issued_at=None):
    """Whether a preview account is open, and, given its seconds since 1970, the token not older than the opening."""
    if person.preview_open_until is None or person.preview_open_until <= utcnow():
        return False
    opened = person.preview_opened_at
    return issued_at is None or opened is None or issued_at >= int(opened.replace(tzinfo=UTC).timestamp())


def needs_second_factor(actor):
    """Whether the token is good for nothing but setting up a second factor."""
    return bool(actor.claims.get("requires_2fa_setup"))


class Unknown(Unauthorized):
    """The token's person does not exist."""

    def __init__(self):
        super().__init__(Unauthorized.__doc__)


class Inactive(Unauthorized):
    """The token's person may not sign in."""

    def __init__(self):
        super().__init__(Unauthorized.__doc__)
