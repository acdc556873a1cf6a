"""No file is a fault of the server: it is imported, or refused in words."""

import time

import pytest

from zou.entities.models import Entity

PATHS = ("assets", "shots", "edits", "casting", "estimations", "persons", "otio")
HEADERS = {
    "assets": "Type,Name,Description",
    "shots": "Episode,Sequence,Name,Nb Frames",
    "edits": "Name,Episode",
    "casting": "Episode,Parent,Name,Asset Type,Asset,Occurences",
    "estimations": "Parent,Entity,Estimation",
    "persons": "First Name,Last Name,Email",
    "otio": "Name,In",
}
FILES = {
    "empty": b"",
    "blank lines": b"\r\n\r\n \r\n",
    "one word": b"nope",
    "only headers": b"{headers}\r\n",
    "unclosed quote": b'{headers}\r\n"a,b,c\r\nd,e,f\r\n',
    "short line": b"{headers}\r\na\r\n",
    "long line": b"{headers}\r\na,b,c,d,e,f,g,h,i,j,k\r\n",
    "only separators": b"{headers}\r\n,,,,,,,\r\n",
    "wrong delimiter": b"Name:Type\r\na:b\r\n",
    "latin-1": "{headers}\r\nété,été,été\r\n".encode("latin-1"),
    "utf-16": "{headers}\r\na,b,c\r\n".encode("utf-16"),
    "NUL": b"{headers}\r\na\x00b,c,d\r\n",
    "NUL in the headers": b"{headers},\x00x\r\na,b,c\r\n",
    "huge cell": b"{headers}\r\n" + b"x" * 300_000 + b",b,c\r\n",
    "cell beyond all limits": b"{headers}\r\n" + b"x" * 1_200_000 + b",b,c\r\n",
    "long name": b"{headers}\r\n" + b",".join([b"y" * 400] * 6) + b"\r\n",
    "formula": b'{headers}\r\n=1+1,"=HYPERLINK(""http://evil"")",@SUM(A1),=cmd|x,-1,+1\r\n',
    "control characters": b"{headers}\r\n\x01\x02,\x1b[31m,\x7f,\x0b,\x0c,x\r\n",
    "emoji": "{headers}\r\n🦊,🦊,🦊,🦊,🦊,🦊\r\n".encode(),
    "surrogate": b"{headers}\r\n\xed\xa0\x80,b,c\r\n",
    "repeated headers": b"{headers},{headers}\r\na,b,c,d,e,f,g,h,i\r\n",
    "numbers": b"{headers}\r\n1e999,99999999999999999999,NaN,99999999999999999999,-1,99999999999999999999\r\n",
    "picture": bytes(range(256)) * 40,
}


@pytest.mark.parametrize("kind", PATHS)
def test_no_odd_file_is_a_fault(send, show, make, kind):
    episode = make(Entity, name="E01", project_id=show.project.id, entity_type_id=show.kinds["Episode"].id)
    task_type_id = show.types["Asset"].id
    path = {
        "estimations": f"/import/csv/projects/{show.project.id}/task-types/{task_type_id}/estimations",
        "persons": "/import/csv/persons",
        "otio": f"/import/otio/projects/{show.project.id}/episodes/{episode.id}",
    }.get(kind, f"/import/csv/projects/{show.project.id}/{kind}")
    for name, content in FILES.items():
        file = content.replace(b"{headers}", HEADERS[kind].encode())
        for update in (False, True):
            answer = send(path, file, who="admin", update=update, name="cut.edl" if kind == "otio" else "file.csv")
            assert answer.status_code in (201, 400), (name, answer.status_code, answer.text[:200])
            if answer.status_code == 400:
                assert answer.json["message"], name


def test_a_request_without_file_is_refused(api, people, show):
    for path in ("/import/csv/persons", f"/import/csv/projects/{show.project.id}/assets", f"/import/otio/projects/{show.project.id}"):
        answer = api(people["admin"], "post", path, data={"x": "1"})
        assert (answer.status_code, answer.json["error"]) == (400, True)


def test_a_mark_of_windows_is_no_part_of_the_first_header(send, show):
    answer = send(f"/import/csv/projects/{show.project.id}/assets", "\ufeffType,Name\r\nProps,Chair\r\n".encode())
    assert [asset["name"] for asset in answer.json] == ["Chair"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_usual_delimiters_are_found(send, show, delimiter):
    rows = [["Type", "Name", "Description"], ["Props", "Chair", "a, b; c | d"]]
    answer = send(f"/import/csv/projects/{show.project.id}/assets", rows, delimiter=delimiter)
    assert [asset["description"] for asset in answer.json] == ["a, b; c | d"]


def test_text_that_is_not_utf8_is_told_with_its_line(send, show):
    answer = send(f"/import/csv/projects/{show.project.id}/assets", "Type,Name\nProps,a\nProps,été\n".encode("latin-1"))
    assert (answer.status_code, answer.json["line_number"]) == (400, 3)


def test_formulas_are_kept_as_text(send, show):
    answer = send(f"/import/csv/projects/{show.project.id}/assets", [["Type", "Name"], ["Props", "=1+1"]])
    assert answer.json[0]["name"] == "=1+1"


def test_a_convention_cannot_take_for_ever(send, show, tx):
    edl = "TITLE: x\n001  AX V C 00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00\n* FROM CLIP NAME: " + "_" * 150 + ".mov\n"
    show.project.production_type = "short"
    tx.commit()
    started = time.monotonic()
    assert send(f"/import/otio/projects/{show.project.id}", edl, name="x.edl").json["message"].startswith("Clip name")
    for convention in ("${a}_${b}_${sequence_name}_${shot_name}_${c}_${d}_${e}_${f}!", "${a}" * 50, "${sequence_name}", "x" * 500):
        answer = send(f"/import/otio/projects/{show.project.id}", edl, name="x.edl", naming_convention=convention)
        assert answer.status_code == 400
    assert time.monotonic() - started < 5
