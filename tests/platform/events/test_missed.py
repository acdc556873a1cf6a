"""A client that was away is told again what it missed, and nothing that is not for it."""

import datetime

import pytest

from tests.making import make
from zou.platform.events import missed
from zou.platform.events.models import ApiEvent
from zou.productions.models import Project

BEGAN = datetime.datetime(2026, 11, 25, 10)


def ask(listener, since):
    return listener.client.call("main:missed", since, namespace="/events", timeout=10)


def test_a_client_that_is_back_hears_what_it_missed(team, listen, tell, world):
    project, people = team
    listener = listen(people["member"])
    tell("task:update", {"task_id": "before"}, project_id=project.id)
    listener.until("task:update")
    listener.hang_up()
    left = datetime.datetime.now(datetime.UTC)
    elsewhere = make(world, Project)
    world.commit()
    for n in range(3):
        tell("task:update", {"task_id": n}, project_id=project.id)
        tell("task:update", {"task_id": "of others"}, project_id=elsewhere.id)
    tell("department:new", {"department_id": "d"})
    again = listen(people["member"])
    answer = ask(again, {"since": left.isoformat()})
    assert (answer["count"], answer["complete"]) == (5, True)  # one of before, as the slack makes it
    assert [data.get("task_id") for _, data in again.heard] == ["before", 0, 1, 2, None]
    assert ask(again, {"since": answer["until"]})["complete"]


def test_what_is_too_much_at_once_comes_in_parts(team, listen, world, monkeypatch):
    monkeypatch.setattr(missed, "MOST", 3)
    monkeypatch.setattr(missed, "SLACK", datetime.timedelta(0))
    for n in range(5):
        make(world, ApiEvent, name="main:count", data={"n": n}, created_at=BEGAN + datetime.timedelta(seconds=n))
    world.commit()
    listener = listen(team[1]["admin"])
    first = ask(listener, {"since": BEGAN.isoformat()})
    assert first == {"count": 3, "until": "2026-11-25T10:00:02", "complete": False}
    assert ask(listener, {"since": first["until"]})["complete"]
    assert [data["n"] for _, data in listener.heard] == [0, 1, 2, 2, 3, 4]


@pytest.mark.parametrize("data", [None, {}, {"since": 3}, {"since": "yesterday"}, ["x"], {"since": "0001-01-01T00:00:00+14:00"}])
def test_who_does_not_say_since_when_is_told(team, listen, data):
    assert "Say since when" in ask(listen(team[1]["admin"]), data)["error"]


def test_the_beginning_of_time_is_no_fault(team, listen):
    assert ask(listen(team[1]["admin"]), {"since": "0001-01-01T00:00:00"})["complete"]
