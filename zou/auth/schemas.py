"""Payloads of signing in."""

from marshmallow import Schema, fields, validate

from zou.auth.passwords import DEFAULT_PASSWORD
from zou.people.schemas import OrganisationSchema, PersonSafeSchema, PersonSelfSchema


def filled():
    """A text that has to be there and not empty."""
    return fields.String(required=True, validate=validate.Length(min=1))


class ProofSchema(Schema):
    """A proof of the second factor: one of them."""

    totp = fields.String(load_default=None, allow_none=True)
    email_otp = fields.String(load_default=None, allow_none=True)
    recovery_code = fields.String(load_default=None, allow_none=True)
    fido_authentication_response = fields.Dict(load_default=None, allow_none=True)


class LoginSchema(ProofSchema):
    """What a person types."""

    email = filled()
    password = fields.String(load_default=DEFAULT_PASSWORD)


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


class DoneSchema(Schema):
    """It is done."""

    success = fields.Boolean()


class SentSchema(Schema):
    """What was sent, if there was somebody to send it to."""

    success = fields.String()


class ChangePasswordSchema(Schema):
    """The old password, and the new one twice."""

    old_password = filled()
    password = filled()
    password_2 = filled()


class ResetLinkSchema(Schema):
    """Who forgot their password."""

    email = filled()


class ResetPasswordSchema(Schema):
    """The token of a link, and the new password twice."""

    email = filled()
    token = filled()
    password = filled()
    password2 = filled()


class EmailSchema(Schema):
    """Who is about to sign in."""

    email = fields.String(load_default=None)


class TotpSchema(Schema):
    """A code of an authenticator app."""

    totp = filled()


class TotpOfferSchema(Schema):
    """A secret for an authenticator app, also as the address that a QR code shows."""

    totp_provisionning_uri = fields.String()
    otp_secret = fields.String()


class EmailCodeSchema(Schema):
    """A code that came by mail."""

    email_otp = filled()


class EnrolledSchema(Schema):
    """A second factor that was set up: recovery codes if the person had none, and tokens without restriction."""

    otp_recovery_codes = fields.List(fields.String(), allow_none=True)
    access_token = fields.String()
    refresh_token = fields.String()


class RecoveryCodesSchema(Schema):
    """Recovery codes; they are shown once."""

    otp_recovery_codes = fields.List(fields.String())


class KeyRegistrationSchema(Schema):
    """What a security key answered, and what to call it."""

    registration_response = fields.Dict(required=True)
    device_name = filled()


class KeyRemovalSchema(ProofSchema):
    """Which security key goes, and a proof."""

    device_name = filled()


class AppCodeSchema(Schema):
    """The SHA-256 digest of the secret that the program keeps, in base64url."""

    code_challenge = fields.String(required=True, validate=validate.Regexp(r"^[A-Za-z0-9_-]{43}$(?!\n)"))


class AppCodeMadeSchema(Schema):
    """A code, good for a minute."""

    code = fields.String()


class AppTokenSchema(Schema):
    """The code, and the secret of the program."""

    code = fields.String(required=True, validate=validate.Length(min=1, max=128))
    code_verifier = fields.String(required=True, validate=validate.Regexp(r"^[A-Za-z0-9._~-]{43,128}$(?!\n)"))
