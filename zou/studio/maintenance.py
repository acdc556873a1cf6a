"""Commands on what an installation keeps and shares. Texts: contract/rules/cli.md."""

import click
import requests
from rich.console import Console
from rich.table import Table

from zou import config
from zou.platform import shared_settings, storage
from zou.platform.cli import database
from zou.platform.db import db
from zou.platform.errors import Unavailable
from zou.studio import orphans, retention

TIMEOUT_S = 30


@click.command("remove-old-data")
@click.option("--days", default=90, show_default=True, type=click.IntRange(min=0), help="Older than so many days.")
@database.with_transaction
def remove_old_data(days):
    """Remove events, entries of the login log and notifications that are older than some days."""
    click.echo(f"Removing data older than {days} days...")
    for label, count in retention.remove_older_than(db.session, days):
        click.echo(f"{count} {label} removed.")
    click.echo("Old data removed.")


@click.command("find-orphans")
@click.option("--remove", is_flag=True, help="Remove the files that belong to no row; rows are never removed.")
@click.option("--days", default=1, show_default=True, type=click.IntRange(min=0), help="Leave files out that are younger than this.")
@database.with_transaction
def find_orphans(remove, days):
    """List stored files that belong to no row, and rows whose file is not stored; remove the former on demand."""
    try:
        found = orphans.Report(db.session, storage.store(), days)
        for line in found.lines():
            click.echo(line)
        click.echo(found.summary())
        if remove:
            for _ in found.remove():
                db.session.commit()
            click.echo(f"{found.removed} files removed, {orphans.size_text(found.removed_bytes)}.")
        elif found.strangers or found.unfinished:
            click.echo("Nothing was removed; --remove does it.")
    except Unavailable as error:
        raise click.ClickException(error.message) from None


@click.command("reload-config")
@database.with_transaction
def reload_config():
    """Share this environment's user limit, locale, time zone and Nomad jobs with all running processes."""
    for key, value in shared_settings.write(db.session, config.load()).items():
        click.echo(f"  {key} = {value}")
    click.echo("Config synced.")


@click.command("get-current-config")
@click.option("--host", default="http://localhost:5000", show_default=True, help="Address of the API.")
def get_current_config(host):
    """Compare the settings that processes share: here, as they are kept, and in the process that answers; needs ADMIN_TOKEN."""
    settings = database.load_settings()
    found = asked(host, settings["ADMIN_TOKEN"])
    table = Table("Key", "Env (CLI)", "Shared", "Env (API)", "Status", title="Config check")
    differs = False
    for key, name in shared_settings.SHARED.items():
        here, kept = shared_settings.written(settings[name]), found[key]["redis"]
        differs = differs or here != kept
        table.add_row(key, here, shown(kept), shown(found[key]["env"]), "✓" if here == kept else "✗")
    console = Console(highlight=False)
    console.print(table)
    console.print(f"Active users: {shown(found['active_users'])}")
    if differs:
        raise click.ClickException("this environment and the shared settings are out of sync! `zou reload-config` shares this one.")


def asked(host, token):
    """The answer of /admin/config/check. Ends the command when there is none."""
    try:
        answer = requests.get(f"{host.rstrip('/')}/admin/config/check", headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT_S)
    except requests.RequestException:
        raise click.ClickException(f"Cannot connect to {host}") from None
    if answer.status_code != 200:
        raise click.ClickException(f"Error {answer.status_code}: {answer.text}")
    return answer.json()


def shown(value):
    """A value, the missing one as a sign."""
    return "∅" if value is None else str(value)
