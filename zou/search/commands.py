"""Commands of the search. Texts: contract/rules/cli.md."""

import click

from zou.platform.cli.database import with_transaction
from zou.platform.db import db
from zou.search import services


@click.command("reset-search-index")
@with_transaction
def reset_search_index():
    """Make the search index anew."""
    click.echo("Resetting search index.")
    for kind, count in services.reset(db.session).items():
        click.echo(f"{count} {kind} indexed")
    click.echo("Search index reset.")
