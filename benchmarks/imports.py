"""How long imports of many lines take, in how many statements, and what an export of every task takes of memory.

    python benchmarks/imports.py --dsn postgresql://postgres@127.0.0.1:5432/bench_copy [--rows 20000]

The database is changed: give it a copy, or an empty one made by `zou upgrade-db`. The script makes a production, imports files of assets,
shots, castings and persons into it, then the same files again with `update=true`, and counts statements and seconds. The export is that of
`/export/csv/tasks.csv`, in a process of its own, whose growth from its first small answer to its peak is told: `--limit` MiB is the most
that is let pass. Figures: benchmarks/results/imports.md.
"""

import argparse
import io
import re
import subprocess
import sys
import time
import uuid
from pathlib import Path

import sqlalchemy as sa
from flask_jwt_extended import create_access_token

from zou.app import create_app
from zou.people.models import Person
from zou.platform.db import db
from zou.productions.models import Project, ProjectTaskTypeLink
from zou.productions.services.statuses import open_status_id
from zou.tasks.models import TaskType

SETTINGS = {"SECRET_KEY": "a key of the benchmark, long enough for HS256", "MAIL_ENABLED": False, "BCRYPT_LOG_ROUNDS": 4}


def options():
    """The arguments of the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--dsn", required=True)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--limit", type=int, default=200, help="MiB that the export of all tasks may take")
    parser.add_argument("--export", action="store_true", help="only export the tasks, and print the size and the MiB that it took")
    return parser.parse_args()


def files(count):
    """Yield (route, who may be told of it, lines) of each file."""
    assets = [["Type", "Name", "Episode", "Description", "Modeling", "Modeling assignations"]]
    assets += [["Props", f"Asset {n}", f"E{n % 50}", f"Description {n}", "", ""] for n in range(count)]
    shots = [["Episode", "Sequence", "Name", "Nb Frames", "Frame In", "Frame Out", "FPS"]]
    shots += [[f"E{n % 50}", f"S{n % 500}", f"SH{n}", "", "1001", str(1010 + n % 100), "25"] for n in range(count)]
    castings = [["Episode", "Parent", "Name", "Asset Type", "Asset", "Occurences", "Label"]]
    castings += [[f"E{n % 50}", f"S{n % 500}", f"SH{n}", "Props", f"Asset {n}", "1", "fixed"] for n in range(count)]
    states = [["Episode", "Sequence", "Name", "Animation", "Animation comment"]]
    states += [[f"E{n % 50}", f"S{n % 500}", f"SH{n}", "", f"Note {n}"] for n in range(count)]
    mark = uuid.uuid4().hex[:8]
    people = [["First Name", "Last Name", "Email", "Role"]]
    people += [["Ada", f"Lovelace {n}", f"ada{n}.{mark}@studio.example.com", "Artist"] for n in range(count)]
    yield "projects/{}/assets", assets
    yield "projects/{}/shots", shots
    yield "projects/{}/casting", castings
    yield "projects/{}/shots", states
    yield "persons", people


def prepared(app):
    """(token of an administrator, id of a new production)."""
    with app.app_context():
        tx = db.session()
        boss = Person(first_name="Bench", last_name="Mark", email=f"{uuid.uuid4()}@studio.example.com", role="admin")
        project = Project(name=f"Import {uuid.uuid4()}", production_type="tvshow", project_status_id=open_status_id(tx))
        tx.add_all([boss, project])
        tx.flush()
        for kind, name in (("Asset", "Modeling"), ("Shot", "Animation")):
            type_ = tx.scalar(sa.select(TaskType).where(TaskType.name == name, TaskType.for_entity == kind).limit(1))
            if type_ is None:
                type_ = TaskType(name=name, for_entity=kind, color="#000000")
                tx.add(type_)
                tx.flush()
            tx.add(ProjectTaskTypeLink(project_id=project.id, task_type_id=type_.id, priority=1))
        tx.commit()
        return create_access_token(str(boss.id), additional_claims={"identity_type": "person"}), str(project.id)


def measure(app, count):
    """Print seconds and statements of each file, new and again."""
    token, project_id = prepared(app)
    client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}
    seen = []
    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *arguments: seen.append(arguments[2]))
    for route, lines in files(count):
        text = "\r\n".join(";".join(line) for line in lines).encode()
        for update in ("false", "true"):
            seen.clear()
            started = time.perf_counter()
            data = {"file": (io.BytesIO(text), "file.csv")}
            answer = client.post(f"/import/csv/{route.format(project_id)}?update={update}", data=data, headers=headers)
            seconds = time.perf_counter() - started
            assert answer.status_code == 201, answer.text[:500]
            told = f"{route.split('/')[-1]:9} {lines[0][-1]:22} update={update:5}"
            print(f"{told} {len(lines) - 1:6} lines {seconds:7.1f} s {len(seen):5} statements")
    print(f"peak of the process {peak_mib():.0f} MiB")


def peak_mib():
    """The most memory that this process had."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024


def export(app):
    """Print how many lines the tasks of open productions are, and how much memory their export took."""
    token, _ = prepared(app)
    client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}
    assert client.get("/export/csv/task-types.csv", headers=headers).status_code == 200
    before, started, lines = peak_mib(), time.perf_counter(), 0
    answer = client.get("/export/csv/tasks.csv", headers=headers, buffered=False)
    for chunk in answer.response:
        lines += chunk.count(b"\r\n")
    print(lines - 1, f"{peak_mib():.0f}", f"{peak_mib() - before:.0f}", f"{time.perf_counter() - started:.1f}")


def main():
    """Run what was asked for."""
    chosen = options()
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": sa.make_url(chosen.dsn).set(drivername="postgresql+psycopg2")})
    if chosen.export:
        export(app)
        return
    measure(app, chosen.rows)
    command = [sys.executable, __file__, "--dsn", chosen.dsn, "--export"]
    lines, peak, grown, seconds = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-4:]
    print(f"export of {lines} tasks: {seconds} s, peak of the process {peak} MiB, {grown} MiB more than before it")
    if int(peak) > chosen.limit:
        sys.exit(f"more than {chosen.limit} MiB")


if __name__ == "__main__":
    main()
