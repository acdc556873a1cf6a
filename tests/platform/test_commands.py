"""The command line, each command as a process of its own on an embedded database. Texts: contract/rules/cli.md."""

import subprocess
import sys

import bcrypt
import psycopg2
import pytest

from tests.processes import ROOT, environment
from zou import __version__
from zou.platform.db.embedded import attached_or_owned

QUICK = {"BCRYPT_LOG_ROUNDS": "4", "MAIL_CHECK_DELIVERABILITY": "false"}


@pytest.fixture
def zou(data_folder):
    """zou(*arguments, **settings) -> the finished process, its output as text."""

    def run(*arguments, **settings):
        environ = environment(ZOU_DATA=str(data_folder), **(QUICK | settings))
        return subprocess.run([sys.executable, "-m", "zou", *arguments], env=environ, cwd=ROOT, capture_output=True, text=True, check=False)

    return run


@pytest.fixture
def ready(zou):
    """`zou`, on a database with schema and initial data."""
    for command in ("init-db", "init-data"):
        done = zou(command)
        assert done.returncode == 0, done.stderr
    return zou


def rows(folder, statement):
    """Rows of a statement on the database of a data folder."""
    with attached_or_owned(folder) as url:
        connection = psycopg2.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))
        with connection.cursor() as cursor:
            cursor.execute(statement)
            found = cursor.fetchall()
        connection.close()
        return found


def test_version(zou):
    done = zou("version")
    assert (done.returncode, done.stdout) == (0, f"Zou version: {__version__}\n")


def test_an_unknown_command_is_a_usage_error(zou):
    assert zou("no-such-command").returncode == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_names_the_program(zou, shell):
    done = zou("shell-completion", shell)
    assert done.returncode == 0
    assert "_ZOU_COMPLETE" in done.stdout


def test_a_bad_setting_is_told_without_a_stack_trace(zou):
    done = zou("is-db-ready", USER_LIMIT="many")
    assert done.returncode == 1
    assert done.stderr == "Error: USER_LIMIT must be a whole number, not 'many'.\n"


def test_an_unreachable_database_is_told_without_a_stack_trace(zou):
    done = zou("is-db-ready", DB_HOST="127.0.0.1", DB_PORT="1")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: The database cannot be reached")
    assert "Traceback" not in done.stderr


def test_a_database_is_made_filled_and_cleared(zou):
    assert zou("is-db-ready").stdout == "Database is not initialized. Run 'zou init-db' and 'zou init-data'.\n"
    assert zou("is-db-ready").returncode == 1
    assert zou("init-db").stdout == "Creating database and tables...\nDatabase and tables created.\n"
    assert zou("init-data", "-d", "VFX").stdout.splitlines() == [
        "Project status initialized.",
        "Asset types initialized (domain: vfx).",
        "Shot types initialized.",
        "Edit type initialized.",
        "Task types initialized.",
        "Task status initialized.",
    ]
    done = zou("is-db-ready")
    assert (done.returncode, done.stdout) == (0, "Database is initialized.\n")
    assert zou("clear-db").stdout == "Deleting database and tables...\nDatabase and tables deleted.\n"
    assert zou("is-db-ready").returncode == 1
    done = zou("reset-db")
    assert done.stdout == "Deleting database and tables...\nDatabase and tables deleted.\nDatabase and tables created.\n"


def test_a_revision_is_recorded_and_forgotten(ready, data_folder):
    assert ready("reset-migrations").returncode == 0
    assert rows(data_folder, "select * from alembic_version") == []
    assert ready("upgrade-db").returncode == 1
    assert ready("stamp-db", "--revision", "b8e3d1f6a2c9").returncode == 0
    assert ready("upgrade-db", "--no-telemetry").returncode == 0
    assert rows(data_folder, "select * from alembic_version") == [("b8e3d1f6a2c9",)]


def test_an_administrator_is_created_once(ready, data_folder):
    assert ready("create-admin", "ann@studio.example").returncode == 2
    done = ready("create-admin", "Ann@studio.example", "--password", "short")
    assert (done.returncode, done.stderr) == (1, "❌ Password is too short.\n")
    done = ready("create-admin", "nonsense", "--password", "long enough")
    assert done.returncode == 1
    assert done.stderr.startswith("❌ Email is not valid: ")
    done = ready("create-admin", "a@b.studio", "--password", "long enough", USER_LIMIT="0")
    assert (done.returncode, done.stderr) == (1, "❌ User limit reached (0).\n")
    assert rows(data_folder, "select count(*) from person") == [(0,)]

    done = ready("create-admin", "admin@example.com", "--password", "p" * 80)
    assert (done.returncode, done.stdout) == (0, "✅ Admin admin@example.com created.\n")
    done = ready("create-admin", "admin@example.com")
    assert (done.returncode, done.stdout) == (0, "Admin admin@example.com already exists.\n")
    [(first, last, role, password)] = rows(data_folder, "select first_name, last_name, role, password from person")
    assert (first, last, role) == ("Super", "Admin", "admin")
    assert bcrypt.checkpw(b"p" * 72, bytes(password))


def test_a_person_becomes_administrator_gets_a_password_and_is_deactivated(ready, data_folder):
    email = "admin@example.com"
    ready("create-admin", email, "--password", "long enough")
    assert ready("change-password", email, "--password", "short").returncode == 1
    assert ready("change-password", "no@body.com", "--password", "long enough").returncode == 1
    done = ready("change-password", email, "--password", "another one")
    assert (done.returncode, done.stdout) == (0, f"Password changed for {email}\n")
    [(password,)] = rows(data_folder, "update person set role = 'user' returning password; commit; select password from person")
    assert bcrypt.checkpw(b"another one", bytes(password))
    assert rows(data_folder, "select count(*) from tracker.secret, person where secret.name = 'sessions-' || person.id") == [(1,)]
    assert ready("create-admin", email).stdout == f"✅ User {email} upgraded to admin.\n"
    assert ready("set-person-as-active", email, "--unactive").stdout == f"Person {email} is set as an unactive user.\n"
    assert rows(data_folder, "select active, role from person") == [(False, "admin")]
    done = ready("set-person-as-active", email, USER_LIMIT="0")
    assert (done.returncode, done.stdout) == (1, "User limit reached (limit 0).\n")
    done = ready("disable-two-factor-authentication", email)
    assert done.returncode == 1
    assert "because it's not activated" in done.stdout


def test_only_expired_revocations_are_cleaned(ready, data_folder):
    insert = (
        "insert into tracker.revoked_token (jti, expires_at) values ('old', now() - interval '1 day'), ('new', now() + interval '1 day')"
    )
    rows(data_folder, f"{insert}; commit; select 1")
    assert ready("clean-auth-tokens").returncode == 0
    assert rows(data_folder, "select jti from tracker.revoked_token") == [("new",)]
    assert ready("clear-all-auth-tokens").returncode == 0
    assert rows(data_folder, "select jti from tracker.revoked_token") == []


def test_a_bot_is_made_and_its_token_printed(ready, data_folder):
    done = ready("create-bot", "--email", "render@studio.example", "--name", "Render farm", "--expiration-date", "2999-12-31")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].count(".") == 2
    (bot,) = rows(data_folder, "select first_name, role, is_bot, expiration_date::text from person")
    assert bot == ("Render farm", "user", True, "2999-12-31")
    refused = ready("create-bot", "--email", "no address", "--name", "x")
    assert (refused.returncode, refused.stdout) == (1, "")
    away = ready("sync-with-ldap-server", LDAP_PORT="1", LDAP_USER="reader")
    assert (away.returncode, away.stderr.strip()) == (1, "The directory cannot be asked at the moment.")
    full = ready("sync-with-ldap-server", USER_LIMIT="0")
    assert (full.returncode, full.stdout.strip()) == (1, "User limit reached (limit 0). New users will not be added.")
