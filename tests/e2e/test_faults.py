"""What may break while a studio works: nothing acknowledged is lost, nothing is half done, nobody gets a 500, and it mends by itself."""

import contextlib
import os
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import bcrypt
import pytest
import requests
import sqlalchemy as sa
from alembic import command
from sqlalchemy.orm import Session

from tests.conftest import token_of
from tests.databases import fresh_database, postgres_url  # noqa: F401  (fixture)
from tests.making import make
from tests.platform.events.conftest import Listener, wait_for
from tests.processes import processes_in
from zou.people.models import Department, Person
from zou.platform.db import schema

PATIENCE_S = 60


# --- the database dies and comes back ---


def test_a_database_that_dies_costs_a_moment(server):
    session, answers, over = server.log_in(), [], threading.Event()

    def work(number):
        own = requests.Session()
        own.headers = session.headers
        while not over.is_set():
            body = {"name": f"D{time.monotonic_ns()} {number}", "color": "#000000"}
            answers.append(own.post(f"{server.url}/data/departments", json=body, timeout=30))

    with ThreadPoolExecutor(4) as workers:
        tasks = [workers.submit(work, number) for number in range(4)]
        try:
            wait_for(lambda: len(answers) > 20, PATIENCE_S)
            for process in processes_in(server.folder):  # the postmaster and all that it started
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGKILL)
            wait_for(lambda: requests.get(f"{server.url}/status", timeout=30).json()["database-up"] is False, PATIENCE_S)
            wait_for(lambda: requests.get(f"{server.url}/status", timeout=30).json()["database-up"], PATIENCE_S)
            before = len(answers)
            wait_for(lambda: any(answer.status_code == 201 for answer in answers[before:]), PATIENCE_S)
        finally:
            over.set()
        [task.result() for task in tasks]
    assert {(answer.status_code, answer.headers.get("Retry-After")) for answer in answers} == {(201, None), (503, "5")}
    found = {row["id"] for row in session.get(f"{server.url}/data/departments", timeout=30).json()}
    assert {answer.json()["id"] for answer in answers if answer.status_code == 201} <= found


# --- a connection is cut in the middle of a transaction ---


def test_a_connection_cut_in_a_transaction_writes_nothing_and_is_told(own_application):
    app, engine = own_application
    with Session(engine, expire_on_commit=False) as tx:
        row, boss = make(tx, Department, name="Before"), make(tx, Person, role="admin")
    headers, answers = {"Authorization": f"Bearer {token_of(app, boss)}"}, []

    def change():
        answers.append(app.test_client().put(f"/data/departments/{row.id}", json={"name": "After"}, headers=headers))

    with engine.connect() as holder:
        holder.execute(sa.text("SELECT 1 FROM department WHERE id = :id FOR UPDATE"), {"id": row.id})
        thread = threading.Thread(target=change)
        thread.start()
        waiting = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
            wait_for(lambda: other.scalar(sa.text(waiting)))
            other.execute(sa.text(f"SELECT pg_terminate_backend(pid) FROM ({waiting}) AS blocked"))
        thread.join(PATIENCE_S)
        holder.rollback()
    assert (answers[0].status_code, answers[0].headers["Retry-After"]) == (503, "5")
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT name FROM department")) == "Before"
        assert connection.scalar(sa.text("SELECT count(*) FROM api_event")) == 0
    change()
    assert (answers[1].status_code, answers[1].json["name"]) == (200, "After")


# --- two servers on one database ---


EMAIL, PASSWORD = "ada@studio.example", "a long password"


def is_up(address):
    """Whether something answers there."""
    try:
        return requests.get(address, timeout=5).ok
    except requests.ConnectionError:
        return False


@pytest.fixture
def two(postgres_url, spawn, tmp_path):  # noqa: F811
    """The addresses of two web processes on one database, with an administrator."""
    with fresh_database(postgres_url) as url:
        engine = sa.create_engine(url)
        with Session(engine) as tx:
            make(tx, Person, email=EMAIL, role="admin", password=bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)))
            tx.commit()
        engine.dispose()
        settings = {
            "ZOU_DATABASE_URL": url.render_as_string(hide_password=False), "SECRET_KEY": "x" * 40, "ZOU_THREADS": "8",
            "PREVIEW_FOLDER": str(tmp_path), "MAIL_ENABLED": "false",
        }  # fmt: skip
        addresses, processes = [], []
        for _ in range(2):
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
            addresses.append(f"http://127.0.0.1:{port}")
            processes.append(spawn("-m", "zou", "web", "--port", port, **settings))
        for address in addresses:
            wait_for(lambda address=address: is_up(address), PATIENCE_S)
        yield addresses
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(PATIENCE_S)


def test_two_servers_on_one_database_are_one(two):
    first, second = two
    session = requests.Session()
    token = session.post(f"{first}/auth/login", json={"email": EMAIL, "password": PASSWORD}, timeout=30).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    listener = Listener(second, auth={"token": token})
    made = requests.post(f"{first}/data/departments", json={"name": "Rigging", "color": "#000000"}, headers=headers, timeout=30).json()
    wait_for(lambda: ("department:new", {"department_id": made["id"]}) in listener.heard)
    assert requests.get(f"{second}/data/departments/{made['id']}", headers=headers, timeout=30).json()["name"] == "Rigging"
    assert requests.get(f"{first}/auth/logout", headers=headers, timeout=30).status_code == 200
    assert requests.get(f"{second}/data/departments", headers=headers, timeout=30).status_code == 401
    listener.hang_up()


# --- a migration is interrupted ---


def test_a_migration_that_is_killed_leaves_nothing_half_done(postgres_url, spawn):  # noqa: F811
    with fresh_database(postgres_url) as url:
        engine = sa.create_engine(url)
        with schema.locked(engine) as connection:
            command.downgrade(schema.configuration(connection, "tracker"), "base")
        environment = {"ZOU_DATABASE_URL": url.render_as_string(hide_password=False), "SECRET_KEY": "x" * 40}
        with engine.connect() as holder:
            holder.execute(sa.text("LOCK TABLE public.entity IN SHARE MODE"))  # our triggers on it come late
            process = spawn("-m", "zou", "upgrade-db", **environment)
            blocked = (
                "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database WHERE NOT granted AND datname = current_database()"
            )
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
                wait_for(lambda: other.scalar(sa.text(blocked)), PATIENCE_S)
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                holder.rollback()
                ours = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                wait_for(lambda: other.scalar(sa.text(ours)) <= 1, PATIENCE_S)
                assert sa.inspect(other).get_table_names("tracker") == ["alembic_version"]
                assert other.scalar(sa.text("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'tracker%'")) == 0
        done = spawn("-m", "zou", "upgrade-db", **environment)
        assert done.wait(PATIENCE_S) == 0
        assert schema.current_revision(engine) == schema.head()
        with engine.connect() as connection:
            assert schema.read_revision(connection, "tracker") == schema.head("tracker")
        engine.dispose()
