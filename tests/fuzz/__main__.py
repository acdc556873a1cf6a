"""`python -m tests.fuzz --minutes 10`: random requests over the whole API for a while; exit 1 when something is found.

TEST_DATABASE_URL names the PostgreSQL server to make a database on; without it an embedded one is started.
"""

import argparse
import contextlib
import logging
import os
import sys
import tempfile
import time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.conftest import SETTINGS, token_of
from tests.databases import fresh_database
from tests.fuzz.fuzzing import Fuzzer
from tests.world import build
from zou.app import create_app
from zou.platform.db import db
from zou.platform.db.embedded import EmbeddedServer


@contextlib.contextmanager
def server(folder):
    """Address of a PostgreSQL server."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield sa.engine.make_url(given).set(drivername="postgresql+psycopg2")
        return
    with EmbeddedServer(folder, database="postgres") as started:
        yield started.url()


@contextlib.contextmanager
def prepared(url, folder, seed):
    """A fuzzer on an application of its own, all of whose work is rolled back."""
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": url, "PREVIEW_FOLDER": f"{folder}/previews", "TMP_DIR": f"{folder}/tmp"})
    logging.getLogger("zou").setLevel(logging.CRITICAL)
    with app.app_context():
        engines = db.engines
    engine = engines[None]
    with engine.connect() as connection:
        outer = connection.begin()
        engines[None] = connection
        db.session.session_factory.configure(join_transaction_mode="create_savepoint")
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as tx:
            yield Fuzzer(app, connection, tx, build(tx), token_of, seed)
        outer.rollback()
    engine.dispose()


def main():
    """Run, tell what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", default="", help="operations whose name holds this text")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        url = stack.enter_context(fresh_database(stack.enter_context(server(f"{folder}/database"))))
        fuzzer = stack.enter_context(prepared(url, folder, options.seed))
        fuzzer.operations = [operation for operation in fuzzer.operations if options.only in operation.label]
        findings = fuzzer.run(options.minutes * 60)
    for finding in sorted(findings, key=str):
        print(finding)
    statuses = ", ".join(f"{status}: {count}" for status, count in sorted(fuzzer.statuses.items()))
    print(f"seed {options.seed}: {fuzzer.sent} requests to {len(fuzzer.operations)} operations ({statuses}), {len(findings)} findings")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
