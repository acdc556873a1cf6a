"""Commands in the process of the tests, on a database of their own: quicker than a process for each."""

import logging

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.pool import NullPool

from tests.conftest import SETTINGS
from tests.databases import fresh_database
from zou.__main__ import main
from zou.app import create_app
from zou.platform.plugins import loading


class Installation:
    """A database, folders beside it, and the commands that work on them."""

    def __init__(self, url, folder):
        self.url, self.folder = url, folder
        self.engine = sa.create_engine(url, poolclass=NullPool)
        self.environ = {
            "ZOU_DATABASE_URL": url.render_as_string(hide_password=False),
            "PLUGIN_FOLDER": str(folder / "plugins"),
            "PREVIEW_FOLDER": str(folder / "previews"),
            "TMP_DIR": str(folder / "tmp"),
            "BCRYPT_LOG_ROUNDS": "4",
            "MAIL_ENABLED": "false",
        }

    def zou(self, *arguments, **settings):
        """The result of a command: exit_code, output, stderr, exception."""
        environ = {**self.environ, **settings}
        logging.getLogger("werkzeug").setLevel(logging.WARNING)  # what servers of the tests log would be among the output
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environ.items():
                patch.setenv(name, value)
            return CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="zou")

    def app(self, **settings):
        """The application, as a process that serves has it, with the plug-ins."""
        folders = {name: self.environ[name] for name in ("PLUGIN_FOLDER", "PREVIEW_FOLDER", "TMP_DIR")}
        app = create_app({**SETTINGS, **folders, "SQLALCHEMY_DATABASE_URI": self.url, **settings})
        loading.load_all(app, self.folder / "plugins")
        return app


@pytest.fixture(scope="module")
def installation(postgres_url, tmp_path_factory):
    """An Installation for the tests of a module."""
    with fresh_database(postgres_url) as url:
        yield Installation(url, tmp_path_factory.mktemp("installation"))
