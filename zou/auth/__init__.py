"""Passwords, tokens, second factors, single sign-on, machine tokens."""

from zou.auth.resources import persons as person_resources
from zou.auth.resources.passwords import ChangePasswordResource, ResetPasswordResource
from zou.auth.resources.second_factors import EmailCodeResource, RecoveryCodesResource, SecurityKeyResource, TotpResource
from zou.auth.resources.sessions import (
    AppCodeResource,
    AppTokenResource,
    AuthenticatedResource,
    LoginResource,
    LogoutResource,
    RefreshTokenResource,
)
from zou.auth.resources.single_sign_on import OidcCallbackResource, OidcLoginResource, SamlConsumerResource, SamlLoginResource
from zou.auth.tokens import REFRESH_PATH
from zou.platform.http import Domain

domain = Domain("auth")
domain.route("/auth/login", LoginResource)
domain.route("/auth/logout", LogoutResource)
domain.route(REFRESH_PATH, RefreshTokenResource)
domain.route("/auth/authenticated", AuthenticatedResource)
domain.route("/actions/persons/<person_id>/invite", person_resources.InvitationResource)
domain.route("/actions/persons/<person_id>/reset-password-link", person_resources.ResetLinkResource)
domain.route("/actions/persons/<person_id>/change-password", person_resources.ChangePasswordResource)
domain.route("/actions/persons/<person_id>/disable-two-factor-authentication", person_resources.SecondFactorResource)
domain.route("/auth/app-login/code", AppCodeResource)
domain.route("/auth/app-login/token", AppTokenResource)
domain.route("/auth/change-password", ChangePasswordResource)
domain.route("/auth/reset-password", ResetPasswordResource)
domain.route("/auth/totp", TotpResource)
domain.route("/auth/email-otp", EmailCodeResource)
domain.route("/auth/fido", SecurityKeyResource)
domain.route("/auth/recovery-codes", RecoveryCodesResource)
domain.route("/auth/saml/login", SamlLoginResource)
domain.route("/auth/saml/sso", SamlConsumerResource)
domain.route("/auth/oidc/login", OidcLoginResource)
domain.route("/auth/oidc/callback", OidcCallbackResource)
