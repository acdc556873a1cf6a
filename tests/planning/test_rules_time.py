"""Rules of contract/rules/time-and-timesheets.md and schedule-and-budget.md that the recordings do not reach, by paragraph."""

import datetime as dt

import pytest
import sqlalchemy as sa

from tests.making import join_team
from tests.making import make as insert
from zou.entities.models import Entity, EntityType
from zou.people.models import Department, Person, Studio
from zou.planning.models import Budget, BudgetEntry, DayOff, Milestone, ScheduleItem, TimeSpent
from zou.platform.events.models import ApiEvent
from zou.productions.models import Project, ProjectTaskTypeLink
from zou.tasks.models import Task, TaskType

NOBODY = "01a47552-81f3-47b8-84ca-e8acf63af886"


@pytest.fixture
def task(make, project, people, tx):
    """A task of the artist on a shot."""
    of = {"project_id": project.id}
    sequence = make(Entity, name="SQ", entity_type_id=make(EntityType, name="Sequence").id, **of)
    shot = make(Entity, name="SH", entity_type_id=make(EntityType, name="Shot").id, parent_id=sequence.id, **of)
    kind = make(TaskType, for_entity="Shot", department_id=make(Department).id)
    return make(Task, entity_id=shot.id, task_type_id=kind.id, assignees=[people["user"]], **of)


def names(tx):
    tx.expire_all()
    return tx.scalars(sa.select(ApiEvent.name).order_by(ApiEvent.created_at)).all()


# --- §1 writing hours --------------------------------------------------------------------------------------------------------------


def test_hours_of_an_assignee(api, people, task, make, tx):
    """§1: the order of the refusals, one row a day, and what is told."""
    me, base = people["user"], f"/actions/tasks/{task.id}/time-spents"
    bot = make(Person, is_bot=True)
    for path, body, who, status in (
        (f"/actions/tasks/{NOBODY}/time-spents/x/persons/{NOBODY}", {}, "user", 404), (f"{base}/x/persons/{NOBODY}", {}, "user", 404),
        (f"{base}/x/persons/{bot.id}", {}, "user", 403), (f"{base}/x/persons/{people['manager'].id}", {}, "user", 400),
        (f"{base}/x/persons/{people['manager'].id}", {"duration": 1}, "admin", 403),
        (f"{base}/x/persons/{me.id}", {"duration": 1}, "user", 400), (f"{base}/2026-02-30/persons/{me.id}", {"duration": 1}, "user", 400),
        (f"{base}/2026-03-02/persons/{me.id}", {"duration": 0}, "user", 400),
        (f"{base}/2026-03-02/persons/{me.id}", {"duration": -1}, "user", 400),
        (f"{base}/2026-03-02/persons/{me.id}", {"duration": 1}, "supervisor", 403),
    ):  # fmt: skip
        assert api(people[who], "post", path, json=body).status_code == status, (path, body)
    day = f"{base}/2026-03-02/persons/{me.id}"
    other_day = f"{base}/2026-03-03/persons/{me.id}/add"
    logged = ((me, day, 60), (people["manager"], day, 30), (people["admin"], f"{day}/add", 15.5), (me, other_day, 10))
    made = [api(who, "post", path, json={"duration": minutes}) for who, path, minutes in logged]
    assert [(answer.status_code, answer.json["duration"]) for answer in made] == [(201, 60), (201, 30), (201, 45.5), (201, 10)]
    assert len({answer.json["id"] for answer in made[:3]}) == 1
    first, again = ["person:update", "time-spent:new", "task:update"], ["time-spent:update", "task:update"]
    assert names(tx) == [*first, *again, *again, *first]
    assert (tx.get(Task, task.id).duration, str(tx.get(Person, me.id).last_presence)) == (55.5, "2026-03-03")
    totals = api(people["vendor"], "get", base)
    assert totals.status_code == 403
    found = api(me, "get", base).json
    assert (found["total"], len(found[str(me.id)])) == (55.5, 2)
    assert api(me, "get", f"{base}/2026-03-03").json["total"] == 10
    gone = api(me, "delete", day)
    assert (gone.status_code, gone.json["duration"], gone.json["id"]) == (201, 0, made[0].json["id"])
    assert api(me, "delete", day).status_code == 404
    assert names(tx)[-2:] == ["time-spent:delete", "task:update"]


# --- §2, §3 reading hours ----------------------------------------------------------------------------------------------------------


def test_hours_of_a_person(api, people, task, make, tx):
    """§2: whole for oneself and administrators; managers and supervisors as far as they direct; others not at all; bots have none."""
    me = people["user"]
    far = insert(tx, Project)
    other = make(Task, project_id=far.id, entity_id=task.entity_id, task_type_id=task.task_type_id)
    for row, day in ((task, dt.date(2026, 3, 2)), (task, dt.date(2026, 3, 31)), (other, dt.date(2026, 3, 2))):
        make(TimeSpent, task_id=row.id, person_id=me.id, date=day)
    base = f"/data/persons/{me.id}/time-spents"
    for who, count in (("user", 2), ("admin", 2), ("manager", 1), ("supervisor", 1)):
        assert len(api(people[who], "get", f"{base}/2026-03-02").json) == count, who
        month = api(people[who], "get", f"{base}/month/2026/3").json
        assert [row["duration"] for row in sorted(month, key=lambda row: row["duration"])] == ([60, 120] if count == 2 else [120])
    assert [api(people[who], "get", f"{base}/2026-03-02").status_code for who in ("client", "vendor", "outsider")] == [403] * 3
    row = api(people["manager"], "get", f"{base}/week/2026/10").json[0]
    assert row == {
        "task_id": str(task.id), "task_type_id": str(task.task_type_id), "project_id": str(task.project_id), "entity_name": "SH",
        "project_name": row["project_name"], "entity_type_name": "Shot", "sequence_name": "SQ", "episode_name": None, "duration": 60,
    }  # fmt: skip
    for path, status in (
        ("year/2026", 200), ("day/2026/3/2", 200), ("month/2026/13", 400), ("week/2026/54", 400), ("day/2026/2/30", 400), ("year/x", 400),
        ("2026-3", 400), ("month/all/2026/3", 403), (f"year/2026?project_id={far.id}", 403),
        (f"year/2026?project_id={task.project_id}", 200),
    ):  # fmt: skip
        assert api(people["manager"], "get", f"{base}/{path}").status_code == status, path
    assert len(api(me, "get", f"{base}/month/all/2026/3").json) == 3
    assert len(api(me, "get", f"{base}?start_date=2026-03-01&end_date=2026-03-02").json) == 2
    for query in ("start_date=2026-03-01", "end_date=2026-03-01", "start_date=x&end_date=y"):
        assert api(me, "get", f"{base}?{query}").status_code == 400
    bot = make(Person, is_bot=True)
    assert api(people["admin"], "get", f"/data/persons/{bot.id}/time-spents/2026-03-02").status_code == 403


def test_tables_of_hours(api, people, task, make, tx):
    """§3: units without padding, scoped by role, narrowed by production, department and studio."""
    me, studio = people["user"], make(Studio)
    tx.execute(sa.update(Person).where(Person.id == me.id).values(studio_id=studio.id))
    tx.commit()
    for person, day in ((me, dt.date(2026, 3, 2)), (people["manager"], dt.date(2026, 3, 2)), (me, dt.date(2025, 12, 5))):
        make(TimeSpent, task_id=task.id, person_id=person.id, date=day)
    base, admin = "/data/persons/time-spents", people["admin"]
    assert set(api(admin, "get", f"{base}/year-table").json) == {"2025", "2026"}
    assert api(admin, "get", f"{base}/month-table/2025").json == {"12": {str(me.id): 60}}
    assert set(api(admin, "get", f"{base}/week-table/2026").json) == {"10"}
    assert set(api(admin, "get", f"{base}/day-table/2026/3").json["2"]) == {str(me.id), str(people["manager"].id)}
    assert api(admin, "get", f"{base}/day-table/2026/3?studio_id={studio.id}").json == {"2": {str(me.id): 60}}
    assert api(admin, "get", f"{base}/day-table/2026/3?department_id={NOBODY}").json == {}
    for who, persons in (("manager", 2), ("supervisor", 2), ("user", 1), ("client", 0)):
        assert len(api(people[who], "get", f"{base}/day-table/2026/3").json.get("2", {})) == persons, who
    assert [api(admin, "get", f"{base}/{path}").status_code for path in ("day-table/2026/13", "day-table/2026/0", "month-table/x")] == [
        400
    ] * 3
    far = insert(tx, Project)
    assert api(people["manager"], "get", f"{base}/year-table?project_id={far.id}").status_code == 403
    lead = people["supervisor"]
    lead.departments = [make(Department)]
    tx.commit()
    assert api(lead, "get", f"{base}/year-table").json == {}
    assert api(lead, "get", f"{base}/year-table?department_id={NOBODY}").status_code == 400


# --- §4 days off -------------------------------------------------------------------------------------------------------------------


def test_days_off(api, people, project, make, tx):
    """§4: never two on a day, from the first to the last one; who reads which and why."""
    me, path = people["user"], "/data/day-offs"
    base = {"person_id": str(me.id), "date": "2026-03-04", "end_date": "2026-03-06", "description": "rest"}
    made = api(me, "post", path, json=base)
    assert made.status_code == 201
    for first, last, status in (
        ("04", "04", 400),
        ("06", "09", 400),
        ("01", "04", 400),
        ("01", "03", 201),
        ("07", "07", 201),
        ("12", "11", 400),
    ):
        body = {**base, "date": f"2026-03-{first}", "end_date": f"2026-03-{last}"}
        assert api(me, "post", path, json=body).status_code == status, (first, last)
    for key in ("person_id", "date", "end_date"):
        assert api(people["admin"], "post", path, json={k: v for k, v in base.items() if k != key}).status_code == 400
    assert api(people["manager"], "post", path, json=base).status_code == 403
    assert api(me, "put", f"{path}/{made.json['id']}", json={"description": "x"}).status_code == 200
    own = f"/data/persons/{me.id}/day-offs"
    assert api(me, "get", f"{own}/2026-03-05").json["description"] == "x"
    assert (api(me, "get", f"{own}/2026-03-30").json, api(me, "get", f"{own}/x").status_code) == ({}, 400)
    for period, count in (
        ("week/2026/10", 3),
        ("week/2026/9", 1),
        ("week/2026/11", 0),
        ("month/2026/3", 3),
        ("month/2026/4", 0),
        ("year/2026", 3),
    ):
        assert len(api(me, "get", f"{own}/{period}").json) == count, period
    shown = {who: api(people[who], "get", own) for who in ("manager", "supervisor", "vendor", "client")}
    assert [shown[who].status_code for who in shown] == [200, 200, 403, 403]
    assert ["description" in shown[who].json[0] for who in ("manager", "supervisor")] == [True, False]
    for who, count in (("admin", 3), ("manager", 3), ("supervisor", 3), ("user", 3), ("client", 0)):
        assert len(api(people[who], "get", "/data/persons/day-offs/2026/3").json) == count, who
    team = f"/data/projects/{project.id}/day-offs"
    for who, query, count in (
        ("manager", "", 3),
        ("outsider", "", None),
        ("client", "", None),
        ("vendor", "", None),
        ("supervisor", "?start_date=2026-03-07", 1),
    ):
        answer = api(people[who], "get", f"{team}{query}")
        assert answer.status_code == (403 if count is None else 200)
        assert count is None or len(answer.json[str(me.id)]) == count
    assert "description" not in api(people["supervisor"], "get", team).json[str(me.id)][0]
    assert "description" in api(me, "get", team).json[str(me.id)][0]
    assert api(people["manager"], "get", f"{team}?start_date=x").status_code == 400
    assert tx.scalar(sa.select(sa.func.count()).select_from(DayOff)) == 3


# --- schedule and budgets ----------------------------------------------------------------------------------------------------------


def test_bars_of_a_schedule(api, people, project, task, make, tx):
    """schedule-and-budget.md §2: which lines are expected, made once from today to tomorrow, and which are left out."""
    kind, unused = task.task_type_id, make(TaskType, for_entity="Shot")
    make(Task, project_id=project.id, entity_id=task.entity_id, task_type_id=make(TaskType, for_entity="Concept").id)
    make(ScheduleItem, project_id=project.id, task_type_id=unused.id)
    path, reader = f"/data/projects/{project.id}/schedule-items", people["user"]
    rows = [api(reader, "get", f"{path}/task-types").json for _ in range(2)]
    assert [row["task_type_id"] for row in rows[0]] == [str(kind)] and rows[0] == rows[1]
    assert rows[0][0].keys() == {"id", "start_date", "end_date", "man_days", "project_id", "task_type_id", "object_id"}
    start = dt.date.fromisoformat(rows[0][0]["start_date"])
    assert dt.date.fromisoformat(rows[0][0]["end_date"]) - start == dt.timedelta(days=1)
    assert [row["name"] for row in api(reader, "get", f"{path}/{kind}/sequences").json] == ["SQ"]
    assert [row["name"] for row in api(reader, "get", f"{path}/{kind}/sequences?episode_id=").json] == ["SQ"]
    for name in ("asset-types", "episodes", "edits"):
        assert api(reader, "get", f"{path}/{kind}/{name}?episode_id={NOBODY}").json == []
        assert api(reader, "get", f"{path}/{kind}/{name}?episode_id=x").status_code == 400
        assert api(reader, "get", f"{path}/x/{name}").status_code == 400
    assert names(tx) == ["schedule-item:new"] * 2
    make(ProjectTaskTypeLink, project_id=project.id, task_type_id=unused.id)
    assert api(reader, "get", f"{path}/task-types").json == []
    assert len(api(reader, "get", path).json) == 3
    assert [api(people[who], "get", path).status_code for who in ("client", "vendor", "outsider")] == [403] * 3


def test_milestones(api, people, project, make, tx):
    """schedule-and-budget.md §1: without `type`, for the team but its clients; the production never changes."""
    make(Milestone, project_id=project.id)
    rows = api(people["user"], "get", f"/data/projects/{project.id}/milestones").json
    assert [set(row) for row in rows] == [{"id", "date", "name", "project_id", "task_type_id"}]
    assert api(people["client"], "get", f"/data/projects/{project.id}/milestones").status_code == 403
    path = f"/data/milestones/{rows[0]['id']}"
    changed = api(people["manager"], "put", path, json={"project_id": NOBODY, "name": "m" * 40}).json
    assert (changed["project_id"], changed["name"]) == (str(project.id), "m" * 40)
    assert api(people["manager"], "put", path, json={"name": "m" * 41}).status_code == 400
    assert api(people["manager"], "delete", path).status_code == 204
    assert names(tx) == ["milestone:update", "milestone:delete"]


def test_budgets(api, people, project, make, tx):
    """schedule-and-budget.md §4: what is required, kept and reset, and which events go out."""
    boss, base = people["manager"], f"/data/projects/{project.id}/budgets"
    made = [
        api(boss, "post", base, json=body)
        for body in ({"name": "a"}, {"name": "b", "currency": "EUR"}, {"name": ""}, {}, {"name": "c", "currency": "EURO"})
    ]
    assert [answer.status_code for answer in made] == [200, 200, 400, 400, 400]
    assert [(answer.json["revision"], answer.json["currency"]) for answer in made[:2]] == [(1, "USD"), (2, "EUR")]
    assert [set(row) for row in api(boss, "get", base).json] == [{"id", "project_id", "revision", "name", "currency"}] * 2
    path = f"{base}/{made[0].json['id']}"
    assert api(boss, "put", path, json={"name": None, "currency": "CHF"}).json["name"] == "a"
    entries, craft = f"{path}/entries", make(Department)
    whole = {"department_id": str(craft.id), "start_date": "2026-01-01", "months_duration": 2, "daily_salary": 10}
    entry = api(boss, "post", entries, json=whole).json
    assert entry["exceptions"] == {}
    for key in whole:
        assert api(boss, "post", entries, json={k: v for k, v in whole.items() if k != key}).status_code == 400, key
    sent = {"2026-01": 5.9, "2026-02": None, "2026-03": 0, "2026-04": -1, "2026-05": 7}
    changed = api(boss, "put", f"{entries}/{entry['id']}", json={**whole, "exceptions": sent, "position": "lead"}).json
    assert (changed["exceptions"], changed["position"], changed["seniority"]) == ({"2026-01": 5, "2026-05": 7}, "lead", None)
    assert api(boss, "put", f"{entries}/{entry['id']}", json={**whole, "exceptions": None}).json["exceptions"] == {}
    assert api(boss, "put", f"{entries}/{entry['id']}", json={**whole, "position": "king"}).status_code == 400
    for url in (base, path, entries, f"{entries}/{entry['id']}"):
        assert api(people["supervisor"], "get", url).status_code == 403
        assert api(boss, "get", url.replace(str(project.id), "x")).status_code == 400
    assert [api(boss, "delete", f"{entries}/{id}").status_code for id in (entry["id"], entry["id"], "x")] == [204, 404, 400]
    assert api(boss, "delete", path).status_code == 204
    assert [tx.scalar(sa.select(sa.func.count()).select_from(model)) for model in (Budget, BudgetEntry)] == [1, 0]
    told = ["budget:create", "budget:create", "budget:update", "budget-entry:create", "budget-entry:update", "budget-entry:update"]
    assert names(tx) == [*told, "budget-entry:delete", "budget:delete"]
    assert api(boss, "get", f"{base}/time-spents").status_code == 403
    join_team(tx, insert(tx, Project), boss)
