"""What an answer shows: objects with an id, ids, and words of rows; and how the same person reads the same row by its item route."""

import csv
import io
import re

import orjson

from tests.permissions.listings.studio import MARK

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
BLANK = (None, "", "None", 0, False)


class Shown:
    """What the text of an answer shows."""

    def __init__(self, answer):
        self.text = answer.get_data(as_text=True)
        self.ids = set(UUID.findall(self.text))
        self.words = set(MARK.findall(self.text))
        self.objects = []  # of objects with an id
        if answer.mimetype == "application/json":
            self.walk(unfolded(orjson.loads(self.text)))
        elif answer.mimetype == "application/x-ndjson":
            head, *lines = [orjson.loads(line) for line in self.text.splitlines()]
            self.walk(unfolded({**head, "rows": lines}))

    def walk(self, value):
        """Collect the objects inside a value."""
        if isinstance(value, dict):
            if isinstance(value.get("id"), str):
                self.objects.append(value)
            for part in value.values():
                self.walk(part)
        elif isinstance(value, list):
            for part in value:
                self.walk(part)


def unfolded(value):
    """The value, positional rows of a board as objects."""
    if not isinstance(value, dict) or "rows" not in value:
        return value
    header = next((key for key in value if key.endswith("_fields") and key != "task_fields"), None)
    if header is None:
        return value
    rows = []
    for line in value["rows"]:
        row = dict(zip(value[header], line, strict=False))
        if isinstance(row.get("tasks"), list):
            row["tasks"] = [dict(zip(value["task_fields"], task, strict=False)) for task in row["tasks"]]
        rows.append(row)
    return {"rows": rows}


def cells(text):
    """The cells of a CSV file."""
    return list(csv.reader(io.StringIO(text)))


def is_blank(value):
    """Whether a value tells nothing."""
    return value in BLANK if not isinstance(value, list | dict) else not value


def more_than(item, shown, columns):
    """The columns of which an object shows more than the item of the same row does."""
    found = []
    for key in shown.keys() & columns:
        told, known = shown[key], item.get(key)
        if is_blank(told) or told == known:
            continue
        if key == "data" and isinstance(told, dict):
            hidden = {name for name, value in told.items() if not is_blank(value)} - set(known or {})
            found += [f"data.{name}" for name in sorted(hidden)]
        elif is_blank(known):
            found.append(key)
    return found
