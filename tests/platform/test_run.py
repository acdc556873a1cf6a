"""`zou run` as a process: everything is made on the first start, found in place on the second, and stopped together."""

import os
import re
import signal
import time
import urllib.error
import urllib.request

import psutil
import pytest

from tests.processes import processes_in
from zou.platform.db.embedded import EmbeddedServer

QUICK = {"BCRYPT_LOG_ROUNDS": "4", "MAIL_CHECK_DELIVERABILITY": "false", "ZOU_LOG_LEVEL": "error"}


@pytest.fixture
def run(data_folder, spawn, free_port):
    """run(*options) -> (process, its lines until it is ready)."""

    def start(*options):
        process = spawn("-m", "zou", "run", "--data", data_folder, "--port", free_port, *options, **QUICK)
        lines = []
        for line in iter(process.stdout.readline, ""):
            lines.append(line)
            if line.startswith("Ready"):
                return process, "".join(lines)
        raise AssertionError("".join(lines))

    return start


def status(port):
    """The status of GET /."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def stop(process):
    """SIGTERM, and the end of everything with it."""
    family = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGTERM)
    assert process.wait(40) == 0
    _gone, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []


def test_the_first_start_makes_everything_and_the_second_finds_it(run, data_folder, free_port):
    process, said = run("--admin-email", "ann@studio-ann.com")
    [password] = re.findall(r"ann@studio-ann\.com, password (\S{16,}) ", said)
    assert f"http://127.0.0.1:{free_port}" in said
    assert status(free_port) < 500
    stop(process)
    assert processes_in(data_folder) == []

    begin = time.monotonic()
    process, said = run()
    assert time.monotonic() - begin < 6  # alone: under 3; two of these run side by side
    assert "password" not in said.replace("e-mail and password", "")
    assert password not in said
    assert said.count("in place") == 3
    stop(process)


def test_ctrl_c_stops_everything(run, data_folder):
    process, _said = run()
    os.kill(process.pid, signal.SIGINT)
    assert process.wait(40) == 0
    assert processes_in(data_folder) == []


def test_a_second_server_on_the_folder_is_refused(data_folder, run, spawn):
    process, _said = run()
    second = spawn("-m", "zou", "run", "--data", data_folder, "--port", "0", **QUICK)
    assert second.wait(20) == 1
    assert f"in use by process {process.pid}" in second.stdout.read()


def test_a_port_in_use_is_told_before_anything_is_made(data_folder, spawn, free_port):
    holder = spawn("-m", "http.server", "--bind", "127.0.0.1", free_port)
    assert holder.stdout.readline()
    done = spawn("-m", "zou", "run", "--data", data_folder, "--port", free_port, **QUICK)
    assert done.wait(20) == 1
    assert f"Port {free_port} of 127.0.0.1 cannot be used" in done.stdout.read()
    assert not data_folder.exists()


def test_what_dies_is_started_again(run, free_port, data_folder):
    process, _said = run()
    server = EmbeddedServer(data_folder)
    victims = psutil.Process(process.pid).children()
    assert len(victims) == 3  # database, web, worker
    for victim in victims:
        victim.kill()
    assert psutil.wait_procs(victims, timeout=20)[1] == []
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if server.is_running() and status(free_port) < 500 and len(psutil.Process(process.pid).children()) >= 3:
                break
        except OSError:
            pass
        time.sleep(0.2)
    assert server.is_running()
    assert status(free_port) < 500
    stop(process)


def test_a_killed_server_takes_its_processes_along_and_starts_again(run, data_folder, free_port):
    process, _said = run()
    family = [child for child in psutil.Process(process.pid).children() if child.name() != "postgres"]
    process.kill()
    process.wait()
    _gone, alive = psutil.wait_procs(family, timeout=20)
    assert alive == []
    process, said = run()
    assert said.count("in place") == 3
    assert status(free_port) < 500
    stop(process)


def test_a_bad_address_of_the_administrator_is_told_and_may_be_corrected(data_folder, spawn, free_port):
    wrong = spawn("-m", "zou", "run", "--data", data_folder, "--port", free_port, "--admin-email", "nonsense", **QUICK)
    assert wrong.wait(30) == 1
    said = wrong.stdout.read()
    assert "Error: Email is not valid" in said
    assert "Traceback" not in said
    right = spawn("-m", "zou", "run", "--data", data_folder, "--port", free_port, **QUICK)
    assert any("admin@example.com, password" in line for line in iter(right.stdout.readline, ""))
