"""Commands that keep two installations alike. Texts and exits: contract/rules/sync-and-backup.md."""

import logging
import os
import sys
from contextlib import contextmanager
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path

import click
from flask import current_app
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from zou.exchange.resources.trackers import SCHEMAS
from zou.exchange.sync import changes, files, full, push, verify
from zou.exchange.sync.remote import Remote, RemoteFailure
from zou.platform.cli import database
from zou.platform.cli.progress import bars
from zou.platform.db import db
from zou.productions.models import Project
from zou.search import services as search

log = logging.getLogger("zou.exchange.sync")
FILE_EVENTS = ("preview-file:add-file", "preview-background-file:add-file", *(f"{kind}:set-thumbnail" for kind in files.OWNERS))

source_option = click.option("--source", default="http://localhost:5000", show_default=True, help="Root of the other server's API.")
late_source = click.option("--source", default="http://localhost:8080/api", show_default=True, help="Root of the other server's API.")
event_source = click.option("--event-source", default="http://localhost:8080", show_default=True, help="Its realtime server.")
logs_option = click.option("--logs-directory", help="Also log to a file there, a new one each day.")
project_option = click.option("--project", help="Name of the only production.")


@contextmanager
def session(url, signed_in=True, told="source"):
    """Inside: (the unit of work, the other server). What keeps it from being reached ends the command."""
    level = getattr(logging, os.environ.get("LOGLEVEL", "INFO").upper(), logging.INFO)
    with database.application():
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter("%(message)s"))
        log.handlers[:], log.propagate = [handler], False
        log.setLevel(level)
        remote = Remote(url, os.environ.get("SYNC_LOGIN", ""), os.environ.get("SYNC_PASSWORD", ""))
        try:
            if signed_in:
                remote.sign_in()
            yield db.session, remote
        except RemoteFailure as failure:
            raise click.ClickException(f"Could not reach the {told} instance: {failure}") from None
        except full.Unknown as error:
            raise click.ClickException(str(error)) from None


@click.command("sync-full")
@source_option
@project_option
@click.option("--no-projects", is_flag=True, help="Shared data only.")
@click.option("--with-events", is_flag=True, help="Also the log of events.")
@click.option("--only-projects", is_flag=True, help="Productions only; shared data must be here.")
def sync_full(source, project, no_projects, with_events, only_projects):
    """Take all rows of another server over, with their ids; it may be started again at any time."""
    click.echo("Start syncing.")
    with session(source) as (tx, remote), bars() as progress:
        counts = full.synchronise(tx, remote, project, not no_projects, not only_projects, with_events, progress)
        refused = sum(count.refused for count in counts.values())
        if refused:
            click.echo(f"{refused} rows were refused; the lines above name them.")
        search.reset(tx)
        tx.commit()
    click.echo("Syncing ended.")


@click.command("sync-last-events")
@late_source
@click.option("--minutes", type=int, default=0, help="All events of the last minutes; 0: one page.")
@click.option("--page-size", type=int, default=300, show_default=True)
def sync_last_events(source, minutes, page_size):
    """Apply the latest changes of another server, from its log of events."""
    click.echo("Last events syncing started.")
    with session(source) as (tx, remote), bars() as progress:
        applied, failed = changes.take_last(tx, remote, minutes, page_size, progress)
        log.info("%s events applied, %s failed.", applied, failed)
        search.catch_up(tx)
        tx.commit()
    click.echo("Last events syncing ended.")


def listen(event_source, source, logs_directory, names, take):
    """Call `take(tx, remote, name, data)` for each event of these names on the other server, for ever."""
    with session(source, signed_in=False) as (_, remote):
        log_to(logs_directory)
        click.echo("Start listening.")
        app = current_app._get_current_object()

        def deliver(name, data):
            with app.app_context():
                take(db.session, remote, name, data)

        changes.follow(remote, event_source, names, deliver)


@click.command("sync-changes")
@event_source
@late_source
@logs_option
def sync_changes(event_source, source, logs_directory):
    """Follow another server: apply each change as it happens, for ever."""
    listen(event_source, source, logs_directory, changes.names_followed(), changes.take_change)


@click.command("sync-full-files")
@source_option
@project_option
@click.option("--multithreaded", is_flag=True, help="Several files at a time.")
@click.option("--number-workers", type=int, default=30, show_default=True, help="How many.")
@click.option("--number-attemps", type=int, default=3, show_default=True, help="Attempts at each file.")
@click.option("--force-resync", is_flag=True, help="Also files that are here.")
@click.option("--skip-broken", is_flag=True, help="Not those of broken previews.")
@click.option("--skip-missing", is_flag=True, help="Not those of missing previews.")
def sync_full_files(source, project, multithreaded, number_workers, number_attemps, force_resync, skip_broken, skip_missing):
    """Fetch the files of rows that were synchronised, those that are not here yet."""
    with session(source) as (tx, remote), bars() as progress:
        row = local_project(tx, project) if project else None
        groups = files.wanted(tx, row, skip_broken, skip_missing, current_app.config["SYNC_SOURCE_MOVIE_FILES"])
        transfer = files.Transfer(number_attemps, force_resync, number_workers if multithreaded else 1)
        failed = files.take_all(current_app._get_current_object(), tx, remote, groups, transfer, progress)
    report(failed)


def report(failed):
    """Tell which files could not be had, and end with 1 when there are any."""
    if not failed:
        return
    click.echo("Errors summary:")
    for prefix in sorted({file.prefix for file, _ in failed}):
        click.echo(f"  {prefix}")
        for file, reason in sorted((f for f in failed if f[0].prefix == prefix), key=lambda f: f[0].id):
            click.echo(f"    {file.id}: {file.route}: {reason}")
    sys.exit(1)


@click.command("sync-last-files")
@late_source
@click.option("--minutes", type=int, default=20, show_default=True, help="Files of the last minutes; 0: of one page of events.")
@click.option("--page-size", type=int, default=50, show_default=True)
def sync_last_files(source, minutes, page_size):
    """Fetch the files that another server got lately."""
    with session(source) as (tx, remote):
        failed = []
        for event in reversed(list(changes.window(remote, minutes, page_size, only_files="true"))):
            group = files.of_event(tx, event["name"], event.get("data") or {}, current_app.config["SYNC_SOURCE_MOVIE_FILES"])
            failed += files.take(tx, remote, group, files.Transfer())
    report(failed)


@click.command("sync-file-changes")
@event_source
@late_source
@logs_option
def sync_file_changes(event_source, source, logs_directory):
    """Follow another server: fetch each file as it arrives there, for ever."""
    listen(event_source, source, logs_directory, FILE_EVENTS, take_files)


def take_files(tx, remote, name, data):
    """Fetch the files that an event tells of, and tell it here."""
    group = files.of_event(tx, name, data, current_app.config["SYNC_SOURCE_MOVIE_FILES"])
    for file, reason in files.take(tx, remote, group, files.Transfer(force=True)):
        log.error("%s could not be fetched: %s", file.route, reason)
    changes.tell(tx, name, data, persist=False)


@click.command("sync-push")
@click.option("--target", required=True, help="Root of the other server's API.")
@click.option("--project", required=True, help="Name of the production here.")
@click.option("--batch-size", type=int, default=200, show_default=True)
@click.option("--throttle", type=float, default=0, help="Seconds between batches.")
@click.option("--broadcast", is_flag=True, help="Let the other server tell its clients of each row.")
def sync_push(target, project, batch_size, throttle, broadcast):
    """Send a production to another server, which has the same persons, types and statuses."""
    with session(target, told="target") as (tx, remote), bars() as progress:
        row = local_project(tx, project)
        sent, failed = push.send(tx, remote, row, SCHEMAS, batch_size, throttle, not broadcast, progress)
        for kind, count in sent.items():
            log.info("%s %s pushed.", count, kind)
        if failed:
            click.echo(f"{failed} batches were refused; the lines above say why.")


@click.command("sync-verify")
@source_option
@click.option("--project", required=True, help="Name of the production.")
def sync_verify(source, project):
    """Compare how many rows of a production are on another server and here."""
    told(source, project, "source", f"Run `zou sync-full --only-projects --project '{project}'` first.")


@click.command("sync-push-verify")
@click.option("--target", required=True, help="Root of the other server's API.")
@click.option("--project", required=True, help="Name of the production.")
def sync_push_verify(target, project):
    """Compare how many rows of a production are here and on the server to which it was pushed."""
    told(target, project, "target", "Nothing to push-verify against.")


def told(url, name, side, hint):
    """Print the table of counts; the exit is 0 whatever they are."""
    try:
        with session(url, told=side) as (tx, remote):
            there = remote.project(name)
            here = tx.scalar(select(Project).where(Project.name == name))
            absent = there if side == "target" else here
            if side == "source" and there is None:
                click.echo(f"Project '{name}' not found on source.")
            elif side == "target" and here is None:
                click.echo(f"Project '{name}' not found locally.")
            elif absent is None:
                click.echo(hint)
            else:
                show(verify.compare(tx, remote, (here or there).id), side)
    except click.ClickException as error:
        click.echo(error.message)


def show(lines, side):
    """Print the lines as a table, and what they come to. `Source` is the side that rows come from."""
    table = Table("Model", "Source", "Target", "Delta", "Status")
    for line in lines:
        counts = (line.there, line.here) if side == "source" else (line.here, line.there)
        delta = line.delta if side == "source" or line.delta is None else -line.delta
        cells = ["N/A" if count is None else str(count) for count in counts]
        table.add_row(line.model, *cells, "-" if delta is None else f"{delta:+d}" if delta else "0", line.status)
    Console(width=None if sys.stdout.isatty() else 120, highlight=False, markup=False).print(table)
    for text in verify.verdict(lines):
        click.echo(text)


def local_project(tx, name):
    """The production of that name here. Ends the command without one."""
    row = tx.scalar(select(Project).where(Project.name == name))
    if row is None:
        raise click.ClickException(f"Project '{name}' not found locally.")
    return row


def log_to(directory):
    """Log to a file that changes every day too."""
    if directory:
        Path(directory).mkdir(parents=True, exist_ok=True)
        handler = TimedRotatingFileHandler(Path(directory, "zou_sync_changes.log"), when="D")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(handler)
