"""kill -9 of everything in the middle of a thousand creations: what was answered is there, with its event, and no event is there alone."""

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import psutil
import requests

from tests.processes import processes_in

CREATIONS, WRITERS, KILLED_AFTER = 1000, 8, 400


def kill_everything(server):
    """SIGKILL to `zou run`, its processes and its database, all at once."""
    mine = psutil.Process(server.process.pid)
    victims = [mine, *mine.children(recursive=True), *processes_in(server.folder)]
    for victim in victims:
        try:
            os.kill(victim.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    psutil.wait_procs(victims, timeout=30)


def test_what_was_answered_is_there_with_its_event_and_nothing_else(server):
    answered, enough = [], threading.Event()
    sessions = threading.local()

    def create(number):
        if not hasattr(sessions, "session"):
            sessions.session = server.log_in()
        try:
            answer = sessions.session.post(f"{server.url}/data/departments", json={"name": f"D{number}", "color": "#000000"}, timeout=30)
        except requests.RequestException:
            return
        if answer.status_code == 201:
            answered.append(answer.json()["id"])
            if len(answered) >= KILLED_AFTER:
                enough.set()

    with ThreadPoolExecutor(WRITERS) as writers:
        tasks = [writers.submit(create, number) for number in range(CREATIONS)]
        assert enough.wait(120)
        kill_everything(server)
        for task in tasks:
            task.cancel()
    assert KILLED_AFTER <= len(answered) < CREATIONS

    server.start()
    session = server.log_in()
    rows = {row["id"] for row in session.get(f"{server.url}/data/departments", timeout=30).json() if row["name"].startswith("D")}
    told = [
        event["data"]["department_id"]
        for event in session.get(f"{server.url}/data/events?name=department:new&page=1&limit=5000", timeout=30).json()["data"]
    ]
    assert set(answered) <= rows
    assert len(told) == len(set(told))
    assert rows <= set(told)
    assert all(id in {row["id"] for row in session.get(f"{server.url}/data/departments", timeout=30).json()} for id in told)
