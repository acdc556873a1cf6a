"""What the measurements share: a server on a seeded database, a signed-in session, and turns of timed calls."""

import argparse
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import time

import psutil
import psycopg2
import requests


def free_port():
    """A port of this machine that nobody listens on."""
    with contextlib.closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def server(dsn):
    """The application under gunicorn on this database; yields its address."""
    port = free_port()
    environ = {**os.environ, "ZOU_DATABASE_URL": dsn, "SECRET_KEY": "a secret for benchmarks, long enough for HS256"}
    command = [sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", "4", "-b", f"127.0.0.1:{port}", "zou.app:app"]
    process = subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(100):
            with contextlib.suppress(requests.ConnectionError):
                requests.get(url, timeout=60)
                break
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


def options_of(description):
    """The parser of the options that every measurement has."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dsn", required=True)
    parser.add_argument("--calls", type=int, default=15)
    parser.add_argument("--limit", type=float, default=1.5)
    parser.add_argument("--password", default="benchpassword")
    return parser


def cursor_on(dsn):
    """A cursor that commits each statement."""
    connection = psycopg2.connect(dsn)
    connection.autocommit = True
    return connection.cursor()


@contextlib.contextmanager
def without_workers(cursor):
    """New connections to this database, a copy, ask no parallel workers: their processor time would count for nobody."""
    cursor.execute("SELECT current_database()")
    [name] = cursor.fetchone()
    cursor.execute(f'ALTER DATABASE "{name}" SET max_parallel_workers_per_gather = 0')
    cursor.execute("SET max_parallel_workers_per_gather = 0")
    try:
        yield
    finally:
        cursor.execute(f'ALTER DATABASE "{name}" RESET max_parallel_workers_per_gather')


def peak_bytes(pid):
    """The most memory that a process has held since `forget_peak`."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def forget_peak(pid):
    """Let the peak of a process of ours begin at what it holds now; returns that."""
    with open(f"/proc/{pid}/clear_refs", "w") as file:
        file.write("5")
    return peak_bytes(pid)


@contextlib.contextmanager
def signed_in(dsn, password, email="admin@bench.example.com"):
    """The application on this database and a session of one account; yields a function from a path to the response."""
    with server(dsn) as url, requests.Session() as session:
        login = session.post(f"{url}/auth/login", json={"email": email, "password": password}, timeout=60)
        session.headers.update({"Authorization": f"Bearer {login.json()['access_token']}", "Accept-Encoding": "identity"})
        yield lambda path, **headers: session.get(url + path, headers=headers, timeout=60)


def cpu_ms(call, count, pids):
    """Milliseconds of processor time that a call costs these processes, on average of `count`: it does not count who else is busy."""
    call()
    before = sum(processor_seconds(pid) for pid in pids)
    for _ in range(count):
        call()
    return (sum(processor_seconds(pid) for pid in pids) - before) * 1000 / count


def processor_seconds(pid):
    """What a process has used, in user and in system mode."""
    used = psutil.Process(pid).cpu_times()
    return used.user + used.system


def serving(cursor):
    """Process ids of the server that this process started, and of its connections to the database; not of the cursor's own."""
    cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND leader_pid IS NULL")
    backends = [pid for (pid,) in cursor.fetchall()]
    return [child.pid for child in psutil.Process().children(recursive=True)] + backends


def turns(calls, count):
    """{name: seconds of each call}: the functions of {name: function} take turns, so that a busy machine slows all alike."""
    times = {name: [] for name in calls}
    for call in calls.values():
        call()
    for _ in range(count):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - start)
    return times


def report(times):
    """Print the median and the range of each; returns {name: median in seconds}."""
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, median in medians.items():
        print(f"{name:12} {median * 1000:8.1f} ms   (from {min(times[name]) * 1000:.1f} to {max(times[name]) * 1000:.1f})")
    return medians
