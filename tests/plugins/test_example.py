"""The complete example of docs/plugins.md: installed from its package, used, upgraded, removed without a trace."""

import io
import json
import zipfile

import pytest
import sqlalchemy as sa

from tests.code.sources import ROOT
from tests.conftest import token_of
from tests.databases import close
from tests.making import join_team, make, open_status
from tests.world import build
from zou.people.models import Person
from zou.platform.db import db
from zou.productions.models import Project
from zou.tasks.models import Task, TaskStatus

EXAMPLE = ROOT / "docs" / "examples" / "kudos"
RESTART = "Restart the server to apply changes."


@pytest.fixture(scope="module")
def package(tmp_path_factory, installation):
    """The example's archive."""
    folder = tmp_path_factory.mktemp("package")
    done = installation.zou("create-plugin-package", "--path", EXAMPLE, "--output-path", folder)
    assert (done.exit_code, done.output) == (0, f"Plugin package created in '{folder}/kudos-1.0.0.zip'.\n")
    return folder / "kudos-1.0.0.zip"


@pytest.fixture
def kudos(installation, package):
    """The example, installed from its archive."""
    done = installation.zou("install-plugin", "--path", package)
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [
        "/api/plugins/kudos/data/kudos",
        "/api/plugins/kudos/data/kudos/<instance_id>",
        "/api/plugins/kudos/tasks/<task_id>/kudos",
        f"✅ [Plugins] Plugin kudos installed. {RESTART}",
    ]
    return package


def traces(installation):
    """Everything in the database that names the plug-in."""
    engine = sa.create_engine(installation.url)
    with engine.connect() as connection:
        found = connection.scalars(sa.text("SELECT relname FROM pg_class WHERE relname LIKE '%kudos%' ORDER BY 1")).all()
        rows = connection.execute(sa.text("SELECT plugin_id, version, revision, license FROM plugin")).all()
    engine.dispose()
    return found, [tuple(row) for row in rows]


def test_the_package_holds_what_it_needs(package):
    with zipfile.ZipFile(package) as archive:
        names = set(archive.namelist())
    assert {"manifest.toml", "__init__.py", "models.py", "migrations/versions/0001_kudos.py", "frontend/dist/index.html"} <= names
    assert not [name for name in names if "__pycache__" in name]


def test_its_tables_come_and_go_without_a_trace(installation, kudos):
    found, rows = traces(installation)
    assert "plugin_kudos_kudo" in found and "alembic_version_kudos" in found
    assert rows == [("kudos", "1.0.0", "0001", "MIT")]
    done = installation.zou("uninstall-plugin", "--id", "kudos")
    assert (done.exit_code, done.output) == (0, f"✅ [Plugins] Plugin kudos uninstalled. {RESTART}\n")
    assert traces(installation) == ([], [])
    assert list((installation.folder / "plugins").iterdir()) == []
    done = installation.zou("uninstall-plugin", "--id", "kudos")
    assert (done.exit_code, done.output) == (1, "Error: Plugin 'kudos' is not installed.\n")


def test_its_routes_pages_handlers_and_commands_work(installation, kudos):
    app = installation.app()
    with app.app_context():
        tx = db.session
        project = make(tx, Project, project_status_id=open_status(tx).id)
        artist, outsider = make(tx, Person), make(tx, Person)
        join_team(tx, project, artist)
        task = world_task(tx, project, artist)
        done = make(tx, TaskStatus, is_done=True, is_artist_allowed=True)
        ids = {"task": str(task.id), "done": str(done.id)}
        asks = {"artist": token_of(app, artist), "outsider": token_of(app, outsider)}
    client = app.test_client()

    def ask(who, verb, path, **more):
        headers = {"Authorization": f"Bearer {asks[who]}"} if who else {}
        return client.open(path, method=verb, headers=headers, **more)

    route = f"/plugins/kudos/tasks/{ids['task']}/kudos"
    assert ask(None, "GET", route).status_code == 401
    assert ask("outsider", "GET", route).status_code == 403
    assert ask("artist", "POST", route, json={"text": ""}).status_code == 400
    given = ask("artist", "POST", route, json={"text": "Lovely lights."})
    assert (given.status_code, given.json["text"], given.json["type"]) == (201, "Lovely lights.", "Kudo")
    assert [row["text"] for row in ask("artist", "GET", route).json] == ["Lovely lights."]
    assert ask("artist", "GET", "/plugins/kudos/data/kudos").status_code == 403

    ask("artist", "POST", f"/actions/tasks/{ids['task']}/comment", json={"task_status_id": ids["done"], "comment": "There."})
    assert [row["text"] for row in ask("artist", "GET", route).json] == ["Lovely lights.", "Done. Thank you!"]

    page = client.get("/plugins/kudos/frontend")
    assert (page.status_code, page.headers["X-Frame-Options"], page.headers["Cache-Control"]) == (200, "SAMEORIGIN", "no-cache, max-age=0")
    assert b"<h1>Kudos</h1>" in page.data
    assert client.get("/plugins/kudos/frontend", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304
    assert client.get("/plugins/kudos/frontend/index.html").status_code == 200
    for missing in ("nothing.js", "../../manifest.toml", "%2e%2e/%2e%2e/manifest.toml"):
        assert client.get(f"/plugins/kudos/frontend/{missing}").status_code == 404

    counted = installation.zou("kudos", "count")
    assert (counted.exit_code, counted.output) == (0, "2 kudos\n")
    assert "kudos" in installation.zou("--help").output
    close(app)


def world_task(tx, project, artist):
    """A task of the production that the artist works on."""
    world = build(tx)
    tx.execute(sa.text("DELETE FROM plugin WHERE plugin_id = 'farm'"))  # of that world; here only the example is installed
    entity = world[Task].entity_id
    tx.execute(sa.text("UPDATE entity SET project_id = :project WHERE id = :id"), {"project": project.id, "id": entity})
    task = make(
        tx, Task, project_id=project.id, entity_id=entity, task_type_id=world[Task].task_type_id, task_status_id=world[TaskStatus].id
    )
    task.assignees = [artist]
    tx.commit()
    return task


def test_an_upgrade_replaces_the_folder_and_an_older_version_only_warns(installation, kudos, tmp_path):
    newer = altered(kudos, tmp_path / "newer.zip", "1.1.0")
    left_over = installation.folder / "plugins" / "kudos" / "left_over.py"
    left_over.touch()
    done = installation.zou("install-plugin", "--path", newer)
    assert "⚠️" not in done.output
    assert traces(installation)[1] == [("kudos", "1.1.0", "0001", "MIT")]
    assert not left_over.exists()
    done = installation.zou("install-plugin", "--path", kudos)
    assert "⚠️ [Plugins] Version 1.0.0 of plugin 'kudos' is not newer than the installed version 1.1.0." in done.output
    assert (done.exit_code, traces(installation)[1]) == (0, [("kudos", "1.0.0", "0001", "MIT")])
    assert "⚠️" not in installation.zou("install-plugin", "--path", kudos, "--force").output


def altered(package, target, version=None, files=None):
    """A copy of an archive with another version, and files replaced."""
    with zipfile.ZipFile(package) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            text = source.read(name)
            if name == "manifest.toml" and version:
                text = text.replace(b"1.0.0", version.encode())
            archive.writestr(name, (files or {}).get(name, text))
    return target


def test_an_installation_that_fails_changes_nothing(installation, kudos, tmp_path):
    before = traces(installation)
    bad = altered(
        kudos, tmp_path / "bad.zip", "2.0.0", {"migrations/versions/0001_kudos.py": "revision = '0002'\ndown_revision = '0001'\n"}
    )
    assert installation.zou("install-plugin", "--path", bad).exit_code == 1
    assert traces(installation) == before
    assert 'version = "1.0.0"' in (installation.folder / "plugins" / "kudos" / "manifest.toml").read_text()
    assert [path.name for path in (installation.folder / "plugins").iterdir()] == ["kudos"]


def test_an_archive_cannot_write_outside_of_its_folder(installation, tmp_path):
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.write(EXAMPLE / "manifest.toml", "manifest.toml")
        archive.writestr("../../evil.py", "")
    done = installation.zou("install-plugin", "--path", tmp_path / "evil.zip")
    assert (done.exit_code, traces(installation)[1]) == (1, [])
    assert "a path outside of it" in done.output


def test_plugins_are_listed(installation, kudos):
    [row] = json.loads(installation.zou("list-plugins", "--format", "json", "--verbose").output)
    assert list(row) == [
        *("Plugin ID", "Name", "Version", "Maintainer", "License"),
        *("Description", "Website", "Icon", "Revision", "Installation Date", "Last Update"),
    ]
    assert row["Maintainer"] == "Ada Lovelace <ada@studio.example>"
    table = installation.zou("list-plugins").output
    assert "Kudos" in table and "Website" not in table
    for field, text in {"plugin_id": "KUD", "name": "kudos", "maintainer": "lovelace", "license": "mit"}.items():
        assert "Kudos" in installation.zou("list-plugins", "--filter-field", field, "--filter-value", text).output
    none = installation.zou("list-plugins", "--filter-field", "name", "--filter-value", "k%s")
    assert none.output == "No plugins found matching the criteria.\n"


def test_a_package_is_not_replaced_unless_forced(installation, package):
    arguments = ("create-plugin-package", "--path", EXAMPLE, "--output-path", package)
    done = installation.zou(*arguments)
    assert (done.exit_code, done.output) == (1, f"Error: Output path '{package}' already exists.\n")
    assert installation.zou(*arguments, "--force").exit_code == 0
    assert zipfile.is_zipfile(io.BytesIO(package.read_bytes()))
