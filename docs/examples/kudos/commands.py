"""Commands of the plug-in: `zou kudos count`."""

import click
from sqlalchemy import func, select

from zou.platform.cli import database
from zou.platform.db import db

from .models import Kudo


@click.command("count")
@database.with_transaction
def count():
    """Tell how many kudos were given."""
    click.echo(f"{db.session.scalar(select(func.count()).select_from(Kudo))} kudos")
