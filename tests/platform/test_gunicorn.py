"""`gunicorn zou.app:app` serves the same application on an existing PostgreSQL."""

import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

CONFIG = Path(__file__).parents[2] / "config" / "gunicorn.conf.py"


def status(address):
    """The status of an answer."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.fixture
def gunicorn(spawn, database_url, free_port):
    """gunicorn(**settings) -> the process and its address."""
    settings = {"ZOU_DATABASE_URL": database_url.render_as_string(hide_password=False), "BIND": f"127.0.0.1:{free_port}"}

    def start(**more):
        return spawn("-m", "gunicorn", "-c", CONFIG, "zou.app:app", **settings, **more), f"http://127.0.0.1:{free_port}"

    return start


def test_it_answers_and_stops(gunicorn):
    process, address = gunicorn(SECRET_KEY="a secret of the tests, long enough for HS256")
    deadline = time.monotonic() + 30
    while True:
        try:
            found = status(f"{address}/auth/authenticated")
            break
        except OSError:
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.1)
    assert found == 401
    process.terminate()
    assert process.wait(40) == 0


def test_it_refuses_the_key_that_everybody_knows(gunicorn):
    process, _address = gunicorn(SECRET_KEY="mysecretkey")
    assert process.wait(30) != 0
    assert "SECRET_KEY must be set" in process.stdout.read()
