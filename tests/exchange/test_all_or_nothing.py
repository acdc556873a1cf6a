"""A file with a bad line changes nothing, and the answer tells every bad line with its column and why."""

import pytest

from zou.entities.models import Entity
from zou.tasks.models import Task

BAD_FILES = {
    "assets": (
        [
            ["Type", "Name", "Episode", "Done", "Owner", "Ready for", "Modeling", "Modeling assignations"],
            ["Props", "Chair", "E01", "yes", "", "", "", ""],
            ["", "Table", "", "", "", "", "", ""],
            ["Props", "", "", "perhaps", "Nobody", "Nothing", "unknown", "Somebody"],
            ["Shot", "Lamp", "", "", "", "", "", ""],
        ],
        [(3, "Type"), (5, "Type"), *[(4, c) for c in ("Name", "Ready for", "Done", "Owner", "Modeling", "Modeling assignations")]],
    ),
    "shots": (
        [
            ["Episode", "Sequence", "Name", "Nb Frames", "Frame In", "Frame Out", "Animation"],
            ["E01", "S01", "SH01", "10", "", "", ""],
            ["", "S01", "SH02", "ten", "1.5", "x", ""],
            ["E01", "", "", "", "", "", "unknown"],
        ],
        [(3, "Episode"), (3, "Nb Frames"), (3, "Frame In"), (3, "Frame Out"), (4, "Sequence"), (4, "Name"), (4, "Animation")],
    ),
    "edits": (
        [["Name", "Episode", "Cutting", "Done"], ["First", "E01", "", ""], ["", "", "unknown", "maybe"]],
        [(3, "Name"), (3, "Done"), (3, "Cutting")],
    ),
    "casting": (
        [
            ["Episode", "Parent", "Name", "Asset Type", "Asset", "Occurences", "Label"],
            ["E01", "S01", "SH01", "Props", "Chair", "many", ""],
            ["E01", "S01", "SH01", "Props", "Chair", "1", "x" * 81],
        ],
        [(2, "Occurences"), (3, "Label")],
    ),
}  # fmt: skip


def places(answer):
    """(line, column) of what an answer lists."""
    return sorted((error["line"], error["column"]) for error in answer.json["data"]["errors"])


@pytest.mark.parametrize("kind", BAD_FILES)
def test_bad_lines_are_all_told_and_nothing_is_written(send, show, counts, kind):
    rows, wrong = BAD_FILES[kind]
    before = counts()
    answer = send(f"/import/csv/projects/{show.project.id}/{kind}", rows)
    assert answer.status_code == 400
    assert places(answer) == sorted(wrong)
    assert answer.json["line_number"] == min(wrong)[0]
    assert answer.json["imported_rows"] == 0
    assert answer.json["message"].startswith(answer.json["data"]["errors"][0]["message"])
    assert all(error["message"] for error in answer.json["data"]["errors"])
    assert counts() == before


def test_one_bad_line_is_told_in_the_keys_of_the_contract(send, show, counts):
    before = counts()
    rows = [["Type", "Name", "Owner"], ["Props", "Chair", ""], ["Props", "Table", "Nobody"]]
    answer = send(f"/import/csv/projects/{show.project.id}/assets", rows)
    assert answer.status_code == 400
    message = "Person not found for Nobody (column Owner)"
    assert answer.json == {"error": True, "message": message, "line_number": 3, "imported_rows": 0}
    assert counts() == before


def test_bad_persons_are_all_told_and_nothing_is_written(send, counts, show):
    before = counts()
    rows = [
        ["First Name", "Last Name", "Email", "Role", "Country", "Daily Salary", "Active", "Studio", "Departments", "Phone"],
        ["Ada", "Lovelace", "ada@studio.example.com", "", "", "", "", "", "", ""],
        ["Alan", "Turing", "no address", "king", "FRA", "a lot", "perhaps", "South", "Layout,Magic", "1" * 31],
    ]
    answer = send("/import/csv/persons", rows, who="admin")
    assert answer.status_code == 400
    columns = ("Email", "Role", "Country", "Daily Salary", "Active", "Studio", "Departments", "Phone")
    assert places(answer) == sorted((3, column) for column in columns)
    assert counts() == before


def test_bad_estimations_change_no_task(send, show, make, tx):
    asset = make(Entity, name="Chair", project_id=show.project.id, entity_type_id=show.props.id)
    make(Entity, name="Table", project_id=show.project.id, entity_type_id=show.props.id)
    task = make(Task, project_id=show.project.id, entity_id=asset.id, task_type_id=show.types["Asset"].id, task_status_id=show.todo.id)
    rows = [
        ["Parent", "Entity", "Estimation", "Drawings", "Start date", "Due date", "Difficulty"],
        ["Props", "Chair", "2", "", "", "", ""],
        ["Props", "Chair", "nan", "x", "31/12/2026", "soon", "9"],
    ]
    path = f"/import/csv/projects/{show.project.id}/task-types/{show.types['Asset'].id}/estimations"
    answer = send(path, rows)
    assert answer.status_code == 400
    assert places(answer) == sorted((3, column) for column in rows[0][2:])
    answer = send(path, [*rows[:2], ["Props", "Table", "", "", "", "", ""], ["Props", "Stool", "", "", "", "", ""]])
    assert [(error["line"], error["message"]) for error in answer.json["data"]["errors"]] == [
        (3, f"Entity 'Table' with parent 'Props' has no task {show.types['Asset'].name}"),
        (4, "Entity 'Stool' with parent 'Props' not found"),
    ]
    tx.refresh(task)
    assert task.estimation == 0


def test_a_missing_column_is_told_once(send, show):
    answer = send(f"/import/csv/projects/{show.project.id}/shots", [["Description", "FPS"], ["a", "25"], ["b", "25"]])
    assert answer.status_code == 400
    assert answer.json["message"] == "A columns is missing: 'Episode', 'Sequence', 'Name'"
    assert answer.json["line_number"] == 2


def test_lines_are_counted_as_in_the_file(send, show):
    text = 'Type,Name\r\n\r\nProps,"two\r\nlines"\r\n , \r\n,Chair\r\n'
    answer = send(f"/import/csv/projects/{show.project.id}/assets", text)
    assert answer.json["line_number"] == 6
