"""Twenty seconds of random requests: no fault, and no answer that the description does not describe. See docs/development.md."""

import logging

import pytest

from tests.conftest import token_of
from tests.fuzz.fuzzing import Fuzzer
from tests.world import build

SECONDS = 20


@pytest.fixture
def fuzzer(app, connection, tx):
    """A fuzzer that sends the same first requests each time, on a small studio."""
    quiet = logging.getLogger("zou")
    level = quiet.level
    quiet.setLevel(logging.CRITICAL)
    yield Fuzzer(app, connection, tx, build(tx), token_of, seed=1)
    quiet.setLevel(level)


def test_random_requests_are_answered_as_described(fuzzer):
    findings = fuzzer.run(SECONDS)
    assert "\n".join(map(str, findings)) == ""
    assert fuzzer.sent > 100
    assert {200, 400, 403, 404} <= set(fuzzer.statuses)


def test_a_fault_is_found(fuzzer, monkeypatch):
    [operation] = [operation for operation in fuzzer.operations if operation.label == "GET /stats"]
    monkeypatch.setattr("zou.studio.services.totals", lambda tx: 1 / 0)
    fuzzer.operations = [operation]
    assert {finding.status for finding in fuzzer.run(0.5)} == {500}
