"""Fixtures of tests of plug-ins: an installation, and nothing left of a plug-in in the process."""

import shutil
import sys

import pytest

from tests.commands import installation  # noqa: F401  (fixture)
from tests.databases import database_url, postgres_url  # noqa: F401  (fixtures)
from zou.platform.plugins import loading


@pytest.fixture(autouse=True)
def nothing_left(installation):  # noqa: F811
    """After each test no plug-in is in the folder, in the table or in this process."""
    path = list(sys.path)
    yield
    for plugin in loading.installed(installation.folder / "plugins") if (installation.folder / "plugins").exists() else ():
        installation.zou("uninstall-plugin", "--id", plugin.name)
        shutil.rmtree(plugin, ignore_errors=True)
    for id in ("kudos", "mine", "broken"):
        loading.forget(id)
    sys.path[:] = path
