"""Rows of any number leave the database as they are made: no value of the whole answer is built, neither there nor here.

    body = copied(tx, rows)         # rows: a select of one text column
    body.size, body.chunks()        # read once; `close` when they are not read

PostgreSQL sends the rows of `COPY ... TO STDOUT` one after the other; they are kept in memory up to MAX_IN_MEMORY bytes and beyond that in
a temporary file. So a client that reads slowly holds neither a transaction nor memory.
"""

import functools
import struct
import tempfile

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

MAX_IN_MEMORY = 8 * 1024 * 1024
CHUNK_BYTES = 256 * 1024
SIGNATURE = b"PGCOPY\n\xff\r\n\x00"
HEADER_BYTES = len(SIGNATURE) + 8  # flags and the length of an extension, both zero
TRAILER = struct.pack("!h", -1)


class Body:
    """The bytes of an answer: `start`, the texts of the rows with `separator` between them, `end`."""

    def __init__(self, start=b"", separator=b"", end=b""):
        self.start, self.separator, self.end = start, separator, end
        self.file = tempfile.SpooledTemporaryFile(max_size=MAX_IN_MEMORY)  # noqa: SIM115  (it lives as long as the answer)
        self.pending = [start]
        self.pending_bytes = len(start)
        self.size = 0
        self.rows = 0

    def write(self, message):
        """Take one message of the COPY, which is a row in PostgreSQL's binary format. Called by psycopg2."""
        if not self.rows and message.startswith(SIGNATURE):
            message = message[HEADER_BYTES:]
        if not message or message == TRAILER:
            return
        fields, length = struct.unpack_from("!hi", message)
        if fields != 1 or length != len(message) - 6:
            raise ValueError("A message of COPY is not one row of one text.")
        if self.rows:
            self.pending.append(self.separator)
        self.rows += 1
        self.pending.append(message[6:])
        self.pending_bytes += length + len(self.separator)
        if self.pending_bytes >= CHUNK_BYTES:
            self.keep()

    def keep(self):
        """Move what is pending into the file."""
        self.size += self.file.write(b"".join(self.pending))
        self.pending, self.pending_bytes = [], 0

    def finish(self):
        """Close the text; it can be read then."""
        self.pending.append(self.end)
        self.keep()
        return self

    def chunks(self):
        """The bytes in pieces; the file is gone after the last one."""
        self.file.seek(0)
        try:
            while chunk := self.file.read(CHUNK_BYTES):
                yield chunk
        finally:
            self.close()

    def close(self):
        self.file.close()


def copied(tx, rows, start=b"", separator=b"", end=b"", values=None):
    """The body made of the one text column of a select, in its order. `values`: of its bind parameters."""
    body = Body(start, separator, end)
    try:
        tx.flush()
        tx.connection().execute(rows, values, execution_options={"copy_to": body})  # not by the session, which would read rows
    except BaseException:
        body.close()
        raise
    return body.finish()


def copied_list(tx, rows, values=None):
    """The body of a JSON array: each row of any select as an object. `values`: of the bind parameters of a prepared one."""
    return copied_values(tx, objects(rows) if values is None else kept_objects(rows), values)


def objects(rows):
    """Select of one text a row: its JSON object."""
    table = rows.subquery("r")
    return sa.select(sa.cast(sa.func.row_to_json(sa.literal_column("r")), sa.Text)).select_from(table)


kept_objects = functools.lru_cache(maxsize=1024)(objects)  # of prepared statements, each of which is one object


def copied_values(tx, texts, values=None):
    """The body of a JSON array of the one text column of a select."""
    return copied(tx, texts, b"[", b",", b"]", values)


@event.listens_for(Engine, "do_execute")
def copy_instead(cursor, statement, parameters, context):
    """Run a statement that was given `copy_to` as a COPY of its rows. True tells SQLAlchemy that it was run."""
    body = context.execution_options.get("copy_to") if context else None
    if body is None:
        return None
    cursor.copy_expert(f"COPY ({cursor.mogrify(statement, parameters).decode()}) TO STDOUT (FORMAT binary)", body)
    return True
