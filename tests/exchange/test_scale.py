"""Imports of many lines: the number of statements, and two of the same file at once."""

import io
import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.conftest import token_of
from tests.making import make, open_status
from zou.entities.models import Entity
from zou.people.models import Person
from zou.productions.models import Project, ProjectTaskTypeLink
from zou.tasks.models import TaskStatus, TaskType


def asset_lines(count):
    header = ["Type", "Name", "Episode", "Size", "Owner", "Modeling", "Modeling comment", "Modeling assignations"]
    return [
        header,
        *[["Props", f"Asset {n}", f"E{n % 50}", str(n), "Grace Hopper", "wipx", "go", "Grace Hopper"] for n in range(count)],
    ]


def shot_lines(count):
    header = ["Episode", "Sequence", "Name", "Nb Frames", "FPS", "Size", "Animation", "Animation assignations"]
    return [header, *[[f"E{n % 20}", f"S{n % 200}", f"SH{n}", str(n), "25", "x", "wipx", "Grace Hopper"] for n in range(count)]]


def casting_lines(count):
    header = ["Episode", "Parent", "Name", "Asset Type", "Asset", "Occurences", "Label"]
    return [header, *[[f"E{n % 20}", f"S{n % 200}", f"SH{n}", "Props", f"Asset {n}", "1", "fixed"] for n in range(count)]]


def person_lines(count):
    header = ["First Name", "Last Name", "Email", "Departments", "Active"]
    return [header, *[["Ada", f"L {n}", f"ada{n}@studio.example.com", "Layout", "yes"] for n in range(count)]]


def estimation_lines(count):
    return [["Parent", "Entity", "Estimation", "Start date"], *[["Props", f"Asset {n}", "2", "2026-03-02"] for n in range(count)]]


KINDS = {
    "assets": (asset_lines, 300),
    "shots": (shot_lines, 150),
    "casting": (casting_lines, 150),
    "estimations": (estimation_lines, 150),
    "persons": (person_lines, 150),
}


@pytest.mark.parametrize("update", [False, True])
def test_twice_the_lines_are_no_more_statements(send, show, statements, update):
    for kind, (lines, most) in KINDS.items():
        count = 100 if update else most
        path, who = f"/import/csv/projects/{show.project.id}/{kind}", "manager"
        if kind == "estimations":
            path = path.replace(kind, f"task-types/{show.types['Asset'].id}/{kind}")
        if kind == "persons":
            path, who = "/import/csv/persons", "admin"
        counted = []
        for size in (60, count, 2 * count):  # the first makes episodes and types, which the others find
            with statements() as seen:
                assert send(path, lines(size), who=who, update=update).status_code == 201
            counted.append(len(seen))
        assert counted[2] <= counted[1] + count // 100, (kind, counted)  # pages of a thousand rows, and batches of a hundred changes
        assert counted[2] < 60, (kind, counted)


def test_a_long_file_tells_how_far_it_is(send, show, caplog):
    caplog.set_level("INFO", logger="zou.exchange")
    lines = person_lines(2500)
    lines[2400][2] = "nonsense"  # nothing is written, which is told, and quick
    assert send("/import/csv/persons", lines, who="admin").status_code == 400
    assert [record.getMessage() for record in caplog.records] == [
        "Import: 1000 of 2500 lines are read.",
        "Import: 2000 of 2500 lines are read.",
    ]
    caplog.clear()
    assert send("/import/csv/persons", person_lines(1000), who="admin").status_code == 201
    assert [record.getMessage() for record in caplog.records][-1] == "Import: all 1000 lines are good and are written now."


def test_two_imports_of_one_file_at_once_make_everything_once(own_application):
    app, engine = own_application
    with Session(engine, expire_on_commit=False) as tx:
        project = make(tx, Project, production_type="tvshow", project_status_id=open_status(tx).id)
        boss = make(tx, Person, role="admin", first_name="Grace", last_name="Hopper")
        make(tx, TaskStatus, name="Work", short_name="wipx", is_default=True)
        for kind, name in (("Asset", "Modeling"), ("Shot", "Animation")):
            type_ = make(tx, TaskType, name=name, for_entity=kind)
            make(tx, ProjectTaskTypeLink, project_id=project.id, task_type_id=type_.id)
        token = token_of(app, boss)
    answers = []

    def post(kind, lines, barrier):
        text = "\r\n".join(";".join(row) for row in lines)
        barrier.wait()
        data = {"file": (io.BytesIO(text.encode()), "file.csv")}
        headers = {"Authorization": f"Bearer {token}"}
        answers.append(app.test_client().post(f"/import/csv/projects/{project.id}/{kind}?update=true", data=data, headers=headers))

    for kind, lines in (("assets", asset_lines(150)), ("shots", shot_lines(150)), ("casting", casting_lines(150))):
        barrier = threading.Barrier(3)
        threads = [threading.Thread(target=post, args=(kind, lines, barrier)) for _ in range(3)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
    assert [(answer.status_code, answer.text[:200]) for answer in answers if answer.status_code != 201] == []
    with engine.connect() as connection:
        rows = sa.select(Entity.name, Entity.entity_type_id, Entity.parent_id, sa.func.count()).group_by(
            "name", "entity_type_id", "parent_id"
        )
        assert [row for row in connection.execute(rows) if row[3] > 1] == []
        assert connection.scalar(sa.select(sa.func.count()).select_from(sa.text("task"))) == 300
        assert connection.scalar(sa.select(sa.func.count()).select_from(sa.text("entity_link where data is null"))) == 150
