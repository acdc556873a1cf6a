"""What `zou.config.load` makes of an environment."""

import subprocess
import sys

import pytest

from tests.processes import environment
from zou import config
from zou.app import engine_options


def test_defaults_hold_in_an_empty_environment():
    settings = config.load({})
    assert settings["USER_LIMIT"] == 100
    assert settings["CORS_ALLOWED_ORIGINS"] == []
    assert settings["DB_POOL_PRE_PING"] is True
    assert settings["MAX_CONTENT_LENGTH"] is None


@pytest.mark.parametrize(
    "given, value", [("true", True), ("YES", True), ("1", True), ("off", False), ("False", False), ("0", False), ("", False)]
)
def test_a_switch_is_read_from_its_usual_texts(given, value):
    assert config.load({"DEBUG": given})["DEBUG"] is value


def test_numbers_and_lists_are_typed():
    settings = config.load({"USER_LIMIT": " 7 ", "SENTRY_SR": "0.25", "CORS_ALLOWED_ORIGINS": "https://a.example; https://b.example;"})
    assert settings["USER_LIMIT"] == 7
    assert settings["SENTRY_SR"] == 0.25
    assert settings["CORS_ALLOWED_ORIGINS"] == ["https://a.example", "https://b.example"]


@pytest.mark.parametrize("name, given", [("USER_LIMIT", "many"), ("DEBUG", "maybe"), ("SENTRY_SR", "half")])
def test_a_value_that_cannot_be_read_names_its_variable(name, given):
    with pytest.raises(config.BadSetting, match=rf"^{name} must be .*{given}"):
        config.load({name: given})


def test_the_list_of_one_load_is_not_the_list_of_another():
    config.load({})["PROTECTED_ACCOUNTS"].append("a@example.com")
    assert config.load({})["PROTECTED_ACCOUNTS"] == []


def test_the_address_of_the_database_quotes_what_needs_it():
    url = config.database_url(config.load({"DB_HOST": "db.studio", "DB_PASSWORD": "p@ss/word", "DB_DATABASE": "zou"}))
    assert url.render_as_string(hide_password=False) == "postgresql+psycopg2://postgres:p%40ss%2Fword@db.studio:5432/zou"


def test_a_socket_folder_may_stand_for_the_host():
    url = config.database_url(config.load({"DB_HOST": "/run/postgresql", "DB_PASSWORD": ""}))
    assert (url.host, url.query["host"], url.password) == (None, "/run/postgresql", None)


def test_a_whole_address_wins_over_its_parts():
    url = config.database_url(config.load({"DB_HOST": "elsewhere", "ZOU_DATABASE_URL": "postgresql://u@h:1/d"}))
    assert (url.drivername, url.host, url.port) == ("postgresql+psycopg2", "h", 1)


def test_the_database_counts_as_configured_when_the_environment_names_it():
    assert config.database_is_configured({"DB_HOST": "x"})
    assert not config.database_is_configured({"DB_SOMETHING_ELSE": "x", "PATH": "/bin"})


def test_the_known_key_is_refused_unless_debugging():
    with pytest.raises(config.BadSetting, match="SECRET_KEY"):
        config.require_secret_key(config.load({}))
    config.require_secret_key(config.load({"DEBUG": "1"}))
    config.require_secret_key(config.load({"SECRET_KEY": "long random text"}))


def test_the_pool_is_what_the_settings_say():
    settings = config.load({"DB_POOL_SIZE": "3", "DB_MAX_OVERFLOW": "4", "DB_POOL_RECYCLE": "5", "DB_POOL_RESET_ON_RETURN": "rollback"})
    options = engine_options(settings)
    assert [options[f"pool_{name}"] for name in ("size", "recycle", "reset_on_return")] == [3, 5, "rollback"]
    assert options["max_overflow"] == 4


def test_a_worker_imports_no_more_than_it_needs():
    large = ["av", "numpy", "OpenImageIO", "aiohttp", "botocore", "prometheus_client", "sentry_sdk"]
    code = f"import sys, zou.app; zou.app.create_app({{}}); print([name for name in {large} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
