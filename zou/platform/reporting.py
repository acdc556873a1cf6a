"""Faults of the server told to Sentry (SENTRY_ENABLED, SENTRY_DSN, SENTRY_SR).

Faults are logged with their trace, and what is logged as an error is reported; refusals (4xx) are not. A report holds no query string,
body, cookie or header: sign-in requests carry passwords in any of them.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask


class TriedReport(Exception):
    """Raised on purpose at SENTRY_DEBUG_URL, to try the reporting."""


def start(settings: Mapping[str, Any], release: str, transport: Any = None) -> None:
    """Report the faults of this process from now on, when the settings say so. `transport`: how, instead of HTTP."""
    if not settings["SENTRY_ENABLED"]:
        return
    import sentry_sdk
    from sentry_sdk.integrations.flask import FlaskIntegration

    sentry_sdk.init(
        dsn=settings["SENTRY_DSN"] or None,
        release=f"zou@{release}",
        traces_sample_rate=settings["SENTRY_SR"],
        send_default_pii=False,
        include_local_variables=False,  # of functions on the stack, which hold requests and passwords
        max_request_body_size="never",
        before_send=discreet,
        before_send_transaction=discreet,
        integrations=[FlaskIntegration(transaction_style="url")],
        transport=transport,
    )


def discreet(event: Any, hint: Any) -> Any:
    """An event without what a request may hold of secrets."""
    request = event.get("request") or {}
    for part in ("query_string", "data", "cookies", "headers", "env"):
        request.pop(part, None)
    if "url" in request:
        request["url"] = event.get("transaction") or ""  # the rule: paths hold share tokens and reset tokens
    return event


def register(app: Flask) -> None:
    """The route that fails on purpose, where the settings name one."""
    if app.config["SENTRY_ENABLED"] and app.config["SENTRY_DEBUG_URL"]:
        app.add_url_rule(f"/{app.config['SENTRY_DEBUG_URL'].lstrip('/')}", "sentry-debug", fail)


def fail() -> str:
    raise TriedReport("This is a try of the reporting.")
