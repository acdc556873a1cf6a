"""Commands on accounts. Texts and exits: contract/rules/cli.md."""

import sys

import click

from zou.people import accounts
from zou.platform import events
from zou.platform.cli.database import with_transaction
from zou.platform.db import db
from zou.platform.errors import Conflict, Invalid, NotFound


@click.command("create-admin")
@click.argument("email")
@click.option("--password", help="Needed for a new person.")
@with_transaction
def create_admin(email, password):
    """Create an administrator, or make one of a known person."""
    person = accounts.find(db.session, email)
    if person is not None and person.role == "admin":
        click.echo(f"Admin {email} already exists.")
    elif person is not None:
        person.role = "admin"
        click.echo(f"✅ User {email} upgraded to admin.")
    elif password is None:
        raise click.UsageError("Missing option '--password': it is needed to create a person.")
    else:
        try:
            accounts.create_admin(db.session, email, password)
        except (Invalid, Conflict) as error:
            fail(f"❌ {limit_text(error) or error.message}")
        click.echo(f"✅ Admin {email} created.")


@click.command("set-person-as-active")
@click.argument("email")
@click.option("--unactive", is_flag=True, help="Deactivate instead.")
@with_transaction
def set_person_as_active(email, unactive):
    """Let a person sign in, or not."""
    try:
        person = accounts.get(db.session, email)
        accounts.set_active(db.session, person, not unactive)
        events.emit(db.session, "person:update", {"person_id": person.id})  # who is connected hears nothing any more
    except Invalid as error:
        fail(f"User limit reached (limit {error.data['limit']}).", err=False)
    except NotFound as error:
        fail(error.message, err=False)
    click.echo(f"Person {email} is set as an {'unactive' if unactive else 'active'} user.")


@click.command("disable-two-factor-authentication")
@click.argument("email_or_desktop_login")
@with_transaction
def disable_two_factor_authentication(email_or_desktop_login):
    """Forget every second factor of a person."""
    name = email_or_desktop_login
    person = accounts.find(db.session, name) or accounts.find_by_login(db.session, name)
    if person is None:
        fail(f"Email ({name}) not listed in database.", err=False)
    try:
        accounts.disable_two_factor(db.session, person)
    except Invalid:
        fail(f"Two factor authentication can't be disabled for {name} because it's not activated.", err=False)
    click.echo(f"Two factor authentication disabled for {name}.")


def limit_text(error):
    """The text of a reached user limit, None for other errors."""
    return f"User limit reached ({error.data['limit']})." if error.data and "limit" in error.data else None


def fail(message, err=True):
    """Say why and exit with status 1; the transaction is rolled back."""
    click.echo(message, err=err)
    sys.exit(1)
