"""An existing installation of the contract's server is taken over, with the odd content that such ones have."""

import uuid
from pathlib import Path

import bcrypt
import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from tests.commands import Installation
from tests.databases import close
from tests.platform.db import contract
from zou.platform.db import schema
from zou.platform.storage.backends import LocalBucket

PASSWORD = "a long password"
ADMIN, ARTIST, PROJECT, SHOT, TASK, PREVIEW = (str(uuid.UUID(int=number)) for number in range(1, 7))
STATEMENTS = f"""
INSERT INTO project_status (id, name, color) VALUES ('{PROJECT}', 'Open', '#000');
INSERT INTO project (id, name, project_status_id, production_style, data) VALUES ('{PROJECT}', 'Old one', '{PROJECT}', '2d', 'null');
INSERT INTO person (id, first_name, last_name, email, role, active, password, timezone, locale, created_at, shotgun_id, data) VALUES
    ('{ADMIN}', 'Ann', '', 'Ann.Admin@Studio.Example', 'admin', true, :hash, 'Mars/Olympus', 'xx_XX', NULL, NULL, '[]'),
    ('{ARTIST}', 'Bob', '', 'bob@studio.example', 'user', NULL, NULL, NULL, NULL, NULL, 12, NULL),
    (gen_random_uuid(), 'Twin', '', 'Twin@studio.example', 'user', true, NULL, '', NULL, NULL, NULL, NULL),
    (gen_random_uuid(), 'Twin', '', 'twin@studio.example', 'user', true, NULL, 'Europe/Paris', NULL, NULL, NULL, NULL);
INSERT INTO entity_type (id, name) VALUES ('{SHOT}', 'Shot');
INSERT INTO entity (id, name, project_id, entity_type_id, status, data) VALUES ('{SHOT}', 'SH01', '{PROJECT}', '{SHOT}', 'running', '1');
INSERT INTO task_type (id, name, color) VALUES ('{TASK}', 'Anim', '#000');
INSERT INTO task_status (id, name, short_name, color) VALUES ('{TASK}', 'Todo', 'todo', '#000');
INSERT INTO task (id, name, project_id, task_type_id, task_status_id, entity_id) VALUES
    ('{TASK}', 'main', '{PROJECT}', '{TASK}', '{TASK}', '{SHOT}');
INSERT INTO preview_file (id, name, extension, status, validation_status, task_id, annotations, revision) VALUES
    ('{PREVIEW}', NULL, 'png', 'ready', 'neutral', '{TASK}', NULL, NULL);
INSERT INTO comment (id, object_id, object_type, person_id, text) VALUES (gen_random_uuid(), gen_random_uuid(), 'Task', '{ARTIST}', NULL);
INSERT INTO schedule_item (id, object_id, project_id, task_type_id) VALUES (gen_random_uuid(), gen_random_uuid(), '{PROJECT}', '{TASK}');
INSERT INTO api_event (id, name, data) VALUES (gen_random_uuid(), 'odd', NULL);
CREATE TABLE studio_tool (note text);
"""


@pytest.fixture(scope="module")
def old(postgres_url, tmp_path_factory):
    """A database as the original server made it, at its revision, with rows of all kinds, and its preview folder."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    server = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with server.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    found = Installation(postgres_url.set(database=name), tmp_path_factory.mktemp("old"))
    script = Path(schema.folder(), "versions", f"{schema.CONTRACT_REVISION}_contract.sql").read_text()
    with found.engine.begin() as connection:
        schema.execute_script(connection, script)
        connection.execute(sa.text("CREATE TABLE IF NOT EXISTS alembic_version (version_num varchar(32) PRIMARY KEY)"))
        connection.execute(sa.text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": schema.CONTRACT_REVISION})
        for statement in filter(str.strip, STATEMENTS.split(";\n")):
            values = {"hash": bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4))} if ":hash" in statement else {}
            connection.execute(sa.text(statement), values)
    for prefix in ("original", "previews", "thumbnails", "thumbnails-square"):
        path = LocalBucket(found.folder / "previews" / "pictures").path(f"{prefix}-{PREVIEW}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\x89PNG old " + prefix.encode())
    yield found
    with server.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def shape(installation):
    """Columns, constraints, indexes and revision of the schema `public`."""
    with installation.engine.connect() as connection:
        return [
            connection.execute(sa.text(statement)).all()
            for statement in (
                "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
                "WHERE table_schema = 'public' ORDER BY 1, 2",
                "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
                "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
                "SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace ORDER BY 1",
                "SELECT version_num FROM public.alembic_version",
            )
        ]


def content(installation):
    """Every row of the schema `public`."""
    with installation.engine.connect() as connection:
        tables = connection.scalars(sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")).all()
        return {table: sorted(connection.scalars(sa.text(f'SELECT t::text FROM public."{table}" t'))) for table in tables}


def test_the_old_installation_has_the_tables_of_the_contract(old):
    with old.engine.connect() as connection:
        names = set(connection.scalars(sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")))
    assert names - {"studio_tool", "alembic_version"} == set(contract.read("tables.json")["tables"]) - {"alembic_version"}


def test_first_it_only_says_what_it_will_do(old):
    before = content(old)
    done = old.zou("adopt")
    assert done.exit_code == 0, done.output
    for said in (
        "schema revision b8e3d1f6a2c9, known.",
        "4 person, 1 project, 1 entity, 1 task, 1 comment, 1 preview_file",
        "Files: 4 pictures, 0 movies, 0 files.",
        "Of the 1 newest previews 0 have no file",
        "left alone: studio_tool.",
        "1 persons have the time zone 'Mars/Olympus'",
        "The address Twin@studio.example exists in other letters too",
        "write 1 e-mail addresses in small letters",
        "Nothing was changed. `zou adopt --yes` does it.",
    ):
        assert said in done.output, said
    assert content(old) == before
    with old.engine.connect() as connection:
        assert not schema.has_schema(connection, "tracker")


def test_it_is_taken_over_served_and_fit_for_the_original_server(old):
    before, rows = shape(old), content(old)
    for _ in range(2):
        done = old.zou("adopt", "--yes")
        assert done.exit_code == 0, done.output
    assert shape(old) == before
    after = content(old)
    assert {table for table in rows if rows[table] != after[table]} == {"person"}
    assert "taken over before" in done.output and "write 0 e-mail addresses" in done.output

    app = old.app()
    client = app.test_client()
    for email in ("Ann.Admin@Studio.Example", "ann.admin@studio.example"):
        answer = client.post("/auth/login", json={"email": email, "password": PASSWORD})
        assert answer.json["login"] is True
    headers = {"Authorization": f"Bearer {answer.json['access_token']}"}
    for path in (
        *("persons", "projects", "entities", "tasks", "preview-files", "comments", "schedule-items", "events", "projects/open"),
        *(f"persons/{ADMIN}", f"projects/{PROJECT}", f"entities/{SHOT}", f"tasks/{TASK}/full", f"preview-files/{PREVIEW}"),
        *("user/context", "shots/with-tasks", f"projects/{PROJECT}/tasks", "events/last"),
    ):
        assert client.get(f"/data/{path}", headers=headers).status_code == 200, path
    picture = client.get(f"/pictures/originals/preview-files/{PREVIEW}.png", headers=headers)
    assert (picture.status_code, picture.data) == (200, b"\x89PNG old original")
    found = client.post("/data/search", headers=headers, json={"query": "SH01"}).json
    assert [shot["id"] for shot in found["shots"]] == [SHOT]
    close(app)


@pytest.mark.parametrize(
    "change, said",
    [
        ("UPDATE alembic_version SET version_num = '0123456789ab'", "revision 0123456789ab, which this server does not know"),
        ("DELETE FROM alembic_version", "holds tables but no schema revision"),
        ("ALTER TABLE task DROP COLUMN difficulty", "lacks column task.difficulty"),
    ],
)
def test_what_is_unknown_is_refused_with_a_clear_word(old, postgres_url, change, said):
    name = f"test_{uuid.uuid4().hex[:12]}"
    server = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with server.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{old.url.database}"'))
    copy = Installation(postgres_url.set(database=name), old.folder)
    with copy.engine.begin() as connection:
        connection.execute(sa.text(change))
    before = content(copy)
    for arguments in ((), ("--yes",)):
        done = copy.zou("adopt", *arguments)
        assert done.exit_code == 1 and said in done.output, done.output
    assert content(copy) == before
    with server.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
