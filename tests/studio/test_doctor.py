"""`zou doctor` finds what is wrong and says what to do."""

import smtplib
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from tests.databases import fresh_database
from tests.processes import environment
from zou import config
from zou.platform.storage import from_settings
from zou.studio import doctor
from zou.studio.doctor import FAILURE, OK, WARNING, Patient

PARTS = {"database", "schema", "clock", "queue", "storage", "mail", "ffmpeg", "rights", "settings"}


@pytest.fixture
def patient(database_url, tmp_path):
    """What is examined: the worker's database, a folder, no mail."""
    folders = {"PREVIEW_FOLDER": str(tmp_path / "previews"), "TMP_DIR": str(tmp_path / "tmp")}
    settings = {**config.load({}), **folders, "MAIL_ENABLED": False, "SECRET_KEY": "k" * 40}
    return Patient(settings, sa.create_engine(database_url, poolclass=NullPool), lambda: from_settings(settings))


def states(findings, part):
    return [finding.state for finding in findings if finding.part == part]


def test_a_new_database_lacks_its_rows_and_a_worker(patient):
    found = list(doctor.examine(patient))
    assert {finding.part for finding in found} == PARTS
    for part in ("clock", "storage", "ffmpeg", "settings"):
        assert OK in states(found, part), found
    assert states(found, "schema") == [FAILURE]
    assert states(found, "queue") == [WARNING]
    assert all(finding.advice for finding in found if finding.state != OK)
    folder = Path(patient.settings["PREVIEW_FOLDER"])
    assert [path for path in folder.rglob("*") if path.is_file()] == []  # what was written is removed


def test_the_queue_needs_a_worker_when_work_is_left_to_it(patient):
    patient.settings["ENABLE_JOB_QUEUE"] = True
    assert states(doctor.database(patient), "queue") == [FAILURE]
    with patient.engine.begin() as connection:
        connection.execute(sa.text("insert into tracker.procrastinate_workers default values"))
    assert states(doctor.database(patient), "queue") == [OK]
    with patient.engine.begin() as connection:
        connection.execute(sa.text("delete from tracker.procrastinate_workers"))


def test_a_database_that_is_away_is_one_finding(patient):
    patient.engine = sa.create_engine("postgresql+psycopg2://postgres@127.0.0.1:1/zoudb", poolclass=NullPool)
    [finding] = doctor.database(patient)
    assert (finding.part, finding.state) == ("database", FAILURE)
    assert "DB_*" in finding.advice


def test_an_old_schema_is_told(patient, postgres_url):
    with fresh_database(postgres_url) as url:
        patient.engine = sa.create_engine(url, poolclass=NullPool)
        with patient.engine.begin() as connection:
            connection.execute(sa.text("update public.alembic_version set version_num = 'a1b2c3d4e5f6'"))
        [finding] = [finding for finding in doctor.database(patient) if finding.part == "schema"]
        assert finding.state == FAILURE
        assert "a1b2c3d4e5f6" in finding.text and "zou upgrade-db" in finding.advice


def test_a_clock_that_is_wrong_is_told(patient, monkeypatch):
    monkeypatch.setattr(doctor.time, "time", lambda: 1_000_000)
    [finding] = [finding for finding in doctor.database(patient) if finding.part == "clock"]
    assert finding.state == FAILURE and "NTP" in finding.advice


def test_a_storage_that_cannot_be_used_is_told(patient, tmp_path):
    (tmp_path / "file").write_text("no folder")
    patient.settings["PREVIEW_FOLDER"] = str(tmp_path / "file")
    [finding] = doctor.storage(patient)
    assert finding.state == FAILURE and str(tmp_path) in finding.text
    patient.settings["FS_BACKEND"] = "tape"
    [finding] = doctor.storage(patient)
    assert finding.state == FAILURE and "FS_" in finding.advice


def test_a_mail_server_that_is_away_or_refuses_is_told(patient, monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        patient.settings |= {"MAIL_ENABLED": True, "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": free.getsockname()[1]}
        [finding] = doctor.mail(patient)
    assert finding.state == FAILURE and "MAIL_SERVER" in finding.advice

    class Refusing:
        def __init__(self, *_arguments, **_options):
            """Connect."""

        def __enter__(self):
            return self

        def __exit__(self, *_error):
            """Leave."""

        def login(self, user, password):
            raise smtplib.SMTPAuthenticationError(535, b"no")

        def noop(self):
            return 250, b"ok"

    monkeypatch.setattr(smtplib, "SMTP", Refusing)
    assert states(doctor.mail(patient), "mail") == [OK]
    patient.settings["MAIL_USERNAME"] = "zou"
    [finding] = doctor.mail(patient)
    assert "MAIL_PASSWORD" in finding.advice


def test_an_ffmpeg_that_does_not_run_or_cannot_encode_is_told(patient, monkeypatch):
    monkeypatch.setattr("zou.platform.media.movies.ffmpeg", lambda: "/nowhere/ffmpeg")
    assert states(doctor.ffmpeg(patient), "ffmpeg") == [FAILURE]
    monkeypatch.setattr("zou.platform.media.movies.ffmpeg", lambda: "/bin/echo")
    assert states(doctor.ffmpeg(patient), "ffmpeg") == [FAILURE]


def test_secrets_that_others_can_read_are_told(patient, tmp_path):
    patient.data_folder = tmp_path
    (tmp_path / "secret-key").write_text("secret")
    (tmp_path / "secret-key").chmod(0o644)
    assert FAILURE in states(doctor.rights(patient), "rights")
    (tmp_path / "secret-key").chmod(0o600)
    assert FAILURE not in states(doctor.rights(patient), "rights")
    patient.settings["ZOU_KITSU_FOLDER"] = str(tmp_path / "not-there")
    assert FAILURE in states(doctor.rights(patient), "rights")


@pytest.mark.parametrize("key, state", [("mysecretkey", FAILURE), ("short", WARNING), ("k" * 40, OK)])
def test_a_weak_key_is_told(patient, key, state):
    patient.settings["SECRET_KEY"] = key
    assert states(doctor.secrets(patient), "settings") == [state]


def test_the_command_prints_the_findings_and_fails_when_one_does(database_url, tmp_path):
    settings = {
        "ZOU_DATABASE_URL": database_url.render_as_string(hide_password=False),
        "PREVIEW_FOLDER": str(tmp_path),
        "MAIL_ENABLED": "false",
        "SECRET_KEY": "k" * 40,
    }
    done = subprocess.run([sys.executable, "-m", "zou", "doctor"], env=environment(**settings), capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "✓ database:" in done.stdout
    assert "✗ schema:" in done.stdout
    assert "→ Run `zou init-data`." in done.stdout
    assert done.stderr == ""
