"""JSON in which whole numbers of any size stay what they are: the keys of WebAuthn credentials are stored as such numbers.

orjson is fast, but refuses to write whole numbers beyond 64 bits and reads them as floats; Python's own module does neither.
"""

import json
import re
from typing import Any

import orjson

LONG = re.compile(r"\d{19}")
LONG_BYTES = re.compile(rb"\d{19}")


def read(text: str | bytes) -> Any:
    """The value of a JSON text."""
    long = LONG.search(text) if isinstance(text, str) else LONG_BYTES.search(text)
    return json.loads(text) if long else orjson.loads(text)


def write(value: Any) -> str:
    """The JSON text of a value; what JSON has no word for is written as text."""
    try:
        return orjson.dumps(value, default=str).decode()
    except TypeError:
        return json.dumps(value, default=str, ensure_ascii=False, allow_nan=False)
