"""Answers in CSV, as the studio's spreadsheets read them. Format: contract/rules/exports.md §1."""

import csv
import io
import tempfile

from flask import Response
from slugify import slugify

IN_MEMORY = 2**20  # bytes of a file that are kept in memory; a longer one goes through the disk
CHUNK = 2**16


def csv_answer(rows, name):
    """A response with rows, the header line first, as the file `kitsu_<name>.csv`. None is an empty cell.

    The file is complete before the answer begins, so that an error is told as one; the memory it takes does not grow with it, given
    that `rows` come from a cursor.
    """
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (closed with the answer)
    lines = io.TextIOWrapper(file, encoding="utf-8", newline="")
    csv.writer(lines, delimiter=";", lineterminator="\r\n").writerows(rows)
    lines.detach()
    size = file.tell()
    file.seek(0)
    answer = Response(file.read() if size <= IN_MEMORY else iter(lambda: file.read(CHUNK), b""), mimetype="text/csv")
    answer.call_on_close(file.close)
    answer.headers["Content-Disposition"] = f"attachment; filename=kitsu_{slugify(name, separator='_')}.csv"
    return answer
