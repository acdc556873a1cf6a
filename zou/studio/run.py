"""`zou run`: the whole server with one command, made on the first start and found in place on the next."""

import os
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from zou import config
from zou.platform.cli import database, make_app
from zou.platform.cli.supervisor import Child, Supervisor
from zou.platform.db import schema
from zou.platform.db.embedded import EmbeddedError, EmbeddedServer, secret_file
from zou.platform.errors import TrackerError

console = Console(highlight=False, soft_wrap=True)
START_PATIENCE_S = 60
FIRST_ADMIN = "admin@example.com"


@click.command("run")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Data folder.  [ZOU_DATA; default: in the user's home]")
@click.option("--host", help="Address to answer on.  [ZOU_HOST; default: 127.0.0.1]")
@click.option("--port", type=int, help="Port to answer on.  [ZOU_PORT; default: 8080]")
@click.option("--database-port", type=int, help="Let the embedded database listen on this port of 127.0.0.1 too.  [ZOU_DATABASE_PORT]")
@click.option("--admin-email", default=FIRST_ADMIN, show_default=True, help="E-mail of the first administrator.")
@click.option("--domain", "-d", type=click.Choice(["2d", "3d", "vfx", "games"], case_sensitive=False), default="3d", show_default=True)
def run(data, host, port, database_port, admin_email, domain):
    """Run the server: database, schema, first data, first administrator, worker, HTTP and Socket.IO."""
    settings = database.load_settings()
    host, port = host or settings["ZOU_HOST"], port or settings["ZOU_PORT"]
    folder = data or database.data_folder(settings)
    supervisor = Supervisor()
    supervisor.listen()
    try:
        check_port(host, port)
        with ExitStack() as stack:
            server = None
            if not config.database_is_configured():
                server = EmbeddedServer(folder, database_port or settings["ZOU_DATABASE_PORT"], settings["DB_DATABASE"])
            environ = prepare(stack, settings, server, admin_email, domain)
            stack.callback(supervisor.stop)
            serve(supervisor, environ, host, port, server)
            console.print("Stopping.")
        console.print("Stopped.")
    except (EmbeddedError, schema.SchemaRefused, config.BadSetting, TrackerError) as error:
        raise click.ClickException(str(error)) from None
    except OperationalError as error:
        raise click.ClickException(f"The database cannot be reached: {error.orig}") from None


def prepare(stack, settings, server, admin_email, domain):
    """Bring everything to where the processes can start. Returns their environment."""
    environ = dict(os.environ)
    if server is None:
        config.require_secret_key(settings)
        url = config.database_url(settings)
        step("Database", f"{url.host or url.query.get('host')}, database {url.database}")
    else:
        with progress("Database"):
            new = not (server.data / "PG_VERSION").exists()
            stack.enter_context(server)
        url = server.url()
        step("Database", f"PostgreSQL in {server.folder}{' (new)' if new else ''}")
        environ.update(embedded_environment(server, settings, url))
    with progress("Schema"):
        prepare_rows(url, admin_email, domain)
    return environ


def embedded_environment(server, settings, url):
    """What the processes must know of a data folder: the database, the key that signs tokens, where files go."""
    environ = {"ZOU_DATABASE_URL": url.render_as_string(hide_password=False), "ZOU_DATA": str(server.folder)}
    if settings["SECRET_KEY"] == config.SETTINGS["SECRET_KEY"].default:
        environ["SECRET_KEY"] = secret_file(server.folder / "secret-key")
    if not (settings["PREVIEW_FOLDER"] or settings["THUMBNAIL_FOLDER"]):
        environ["PREVIEW_FOLDER"] = str(server.folder / "previews")
    return environ


def prepare_rows(url, admin_email, domain):
    """Schema, initial data and first administrator: made where they are missing, and told."""
    engine = create_engine(url, poolclass=NullPool)
    up_to_date = schema.is_ready(engine)
    if not up_to_date:
        schema.upgrade(engine)
    # After an upgrade: the database of an existing studio has its data, which is left alone.
    has_data = up_to_date or schema.is_ready(engine)
    with engine.connect() as connection:
        has_admin = connection.scalar(text("select exists (select from person where role = 'admin' and active and not is_bot)"))
    engine.dispose()
    step("Schema", "in place" if up_to_date else "made")
    password = None
    if not (has_data and has_admin):
        from zou.studio import first_rows  # with the models, half a second that the usual start saves

        password = first_rows.make(make_app({"SQLALCHEMY_DATABASE_URI": url}), None if has_data else domain, admin_email)
    step("Initial data", "in place" if has_data else f"made ({domain})")
    if password is None:
        step("Administrator", "in place")
    else:
        step("Administrator", f"{admin_email}, password {password} (shown this once: change it after the first sign-in)")


def serve(supervisor: Supervisor, environ: dict[str, str], host: str, port: int, server: EmbeddedServer | None) -> None:
    """Start the processes, tell the address once it answers, and keep them alive until told to stop."""
    web = supervisor.add("The web process", ["web", "--host", host, "--port", str(port)], environ)
    supervisor.add("The worker", ["worker"], environ)
    address = f"http://{'[' + host + ']' if ':' in host else host}:{port}"
    with progress("HTTP"):
        answered = wait_for(address, web, supervisor)
    if not answered:
        if supervisor.stopping.is_set():
            return
        raise click.ClickException(f"Nothing answers at {address}; the lines above say why.")
    step("Worker", "started")
    step("HTTP", f"{address} (API, and Socket.IO under /events)")
    console.print(f"\nReady: point Kitsu or gazu at {address} and sign in with an administrator's e-mail. Ctrl-C stops it all.")
    supervisor.watch(lambda: restart(server))


def restart(server: EmbeddedServer | None) -> None:
    """Have the embedded database run again if it was killed; the other processes reconnect by themselves."""
    if server is not None and not server.is_running():
        console.print("The database ended; starting it again.")
        server.ensure_running()


def wait_for(address: str, web: Child, supervisor: Supervisor) -> bool:
    """Whether the address answers, before the process dies or patience ends."""
    deadline = time.monotonic() + START_PATIENCE_S
    while web.is_alive() and time.monotonic() < deadline and not supervisor.stopping.wait(0.05):
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            continue
    return False


def check_port(host: str, port: int) -> None:
    """End with a message when the port cannot be had, before anything is started."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise click.ClickException(f"Port {port} of {host} cannot be used ({error.strerror}); choose another with --port.") from None


@contextmanager
def progress(name: str) -> Iterator[None]:
    """A spinner on a terminal, nothing in a log."""
    with console.status(f"{name}…"):
        yield


def step(name: str, what: str) -> None:
    """The line of a finished step."""
    console.print(f"[green]✓[/green] {(name + ':').ljust(15)}{escape(what)}")
