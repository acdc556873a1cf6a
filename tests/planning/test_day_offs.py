"""Days off: they never overlap, no hours stay on them, and their reason is private."""

import datetime as dt
import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.conftest import token_of
from tests.making import make as make_row
from zou.entities.models import Entity, EntityType
from zou.people.models import Department, Person
from zou.planning.models import DayOff, TimeSpent
from zou.planning.services.hours import DayOffRows
from zou.platform.events.models import ApiEvent
from zou.tasks.models import Task


def stored(tx, model):
    tx.expire_all()
    return tx.scalars(sa.select(model)).all()


@pytest.fixture
def holiday(make, people):
    """Ten days off of the artist, for a reason."""
    days = {"date": dt.date(2026, 3, 2), "end_date": dt.date(2026, 3, 11)}
    return make(DayOff, person_id=people["user"].id, description="Skiing", **days)


def period(person, first, last):
    return {"person_id": str(person.id), "date": first, "end_date": last}


@pytest.mark.parametrize("first, last", [("2026-02-25", "2026-03-02"), ("2026-03-11", "2026-03-11"), ("2026-02-01", "2026-04-01")])
def test_days_off_of_a_person_never_overlap(api, people, holiday, tx, first, last):
    answer = api(people["user"], "post", "/data/day-offs", json=period(people["user"], first, last))
    assert (answer.status_code, answer.json["message"]) == (400, "Day off already exists for this period")
    assert [row.id for row in stored(tx, DayOff)] == [holiday.id]
    assert stored(tx, ApiEvent) == []


def test_another_person_may_be_off_on_the_same_days(api, people, holiday):
    answer = api(people["client"], "post", "/data/day-offs", json=period(people["client"], "2026-03-02", "2026-03-11"))
    assert answer.status_code == 201


def test_two_requests_at_once_cannot_overlap(application):
    """The second request waits for the first one's commit, and then sees its day off."""
    with application.app_context():
        engine = application.extensions["sqlalchemy"].engine
    with Session(engine, expire_on_commit=False) as own:
        person = make_row(own, Person)
    answers = []
    headers = {"Authorization": f"Bearer {token_of(application, person)}"}
    body = period(person, "2026-03-03", "2026-03-04")

    def ask():
        answers.append(application.test_client().post("/data/day-offs", json=body, headers=headers).status_code)

    second = threading.Thread(target=ask)
    try:
        with Session(engine) as first:
            DayOffRows(DayOff).create(first, None, period(person, "2026-03-01", "2026-03-03"))
            second.start()
            second.join(0.5)
            assert answers == []
            first.commit()
        second.join(20)
        assert answers == [400]
    finally:
        with Session(engine) as own:
            own.execute(sa.delete(DayOff).where(DayOff.person_id == person.id))
            own.execute(sa.delete(ApiEvent))
            own.execute(sa.delete(Person).where(Person.id == person.id))
            own.commit()


def test_hours_on_a_day_off_go_and_their_task_is_summed_again(api, people, make, project, tx):
    task = make(
        Task, project_id=project.id, entity_id=make(Entity, project_id=project.id, entity_type_id=make(EntityType).id).id, duration=150
    )
    gone = make(TimeSpent, person_id=people["user"].id, task_id=task.id, date=dt.date(2026, 3, 3), duration=90).id
    stays = make(TimeSpent, person_id=people["user"].id, task_id=task.id, date=dt.date(2026, 3, 5), duration=60)
    answer = api(people["user"], "post", "/data/day-offs", json=period(people["user"], "2026-03-02", "2026-03-04"))
    assert answer.status_code == 201
    assert [row.id for row in stored(tx, TimeSpent)] == [stays.id]
    assert tx.get(Task, task.id).duration == 60
    told = [(event.name, event.data) for event in stored(tx, ApiEvent)]
    assert ("time-spent:delete", {"time_spent_id": str(gone)}) in told
    assert ("task:update", {"task_id": str(task.id), "project_id": str(project.id)}) in told


def test_only_administrators_give_a_day_off_to_another_person(api, people, holiday, tx):
    change = {"person_id": str(people["client"].id)}
    assert api(people["user"], "put", f"/data/day-offs/{holiday.id}", json=change).status_code == 403
    assert [row.person_id for row in stored(tx, DayOff)] == [people["user"].id]
    assert api(people["admin"], "put", f"/data/day-offs/{holiday.id}", json=change).status_code == 200


@pytest.mark.parametrize(
    "who, status, shows",
    [("admin", 200, True), ("manager", 200, True), ("user", 200, True), ("supervisor", 200, False), ("client", 403, False)],
)
def test_who_reads_the_reason(api, people, holiday, who, status, shows):
    answer = api(people[who], "get", f"/data/day-offs/{holiday.id}")
    assert answer.status_code == status
    assert ("description" in answer.json) == shows


def test_a_supervisor_of_another_department_reads_nothing(api, people, holiday, make, tx):
    supervisor = tx.merge(people["supervisor"])
    supervisor.departments = [make(Department)]
    tx.commit()
    assert api(supervisor, "get", f"/data/day-offs/{holiday.id}").status_code == 403


def test_statements(api, people, holiday, statements):
    with statements() as seen:
        api(people["admin"], "get", "/data/day-offs")
    assert len(seen) == 2
    with statements() as seen:
        api(people["supervisor"], "get", f"/data/day-offs/{holiday.id}")
    assert len(seen) <= 3
