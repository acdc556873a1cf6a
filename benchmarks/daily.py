"""How much the lists of a working day cost beyond one SQL statement that makes the same JSON.

    python benchmarks/daily.py --dsn postgresql://postgres@127.0.0.1:5432/bench_copy

The database holds the studio of `../shared/bench/seed.py --scale M`. The person with the most tasks of the studio asks for their to-do and
done lists, their notifications, news of a production and the comments of a task; the administrator for open tasks, a table of hours and
a playlist of 200 entries, which the script adds (use a copy). In turn the bare statement goes out on a connection of its own. Compared is
processor time: that of the server and of its connection to the database against that of the bare connection, neither with parallel
workers. Times on the wall are shown. A list may cost --limit times the bare statement and besides what any request costs, which finds
out who asks and whether they may: of a list of a millisecond that is the larger part. It is measured first, on a list of three rows.
"""

import json
import statistics
import sys
import time

from daily_statements import STATEMENTS
from measuring import cpu_ms, cursor_on, options_of, serving, signed_in, without_workers

PLAYLIST = """
    INSERT INTO playlist (id, name, project_id, shots, for_entity, created_at, updated_at)
    SELECT gen_random_uuid(), 'Two hundred', project_id, jsonb_agg(jsonb_build_object('entity_id', id, 'preview_file_id', preview_file_id)),
        'shot', now(), now()
    FROM (SELECT * FROM entity WHERE project_id = %(project)s AND preview_file_id IS NOT NULL
        AND entity_type_id = (SELECT id FROM entity_type WHERE name = 'Shot') ORDER BY id LIMIT 200) AS shot
    GROUP BY project_id ON CONFLICT DO NOTHING
"""
BUSIEST = """
    SELECT person.id, person.email FROM task_person_link JOIN person ON person.id = person_id
    WHERE person.role = 'user' GROUP BY person.id ORDER BY count(*) DESC LIMIT 1
"""
FACTS = """
    SELECT (SELECT project_id FROM entity GROUP BY project_id ORDER BY count(*) DESC LIMIT 1) AS project,
        (SELECT object_id FROM comment GROUP BY object_id ORDER BY count(*) DESC, object_id LIMIT 1) AS task
"""


def facts_of(cursor):
    """What the requests and statements are about: {name: id or text}."""
    cursor.execute(FACTS)
    found = dict(zip(("project", "task"), cursor.fetchone(), strict=True))
    cursor.execute(PLAYLIST, found)
    cursor.execute("SELECT id FROM playlist WHERE name = 'Two hundred' AND project_id = %(project)s", found)
    found["playlist"] = cursor.fetchone()[0]
    cursor.execute(BUSIEST)
    found["person"], found["email"] = cursor.fetchone()
    return found


def items(value):
    """The rows of an answer, wherever it keeps them, by id; an answer without rows as it is."""
    rows = value.get("data", value.get("shots", value)) if isinstance(value, dict) else value
    return {row["id"]: row for row in rows} if isinstance(rows, list) else rows


def differences(answer, bare):
    """What of the answer the bare statement does not make: ids, or keys of a row."""
    answer, bare = items(answer), items(bare)
    if answer.keys() != bare.keys():
        return [f"{len(answer)} rows against {len(bare)}"]
    if not any(isinstance(row, dict) and "id" in row for row in answer.values()):
        return [] if answer == bare else ["values"]
    return sorted({key for id, row in answer.items() for key in row.keys() ^ bare[id].keys()})


def median_ms(call, count):
    times = []
    for _ in range(count):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def measure(name, get, cursor, path, statement, facts, options, floor):
    """Print what one list costs; returns whether that is within the limit and the JSON the same."""

    def bare():
        cursor.execute(statement, facts)
        return cursor.fetchone()[0]

    def ask():
        return get(path).content

    other = differences(json.loads(ask()), json.loads(bare()))
    cursor.execute("SELECT pg_backend_pid()")
    own = cursor.fetchone()
    for _ in range(12):  # the server's threads and their connections are warm, and so are the plans
        ask()
    count = max(options.calls, min(200, int(600 / median_ms(bare, 3))))
    whole, least = cpu_ms(ask, count, serving(cursor)), cpu_ms(bare, count, own)
    ratio = whole / least
    walls = median_ms(ask, options.calls), median_ms(bare, options.calls)
    print(f"{name:22} {len(ask()) / 1000:8.0f} kB   cpu {whole:7.2f} / {least:7.2f} ms = {ratio:5.2f}", end="")
    print(f"   wall {walls[0]:7.1f} / {walls[1]:7.1f} ms" + (f"   NOT THE SAME: {', '.join(other)}" if other else ""))
    return whole <= options.limit * least + floor and not other


def main():
    """Measure and print; the exit status tells whether the limit is kept."""
    options = options_of(__doc__).parse_args()
    cursor = cursor_on(options.dsn)
    cursor.execute("SET jit = off")  # as the server does
    facts = facts_of(cursor)
    results = []
    for email, wanted in ((facts["email"], "person"), ("admin@bench.example.com", "admin")):
        with without_workers(cursor), signed_in(options.dsn, options.password, email) as get:
            for _ in range(12):
                get("/data/studios")
            floor = cpu_ms(lambda get=get: get("/data/studios"), 200, serving(cursor))
            print(f"any request of this person: {floor:.2f} ms")
            for name, (who, path, statement) in STATEMENTS.items():
                if who == wanted:
                    results.append(measure(name, get, cursor, path.format(**facts), statement, facts, options, floor))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
