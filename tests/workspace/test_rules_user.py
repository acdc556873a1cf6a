"""Rules of contract/rules/user.md that the recordings do not reach, by paragraph."""

import datetime

import sqlalchemy as sa

from tests.making import join_team, open_status
from tests.making import make as insert
from zou.entities.models import Entity, EntityType
from zou.inbox.models import Notification
from zou.people.models import Department, DesktopLoginLog, Person
from zou.planning.models import DayOff, TimeSpent
from zou.productions.models import Project, ProjectPersonLink, ProjectStatus
from zou.tasks.models import Task, TaskStatus, TaskType
from zou.workspace.models import SearchFilter, SearchFilterGroup

NOBODY = "01a47552-81f3-47b8-84ca-e8acf63af886"


def work(make, project, kind, person, name="x", **columns):
    """An entity with a task of a person."""
    tx = make.args[0]
    type_ = tx.scalar(sa.select(EntityType).where(EntityType.name == kind)) or make(EntityType, name=kind)
    entity = make(Entity, name=name, project_id=project.id, entity_type_id=type_.id, **columns)
    status = tx.scalar(sa.select(TaskStatus).limit(1)) or make(TaskStatus, is_feedback_request=True)
    kind_of_task = make(TaskType)
    make(Task, project_id=project.id, entity_id=entity.id, task_type_id=kind_of_task.id, task_status_id=status.id, assignees=[person])
    return entity


def test_the_context(api, people, project, make, tx):
    """§2: what each role reads after login."""
    closed = make(Project, project_status_id=make(ProjectStatus, name="Closed").id)
    join_team(tx, closed, people["user"], role="manager")
    make(Person, is_guest=True)
    make(Notification, type="comment", person_id=people["user"].id, author_id=people["admin"].id)
    make(EntityType, name="Old", archived=True)
    found = {who: api(people[who], "get", "/data/user/context").json for who in ("admin", "manager", "user", "client")}
    assert found["user"]["project_roles"] == {str(closed.id): "manager"}
    assert [row["id"] for row in found["user"]["projects"]] == [str(project.id)]
    assert [row["name"] for row in found["user"]["asset_types"]] == ["Old"] and found["user"]["asset_types"][0]["task_types"] == []
    assert (found["user"]["notification_count"], found["admin"]["notification_count"]) == (1, 0)
    assert [who for who in found if "user_limit" in found[who]] == ["admin"]
    everybody = tx.scalar(sa.select(sa.func.count()).select_from(Person).where(Person.is_guest.is_not(True)))
    assert [len(found[who]["persons"]) for who in ("admin", "manager", "user")] == [everybody] * 3
    assert ["email" in found[who]["persons"][0] for who in found] == [True, True, False, False]
    assert found["user"]["persons"][0]["departments"] == [] and "departments" not in found["client"]["persons"][0]
    mates = [row["full_name"] for row in found["client"]["persons"]]
    assert mates == sorted(mates) and len(mates) == 6


def test_what_is_assigned(api, people, project, make, tx):
    """§4: only what is assigned to the caller in open productions; unknown things are 404, others' teams just empty."""
    me, base = people["user"], f"/data/user/projects/{project.id}"
    tx_kind = {name: make(EntityType, name=name) for name in ("Episode", "Sequence", "Shot", "Scene", "Props")}
    episode = make(Entity, name="E", project_id=project.id, entity_type_id=tx_kind["Episode"].id)
    sequence = make(Entity, name="S", project_id=project.id, entity_type_id=tx_kind["Sequence"].id, parent_id=episode.id)
    shot = work(make, project, "Shot", me, parent_id=sequence.id, canceled=True)
    scene = work(make, project, "Scene", me, parent_id=sequence.id)
    asset = work(make, project, "Props", me)
    work(make, project, "Sequence", me, name="own task only")
    props = asset.entity_type_id
    for path, expected in (
        (f"{base}/asset-types", [props]), (f"{base}/asset-types/{props}/assets", [asset.id]), (f"{base}/sequences", [sequence.id]),
        (f"{base}/episodes", [episode.id]), (f"/data/user/sequences/{sequence.id}/shots", [shot.id]),
        (f"/data/user/sequences/{sequence.id}/scenes", [scene.id]),
    ):  # fmt: skip
        assert [row["id"] for row in api(me, "get", path).json] == [str(id) for id in expected], path
        assert api(people["outsider"], "get", path).json == []
    for kind, entity in (("assets", asset), ("shots", shot), ("scenes", scene)):
        assert len(api(me, "get", f"/data/user/{kind}/{entity.id}/tasks").json) == 1
        assert len(api(me, "get", f"/data/user/{kind}/{entity.id}/task-types").json) == 1
        assert api(people["manager"], "get", f"/data/user/{kind}/{entity.id}/tasks").json == []
        assert [api(me, "get", f"/data/user/{kind}/{id}/tasks").status_code for id in (NOBODY, episode.id, "x")] == [404, 404, 404]
    assert api(me, "get", f"/data/user/projects/{NOBODY}/sequences").status_code == 404
    assert api(me, "get", f"{base}/asset-types/{tx_kind['Shot'].id}/assets").status_code == 404
    tx.execute(sa.update(Project).values(project_status_id=None))
    tx.commit()
    assert api(me, "get", f"{base}/sequences").json == []


def test_who_checks_what(api, people, project, make, tx):
    """§5: administrators all, managers their own productions, supervisors their departments; the rest nothing, in the same shape."""
    other = make(Project, project_status_id=open_status(tx).id)
    work(make, project, "Props", people["user"])
    work(make, other, "Props", people["vendor"])
    path = "/data/user/tasks-to-check"
    for who, count in (("admin", 2), ("manager", 1), ("supervisor", 1), ("user", 0), ("client", 0), ("vendor", 0)):
        rows = api(people[who], "get", path).json
        assert len(rows) == count and not any("episode_ids" in row for row in rows), who
        page = api(people[who], "get", f"{path}?page=0&limit=0").json
        assert (page["stats"]["total"], page["page"], page["limit"], page["is_more"]) == (count, 1, 1, count > 1)
        values = api(people[who], "get", f"{path}/filter-values").json
        assert set(values) == {"project_ids", "task_type_ids", "task_status_ids", "episode_ids", "person_ids"}
        assert len(values["person_ids"]) == count and values["person_ids"] == sorted(values["person_ids"])
    people["supervisor"].departments = [make(Department)]
    tx.commit()
    assert api(people["supervisor"], "get", path).json == []


def test_what_narrows_and_orders_the_checks(api, people, project, make, tx):
    """§5: each parameter, and the orders, the task's id last."""
    boss = people["manager"]
    for number, name in enumerate(("b", "a", "c")):
        entity = work(make, project, "Props", people["user"], name=name)
        task = tx.scalar(sa.select(Task).where(Task.entity_id == entity.id))
        task.priority, task.estimation = (1, 3, None)[number], (None, 5, 7)[number]
        task.due_date = (datetime.datetime(2026, 3, 2, 15), None, datetime.datetime(2026, 3, 1))[number]
    tx.commit()
    path = "/data/user/tasks-to-check"

    def names(query):
        answer = api(boss, "get", f"{path}?{query}").json
        return "".join(row["entity_name"] for row in (answer["data"] if isinstance(answer, dict) else answer))

    for order, expected in (("priority", "abc"), ("due_date", "cba"), ("estimation", "cab"), ("anything", "abc")):
        assert names(f"order_by={order}") == expected == names(f"order_by={order}&page=1"), order
    assert names("page=1") == "abc" and names("page=2&limit=2") == "c"
    assert names("order_by=priority&due_date_since=2026-03-02") == "b"
    assert names("due_date_until=2026-03-02&order_by=x") == "bc"
    assert (names(f"person_id={NOBODY},{people['user'].id}&order_by=x"), names("person_id=unassigned")) == ("abc", "")
    for query in ("project_id=x", "episode_id=", "person_id=x", "person_id=a,b", "due_date_since=x", "page=x", "limit=x"):
        assert api(boss, "get", f"{path}?{query}").status_code == 400, query


def test_saved_searches(api, people, project, make, tx):
    """§6: sharing needs a production and its manager; searches and folders are shared alike; unknown things are 404."""
    me, boss, path = people["user"], people["manager"], "/data/user/filters"
    base = {"name": "n", "query": "q"}
    row = api(me, "post", path, json={**base, "is_shared": True, "project_id": str(project.id)})
    assert (row.status_code, row.json["is_shared"], row.json["list_type"], row.json["search_query"]) == (201, False, "todo", "q")
    shared = api(boss, "post", path, json={**base, "is_shared": True, "project_id": str(project.id)}).json
    assert (shared["is_shared"], api(boss, "post", path, json={**base, "is_shared": True}).json["is_shared"]) == (True, False)
    group = api(boss, "post", "/data/user/filter-groups", json={"name": "g", "is_shared": True, "project_id": str(project.id)}).json
    assert (group["is_shared"], group["color"]) == (True, "")
    for more, status in (
        ({"name": ""}, 400), ({"query": ""}, 400), ({"search_filter_group_id": NOBODY}, 404), ({"department_id": NOBODY}, 404),
        ({"search_filter_group_id": group["id"]}, 400),
    ):  # fmt: skip
        assert api(boss, "post", path, json={**base, **more}).status_code == status, more
    url = f"{path}/{shared['id']}"
    assert [api(who, "put", url, json={"name": "x"}).status_code for who in (me, people["admin"])] == [404, 200]
    joined = api(boss, "put", url, json={"search_filter_group_id": group["id"], "name": None}).json
    assert (joined["search_filter_group_id"], joined["name"]) == (group["id"], "x")
    assert api(boss, "put", url, json={"is_shared": False}).status_code == 400  # the folder is shared
    assert api(boss, "put", url, json={"search_filter_group_id": None, "is_shared": False}).json["is_shared"] is False
    assert api(boss, "put", url, json={"is_shared": True}).json["is_shared"] is False  # names no production
    assert api(boss, "put", url, json={"is_shared": True, "project_id": str(project.id)}).json["is_shared"] is True
    assert [api(me, verb, url).status_code for verb in ("delete",)] == [404]
    assert api(boss, "delete", url).status_code == 204


def test_folders_of_searches(api, people, project, make, tx):
    """§6: a folder gives its searches what it is, and takes them along; a list type whose folders are hidden is empty."""
    boss, me, craft = people["manager"], people["user"], make(Department)
    group = insert(tx, SearchFilterGroup, name="g", list_type="asset", person_id=boss.id, project_id=project.id, color="", is_shared=False)
    inside = make(
        SearchFilter, name="f", list_type="asset", search_query="q", person_id=me.id, search_filter_group_id=group.id, project_id=project.id
    )
    path = f"/data/user/filter-groups/{group.id}"
    assert [api(who, "get", path).status_code for who in (boss, people["admin"], me)] == [200, 200, 404]
    sent = {"is_shared": True, "project_id": str(project.id), "department_id": str(craft.id), "name": None}
    assert api(boss, "put", path, json=sent).json["name"] == "g"
    tx.refresh(inside)
    assert inside.is_shared is True
    assert api(me, "get", "/data/user/filter-groups").json == {"asset": {}}
    assert list(api(boss, "get", "/data/user/filter-groups").json["asset"]) == [str(project.id)]
    assert list(api(me, "get", "/data/user/filters").json["asset"]) == [str(project.id)]
    tx.execute(sa.update(Project).values(project_status_id=None))
    tx.commit()
    assert api(me, "get", "/data/user/filters").json == {}
    assert [api(who, "delete", path).status_code for who in (me, boss, boss)] == [404, 204, 404]
    assert tx.scalar(sa.select(sa.func.count()).select_from(SearchFilter)) == 0


def test_own_time(api, people, project, make, tx):
    """§9, §10: one's own hours, days off and sessions, by days that the database reads."""
    me = people["user"]
    entity = work(make, project, "Props", me)
    task = tx.scalar(sa.select(Task).where(Task.entity_id == entity.id))
    day = datetime.date(2026, 3, 2)
    make(TimeSpent, task_id=task.id, person_id=me.id, date=day)
    make(TimeSpent, task_id=task.id, person_id=people["manager"].id, date=day)
    make(DayOff, person_id=me.id, date=datetime.date(2026, 3, 4), end_date=datetime.date(2026, 3, 6))
    base = "/data/user/time-spents"
    rows = api(me, "get", f"{base}?start_date=2026-03-02&end_date=2026-03-02").json
    assert [(row["project_id"], row["task_type_id"]) for row in rows] == [(str(project.id), str(task.task_type_id))]
    assert (api(me, "get", base).json, len(api(me, "get", f"{base}/2026-03-02").json)) == ([], 1)
    for path in (f"{base}?start_date=2026-03-02", f"{base}?start_date=x&end_date=y", f"{base}/x", "/data/user/day-offs/x"):
        assert api(me, "get", path).status_code == 400, path
    of_task = f"/data/user/tasks/{task.id}/time-spents"
    assert api(me, "get", f"{of_task}/2026-03-02").json["duration"] == 60
    assert (api(me, "get", f"{of_task}/2026-03-03").json, api(me, "get", f"{of_task}/x").status_code) == (None, 400)
    assert [bool(api(me, "get", f"/data/user/day-offs/2026-03-0{n}").json) for n in (3, 4, 5, 6, 7)] == [False, True, True, True, False]
    logs = "/data/user/desktop-login-logs"
    made = api(me, "post", logs, json={"date": "2026-03-09T10:11:12"})
    assert (made.status_code, made.json["date"]) == (201, "2026-03-09T10:11:12")
    tx.expire_all()
    assert tx.get(Person, me.id).last_presence == datetime.date(2026, 3, 9)
    assert [api(me, "post", logs, json={"date": text}).status_code for text in ("2026-03-01", None, "x", 3)] == [201, 201, 400, 400]
    dates = [row["date"] for row in api(me, "get", logs).json]
    assert dates == sorted(dates, reverse=True) and len(dates) == tx.scalar(sa.select(sa.func.count()).select_from(DesktopLoginLog)) == 3
    assert tx.scalar(sa.select(sa.func.count()).select_from(ProjectPersonLink)) == 6
