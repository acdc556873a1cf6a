"""What docs/api.md says of imports is so."""

import re
from pathlib import Path

from zou.exchange.services.assets import AssetSheet
from zou.exchange.services.shots import EditSheet

GUIDE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()


def columns(kind):
    """The columns that the guide requires of a kind of files."""
    line = next(line for line in GUIDE.splitlines() if line.startswith(f"| {kind} |"))
    return tuple(re.findall(r"`([^`]+)`\*", line))


def test_required_columns_are_those_of_the_guide(send, show):
    assert columns("assets") == AssetSheet.required
    assert columns("edits") == EditSheet.required
    for kind, path, who in (("shots", "shots", "manager"), ("castings", "casting", "manager")):
        answer = send(f"/import/csv/projects/{show.project.id}/{path}", "a;b\nc;d\n", who=who)
        assert set(re.findall(r"'([^']+)'", answer.json["message"])) == set(columns(kind))
    answer = send("/import/csv/persons", "a;b\nc;d\n", who="admin")
    assert set(re.findall(r"'([^']+)'", answer.json["message"])) == set(columns("persons"))


def test_the_answer_of_the_guide_is_what_comes(send, show):
    rows = [["Type", "Name", "Modeling"], ["Props", "a", ""], ["Props", "b", "rdy"], *[["Props", n, ""] for n in "cde"], ["Props", "", ""]]
    answer = send(f"/import/csv/projects/{show.project.id}/assets", rows).json
    shown = GUIDE[GUIDE.index('{"error": true') :]
    for error in answer["data"]["errors"]:
        assert f'"line": {error["line"]}, "column": "{error["column"]}"' in shown
        assert error["message"] in shown
    assert answer["message"] in shown
    assert set(answer) == {"error", "message", "line_number", "imported_rows", "data"}
