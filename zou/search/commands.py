"""Commands of the search. Texts: contract/rules/cli.md."""

import click

from zou.platform.cli.database import with_transaction
from zou.platform.db import db
from zou.search import queries, services


@click.command("reset-search-index")
@with_transaction
def reset_search_index():
    """Make the search index anew."""
    click.echo("Resetting search index.")
    for kind, count in services.reset(db.session).items():
        click.echo(f"{count} {kind} indexed")
    click.echo("Search index reset.")


@click.command("search-asset")
@click.option("--query", default="", help="Words of the asset's name, description or metadata.")
@with_transaction
def search_asset(query):
    """Search assets of every production: the first three by name."""
    found = queries.first_assets(db.session, query)
    for name, id in found:
        click.echo(f"{name} {id}")
    if not found:
        click.echo("No asset found")
