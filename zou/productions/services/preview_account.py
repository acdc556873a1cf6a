"""The preview account of a production: one pseudo client who reads while it is open. Rules: contract/rules/projects.md §8."""

import datetime as dt
import secrets

import sqlalchemy as sa

from zou import config
from zou.people.accounts import hash_password
from zou.people.models import Person
from zou.people.services import PersonRows
from zou.platform.db.types import utcnow
from zou.platform.errors import Invalid, NotFound
from zou.productions.services import team

OPEN_FOR = dt.timedelta(hours=1)
PASSWORD_BYTES = 12  # 16 characters
people = PersonRows(Person)


def find(tx, project, lock=False):
    """The preview account of a production, or None."""
    statement = sa.select(Person).where(Person.preview_project_id == project.id)
    return tx.scalar(statement.with_for_update() if lock else statement)


def renew(tx, project):
    """(account, password): the account, made when there is none, closed and with a new password. `project`: locked.

    Raises Invalid where accounts are not kept here. Emits project:update when the account joins the team.
    """
    if config.value("AUTH_STRATEGY") != "auth_local_classic":
        raise Invalid("Preview accounts require the local authentication strategy")
    account, password = find(tx, project, lock=True), secrets.token_urlsafe(PASSWORD_BYTES)
    if account is None:
        email = f"preview-{secrets.token_hex(6)}@preview.kitsu.invalid"
        account = Person(first_name="Preview", last_name=project.name, email=email, role="client", preview_project_id=project.id)
        tx.add(account)
    account.password = hash_password(password)
    account.preview_opened_at = account.preview_open_until = None
    tx.flush()
    team.join(tx, project.id, account.id)
    return account, password


def set_open(tx, project, is_open):
    """Open the account for an hour from now, or close it; returns it. Raises NotFound without one.

    What was signed in stays so when an open account is prolonged: only tokens from before it was opened are refused.
    """
    account = find(tx, project, lock=True)
    if account is None:
        raise NotFound()
    now = utcnow()
    if not is_open:
        account.preview_opened_at = account.preview_open_until = None
    else:
        if account.preview_open_until is None or account.preview_open_until <= now:
            account.preview_opened_at = now
        account.preview_open_until = now + OPEN_FOR
    tx.flush()
    return account


def remove(tx, actor, project):
    """Remove the account with all that is theirs; nothing happens without one. Emits person:delete."""
    account = find(tx, project, lock=True)
    if account is not None:
        people.remove(tx, actor, account, force=True)
