"""Signing in and out over HTTP."""

from flask import current_app, request
from orjson import Fragment

from zou.auth import app_login, origins, services, tokens
from zou.auth.schemas import (
    AppCodeMadeSchema,
    AppCodeSchema,
    AppTokenSchema,
    AuthenticatedSchema,
    LoginSchema,
    LogoutSchema,
    RefreshSchema,
    SessionSchema,
)
from zou.people.rules import anyone, person
from zou.people.schemas import PersonSelfSchema
from zou.platform.http import Resource, body, permission, public, returns
from zou.platform.http.resource import dump


class LoginResource(Resource):
    @permission(public)
    @body(LoginSchema)
    @returns(SessionSchema)
    def post(self, body):
        """Sign in with e-mail or desktop login and password, and a code where the person has a second factor."""
        browser = tokens.is_browser()
        if browser:
            origins.check()  # else another site could sign the browser in to an account of its own
        attempt = services.sign_in(self.tx, current_app.config, address(), **body)
        if attempt.person is None:
            return dump(attempt.answer, attempt.status)
        session = services.open_session(self.tx, current_app.config, attempt.person, address(), "web" if browser else "script")
        response = dump(embed(session))
        return tokens.set_cookies(response, session["access_token"], session["refresh_token"]) if browser else response


class LogoutResource(Resource):
    @permission(person)
    @returns(LogoutSchema)
    def get(self):
        """Sign out: the token and the refresh token that came with it are refused from now on."""
        tokens.revoke_claims(self.tx, self.actor.claims)
        response = dump({"logout": True})
        return tokens.clear_cookies(response) if tokens.is_browser() else response


class RefreshTokenResource(Resource):
    @permission(person)
    @returns(RefreshSchema)
    def get(self):
        """A new access token for a refresh token, which stays good; a browser gets it as cookie."""
        access = services.renew(self.tx, current_app.config, self.actor.claims, self.actor.id)
        if tokens.is_browser():
            return tokens.set_cookies(dump({"refresh": True}), access)
        return {"access_token": access}


class AuthenticatedResource(Resource):
    @permission(anyone)
    @returns(AuthenticatedSchema)
    def get(self):
        """Who is signed in, and the studio."""
        return {"authenticated": True, **embed(services.identity(self.tx, self.actor.id, self.actor.role, PersonSelfSchema))}


class AppCodeResource(Resource):
    @permission(person)
    @body(AppCodeSchema)
    @returns(AppCodeMadeSchema, status=201)
    def post(self, body):
        """A code with which a desktop program signs in as the person in this browser; good for a minute, once."""
        return {"code": app_login.new_code(self.tx, self.actor, body["code_challenge"])}


class AppTokenResource(Resource):
    @permission(public)
    @body(AppTokenSchema)
    @returns(SessionSchema)
    def post(self, body):
        """Tokens for a code and the secret whose digest made it."""
        found = app_login.redeem(self.tx, body["code"], body["code_verifier"])
        if found is None:
            return dump({"login": False, "message": "Wrong or expired code."}, 400)
        person, skip = found
        return embed(services.open_session(self.tx, current_app.config, person, address(), "script", skip))


def address():
    """Where the request comes from: what the proxy says, else the peer."""
    return request.headers.get("X-Real-IP") or request.remote_addr


def embed(answer):
    """The answer with the JSON that PostgreSQL made put in as it is."""
    return {**answer, "user": Fragment(answer["user"]), "organisation": Fragment(answer["organisation"])}
