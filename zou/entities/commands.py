"""Commands on entities. Texts: contract/rules/cli.md."""

import click

from zou.platform.cli.database import with_transaction
from zou.platform.cli.progress import progress
from zou.platform.db import db

SHOTS_AT_ONCE = 500


@click.command("reset-breakdown-data")
@with_transaction
def reset_breakdown_data():
    """Recompute how many assets are cast in the shots of open productions, and how many of them are ready."""
    from zou.entities.services import readiness

    click.echo("Resetting breakdown data for open projects.")
    shots = readiness.open_shots(db.session)
    parts = [shots[start : start + SHOTS_AT_ONCE] for start in range(0, len(shots), SHOTS_AT_ONCE)]
    for part in progress(parts, "Shots"):
        readiness.refresh_shots(db.session, part)
    click.echo(f"Breakdown data reset ({len(shots)} shots).")
