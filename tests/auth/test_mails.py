"""The mails of signing in have texts, in every language, for the values that they are given."""

from datetime import UTC, datetime

import pytest

from zou.inbox.services.messages import letter

COMMON = {"first_name": "Ada", "organisation": "Studio", "time": datetime(2026, 3, 2, tzinfo=UTC), "ip": "192.0.2.1"}
LINK = "https://studio.example/reset-change-password?email=a&token=b"
KINDS = {
    "otp_code": {"code": "123456", "minutes": 5},
    "password_changed": {},
    "password_recovery": {"link": LINK, "hours": 2},
    "invitation": {"link": LINK, "email": "ada@studio.example"},
    "password_changed_by_admin": {},
    "second_factor_disabled_by_admin": {},
}


@pytest.mark.parametrize("locale", ["en_US", "fr_FR", "es_ES", "ja_JP", "de_DE", "nl_NL", "zh_CN", "pt_BR"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_has_a_text(app, kind, locale):
    with app.app_context():
        written = letter(kind, {**COMMON, **KINDS[kind]}, locale)
    shown = str(written)
    assert "Studio" in shown
    assert KINDS[kind].get("code", "") in shown and KINDS[kind].get("link", "") in shown.replace("&amp;", "&")
