"""Writes that a page of another site makes a browser send: refused by their origin, since clients send no CSRF token.

`SameSite=Lax` keeps cookies out of such requests already; this holds where a browser does not, and between hosts of one domain.
"""

from urllib.parse import urlsplit

from flask import current_app, request

from zou.platform.errors import Denied

READING = ("GET", "HEAD", "OPTIONS")


def check():
    """Raise Denied for a write that comes from a page of another site. A program sends neither Origin nor Referer."""
    source = request.headers.get("Origin") or request.headers.get("Referer")
    if request.method in READING or source is None or source in current_app.config["CORS_ALLOWED_ORIGINS"]:
        return
    if host_of(source) not in own_hosts():
        raise Denied("Another site may not write here in your name.")


def host_of(address):
    """The host of an address, without port: cookies do not tell ports apart either, and proxies lose them. None for what is none."""
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def own_hosts():
    """Where this installation is reached: as the request says, as the proxy does, and as the settings do."""
    named = (request.host, request.headers.get("X-Forwarded-Host"), current_app.config["DOMAIN_NAME"])
    return {host_of(f"//{name}") for name in named if name} - {None}
