"""Plug-ins in the making, and those that are not well made."""

import functools
import http.server
import shutil
import subprocess
import sys
import threading

import click
import pytest
import sqlalchemy as sa

from tests.code.sources import ROOT
from tests.conftest import SETTINGS, token_of
from tests.databases import close
from tests.making import make
from zou.__main__ import main
from zou.people.models import Person
from zou.platform import jobs
from zou.platform.db import db
from zou.platform.jobs import worker
from zou.platform.plugins import manifest
from zou.platform.plugins.manifest import PluginError
from zou.studio import commands

MANIFEST = (ROOT / "docs" / "examples" / "kudos" / "manifest.toml").read_text()


@pytest.fixture
def skeleton(installation, tmp_path):
    """A new plug-in named `mine`."""
    done = installation.zou("create-plugin-skeleton", "--path", tmp_path, "--id", "mine", "--name", 'My "own"', "--icon", "leaf")
    assert (done.exit_code, done.output) == (0, f"Plugin file tree skeleton created in '{tmp_path}/mine'.\n")
    return tmp_path / "mine"


def test_a_skeleton_is_a_working_plugin(installation, skeleton):
    assert manifest.read(skeleton)["name"] == 'My "own"'
    assert (skeleton / "logo.png").exists()
    assert installation.zou("install-plugin", "--path", skeleton).exit_code == 0
    app = installation.app()
    with app.app_context():
        headers = {"Authorization": f"Bearer {token_of(app, make(db.session, Person))}"}
    client = app.test_client()
    assert client.get("/plugins/mine/hello-world").status_code == 401
    for count in (1, 2):
        assert client.get("/plugins/mine/hello-world", headers=headers).json == {"message": "Hello, World!", "count": count}
    context = client.get("/data/user/context", headers=headers).json["plugins"]
    assert [(plugin["plugin_id"], plugin["frontend_studio_enabled"], plugin["icon"]) for plugin in context] == [("mine", True, "leaf")]
    close(app)


def test_a_skeleton_replaces_nothing_unless_forced(installation, skeleton):
    (skeleton / "work.py").touch()
    arguments = ("create-plugin-skeleton", "--path", skeleton.parent, "--id", "mine")
    done = installation.zou(*arguments)
    assert (done.exit_code, done.output) == (1, f"Error: Plugin 'mine' already exists in {skeleton.parent}.\n")
    assert (skeleton / "work.py").exists()
    assert installation.zou(*arguments, "--force").exit_code == 0
    assert not (skeleton / "work.py").exists()


def test_a_revision_is_written_from_the_models(installation, skeleton):
    models = skeleton / "models.py"
    models.write_text(models.read_text() + "    greeting: Mapped[str | None]\n    owner: Mapped[UUID | None]\n" + "\n")
    models.write_text(models.read_text().replace("from sqlalchemy.orm", "from uuid import UUID\n\nfrom sqlalchemy.orm"))
    installation.zou("install-plugin", "--path", skeleton)
    done = installation.zou("migrate-plugin-db", "--path", skeleton, "--message", "greetings")
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, f"Plugin {skeleton} database migrated.")
    [revision] = [file for file in (skeleton / "migrations" / "versions").iterdir() if file.name.endswith("greetings.py")]
    text = revision.read_text()
    assert text.count("op.add_column") == 2 and "op.drop" in text and "'person'" not in text
    assert installation.zou("install-plugin", "--path", skeleton, "--force").exit_code == 0
    engine = sa.create_engine(installation.url)
    assert {"greeting", "owner"} <= {column["name"] for column in sa.inspect(engine).get_columns("plugin_mine_count")}
    engine.dispose()
    (skeleton / "models.py").unlink()
    done = installation.zou("migrate-plugin-db", "--path", skeleton)
    assert (done.exit_code, done.output) == (1, f"Error: 'models.py' not found in '{skeleton}'.\n")


@pytest.mark.parametrize(
    "change",
    [
        ('version = "1.0.0"', 'version = "1.0"'),
        ('version = "1.0.0"', ""),
        ('license = "MIT"', 'license = "Mine"'),
        ('license = "MIT"', ""),
        ('id = "kudos"', 'id = "../kudos"'),
        ("frontend_project_enabled = true", 'frontend_project_enabled = "yes"'),
        ('id = "kudos"', "id = ["),
    ],
)
def test_a_manifest_that_is_wrong_is_refused(change):
    with pytest.raises(PluginError):
        manifest.parse(MANIFEST.replace(*change))


def test_versions_are_ordered_as_the_standard_says():
    rising = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0", "1.0.1", "1.10.0"]
    assert sorted(rising[1::2] + rising[::2], key=manifest.order) == rising


def test_what_is_no_plugin_is_refused(installation, tmp_path):
    done = installation.zou("install-plugin", "--path", tmp_path / "nowhere")
    assert (done.exit_code, done.output) == (1, f"Error: Plugin path '{tmp_path}/nowhere' does not exist.\n")
    (tmp_path / "text.txt").write_text("no plug-in")
    done = installation.zou("install-plugin", "--path", tmp_path / "text.txt")
    assert (done.exit_code, done.output) == (1, f"Error: Invalid plugin path: {tmp_path}/text.txt\n")
    done = installation.zou("install-plugin", "--path", tmp_path)
    assert (done.exit_code, done.output) == (1, f"Error: '{tmp_path}' has no readable manifest.toml at its root.\n")


def test_a_plugin_comes_from_an_address_or_a_repository(installation, skeleton, tmp_path):
    installation.zou("create-plugin-package", "--path", skeleton, "--output-path", tmp_path / "mine.zip")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        assert installation.zou("install-plugin", "--path", f"{address}/mine.zip").exit_code == 0
        gone = installation.zou("install-plugin", "--path", f"{address}/none.zip")
        assert gone.exit_code == 1 and "cannot be downloaded" in gone.output
        for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"], ["update-server-info"]):
            name = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
            subprocess.run(["git", *name, *arguments], cwd=skeleton, check=True)
        done = installation.zou("install-plugin", "--path", f"{address}/mine/.git", "--force")
        server.shutdown()
    assert done.exit_code == 1  # the web server above cannot hand out a shallow copy; what git says is told
    assert "cannot be cloned" in done.output


def test_hooks_are_called_and_never_stop_the_operation(installation, skeleton, tmp_path):
    page = skeleton / "__init__.py"
    hooks = "\n".join(
        f"\ndef {name}(manifest):\n    open(r'{tmp_path / 'calls'}', 'a').write('{name} ' + manifest.id + ' ')\n    raise RuntimeError"
        for name in ("pre_install", "post_install", "pre_uninstall", "post_uninstall")
    )
    page.write_text(page.read_text() + hooks)
    assert installation.zou("install-plugin", "--path", skeleton).exit_code == 0
    assert installation.zou("uninstall-plugin", "--id", "mine").exit_code == 0
    assert (tmp_path / "calls").read_text() == "pre_install mine post_install mine pre_uninstall mine post_uninstall mine "


@pytest.mark.parametrize(
    "module, text",
    [
        ("__init__.py", "import nothing_of_that_name"),
        ("__init__.py", "this is no Python"),
        ("__init__.py", "from zou.platform.http import Domain, Resource\ndomain = Domain('b')\ndomain.route('/x', Resource)"),
        (
            "models.py",
            "from sqlalchemy.orm import Mapped, relationship\nfrom zou.platform.db import Base, Row\n"
            "class Bad(Row, Base):\n    __tablename__ = 'plugin_broken_bad'\n    other: Mapped['Nowhere'] = relationship()\n",
        ),
    ],
)
def test_a_plugin_that_fails_to_load_does_not_stop_the_server(installation, module, text, caplog):
    folder = installation.folder / "plugins" / "broken"
    folder.mkdir(parents=True)
    (folder / "manifest.toml").write_text(MANIFEST.replace("kudos", "broken"))
    (folder / "__init__.py").touch()
    (folder / module).write_text(text)
    app = installation.app()
    assert app.test_client().get("/").status_code == 200
    assert app.test_client().get("/plugins/broken/frontend").status_code == 404
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) >= 0
    close(app)
    shutil.rmtree(folder)


def test_any_view_of_flask_is_served_and_plain_answers_become_json(installation):
    folder = installation.folder / "plugins" / "mine"
    folder.mkdir(parents=True)
    (folder / "manifest.toml").write_text(MANIFEST.replace("kudos", "mine"))
    (folder / "__init__.py").write_text(
        "import uuid\nfrom flask.views import MethodView\nfrom flask_jwt_extended import jwt_required\nfrom flask_restful import Resource\n"
        "class Old(Resource):\n    @jwt_required()\n    def get(self):\n        return [{'id': uuid.UUID(int=1)}]\n"
        "class Plain(MethodView):\n    def get(self):\n        return {'plain': True}\n"
        "routes = [('/old', Old), ('old/again', Old), ('/plain', Plain)]\n"
    )
    app = installation.app()
    with app.app_context():
        headers = {"Authorization": f"Bearer {token_of(app, make(db.session, Person))}"}
    close(app)
    client = app.test_client()
    assert client.get("/plugins/mine/old").status_code == 401
    for path in ("old", "old/again"):
        assert client.get(f"/plugins/mine/{path}", headers=headers).json == [{"id": "00000000-0000-0000-0000-000000000001"}]
    assert client.get("/plugins/mine/plain").json == {"plain": True}
    shutil.rmtree(folder)


def test_a_worker_runs_the_jobs_of_a_plugin(installation, monkeypatch):
    folder = installation.folder / "plugins" / "mine"
    folder.mkdir(parents=True)
    (folder / "manifest.toml").write_text(MANIFEST.replace("kudos", "mine"))
    (folder / "__init__.py").write_text("from . import work\nroutes = []\n")
    (folder / "work.py").write_text(
        "import sqlalchemy as sa\nfrom zou.platform import jobs\n"
        "@jobs.task('mine.praise')\ndef praise(tx, person_id):\n"
        "    tx.execute(sa.text(\"UPDATE person SET last_name = 'Praised' WHERE id = :id\"), {'id': person_id})\n"
    )
    monkeypatch.setenv("PLUGIN_FOLDER", str(folder.parent))
    with click.Context(main):
        app = commands.with_plugins({**SETTINGS, "SQLALCHEMY_DATABASE_URI": installation.url})
    with app.app_context():
        person = make(db.session, Person)
        jobs.defer(db.session, sys.modules["mine.work"].praise, person_id=str(person.id))
        db.session.commit()
        worker.run(app, wait=False)
        db.session.expire_all()
        assert db.session.get(Person, person.id).last_name == "Praised"
    close(app)
    shutil.rmtree(folder)


def test_what_is_left_of_a_plugin_without_a_manifest_is_removed(installation, skeleton):
    installation.zou("install-plugin", "--path", skeleton)
    (installation.folder / "plugins" / "mine" / "manifest.toml").unlink()
    done = installation.zou("uninstall-plugin", "--id", "mine")
    assert done.exit_code == 0
    assert "has no readable manifest.toml" in done.output
    assert not (installation.folder / "plugins" / "mine").exists()
    assert installation.zou("list-plugins").output == "No plugins found matching the criteria.\n"
