"""Dump, archive, restore, and files between the local folder and an object store."""

import gzip
import os
import stat
import tarfile
import uuid

import pytest
import sqlalchemy as sa
from moto.server import ThreadedMotoServer
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from tests.commands import Installation, installation  # noqa: F401  (fixture)
from tests.databases import fresh_database
from tests.world import build
from zou.platform.storage.backends import LocalBucket


@pytest.fixture(scope="module")
def full(installation):  # noqa: F811
    """An installation with a row of every model, and files."""
    with Session(installation.engine) as tx:
        world = build(tx)
        world["artist"].email, world["artist"].has_avatar = "żółw@studio.example", True
        tx.commit()
        installation.avatar = f"thumbnails-{world['artist'].id}"
    put(installation, "pictures", installation.avatar, b"a face")
    put(installation, "pictures", f"thumbnails-square-{uuid.uuid4()}", os.urandom(3_000_000))
    put(installation, "movies", f"previews-{uuid.uuid4()}", b"")
    put(installation, "files", "dbbackup-old.sql.gz", b"old")
    return installation


def put(installation, bucket, key, content):  # noqa: F811
    path = LocalBucket(installation.folder / "previews" / bucket).path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def empty(postgres_url, tmp_path):
    """An installation without anything: a database without tables."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    server = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with server.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    yield Installation(postgres_url.set(database=name), tmp_path)
    with server.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def everything(engine):
    """{table: sorted rows as text} of both schemas."""
    found = {}
    with engine.connect() as connection:
        tables = connection.execute(sa.text("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'tracker')")).all()
        for schema, table in tables:
            found[f"{schema}.{table}"] = sorted(connection.scalars(sa.text(f'SELECT t::text FROM {schema}."{table}" t')))
    return found


def test_an_archive_is_restored_row_by_row_and_file_by_file(full, empty, tmp_path):
    archive = tmp_path / "backup.tar"
    done = full.zou("backup", archive, FS_S3_SECRET_KEY='with "quotes" and $')
    assert (done.exit_code, done.output) == (0, f"{archive}: database, settings and 4 files.\n"), done.output
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    with tarfile.open(archive) as opened:
        assert opened.getnames()[:3] == ["backup.json", "settings.env", "database.dump"]
    done = empty.zou("restore", archive, "--settings", tmp_path / "settings.env")
    assert done.exit_code == 0, done.output
    assert done.output.startswith(f"{archive}: database and 4 files restored.\n")
    before, after = everything(full.engine), everything(empty.engine)
    assert before == after
    assert sum(map(len, after.values())) > 40
    assert files(empty.folder / "previews") == files(full.folder / "previews")
    written = (tmp_path / "settings.env").read_text()
    assert 'FS_S3_SECRET_KEY="with \\"quotes\\" and \\$"\n' in written and 'BCRYPT_LOG_ROUNDS="4"\n' in written
    assert [path for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_nothing_that_holds_something_is_overwritten(full, empty, tmp_path):
    archive = tmp_path / "backup.tar"
    full.zou("backup", archive)
    before = everything(full.engine)
    done = full.zou("restore", archive)
    assert done.exit_code == 1 and "The database is not empty" in done.output
    assert everything(full.engine) == before
    put(empty, "files", "previews-x", b"kept")
    done = empty.zou("restore", archive)
    assert done.exit_code == 1 and "The storage is not empty" in done.output
    assert everything(empty.engine) == {}


@pytest.mark.parametrize("content", [b"no archive", b""])
def test_what_is_no_archive_is_refused(empty, tmp_path, content):
    (tmp_path / "bad.tar").write_bytes(content)
    done = empty.zou("restore", tmp_path / "bad.tar")
    assert done.exit_code == 1 and done.output.startswith("Error: ")
    assert everything(empty.engine) == {}


def test_an_archive_that_was_cut_off_leaves_the_database_empty(full, empty, tmp_path):
    archive = tmp_path / "backup.tar"
    full.zou("backup", archive)
    archive.write_bytes(archive.read_bytes()[:60_000])
    assert empty.zou("restore", archive).exit_code == 1
    assert everything(empty.engine) == {}


def test_the_dump_of_the_contract_is_sql(full, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = full.zou("dump-database")
    [path] = tmp_path.iterdir()
    assert (done.exit_code, done.output) == (0, f"Postgres dump created ({path}).\n")
    assert path.name.startswith("zou-db-backup-") and path.name.endswith(".sql.gz")
    text = gzip.decompress(path.read_bytes()).decode()
    assert "COPY public.person" in text and "żółw@studio.example" in text
    path.unlink()
    done = full.zou("dump-database", "--store")
    assert done.exit_code == 0 and done.output.startswith("Postgres dump added to store (dbbackup/zou-db-backup-")
    stored = [path for path in (full.folder / "previews" / "files" / "dbbackup").iterdir() if path.name.startswith("zou-db")]
    assert gzip.decompress(stored[0].read_bytes()).decode().count("COPY public.person") >= 1
    assert list(tmp_path.iterdir()) == []
    stored[0].unlink()


def test_a_dump_that_fails_is_told_and_leaves_nothing(full, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin" / "pg_dump"
    fake.write_text("#!/bin/sh\n[ \"$1\" = --version ] && echo 'pg_dump (PostgreSQL) 99.1' && exit\necho half; echo broken >&2; exit 3\n")
    fake.chmod(0o755)
    done = full.zou("dump-database", PATH=f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    assert (done.exit_code, done.output) == (1, "Error: broken\n")
    assert [path.name for path in tmp_path.iterdir()] == ["bin"]


@pytest.fixture(scope="module")
def s3():
    """Settings of an object store that speaks S3."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield {
        "FS_BACKEND": "s3",
        "FS_S3_ENDPOINT": f"http://{host}:{port}",
        "FS_S3_ACCESS_KEY": "key",
        "FS_S3_SECRET_KEY": "secret",
        "FS_S3_CREATE_BUCKET": "true",
        "FS_BUCKET_PREFIX": "studio-",
    }
    server.stop()


def test_files_go_to_an_object_store_and_come_back(full, s3, tmp_path, postgres_url):
    assert full.zou("upload-files-to-cloud-storage").exit_code == 1  # the backend is the local folder
    first = full.zou("upload-files-to-cloud-storage", **s3)
    assert (first.exit_code, len(first.output.splitlines())) == (0, 4), first.output
    again = full.zou("upload-files-to-cloud-storage", "--days", "1", **s3)
    assert again.output == f"pictures/{full.avatar} uploaded\n"  # pictures of persons are always written again
    assert full.zou("upload-files-to-cloud-storage", "--days", "soon", **s3).exit_code == 2
    with fresh_database(postgres_url) as url:
        other = Installation(url, tmp_path)
        back = other.zou("download-storage-files", **s3)
        assert (back.exit_code, len(back.output.splitlines())) == (0, 4), back.output
        assert other.zou("download-storage-files", **s3).output == ""
    assert files(tmp_path / "previews") == files(full.folder / "previews")


def test_an_archive_of_an_object_store_holds_its_files(full, s3, tmp_path):
    full.zou("upload-files-to-cloud-storage", **s3)
    done = full.zou("backup", tmp_path / "backup.tar", **s3)
    assert done.output.endswith("and 4 files.\n"), done.output
