"""How much memory a server takes for a film of 2 GiB, and what becomes of 50 uploads at once.

    PYTHONPATH=.:benchmarks python benchmarks/uploads.py --dsn postgresql://postgres@127.0.0.1:5432/bench_uploads [--queue]

The database is changed: give it one made by `zou upgrade-db`. The script starts a server of its own on it (and with `--queue` a worker),
makes a production, sends the film in one multipart request without ever holding it, and looks at the memory of all processes of the
server, ffmpeg left out, which is a program of its own. It ends with 1 when the server grew by more than `--limit` MiB, or when an
upload ended neither ready nor refused with a reason. Figures: benchmarks/results/uploads.txt.
"""

import argparse
import contextlib
import http.client
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import requests
from flask_jwt_extended import create_access_token
from measuring import free_port
from PIL import Image
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from tests.making import join_team, make, open_status
from zou.app import create_app
from zou.comments.models import Comment
from zou.entities.models import Entity, EntityType
from zou.people.models import Person
from zou.platform.media import movies
from zou.productions.models import Project
from zou.tasks.models import Task, TaskStatus, TaskType

SECRET = "a key of the benchmark, long enough for HS256"
MIB = 1024 * 1024
PATIENCE_S = 1800


def options():
    """The arguments of the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--dsn", required=True)
    parser.add_argument("--size", type=int, default=2048, help="MiB of the film")
    parser.add_argument("--many", type=int, default=50, help="uploads at once")
    parser.add_argument("--queue", action="store_true", help="workers encode, not the requests")
    parser.add_argument("--limit", type=int, default=100, help="MiB that the server may grow by")
    parser.add_argument("--tmp", help="folder for the film and the files of the server")
    return parser.parse_args()


def unique():
    """A name that nothing has."""
    return uuid.uuid4().hex[:12]


class Studio:
    """A production with a task and a comment on the server, and an administrator who sends."""

    def __init__(self, dsn, url):
        self.url = url
        engine = create_engine(dsn.replace("postgresql://", "postgresql+psycopg2://"))
        with Session(engine, expire_on_commit=False) as tx:
            project = make(tx, Project, name=f"Uploads {unique()}", project_status_id=open_status(tx).id, resolution="640x360")
            person = make(tx, Person, role="admin", email=f"{uuid.uuid4().hex}@studio.example")
            join_team(tx, project, person)
            kind, status = make(tx, EntityType, name=unique()), make(tx, TaskStatus, name=unique(), short_name=unique()[:8])
            entity = make(tx, Entity, project_id=project.id, entity_type_id=kind.id)
            task_type = make(tx, TaskType, name=unique())
            task = make(tx, Task, project_id=project.id, task_type_id=task_type.id, entity_id=entity.id, task_status_id=status.id)
            comment = make(tx, Comment, object_id=task.id, person_id=person.id, task_status_id=status.id)
        app = create_app({"SECRET_KEY": SECRET, "SQLALCHEMY_DATABASE_URI": engine.url})
        with app.app_context():
            token = create_access_token(str(person.id), additional_claims={"identity_type": "person"})
        self.headers = {"Authorization": f"Bearer {token}"}
        self.adding = f"{url}/actions/tasks/{task.id}/comments/{comment.id}/add-preview"
        engine.dispose()

    def add(self):
        """The id of a new preview."""
        return requests.post(self.adding, json={}, headers=self.headers, timeout=60).json()["id"]

    def status(self, id):
        """The row of a preview."""
        return requests.get(f"{self.url}/data/preview-files/{id}", headers=self.headers, timeout=60).json()

    def send(self, id, name, source, size_bytes):
        """(status, JSON) of an upload, read piece by piece from `source`."""
        head = f'--part\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        tail = b"\r\n--part--\r\n"
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=PATIENCE_S)
        connection.putrequest("POST", f"/pictures/preview-files/{id}")
        length = str(len(head) + size_bytes + len(tail))
        for key, value in {**self.headers, "Content-Type": "multipart/form-data; boundary=part", "Content-Length": length}.items():
            connection.putheader(key, value)
        connection.endheaders()
        connection.send(head)
        while piece := source.read(MIB):
            connection.send(piece)
        connection.send(tail)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    def settled(self, ids):
        """The rows of previews once none is processing."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            rows = [self.status(id) for id in ids]
            if all(row.get("status") != "processing" for row in rows):
                return rows
            time.sleep(1)
        raise SystemExit("Some previews are still processing.")


@contextlib.contextmanager
def server(dsn, folder, queue):
    """(address, processes) of a server, and with `queue` of a worker."""
    folders = {"PREVIEW_FOLDER": str(folder / "previews"), "TMP_DIR": str(folder / "tmp")}
    settings = {"ENABLE_JOB_QUEUE": str(queue), "MOVIE_ENCODING_PRESET": "ultrafast", "MAIL_ENABLED": "false"}
    environ = {**os.environ, **folders, **settings, "ZOU_DATABASE_URL": dsn, "SECRET_KEY": SECRET}
    port = free_port()
    gunicorn = ["-m", "gunicorn", "-k", "gthread", "--threads", "16", "--timeout", "600", "-b", f"127.0.0.1:{port}", "zou.app:app"]
    commands = [gunicorn, *([["-m", "zou", "worker"]] if queue else [])]
    started = [subprocess.Popen([sys.executable, *command], env=environ, stderr=subprocess.DEVNULL) for command in commands]
    try:
        for _ in range(300):
            with contextlib.suppress(requests.ConnectionError):
                requests.get(f"http://127.0.0.1:{port}", timeout=60)
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", started
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait()


class Memory:
    """The memory of processes and of their children, ffmpeg left out, looked at 20 times a second inside a block."""

    def __init__(self, processes):
        self.roots = [psutil.Process(process.pid) for process in processes]
        self.before = self.peak = self.now()
        self.ended = threading.Event()

    def now(self):
        """Bytes at this moment."""
        total = 0
        for root in self.roots:
            for process in [root, *root.children(recursive=True)]:
                with contextlib.suppress(psutil.Error):
                    if "ffmpeg" not in process.name():
                        total += process.memory_info().rss
        return total

    def watch(self):
        while not self.ended.wait(0.05):
            self.peak = max(self.peak, self.now())

    def __enter__(self):
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.ended.set()
        self.thread.join()

    @property
    def growth(self):
        """MiB above the beginning."""
        return (self.peak - self.before) / MIB


def film(path, size_mib, seconds=None):
    """Write a film of that size: uncompressed pictures, so that it is quickly made and quickly read."""
    seconds, size = (max(round(size_mib * MIB / (1280 * 720 * 3)), 1) / 25, "1280x720") if seconds is None else (seconds, "320x180")
    source = f"testsrc=size={size}:rate=25:duration={seconds}"
    codec = ["-c:v", "rawvideo", "-pix_fmt", "rgb24"] if size_mib else ["-pix_fmt", "yuv420p"]
    subprocess.run([movies.ffmpeg(), "-loglevel", "error", "-y", "-f", "lavfi", "-i", source, *codec, str(path)], check=True)
    return path


def send_film(studio, processes, path):
    """Send a large film; returns what is to be printed, and the MiB that the server grew by."""
    size_bytes = path.stat().st_size
    began = time.monotonic()
    with Memory(processes) as memory, path.open("rb") as source:
        id = studio.add()
        status, answer = studio.send(id, "long.mov", source, size_bytes)
        sent_s = time.monotonic() - began
        row = studio.settled([id])[0]
    took_s = time.monotonic() - began
    line = f"film of {size_bytes / MIB:.0f} MiB: {status} after {sent_s:.0f} s, {row['status']} after {took_s:.0f} s, "
    line += f"{row['width']}x{row['height']}, {row['duration']} s; "
    line += f"server before {memory.before / MIB:.0f} MiB, grew by {memory.growth:.0f} MiB"
    return line, memory.growth if row["status"] == "ready" and status == 201 else float("inf")


def send_many(studio, processes, count, folder):
    """Send many files at once, one in five of them bad; returns what is to be printed, and whether all ended as they should."""
    movie, still = film(folder / "short.mov", 0, seconds=2).read_bytes(), io.BytesIO()
    Image.effect_noise((1280, 720), 80).save(still, "PNG")
    picture = ("a.png", still.getvalue())
    files = [picture, ("a.mov", movie), picture, ("b.mov", b"no movie" * 999), ("c.pdf", b"%PDF" * 99)]
    sent = [files[number % 5] for number in range(count)]
    ids = [studio.add() for _ in sent]
    began = time.monotonic()
    with Memory(processes) as memory, ThreadPoolExecutor(count) as threads:
        work = [threads.submit(studio.send, id, name, io.BytesIO(body), len(body)) for id, (name, body) in zip(ids, sent, strict=True)]
        answers = [done.result() for done in work]
        rows = studio.settled([id for id, (status, _) in zip(ids, answers, strict=True) if status == 201])
    ready, broken = (sum(row["status"] == wanted for row in rows) for wanted in ("ready", "broken"))
    with_reason = sum(bool((row["data"] or {}).get("failure")) for row in rows if row["status"] == "broken")
    refused = sum(status >= 400 and bool(answer.get("message")) for status, answer in answers)
    line = f"{count} uploads at once: {ready} ready, {broken} broken ({with_reason} with a reason), {refused} refused, "
    line += f"{time.monotonic() - began:.0f} s; server grew by {memory.growth:.0f} MiB"
    return line, ready + with_reason + refused == count


def main():
    """Measure and print; exit 1 beyond the limit."""
    wanted = options()
    with tempfile.TemporaryDirectory(dir=wanted.tmp) as folder:
        folder = Path(folder)
        with server(wanted.dsn, folder, wanted.queue) as (url, processes):
            studio = Studio(wanted.dsn, url)
            print(f"{'worker' if wanted.queue else 'request'} encodes")
            path = film(folder / "long.mov", wanted.size)
            line, growth = send_film(studio, processes, path)
            print(line)
            path.unlink()
            line, all_ended = send_many(studio, processes, wanted.many, folder)
            print(line)
        left = [path.name for path in (folder / "tmp").iterdir()]
        print(f"left in TMP_DIR: {len(left)}")
    raise SystemExit(0 if growth <= wanted.limit and all_ended and not left else 1)


if __name__ == "__main__":
    main()
