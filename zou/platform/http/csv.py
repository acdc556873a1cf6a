"""Answers in CSV, as the studio's spreadsheets read them. Format: contract/rules/exports.md §1."""

import csv
import io

from flask import Response
from slugify import slugify


def csv_answer(rows, name):
    """A response with rows, the header line first, as the file `kitsu_<name>.csv`. None is an empty cell."""
    lines = io.StringIO()
    csv.writer(lines, delimiter=";", lineterminator="\r\n").writerows(rows)
    answer = Response(lines.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename=kitsu_{slugify(name, separator='_')}.csv"
    return answer
