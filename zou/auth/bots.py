"""Bots: accounts that programs use, with a token instead of a password. Rules: contract/rules/auth.md §11."""

from datetime import date

from zou.auth import tokens
from zou.people.models import Person
from zou.people.services import check_expiration
from zou.people.services import email as checked_email
from zou.platform import events
from zou.platform.errors import Invalid


def create(tx, email, name, expiration_date=None, role="user"):
    """The token of a new bot, which is shown once. `expiration_date`: YYYY-MM-DD, its last day. Raises Invalid. Emits person:new."""
    day = None
    if expiration_date is not None:
        try:
            day = date.fromisoformat(expiration_date)
        except ValueError:
            raise Invalid("Expiration date is not valid.") from None
        check_expiration(expiration_date)
    bot = Person(
        email=checked_email(email),
        first_name=name,
        last_name="",
        is_bot=True,
        role=role,
        expiration_date=day,
    )
    tx.add(bot)
    tx.flush()
    events.emit(tx, "person:new", {"person_id": bot.id})
    return tokens.issue_api_token(tx, bot)
