"""Commands on tokens, bots and the directory. Source: contract/rules/cli.md."""

import io
import sys

import click
from flask import current_app
from sqlalchemy import text

from zou.auth import bots, directory_sync, tokens
from zou.auth.strategies import DirectoryFailure
from zou.people import accounts
from zou.people.models import ROLES
from zou.platform.cli import database
from zou.platform.db import db
from zou.platform.errors import Invalid, NotFound
from zou.platform.jobs import upkeep


@click.command("clean-auth-tokens")
@database.with_transaction
def clean_auth_tokens():
    """Remove revocations of tokens that have expired by themselves; workers do it every hour too."""
    upkeep.purge(db.session)


@click.command("clear-all-auth-tokens")
def clear_all_auth_tokens():
    """Forget every revocation, reset link and code. Tokens that were revoked work again: to sign everybody out, change SECRET_KEY."""
    with database.engine() as engine, engine.begin() as connection:
        connection.execute(text("truncate tracker.revoked_token, tracker.secret"))


@click.command("create-bot")
@click.option("--email", required=True, help="Address of the bot; it may be a person's.")
@click.option("--name", required=True, help="What the bot is called.")
@click.option("--expiration-date", help="Last day of its token, YYYY-MM-DD; without it the token does not expire.")
@click.option("--role", type=click.Choice(list(ROLES)), default="user", show_default=True)
@database.with_transaction
def create_bot(email, name, expiration_date, role):
    """Create a bot and print its token, which is shown once."""
    try:
        click.echo(bots.create(db.session, email, name, expiration_date, role))
    except Invalid as error:
        click.echo(error.message, err=True)
        sys.exit(1)


@click.command("change-password")
@click.argument("email")
@click.option("--password", required=True)
@database.with_transaction
def change_password(email, password):
    """Give a person a new password, and close all their sessions."""
    try:
        person = accounts.get(db.session, email)
        accounts.change_password(db.session, person, password)
    except Invalid:
        click.echo("The password is too short.")
        sys.exit(1)
    except NotFound as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    tokens.revoke_others(db.session, person.id)
    click.echo(f"Password changed for {email}")


@click.command("sync-with-ldap-server")
@database.with_transaction
def sync_with_ldap_server():
    """Make persons what the LDAP directory says: new ones created, others updated, those it does not know disabled."""
    settings = current_app.config
    if accounts.active_count(db.session) >= settings["USER_LIMIT"]:
        click.echo(f"User limit reached (limit {settings['USER_LIMIT']}). New users will not be added.")
        sys.exit(1)
    try:
        entries = directory_sync.read(settings)
    except (DirectoryFailure, Invalid) as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    for line in directory_sync.synchronise(db.session, entries, keep_photo):
        click.echo(line)


def keep_photo(tx, person, photo):
    """Keep a photo of the directory as the person's avatar; previews give the means (see create_app)."""
    current_app.extensions["keep_avatar"](tx, person, "person", io.BytesIO(photo))
