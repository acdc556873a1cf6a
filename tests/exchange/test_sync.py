"""Another server taken over: rows, changes, files; pushed to; counted on both sides. Two servers, two databases."""

import datetime
import io
import re
import threading
import time

import pytest
import sqlalchemy as sa
from PIL import Image

from tests.databases import close, fresh_database
from tests.exchange.servers import EMAIL, PASSWORD, Server
from tests.making import make
from tests.processes import spawn  # noqa: F401  (fixture)
from tests.world import build
from zou.comments.models import Comment
from zou.exchange.sync import changes, files
from zou.exchange.sync.remote import Remote
from zou.people.models import Department, Person
from zou.platform.db import db
from zou.platform.storage import store
from zou.previews.models import PreviewFile
from zou.productions.models import Project
from zou.tasks.models import Task

COPIED = [
    "studio",
    "department",
    "task_type",
    "task_status",
    "status_automation",
    "custom_action",
    "organisation",
    "project_status",
    "entity_type",
    "person",
    "project",
    "entity",
    "task",
    "preview_file",
    "time_spent",
    "playlist",
    "build_job",
    "comment",
    "attachment_file",
    "metadata_descriptor",
    "schedule_item",
    "subscription",
    "notification",
    "entity_link",
    "news",
    "milestone",
    "search_filter",
    "search_filter_group",
    "day_off",
    "task_person_link",
    "department_link",
    "project_person_link",
    "comment_preview_link",
]
LEFT_OUT = {
    "preview_file": {"data"},  # marked as imported
    "person": {"last_presence", "login_failed_attemps", "last_login_failed"},
    "milestone": {"created_at", "updated_at"},  # the list of a production has no dates
    "entity_link": {"created_at", "updated_at"},
}
MOMENT = re.compile(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d+$")


@pytest.fixture(scope="module")
def world(there):
    """A row of every model on the other server, with a main preview."""
    world = build(there.tx)
    world["shot"].preview_file_id = world[PreviewFile].id
    world["artist"].departments = [world[Department]]
    there.tx.commit()
    return world


@pytest.fixture(scope="module")
def synced(here, there, world):
    """Our installation after the first synchronisation."""
    done = here.zou("sync-full", "--source", there.address, "--with-events")
    assert done.exit_code == 0, done.output + repr(done.exception)
    assert done.output.startswith("Start syncing.\n") and done.output.endswith("Syncing ended.\n")
    assert "refused" not in done.output
    return here


def rows(installation, table):
    """{key: row} of a table, moments in whole seconds; what is not synchronised is left out."""
    left_out = LEFT_OUT.get(table, set())
    with installation.engine.connect() as connection:
        found = connection.scalars(sa.text(f'SELECT row_to_json(t) FROM "{table}" t')).all()
    kept = [{key: in_seconds(value) for key, value in row.items() if key not in left_out} for row in found]
    return {row.get("id") or str(sorted(map(str, row.values()))): row for row in kept}


def in_seconds(value):
    return MOMENT.sub(r"\1", value) if isinstance(value, str) else value


@pytest.mark.parametrize("table", COPIED)
def test_every_row_is_here_as_it_is_there(synced, there, table):
    ours = rows(synced, table)
    theirs = rows(there, table)
    assert len(theirs) > 0 or table == "build_job"
    assert ours == theirs


def test_a_password_works_on_both(synced, there):
    app = synced.app()
    answer = app.test_client().post("/auth/login", json={"email": EMAIL, "password": PASSWORD})
    assert answer.json["login"] is True
    close(app)


def test_events_come_when_asked_for(synced, there):
    assert set(rows(synced, "api_event")) >= set(rows(there, "api_event"))


def test_again_changes_nothing(synced, there):
    before = {table: rows(synced, table) for table in COPIED}
    assert synced.zou("sync-full", "--source", there.address).exit_code == 0
    assert {table: rows(synced, table) for table in COPIED} == before


def test_what_was_cut_off_goes_on(synced, there):
    with synced.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM news; DELETE FROM subscription; DELETE FROM task_person_link"))
    assert synced.zou("sync-full", "--source", there.address, "--only-projects", "--project", "Caminandes").exit_code == 0
    for table in ("news", "subscription", "task_person_link"):
        assert rows(synced, table) == rows(there, table)


def test_both_sides_are_counted(synced, there, world):
    done = synced.zou("sync-verify", "--source", there.address, "--project", "Caminandes")
    assert done.exit_code == 0
    lines = {line.split("│")[1].strip(): line for line in done.output.splitlines() if line.startswith("│")}
    assert len(lines) == 29
    assert [name for name, line in lines.items() if "DIFF" in line] == []
    assert "OK" in lines["Comment"] and "NOT SYNCED" in lines["Budget"] and "N/A" in lines["Chat"]
    assert "All comparable models match." in done.output
    there.tx.add(more := Comment(object_id=world[Task].id, person_id=world[Person].id, text="One more", object_type="Task"))
    there.tx.commit()
    done = synced.zou("sync-verify", "--source", there.address, "--project", "Caminandes")
    [line] = [line for line in done.output.splitlines() if "DIFF" in line]
    assert [part.strip() for part in line.split("│")[1:-1]] == ["Comment", "2", "1", "-1", "DIFF"]
    there.tx.delete(more)
    there.tx.commit()
    done = synced.zou("sync-verify", "--source", there.address, "--project", "Nothing")
    assert (done.exit_code, done.output) == (0, "Project 'Nothing' not found on source.\n")


def test_a_server_that_is_not_there_is_told(here):
    done = here.zou("sync-full", "--source", "http://127.0.0.1:1", "--project", "x")
    assert done.exit_code == 1 and "Could not reach the source instance" in done.output


def test_an_unknown_production_is_told(synced, there):
    done = synced.zou("sync-full", "--source", there.address, "--project", "Nothing")
    assert done.exit_code == 1 and "Project 'Nothing' not found on source." in done.output


def test_a_row_that_the_database_refuses_is_left_out_and_told(synced, there):
    clash = make(there.tx, Person, email="same@studio.example")
    with synced.engine.begin() as connection:
        columns, values = "id, first_name, last_name, email, role", "gen_random_uuid(), 'a', 'b', 'same@studio.example', 'user'"
        insert = f"INSERT INTO person ({columns}) VALUES ({values})"
        connection.execute(sa.text(insert))
    done = synced.zou("sync-full", "--source", there.address, "--no-projects")
    assert done.exit_code == 0
    assert f"Failed to import Person {clash.id}" in done.output and "1 rows were refused" in done.output
    with synced.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM person WHERE email = 'same@studio.example'"))
    there.tx.delete(clash)
    there.tx.commit()


# --- changes ---


def asking(there):
    """An account of the other server, signed in."""
    remote = Remote(there.address, EMAIL, PASSWORD)
    remote.sign_in()
    return remote


def test_the_log_of_events_is_applied(synced, there, world):
    remote = asking(there)
    remote.post("data/projects", {"name": "New one"})
    department = remote.post("data/departments", {"name": "Rigging", "color": "#000000"})
    remote.ask("PUT", f"data/tasks/{world[Task].id}", json={"priority": 3})
    comment = make(there.tx, Comment, object_id=world[Task].id, person_id=world[Person].id)
    assert synced.zou("sync-full", "--source", there.address, "--only-projects").exit_code == 0
    remote.ask("DELETE", f"data/comments/{comment.id}")
    for arguments in (("--minutes", "5", "--page-size", "2"), ()):
        done = synced.zou("sync-last-events", "--source", there.address, *arguments)
        assert done.exit_code == 0
        assert done.output.startswith("Last events syncing started.\n") and done.output.endswith("Last events syncing ended.\n")
        assert "0 failed" in done.output
        for table in ("project", "task", "comment", "department"):
            assert rows(synced, table) == rows(there, table)
    remote.ask("DELETE", f"data/departments/{department['id']}")
    synced.zou("sync-last-events", "--source", there.address)
    assert rows(synced, "department") == rows(there, "department")


def test_changes_are_followed_as_they_happen(synced, there, world):
    app, stop = synced.app(), threading.Event()
    remote = asking(there)

    def deliver(name, data):
        with app.app_context():
            changes.take_change(db.session, remote, name, data)

    follower = threading.Thread(
        target=changes.follow, args=(Remote(there.address, EMAIL, PASSWORD), there.address, changes.names_followed(), deliver, stop)
    )
    follower.start()
    try:
        wait_for(there.served.extensions["stream"].dispatcher.listening.is_set)
        made = remote.post("data/departments", {"name": "Lookdev", "color": "#000000"})
        wait_for(lambda: made["id"] in rows(synced, "department"))
        wait_for(lambda: "department:new" in [row["name"] for row in rows(synced, "api_event").values() if row["data"].get("sync")])
        assert [row["data"] for row in rows(synced, "api_event").values() if row["data"].get("sync")] == [
            {"department_id": made["id"], "sync": True}
        ]
        remote.ask("DELETE", f"data/departments/{made['id']}")
        wait_for(lambda: made["id"] not in rows(synced, "department"))
    finally:
        stop.set()
        follower.join(10)
        close(app)
    assert not follower.is_alive()


def wait_for(holds, patience_s=15):
    """Wait until something holds."""
    deadline = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_an_event_of_a_synchronisation_is_not_taken_back():
    taken = []
    receive = changes.receiver("task:new", lambda name, data: taken.append(data))
    receive({"task_id": "x", "sync": True})
    receive({"task_id": "x"})
    assert taken == [{"task_id": "x"}]


# --- files ---


def test_files_are_fetched_once(synced, there, world):
    keep_picture(there, world[PreviewFile].id)
    there.tx.execute(sa.update(Person).where(Person.id == world[Person].id).values(has_avatar=True))
    there.tx.commit()
    put(there, "pictures", "thumbnails", world[Person].id, b"an avatar")
    synced.zou("sync-full", "--source", there.address)
    done = synced.zou("sync-full-files", "--source", there.address, "--number-attemps", "1")
    assert done.exit_code == 0, done.output
    ours, theirs = (tree(installation) for installation in (synced, there))
    assert ours == theirs and len(ours) == 5
    states = rows(synced, "preview_file_storage_state").values()
    assert {(row["bucket"], row["prefix"]): row["state"] for row in states} == {
        ("pictures", prefix): "ok" for prefix in ("original", "thumbnails", "thumbnails-square", "previews")
    }
    registered = {row["key"] for row in rows(synced, "stored_file").values()}
    assert len(registered) == 5
    changed = next(iter(sorted((synced.folder / "previews").rglob("*-*"))))
    changed.write_bytes(b"kept")
    assert synced.zou("sync-full-files", "--source", there.address, "--multithreaded", "--number-workers", "2").exit_code == 0
    assert changed.read_bytes() == b"kept"
    assert synced.zou("sync-full-files", "--source", there.address, "--force-resync", "--project", "Caminandes").exit_code == 0
    assert tree(synced) == theirs


def keep_picture(server, id):
    """Put the pictures of a preview into the storage of a server."""
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, "PNG")
    for prefix in ("original", "thumbnails", "thumbnails-square", "previews"):
        put(server, "pictures", prefix, id, content.getvalue())


def put(server, bucket, prefix, id, content):
    with server.served.app_context():
        store().put(bucket, prefix, id, io.BytesIO(content))


def tree(installation):
    """{path: content} of the storage of an installation."""
    root = installation.folder / "previews"
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_late_files_are_fetched_by_their_events(synced, there, world):
    put(there, "pictures", "thumbnails", world[Project].id, b"of the production")
    there.tx.execute(
        sa.text("INSERT INTO api_event (id, name, data, created_at) VALUES (gen_random_uuid(), 'project:set-thumbnail', :data, :now)"),
        {"data": f'{{"project_id": "{world[Project].id}"}}', "now": datetime.datetime.now(datetime.UTC).replace(tzinfo=None)},
    )
    there.tx.execute(sa.update(Project).where(Project.id == world[Project].id).values(has_avatar=True))
    there.tx.commit()
    assert synced.zou("sync-last-files", "--source", there.address).exit_code == 0
    assert tree(synced) == tree(there)


def test_a_file_that_cannot_be_had_is_in_the_summary(synced, there, world):
    group = files.of_preview(world[PreviewFile])
    app = synced.app()
    with app.app_context():
        away = Remote("http://127.0.0.1:1", EMAIL, PASSWORD)
        failed = files.take(db.session, away, group, files.Transfer(attempts=1, force=True))
        db.session.remove()
    close(app)
    assert [file for file, _ in failed] == group


@pytest.mark.parametrize("setting, parts", [("false", {"previews", "lowdef"}), ("true", {"previews", "lowdef", "source"})])
def test_uploaded_movies_come_along_when_asked_for(synced, there, world, setting, parts):
    id = world[PreviewFile].id
    with synced.engine.begin() as connection:
        connection.execute(sa.text("UPDATE preview_file SET extension = 'mp4' WHERE id = :id"), {"id": id})
    for prefix in ("previews", "lowdef", "source"):
        put(there, "movies", prefix, id, b"a movie")
    synced.zou("sync-full-files", "--source", there.address, "--number-attemps", "1", SYNC_SOURCE_MOVIE_FILES=setting)
    assert {path.parts[1] for path in tree(synced) if path.parts[0] == "movies"} == parts


# --- push ---


@pytest.fixture
def pushed_to(there, postgres_url, tmp_path_factory):
    """A third server that has the shared data of the first, and no production."""
    with fresh_database(postgres_url) as url:
        server = Server(url, tmp_path_factory.mktemp("third")).start()
        server.tx.execute(sa.delete(Person))
        server.tx.commit()
        server.environ |= {"SYNC_LOGIN": EMAIL, "SYNC_PASSWORD": PASSWORD}
        assert server.zou("sync-full", "--source", there.address, "--no-projects").exit_code == 0
        server.tx.execute(sa.text("DELETE FROM project_person_link; DELETE FROM project"))
        server.tx.commit()
        yield server
        server.stop()


def test_a_production_is_pushed_with_all_that_hangs_on_it(synced, pushed_to):
    done = synced.zou("sync-push", "--target", pushed_to.address, "--project", "Nothing")
    assert done.exit_code == 1 and "Project 'Nothing' not found locally." in done.output
    for _ in range(2):
        done = synced.zou("sync-push", "--target", pushed_to.address, "--project", "Caminandes", "--batch-size", "1")
        assert done.exit_code == 0, done.output
        assert "refused" not in done.output
        for table in ("entity", "task", "task_person_link", "comment", "comment_preview_link", "playlist", "news", "milestone"):
            assert set(rows(pushed_to, table)) == set(rows(synced, table)), table
    shown = {id: row["preview_file_id"] for id, row in rows(synced, "entity").items()}
    assert {id: row["preview_file_id"] for id, row in rows(pushed_to, "entity").items()} == shown
    done = synced.zou("sync-push-verify", "--target", pushed_to.address, "--project", "Caminandes")
    assert done.exit_code == 0
    assert [line for line in done.output.splitlines() if "DIFF" in line and "SearchFilter" not in line] == []


# --- the commands that follow for ever ---


@pytest.mark.parametrize("command", ["sync-changes", "sync-file-changes"])
def test_a_command_follows_until_it_is_stopped(synced, there, world, command, spawn, tmp_path):  # noqa: F811
    process = spawn(
        *("-m", "zou", command, "--source", there.address, "--event-source", there.address, "--logs-directory", tmp_path), **synced.environ
    )
    assert process.stdout.readline() == "Start listening.\n"
    assert process.stdout.readline() == f"Listening to {there.address}.\n"
    remote = asking(there)
    if command == "sync-changes":
        made = remote.post("data/departments", {"name": "Grooming", "color": "#000000"})
        wait_for(lambda: made["id"] in rows(synced, "department"))
    else:
        picture = io.BytesIO()
        Image.new("RGB", (8, 8), "blue").save(picture, "PNG")
        picture.seek(0)
        remote.ask("POST", f"pictures/thumbnails/persons/{world['artist'].id}", files={"file": ("a.png", picture, "image/png")})
        wait_for(
            lambda: (
                tree(synced).items() >= {path: data for path, data in tree(there).items() if str(world["artist"].id) in path.name}.items()
            )
        )
    assert "Listening to" in (tmp_path / "zou_sync_changes.log").read_text()
