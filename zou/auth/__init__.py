"""Passwords, tokens, second factors, single sign-on, machine tokens."""

from zou.auth.resources import AuthenticatedResource, LoginResource, LogoutResource, RefreshTokenResource
from zou.auth.tokens import REFRESH_PATH
from zou.platform.http import Domain

domain = Domain("auth")
domain.route("/auth/login", LoginResource)
domain.route("/auth/logout", LogoutResource)
domain.route(REFRESH_PATH, RefreshTokenResource)
domain.route("/auth/authenticated", AuthenticatedResource)
