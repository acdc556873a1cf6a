"""Commands on what left the server."""

import click

from zou.platform.cli.database import with_transaction

STATUSES = ("waiting", "sent", "refused", "failed", "dropped", "logged")


@click.command("deliveries")
@click.option("--status", type=click.Choice(STATUSES), help="Only those with this outcome.")
@click.option("--limit", default=50, show_default=True, help="How many, newest first.")
@with_transaction
def list_deliveries(status, limit):
    """Show the newest mails and chat messages: to whom, sent or not, after how many attempts, and why not."""
    from zou.inbox.services import deliveries
    from zou.platform.db import db

    for row in deliveries.latest(db.session, limit, status):
        parts = [f"{row.created_at:%Y-%m-%d %H:%M:%S}", row.channel, row.kind, row.address or "-", row.status, f"attempts: {row.attempts}"]
        click.echo("  ".join([*parts, row.reason or ""]).rstrip())
