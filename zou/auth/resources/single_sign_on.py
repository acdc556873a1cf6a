"""Signing in through an identity provider: the browser is sent there, and comes back."""

from flask import current_app, redirect, request

from zou.auth import services, tokens
from zou.auth.resources.sessions import address
from zou.auth.single_sign_on import person_of, refuse, site
from zou.platform.http import Resource, permission, public, returns
from zou.platform.lazy import Lazy

oidc = Lazy("zou.auth.oidc")
saml = Lazy("zou.auth.saml")  # pysaml2 takes a second


class SingleSignOnResource(Resource):
    """Base of both kinds. `setting`: prefix of the settings."""

    setting = None

    def check_enabled(self):
        """Refuse when the installation does not use this kind."""
        if not current_app.config[f"{self.setting}_ENABLED"]:
            raise refuse(f"{self.setting} is not enabled.")

    def let_in(self, identity):
        """Send the browser to the studio's site, with cookies if the person is active."""
        person = person_of(self.tx, identity)
        response = redirect(site())
        if not person.active:
            return response
        skip = current_app.config[f"{self.setting}_SKIP_2FA"]
        session = services.open_session(self.tx, current_app.config, person, address(), "web", skip)
        return tokens.set_cookies(response, session["access_token"], session["refresh_token"])


class SamlResource(SingleSignOnResource):
    """Base of the routes of SAML."""

    setting = "SAML"


class SamlLoginResource(SamlResource):
    @permission(public)
    @returns(status=302, content="text/html")
    def get(self):
        """Send the browser to the SAML identity provider."""
        self.check_enabled()
        return redirect(saml.sign_in_url())


class SamlConsumerResource(SamlResource):
    @permission(public)
    @returns(status=302, content="text/html")
    def post(self):
        """Let in whom the SAML identity provider vouches for."""
        self.check_enabled()
        return self.let_in(saml.read(self.tx, request.form.get("SAMLResponse", "")))


class OidcLoginResource(SingleSignOnResource):
    setting = "OIDC"

    @permission(public)
    @returns(status=302, content="text/html")
    def get(self):
        """Send the browser to the OpenID provider."""
        self.check_enabled()
        return oidc.begin(f"{site()}/api/auth/oidc/callback")


class OidcCallbackResource(SingleSignOnResource):
    setting = "OIDC"

    @permission(public)
    @returns(status=302, content="text/html")
    def get(self):
        """Let in whom the OpenID provider vouches for."""
        self.check_enabled()
        return self.let_in(oidc.finish())
