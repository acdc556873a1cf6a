"""Who may import: judged before the file is read."""

import pytest

from tests.making import join_team
from zou.exchange.resources import trackers
from zou.people.models import Department, Person, department_link
from zou.planning.models import Milestone
from zou.productions.models import Project

ROLES = ("admin", "manager", "supervisor", "user", "client", "vendor", "outsider")
OF_PRODUCTIONS = (*[f"csv/projects/{{p}}/{kind}" for kind in ("assets", "shots", "edits", "casting")], "otio/projects/{p}")


@pytest.mark.parametrize("who", ROLES)
def test_managers_import_into_their_productions(send, show, counts, who):
    before = counts()
    for path in OF_PRODUCTIONS:
        answer = send(f"/import/{path.format(p=show.project.id)}", b"\xff no text", who=who)
        assert answer.status_code == (400 if who in ("admin", "manager") else 403), path
    assert counts() == before


@pytest.mark.parametrize("who", ROLES)
def test_supervisors_import_estimations(send, show, who):
    path = f"/import/csv/projects/{show.project.id}/task-types/{show.types['Asset'].id}/estimations"
    for route in (path, path.replace("/task-types", f"/episodes/{show.project.id}/task-types")):
        assert send(route, b"\xff", who=who).status_code == (400 if who in ("admin", "manager", "supervisor") else 403)


def test_a_supervisor_of_another_department_imports_no_estimations(send, show, people, make, tx):
    show.types["Asset"].department_id = show.department.id
    tx.commit()
    path = f"/import/csv/projects/{show.project.id}/task-types/{show.types['Asset'].id}/estimations"
    other = show.types["Shot"].id
    assert send(path, b"\xff", who="supervisor").status_code == 400
    tx.execute(department_link.insert().values(person_id=people["supervisor"].id, department_id=make(Department).id))
    tx.commit()
    assert send(path, b"\xff", who="supervisor").status_code == 403
    assert send(path.replace(str(show.types["Asset"].id), str(other)), b"\xff", who="supervisor").status_code == 403


@pytest.mark.parametrize("who", ROLES)
def test_administrators_import_persons_and_from_shotgun(send, api, people, show, counts, who):
    allowed, before = who == "admin", counts()
    assert send("/import/csv/persons", b"\xff", who=who).status_code == (400 if allowed else 403)
    for name in trackers.SHOTGUN:
        assert api(people[who], "post", f"/import/shotgun/{name}", json=[]).status_code == (200 if allowed else 403)
    for name in trackers.REMOVED:
        assert api(people[who], "post", f"/import/shotgun/remove/{name}", json={"id": 999}).status_code == (200 if allowed else 403)
    assert api(people[who], "get", "/import/shotgun/errors").status_code == (200 if allowed else 403)
    assert api(people[who], "post", "/import/shotgun/errors", json={}).status_code == (201 if allowed else 403)
    assert counts() == before


@pytest.mark.parametrize("who", ROLES)
def test_rows_of_another_kitsu_are_taken_from_administrators_only(api, people, show, tx, who):
    row = {"id": str(show.artist.id), "project_id": str(show.project.id), "name": "Alpha", "date": "2026-06-01"}
    answer = api(people[who], "post", "/import/kitsu/milestones", json=[row])
    assert (answer.status_code, len(answer.json)) == (200, int(who == "admin"))
    assert (tx.get(Milestone, show.artist.id) is not None) == (who == "admin")


def test_a_manager_of_another_production_imports_nothing(send, show, people, make, tx):
    other = make(Project, project_status_id=show.project.project_status_id)
    people["stranger"] = make(Person, role="manager")
    join_team(tx, other, people["stranger"])
    for path in OF_PRODUCTIONS:
        assert send(f"/import/{path.format(p=show.project.id)}", b"\xff", who="stranger").status_code == 403
        assert send(f"/import/{path.format(p=other.id)}", b"\xff", who="stranger").status_code == 400


def test_nobody_imports_without_a_token(client, show):
    for path in ("/import/csv/persons", f"/import/csv/projects/{show.project.id}/assets", "/import/kitsu/tasks", "/import/shotgun/tasks"):
        assert client.post(path).status_code == 401


def test_an_unknown_production_is_told(send, show):
    for path in OF_PRODUCTIONS:
        assert send(f"/import/{path.format(p=show.artist.id)}", b"x", who="admin").status_code == 404
