"""`zou(*arguments)`: a command in this process, on the test's own transaction."""

import contextlib

import pytest
from click.testing import CliRunner

from zou.__main__ import main
from zou.platform.cli import database
from zou.platform.db import db


@pytest.fixture
def zou(app, monkeypatch):
    """zou(*arguments) -> the result of a command: exit_code, stdout, stderr."""

    @contextlib.contextmanager
    def application():
        with app.app_context():
            try:
                yield
            finally:
                db.session.remove()

    monkeypatch.setattr(database, "application", application)
    return lambda *arguments, **options: CliRunner().invoke(main, arguments, prog_name="zou", **options)
