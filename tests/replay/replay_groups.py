"""Replays the groups of groups.txt against servers started for it, and fails when one of them is below 100 %.

A line of groups.txt is `<folder> <group>`; folders are those of the recordings (data: with the events pushed; roles). Exchanges whose
ids are the first words of differences.txt are left out. Two servers share the work, each with a database of its own.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RECORDINGS = ROOT.parent / "shared" / "replay"
SERVERS = 2
START_PATIENCE_S = 90
# The contract's defaults, which the recordings were made with, but for these two.
SETTINGS = {"BCRYPT_LOG_ROUNDS": "4", "MAIL_CHECK_DELIVERABILITY": "false", "ZOU_LOG_LEVEL": "warning"}


class Server:
    """`zou run` on a data folder and a port of its own."""

    def __init__(self, folder, number):
        self.data = folder / f"server{number}"
        self.output = folder / f"server{number}.log"
        self.port = free_port()
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DB_", "ZOU_"))}
        installed = Path(sys.executable).with_name("zou")  # in CI, to see that the distribution has all it needs
        program, work_in = ([installed], folder) if installed.exists() else ([sys.executable, "-m", "zou"], ROOT)
        command = [*program, "run", "--data", str(self.data), "--port", str(self.port)]
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                command, cwd=work_in, env=inherited | SETTINGS, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def dsn(self):
        return f"postgresql://postgres@/zoudb?host={self.data / 'run'}"

    def wait(self):
        """Return once it answers, and fail when it ends or takes too long."""
        deadline = time.monotonic() + START_PATIENCE_S
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                urllib.request.urlopen(self.url, timeout=5).close()
                return
            except urllib.error.HTTPError:  # an answer all the same
                return
            except OSError:
                time.sleep(0.2)
        sys.exit(f"A server did not start:\n{self.output.read_text()}")

    def stop(self):
        """End it, with its processes."""
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)


def free_port():
    """A port of 127.0.0.1 on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def groups():
    """[folder, group] of each line of groups.txt."""
    lines = (HERE / "groups.txt").read_text().splitlines()
    return [line.split()[:2] for line in lines if line.strip() and not line.startswith("#")]


def play(server, folder, group, report, *options):
    """Replay exchanges of a group; every result goes to `report`, what the program prints into a file beside it."""
    command = [sys.executable, str(RECORDINGS / "replay.py"), "--url", server.url, "--dsn", server.dsn, "--data", str(RECORDINGS / folder)]
    command += ["--group", group, "--skip", str(HERE / "differences.txt"), "--report", str(report), *options]
    if folder == "data":
        command += ["--events", server.url]
    with report.with_suffix(".txt").open("wb") as output:
        subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False)


def replay(servers, folder, group, reports):
    """Replay a group on all servers at once. Returns how many exchanges were answered as recorded, and how many there were."""
    files = [reports / f"{folder}-{group}-{part}.jsonl" for part in range(len(servers))]
    threads = [
        threading.Thread(target=play, args=(server, folder, group, files[part], "--shard", f"{part}/{SERVERS}"))
        for part, server in enumerate(servers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    good = played = 0
    for file in files:
        results = results_of(file)
        failed = [result for result in results if result["problem"] and not passes_alone(servers[0], folder, group, result["id"], reports)]
        good += len(results) - len(failed)
        played += len(results) if file.exists() else 1  # a program that did not even begin is a failure
        if failed or not file.exists():
            print(file.with_suffix(".txt").read_text()[-6000:])
    return good, played


def passes_alone(server, folder, group, id, reports):
    """Whether an exchange that failed is answered as recorded by itself.

    The program pairs new rows that differ in their ids alone one after the other, so that now and then it takes one for another; and a
    machine that is busy may be later with an event than the two seconds that it waits.
    """
    file = reports / "alone.jsonl"
    play(server, folder, group, file, "--test", id)
    results = [result for result in results_of(file) if result["id"] == id]
    passed = bool(results) and not results[0]["problem"]
    print(f"{id}: failed, {'passes' if passed else 'fails'} alone", flush=True)
    return passed


def results_of(file):
    """The results of a report, none when there is no report."""
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def main():
    """Start the servers, replay every group, print the totals; exit 1 when one is not complete."""
    if not RECORDINGS.exists():
        sys.exit(f"The recordings are not at {RECORDINGS}.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are stopped then too
    folder = Path(tempfile.mkdtemp(prefix="zou-replay-"))
    servers = [Server(folder, number) for number in range(SERVERS)]
    try:
        for server in servers:
            server.wait()
        complete = True
        for recordings, group in groups():
            good, played = replay(servers, recordings, group, folder)
            complete = complete and good == played > 0
            print(f"{recordings:<6} {group:<20} {good:>5} of {played:>5}  {'ok' if good == played > 0 else 'NOT COMPLETE'}", flush=True)
    finally:
        for server in servers:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if complete else 1)


if __name__ == "__main__":
    main()
