"""Commands on the schema, for those who develop it."""

import shutil

import pytest
import sqlalchemy as sa

from tests.commands import installation  # noqa: F401  (fixture)
from zou.platform.db import schema


def revisions(installation):  # noqa: F811
    with installation.engine.connect() as connection:
        return connection.scalars(sa.text("SELECT version_num FROM public.alembic_version")).all()


def test_nothing_older_than_the_contract_can_be_gone_back_to(installation):  # noqa: F811
    before = revisions(installation)
    done = installation.zou("downgrade-db")
    assert done.exit_code == 1 and done.output.startswith("Error: ")
    assert "Traceback" not in done.output
    assert revisions(installation) == before
    assert installation.zou("downgrade-db", "--revision", before[0]).exit_code == 0
    assert revisions(installation) == before


@pytest.fixture
def copied_folder(tmp_path, monkeypatch):
    """The folder of revisions that the commands use, which a test may write to."""
    shutil.copytree(schema.folder(), tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(schema, "folder", lambda line=None: tmp_path / "migrations" / line if line else tmp_path / "migrations")
    return tmp_path / "migrations" / "versions"


def test_a_revision_is_written_of_the_difference(installation, copied_folder):  # noqa: F811
    before = set(copied_folder.iterdir())
    with installation.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE department DROP COLUMN color"))
    done = installation.zou("migrate-db", "--message", "colour of departments")
    assert done.exit_code == 0, done.output
    [written] = set(copied_folder.iterdir()) - before
    assert "colour_of_departments" in written.name
    text = written.read_text()
    assert "op.add_column('department', sa.Column('color'" in text
    assert text.count("op.") == 2  # there, and back
