"""The recorded answers against the description: no answer of the contract's server is one that the description does not describe."""

import gzip
import json

import pytest

from tests.described import Answers
from tests.replay.replay_groups import RECORDINGS

# Its path is `/data/persons/.`, which becomes that of the list on its way to the server.
ELSEWHERE = {"extra.slashes.get-data-persons25#1"}


def exchanges(folder):
    """Yield the recorded exchanges that were answered with JSON."""
    for file in sorted((RECORDINGS / folder).glob("*.jsonl.gz")):
        if file.name != "rows.jsonl.gz":
            with gzip.open(file) as lines:
                for line in lines:
                    found = json.loads(line)
                    if 200 <= found["status"] < 300 and "body" in found and found["id"] not in ELSEWHERE:
                        yield found


@pytest.fixture(scope="module")
def answers(application):
    return Answers(application)


@pytest.mark.parametrize("folder, least", [("data", 2000), ("roles", 1000)])
def test_recorded_answers_are_described(answers, folder, least):
    count, wrong = 0, []
    for found in exchanges(folder):
        count += 1
        path = found["path"].split("?")[0]
        wrong += [f"{found['id']} {line}" for line in answers.wrong_with(found["method"], path, found["status"], found["body"])]
    assert wrong == []
    assert count > least


def test_another_answer_is_noticed(answers):
    assert answers.wrong_with("GET", "/data/tasks/open-tasks", 200, {"data": []})
    assert answers.wrong_with("GET", "/data/user/tasks/1/subscribed", 200, "yes")
    assert answers.wrong_with("GET", "/status/test-event", 200, {"success": True, "more": 1})
    assert not answers.wrong_with("GET", "/status/test-event", 200, {"success": True})
    assert answers.wrong_with("GET", "/status/test-event", 201, {"success": True})
    assert answers.wrong_with("GET", "/no/such/route", 200, {})
