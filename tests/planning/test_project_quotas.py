"""Quotas of a production: how many shots people finish, by day, week, month and year."""

import datetime

import pytest

from zou.entities.models import Entity, EntityType
from zou.planning.models import TimeSpent
from zou.tasks.models import Task, TaskType

MONDAY, FRIDAY = datetime.datetime(2024, 6, 10, 9), datetime.datetime(2024, 6, 14, 9)


@pytest.fixture
def task(make, people, project):
    """A task on a shot of 100 frames, under way from Monday to Friday, that two people share."""
    shot = make(Entity, name="SH010", project_id=project.id, entity_type_id=make(EntityType, name="Shot").id, nb_frames=100)
    made = make(
        Task, project_id=project.id, entity_id=shot.id, task_type_id=make(TaskType).id, real_start_date=MONDAY, end_date=FRIDAY,
        nb_drawings=10,
    )  # fmt: skip
    made.assignees = [people["user"], people["supervisor"]]
    return made


@pytest.fixture
def quotas(api, tx, project, task):
    def ask(person, mode, path=None):
        tx.commit()
        return api(person, "get", f"/data/projects/{project.id}/quotas/{path or task.task_type_id}?count_mode={mode}")

    return ask


def test_days_without_hours_share_a_task_evenly(quotas, people):
    found = quotas(people["manager"], "weighted").json
    assert set(found) == {str(people["user"].id), str(people["supervisor"].id), "total"}
    mine = found[str(people["user"].id)]
    assert mine["day"]["frames"] == {f"2024-06-{day}": 20 for day in range(10, 15)}
    assert mine["day"]["entries"] == {"2024-06": 5}
    assert (mine["week"]["count"], mine["week"]["seconds"]) == ({"2024-24": 1}, {"2024-24": 4.0})
    assert found["total"]["week"]["count"] == {"2024-24": 1}  # two people, one task
    assert "entries" not in mine["year"]


def test_hours_weigh_a_task(quotas, people, make, task):
    task.duration = 600
    for person, minutes in (("user", 450), ("supervisor", 150)):
        make(TimeSpent, task_id=task.id, person_id=people[person].id, date=MONDAY.date(), duration=minutes)
    found = quotas(people["manager"], "weighted").json
    assert found[str(people["user"].id)]["day"]["frames"] == {"2024-06-10": 75}
    assert found[str(people["supervisor"].id)]["month"]["count"] == {"2024-06": 0.25}
    assert found["total"]["year"]["frames"] == {"2024": 100}
    own = quotas(people["user"], "weighted", f"persons/{people['user'].id}").json
    assert own[str(task.task_type_id)]["day"]["count"] == own["total"]["day"]["count"] == {"2024-06-10": 0.75}


def test_a_finished_task_counts_whole_on_its_day(quotas, people):
    assert quotas(people["manager"], "feedback").json[str(people["user"].id)]["day"]["count"] == {"2024-06-14": 1}
    assert quotas(people["manager"], "done").json == {}


@pytest.mark.parametrize("who, status, own", [("manager", 200, 200), ("user", 200, 200), ("client", 403, 403), ("outsider", 403, 403)])
def test_who_may_ask(quotas, people, who, status, own):
    assert quotas(people[who], "done").status_code == status
    assert quotas(people[who], "done", f"persons/{people[who].id}").status_code == own
    assert quotas(people["user"], "done", f"persons/{people['supervisor'].id}").status_code == 403


def test_an_unknown_mode_is_refused(quotas, people):
    assert quotas(people["manager"], "most").status_code == 400
