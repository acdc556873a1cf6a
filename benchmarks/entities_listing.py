"""How much a generic list costs beyond the SQL statement that makes the same JSON.

    python benchmarks/entities_listing.py --dsn postgresql://postgres@127.0.0.1:5432/bench

The database holds the studio of `../shared/bench/seed.py --scale M`. The script starts the application under gunicorn on it, asks for
`GET /data/entities?entity_type_id=<Shot>` and, in turn, sends the bare statement on a connection of its own; it prints both medians and
their ratio, and fails when the ratio is above --limit (1.5).
"""

import argparse
import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import time

import psycopg2
import requests

BARE = """
SELECT json_agg(row_to_json(e))::text FROM (
    SELECT id, name, code, description, shotgun_id, canceled, nb_frames, nb_entities_out, is_casting_standby, is_shared, status,
           project_id, entity_type_id, parent_id, source_id, preview_file_id, data, ready_for, created_by,
           date_trunc('second', entity.created_at) AS created_at, date_trunc('second', entity.updated_at) AS updated_at, 'Shot' AS type
    FROM entity WHERE entity_type_id = %s ORDER BY entity.created_at, entity.id
) AS e
"""


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
                requests.get(url, timeout=5)
                break
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


def timed(function):
    """(seconds, result) of a call."""
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def main():
    """Measure and print; the exit status tells whether the limit is kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dsn", required=True)
    parser.add_argument("--calls", type=int, default=15)
    parser.add_argument("--limit", type=float, default=1.5)
    parser.add_argument("--password", default="benchpassword")
    options = parser.parse_args()
    connection = psycopg2.connect(options.dsn)
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("SELECT id FROM entity_type WHERE name = 'Shot'")
    [shot] = cursor.fetchone()

    def bare():
        cursor.execute(BARE, (shot,))
        return cursor.fetchone()[0]

    with server(options.dsn) as url, requests.Session() as session:
        login = session.post(f"{url}/auth/login", json={"email": "admin@bench.example.com", "password": options.password}, timeout=60)
        headers = {"Authorization": f"Bearer {login.json()['access_token']}", "Accept-Encoding": "identity"}

        def ours():
            return session.get(f"{url}/data/entities?entity_type_id={shot}", headers=headers, timeout=60).content

        same = json.loads(bare()) == json.loads(ours())
        times = {"bare SQL": [], "HTTP": []}
        for _ in range(options.calls):
            times["bare SQL"].append(timed(bare)[0])
            times["HTTP"].append(timed(ours)[0])
        count, size = len(json.loads(bare())), len(ours())
    medians = {name: statistics.median(values) for name, values in times.items()}
    ratio = medians["HTTP"] / medians["bare SQL"]
    print(f"{count} rows, {size / 1e6:.1f} MB, {options.calls} calls; the same JSON: {'yes' if same else 'NO'}")
    for name, median in medians.items():
        print(f"{name:10} {median * 1000:8.1f} ms   (from {min(times[name]) * 1000:.1f} to {max(times[name]) * 1000:.1f})")
    print(f"ratio      {ratio:8.2f}      (limit {options.limit})")
    return 0 if same and ratio <= options.limit else 1


if __name__ == "__main__":
    sys.exit(main())
