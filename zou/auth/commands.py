"""Commands on tokens. Source: contract/rules/cli.md."""

import click
from sqlalchemy import text

from zou.platform.cli import database
from zou.platform.jobs import upkeep


@click.command("clean-auth-tokens")
@database.with_transaction
def clean_auth_tokens():
    """Remove revocations of tokens that have expired by themselves; workers do it every hour too."""
    from zou.platform.db import db

    upkeep.purge(db.session)


@click.command("clear-all-auth-tokens")
def clear_all_auth_tokens():
    """Forget every revocation, reset link and code. Tokens that were revoked work again: to sign everybody out, change SECRET_KEY."""
    with database.engine() as engine, engine.begin() as connection:
        connection.execute(text("truncate tracker.revoked_token, tracker.secret"))
