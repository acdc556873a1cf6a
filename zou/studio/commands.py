"""Commands that run parts of the server, and the initial data."""

import click
from rich.markup import escape

from zou import config
from zou.platform import log
from zou.platform.cli import database, make_app
from zou.platform.db import db
from zou.platform.plugins import loading, plugin_folder
from zou.studio import initial_data

SIGNS = {"ok": "[green]✓[/green]", "warning": "[yellow]![/yellow]", "failure": "[red]✗[/red]"}


@click.command("init-data")
@click.option("--domain", "-d", type=click.Choice(["2d", "3d", "vfx", "games"], case_sensitive=False), default="3d", show_default=True)
@database.with_transaction
def init_data(domain):
    """Make the rows a new installation starts with, for a kind of studio."""
    for line in initial_data.init_data(db.session, domain):
        click.echo(line)


@click.command("web")
@click.option("--host", help="Address to answer on.  [ZOU_HOST]")
@click.option("--port", type=int, help="Port to answer on.  [ZOU_PORT]")
def web(host, port):
    """Answer HTTP and Socket.IO in this process and one child; `zou run` starts it."""
    from zou.platform.http import server

    settings = served_settings()
    server.serve(with_plugins, host or settings["ZOU_HOST"], port or settings["ZOU_PORT"], settings["ZOU_THREADS"])


def with_plugins(settings=None):
    """The application of this process, with what the plug-ins add. `settings`: over those of the environment."""
    app = make_app(settings or {})
    loading.load_all(app, plugin_folder(app.config))
    return app


@click.command("worker")
@click.option("--concurrency", default=2, show_default=True, help="Jobs at a time.")
def worker(concurrency):
    """Run background jobs; any number of workers may run, on any machine."""
    from zou.platform.cli import lifeline

    served_settings(secret_key=False)
    lifeline.follow()
    with database.database() as url:
        from zou.platform.jobs import worker as jobs_worker

        jobs_worker.run(with_plugins({"SQLALCHEMY_DATABASE_URI": url}), concurrency)


def served_settings(secret_key=True):
    """The settings of a process that serves, its log set up. A bad one ends it with a message."""
    try:
        settings = config.load()
        if secret_key:
            config.require_secret_key(settings)
    except config.BadSetting as error:
        raise click.ClickException(str(error)) from None
    log.configure(settings["ZOU_LOG_LEVEL"], settings["ZOU_LOG_FORMAT"])
    return settings


@click.command("doctor")
def doctor():
    """Test database, schema, clock, queue, storage, mail, ffmpeg and rights, and say what to do; exit 1 when something fails."""
    from contextlib import ExitStack

    from rich.console import Console
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    from zou.platform.storage import from_settings
    from zou.studio import doctor as examination

    settings, console = database.load_settings(), Console(highlight=False, soft_wrap=True)
    embedded = not config.database_is_configured()
    folder = database.data_folder(settings) if embedded else None
    if embedded and not (settings["PREVIEW_FOLDER"] or settings["THUMBNAIL_FOLDER"]):
        settings["PREVIEW_FOLDER"] = str(folder / "previews")
    failed = False
    with ExitStack() as stack:
        url = stack.enter_context(database.database())
        patient = examination.Patient(settings, create_engine(url, poolclass=NullPool), lambda: from_settings(settings), folder)
        for finding in examination.examine(patient):
            console.print(f"{SIGNS[finding.state]} {(finding.part + ':').ljust(10)}{escape(finding.text)}")
            if finding.advice:
                console.print(f"{' ' * 12}→ {escape(finding.advice)}")
            failed = failed or finding.state == examination.FAILURE
    raise SystemExit(1 if failed else 0)
