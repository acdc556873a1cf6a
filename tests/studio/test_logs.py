"""The logs of events and sign-ins: who reads what of them."""

import datetime

import pytest

from zou.people.models import LoginLog
from zou.platform.events.models import ApiEvent
from zou.productions.models import Project

MOMENT = datetime.datetime(2026, 3, 2, 9, 0)


@pytest.fixture
def events(make, project):
    """An event of the production, one of another production, one of none."""
    other = make(Project, project_status_id=project.project_status_id)
    places = {"ours": project.id, "theirs": other.id, "nobody's": None}
    return {name: make(ApiEvent, name="task:update", project_id=id, created_at=MOMENT) for name, id in places.items()}


def ids(api, person, query=""):
    answer = api(person, "get", f"/data/events/last{query}")
    return {row["id"] for row in answer.json} if answer.status_code == 200 else answer.status_code


def test_managers_read_the_events_of_their_productions(api, people, events, project):
    assert ids(api, people["admin"]) == {str(event.id) for event in events.values()}
    assert ids(api, people["manager"]) == {str(events["ours"].id)}
    assert ids(api, people["manager"], f"?project_id={events['theirs'].project_id}") == 403
    assert ids(api, people["supervisor"]) == ids(api, people["user"], f"?project_id={project.id}") == 403


def test_the_cursor_loses_no_event_of_the_same_moment(api, people, events):
    seen, query = [], "?limit=1"
    for _ in range(3):
        (row,) = api(people["admin"], "get", f"/data/events/last{query}").json
        seen.append(row["id"])
        query = f"?limit=1&cursor_event_id={row['id']}"
    assert sorted(seen) == sorted(str(event.id) for event in events.values())
    assert api(people["admin"], "get", f"/data/events/last{query}").json == []


@pytest.mark.parametrize("query", ["limit=x", "after=soon", "cursor_event_id=x", "name_prefixes=A", "name_suffixes=%25", "person_ids=x"])
def test_what_cannot_be_read_is_refused(api, people, query):
    assert ids(api, people["admin"], f"?{query}") == 400


def test_a_part_of_a_name_is_taken_by_the_letter(api, people, make):
    make(ApiEvent, name="task-type:new")
    make(ApiEvent, name="task:new")
    answer = api(people["admin"], "get", "/data/events/last?name_prefixes=task&name_suffixes=new").json
    assert [row["name"] for row in answer] == ["task:new"]


def test_the_names_are_sorted_and_told_once(api, people, make, events):
    make(ApiEvent, name="asset:new")
    assert api(people["manager"], "get", "/data/events/names").json == ["asset:new", "task:update"]
    assert api(people["supervisor"], "get", "/data/events/names").status_code == 403


def test_sign_ins_are_for_administrators(api, people, make):
    row = make(LoginLog, person_id=people["user"].id, ip_address="192.0.2.7", origin="web", created_at=MOMENT)
    found = api(people["admin"], "get", "/data/events/login-logs/last").json
    assert found == [{"id": str(row.id), "created_at": "2026-03-02T09:00:00", "ip_address": "192.0.2.7",
                      "person_id": str(people["user"].id), "origin": "web"}]  # fmt: skip
    assert api(people["manager"], "get", "/data/events/login-logs/last").status_code == 403
