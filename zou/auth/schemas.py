"""Payloads of signing in."""

from marshmallow import Schema, fields, validate

from zou.auth.passwords import DEFAULT_PASSWORD
from zou.people.schemas import OrganisationSchema, PersonSafeSchema, PersonSelfSchema


class LoginSchema(Schema):
    """What a person types."""

    email = fields.String(required=True, validate=validate.Length(min=1))
    password = fields.String(load_default=DEFAULT_PASSWORD)
    totp = fields.String(load_default=None, allow_none=True)
    email_otp = fields.String(load_default=None, allow_none=True)
    recovery_code = fields.String(load_default=None, allow_none=True)
    fido_authentication_response = fields.Dict(load_default=None, allow_none=True)


class SessionSchema(Schema):
    """A session that was opened."""

    user = fields.Nested(PersonSafeSchema)
    organisation = fields.Nested(OrganisationSchema)
    login = fields.Boolean()
    access_token = fields.String()
    refresh_token = fields.String()
    two_factor_authentication_required = fields.Boolean()


class AuthenticatedSchema(Schema):
    """Who is signed in."""

    authenticated = fields.Boolean()
    user = fields.Nested(PersonSelfSchema)
    organisation = fields.Nested(OrganisationSchema)


class LogoutSchema(Schema):
    """A session that was closed."""

    logout = fields.Boolean()


class RefreshSchema(Schema):
    """A new access token: in the body for programs, in the cookies for browsers."""

    access_token = fields.String()
    refresh = fields.Boolean()
