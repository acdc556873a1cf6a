"""Tasks of open productions: who sees which, numbers, progress. Rules: contract/rules/tasks.md §5.5."""

import datetime

import pytest
import sqlalchemy as sa

from tests.making import join_team, open_status
from zou.people.models import Studio
from zou.productions.models import Project, ProjectPersonLink, ProjectStatus
from zou.tasks.models import Task, TaskStatus, TaskType

PATH = "/data/tasks/open-tasks"


def day(number):
    return datetime.datetime(2024, 3, number)


@pytest.fixture
def done(make):
    return make(TaskStatus, name="Done", short_name="done", is_done=True)


@pytest.fixture
def tasks(tx, make, project, asset, task, done, people):
    """`task`, of the artist, and a finished one of the vendor."""
    rigging = make(TaskType, name="Rigging", for_entity="Asset", priority=7)
    ids = {"project_id": project.id, "entity_id": asset.id, "task_type_id": rigging.id, "task_status_id": done.id}
    finished = make(Task, **ids, estimation=60, duration=30, start_date=day(4), due_date=day(8), done_date=day(2))
    task.assignees, finished.assignees = [people["user"]], [people["vendor"]]
    tx.commit()
    return task, finished


def names(answer):
    assert answer.status_code == 200, answer.text
    return [row["type_name"] for row in answer.json["data"]]


@pytest.mark.parametrize("role", ["admin", "manager", "supervisor", "user"])
def test_the_team_sees_all_in_the_order_of_names(api, people, tasks, role):
    answer = api(people[role], "get", PATH)
    assert names(answer) == ["Modeling", "Rigging"]
    assert answer.json["stats"]["total"] == 2
    assert (answer.json["stats"]["total_duration"], answer.json["stats"]["total_estimation"]) == (30, 540)
    assert {(s["task_status_id"], s["amount"]) for s in answer.json["stats"]["status"]} == {(str(t.task_status_id), 1) for t in tasks}
    assert (answer.json["page"], answer.json["limit"], answer.json["is_more"]) == (1, 100, False)


def test_outsiders_see_none_and_a_named_production_is_refused_to_them(api, people, tasks, project):
    assert api(people["outsider"], "get", PATH).json["data"] == []
    assert api(people["outsider"], "get", f"{PATH}/stats").json == {}
    assert api(people["outsider"], "get", f"{PATH}?project_id={project.id}").status_code == 403
    assert api(people["outsider"], "get", f"{PATH}/burndown?project_id={project.id}").status_code == 403


@pytest.mark.parametrize("place", ["", "?project_id={}"])
def test_a_vendor_sees_and_counts_what_is_assigned_to_them(api, people, tasks, project, place):
    answer = api(people["vendor"], "get", PATH + place.format(project.id))
    assert names(answer) == ["Rigging"]
    assert answer.json["stats"]["total"] == 1


def test_a_client_reads_no_dates_efforts_and_assignees(api, tx, people, tasks, project):
    link = tx.scalars(sa.select(ProjectPersonLink).where(ProjectPersonLink.person_id == people["supervisor"].id)).one()
    link.role = "client"
    tx.commit()
    for person in (people["client"], people["supervisor"]):
        answer = api(person, "get", PATH)
        row = answer.json["data"][1]
        assert (row["estimation"], row["start_date"], row["assignees"], row["priority"]) == (0, None, [], 0)
        assert answer.json["stats"]["total_estimation"] == 0
        assert names(api(person, "get", f"{PATH}?start_date=2024-03-01")) == []
        assert api(person, "get", f"{PATH}/burndown").json["done_by_day"] == []
        assert api(person, "get", f"{PATH}/stats").json[str(project.id)]["total_duration"] == 0


def test_closed_productions_are_listed_only_by_name(api, tx, make, people, tasks, project):
    project.project_status_id = make(ProjectStatus, name="Closed").id
    tx.commit()
    assert names(api(people["manager"], "get", PATH)) == []
    assert len(names(api(people["manager"], "get", f"{PATH}?project_id={project.id}"))) == 2


def test_filters(api, make, tx, people, tasks, done):
    people["user"].studio_id = make(Studio, name="North").id
    tx.commit()
    cases = {
        f"task_status_id={done.id}": ["Rigging"],
        f"task_type_id={tasks[0].task_type_id}": ["Modeling"],
        f"person_id={people['vendor'].id},{people['user'].id}": ["Modeling", "Rigging"],
        "person_id=unassigned": [],
        f"studio_id={people['user'].studio_id}": ["Modeling"],
        "priority=7": ["Rigging"],
        "start_date=2024-03-04": ["Rigging"],
        "due_date=2024-03-07T10:00:00": [],
    }
    assert {query: names(api(people["manager"], "get", f"{PATH}?{query}")) for query in cases} == cases


@pytest.mark.parametrize("query", ["project_id=", "person_id=a,b", "start_date=March", "priority=high", "limit=many", "studio_id=1"])
def test_odd_filters_are_refused(api, people, tasks, query):
    for path in (PATH, f"{PATH}/burndown"):
        if not (query.startswith("limit") and path.endswith("burndown")):
            assert api(people["manager"], "get", f"{path}?{query}").status_code == 400


def test_pages_do_not_repeat_and_totals_stay(api, people, tasks):
    pages = [api(people["manager"], "get", f"{PATH}?limit=1&page={page}").json for page in (0, 1, 2, 3)]
    assert [[row["type_name"] for row in page["data"]] for page in pages] == [["Modeling"], ["Modeling"], ["Rigging"], []]
    assert [page["is_more"] for page in pages] == [True, True, False, False]
    assert {page["stats"]["total"] for page in pages} == {2}
    assert api(people["manager"], "get", f"{PATH}?limit=-5&page={10**30}").json["data"] == []


def test_statistics_by_type_and_status(api, people, tasks, project, done):
    found = api(people["manager"], "get", f"{PATH}/stats").json[str(project.id)]
    assert (found["amount"], found["amount_done"], found["total_estimation"]) == (2, 1, 540)
    cell = next(cell for cell in found["task_types"] if cell["task_status_id"] == str(done.id))
    assert (cell["amount_done"], cell["total_duration"], cell["task_type_id"]) == (1, 30, str(tasks[1].task_type_id))


def test_the_burndown_folds_early_days_onto_the_first(api, tx, make, people, tasks, project):
    found = api(people["manager"], "get", f"{PATH}/burndown").json
    assert found == {
        "total": 2, "total_estimation": 540, "start_date": "2024-03-04", "end_date": "2024-03-08",
        "done_by_day": [{"date": "2024-03-04", "done": 1, "done_estimation": 60}],
    }  # fmt: skip
    tasks[1].start_date = tasks[1].due_date = None
    project.start_date, project.end_date = datetime.date(2024, 4, 1), None
    tx.commit()
    found = api(people["manager"], "get", f"{PATH}/burndown").json
    assert (found["start_date"], found["end_date"], found["done_by_day"][0]["date"]) == ("2024-04-01", "2024-04-01", "2024-04-01")


def test_a_long_list_takes_as_many_statements_as_a_short_one(api, tx, make, people, tasks, project, asset, done, statements):
    with statements() as few:
        api(people["manager"], "get", PATH)
    other = make(Project, project_status_id=open_status(tx).id)
    join_team(tx, other, people["manager"])
    for number in range(20):
        ids = {"project_id": other.id, "entity_id": asset.id, "task_status_id": done.id}
        make(Task, **ids, name=f"task {number}", task_type_id=tasks[0].task_type_id)
    tx.commit()
    with statements() as many:
        assert len(api(people["manager"], "get", PATH).json["data"]) == 22
    assert len(many) == len(few)
