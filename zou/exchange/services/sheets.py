"""CSV files that come in: their lines, and all that is wrong with them at once. Rules: contract/rules/imports.md §1.

An import reads the whole file, judges every line, and writes only when nothing is wrong:

    sheet = read(content)
    sheet.require("Name")
    names = sheet.judged(lambda line: line.required("Name"))  # a bad cell is remembered, and the next one is looked at
    sheet.settle()                    # refuses the file when anything was wrong
"""

import csv
import io
import logging

from zou.platform.errors import Invalid

DELIMITERS = ";,\t|"
SAMPLE = 8192  # characters that the dialect is guessed from
TOLD_EVERY = 1000  # lines
MOST_TOLD = 1000  # bad cells that an answer lists
BAD_DELIMITER = "Could not determine delimiter"
NUL = "Text must not contain NUL characters."
log = logging.getLogger(__name__)
csv.field_size_limit(2**20)


class Line:
    """One line of a file: {header: cell}; a cell that the line is too short for is None."""

    def __init__(self, sheet, number, cells):
        self.sheet = sheet
        self.number = number
        self.cells = cells

    def get(self, *headers):
        """The cell under the first of these headers that the file has; None without one."""
        return next((self.cells[header] for header in headers if header in self.cells), None)

    def text(self, header, limit=None):
        """The cell as text, empty for a missing one; longer than `limit` is wrong."""
        text = self.get(header) or ""
        if limit is not None and len(text) > limit:
            self.wrong(header, f"A value is invalid: {header} is longer than {limit} characters")
        return text

    def required(self, header, limit=None, message=None):
        """The same, of a cell that must not be empty."""
        text = self.text(header, limit)
        if not text:
            self.wrong(header, message or f"{header} cannot be empty")
        return text

    def wrong(self, column, message):
        """Remember that a cell of this line is wrong."""
        self.sheet.wrong(self.number, column, message)


class Sheet:
    """The lines of a file under its headers, and what is wrong with them."""

    def __init__(self, headers):
        self.headers = headers
        self.lines = []
        self.problems = []

    def judged(self, judge):
        """What `judge` makes of each line. How far it is goes to the log, as a file of many lines takes minutes."""
        found, total = [], len(self.lines)
        for line in self.lines:
            found.append(judge(line))
            if len(found) % TOLD_EVERY == 0:
                log.info("Import: %s of %s lines are read.", len(found), total)
        if total >= TOLD_EVERY and not self.problems:
            log.info("Import: all %s lines are good and are written now.", total)
        return found

    def wrong(self, number, column, message):
        """Remember what is wrong in a line."""
        self.problems.append({"line": number, "column": column, "field": column or "", "message": message})

    def require(self, *headers):
        """Refuse a file without a column; one without lines is fine, as it says nothing. Raises Invalid."""
        if self.lines:
            missing = [header for header in headers if header not in self.headers]
            if missing:
                named = ", ".join(f"'{header}'" for header in missing)
                self.wrong(self.lines[0].number, missing[0], f"A columns is missing: {named}")
            self.settle()

    def settle(self):
        """Refuse the file when anything is wrong: the first bad cell, and all of them under `data.errors`. Raises Invalid."""
        if not self.problems:
            return
        found = sorted(self.problems, key=lambda problem: problem["line"])
        first = found[0]
        message, column = first["message"], first["column"]
        if column and column.lower() not in message.lower():
            message = f"{message} (column {column})"
        extra = {"line_number": first["line"], "imported_rows": 0}
        if len(found) > 1:  # one alone is told by the contract's keys, to which clients expect no others
            extra["data"] = {"errors": found[:MOST_TOLD]}
        raise Refused(message, extra)


class Refused(Invalid):
    """The file has lines that cannot be imported."""

    def __init__(self, message, extra):
        data = extra.pop("data", None)
        super().__init__(message, data=data, shape="full" if data else "plain", **extra)


def read(content):
    """The sheet in the bytes of a file. Raises Invalid for what is no UTF-8 text or no table."""
    text = decode(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text[:SAMPLE]), doublequote=True)
    sheet = None
    number = 1
    try:
        for cells in reader:
            if sheet is None:
                sheet = Sheet(headers_of(cells))
            elif any(cell.strip() for cell in cells):
                add(sheet, number, cells)
            number = reader.line_num + 1
    except csv.Error as error:
        raise Refused(f"The line cannot be read: {error}", {"line_number": number, "imported_rows": 0}) from None
    sheet.settle()
    return sheet


def decode(content):
    """The text of a file, without the mark that Windows programs put in front of it. Raises Invalid."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        raise Refused("The file is not UTF-8 text; save it with that encoding.", {"line_number": number, "imported_rows": 0}) from None


def delimiter_of(sample):
    """The character between the cells: of the usual ones that which the headers have most, else what the sample looks like."""
    header = sample.lstrip("\r\n").split("\n", 1)[0]
    found = max(DELIMITERS, key=header.count)
    if found in header:
        return found
    try:
        return csv.Sniffer().sniff(sample).delimiter
    except csv.Error:
        raise Invalid(BAD_DELIMITER, shape="plain") from None


def headers_of(cells):
    """Names of the columns. In exports `Assignations` follows each task type; here it bears the name that imports read."""
    headers = []
    for cell in cells:
        headers.append(f"{headers[-1]} assignations" if cell == "Assignations" and headers else cell)
    return headers


def add(sheet, number, cells):
    """Add a line; cells beyond the headers are nobody's."""
    padded = cells + [None] * (len(sheet.headers) - len(cells))
    found = dict(zip(sheet.headers, padded, strict=False))
    for header, cell in found.items():
        if cell is not None and "\x00" in cell:
            sheet.wrong(number, header.replace("\x00", ""), NUL)
    sheet.lines.append(Line(sheet, number, found))
