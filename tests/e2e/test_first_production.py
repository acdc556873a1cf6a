"""A first production, kept through the unmodified gazu client against `zou run` on a fresh data folder, while another client listens."""

import time

import gazu
import pytest
from PIL import Image

EMAIL, ARTIST_EMAIL, ARTIST_PASSWORD = "admin@example.com", "ada@example.com", "a-long-enough-password"
PATIENCE_S = 20


class Listener:
    """A client of `gazu.events` that remembers the names of what it receives, in their order."""

    def __init__(self, client):
        self.names = []
        self.events = gazu.events.init(client=client)
        self.events.on("*", lambda name, *data: self.names.append(name), namespace="/events")

    def hears(self, *names):
        """Wait for exactly these events, in this order, since the last call."""
        deadline = time.monotonic() + PATIENCE_S
        while len(self.names) < len(names) and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.2)  # what else may come
        heard, self.names = self.names, []
        assert heard == list(names)


@pytest.fixture
def client(server):
    """A gazu client of the administrator."""
    made = gazu.client.create_client(server.url)
    made.event_host = server.url
    gazu.log_in(EMAIL, server.password, client=made)
    return made


@pytest.fixture
def listener(client):
    """A listener, connected before the story begins."""
    made = Listener(client)
    yield made
    made.events.disconnect()


def by_name(rows):
    return {row["name"]: row for row in rows}


def make_production(client, listener):
    """A production with an artist, a task type for shots and one for assets, and two statuses."""
    artist = gazu.person.new_person("Ada", "Lovelace", ARTIST_EMAIL, password=ARTIST_PASSWORD, client=client)
    listener.hears("person:new")
    project = gazu.project.new_project("The first film", client=client)
    listener.hears("project:new")
    gazu.project.add_person_to_team(project, artist, client=client)
    listener.hears("project:update")
    types = [gazu.task.get_task_type_by_name("Animation", client=client), gazu.task.get_task_type_by_name("Modeling", client=client)]
    statuses = [gazu.task.get_task_status_by_short_name(name, client=client) for name in ("todo", "wfa")]
    for priority, task_type in enumerate(types, start=1):
        gazu.project.add_task_type(project, task_type, priority, client=client)
        listener.hears("project:update")
    for status in statuses:
        gazu.project.add_task_status(project, status, client=client)
        listener.hears("project:update")
    return project, artist, types, statuses


def make_entities(client, listener, project):
    """Two assets, and two shots in two sequences of an episode."""
    character = gazu.asset.get_asset_type_by_name("Character", client=client)
    assets = [gazu.asset.new_asset(project, character, name, client=client) for name in ("Rabbit", "Fox")]
    listener.hears("asset:new", "asset:new")
    episode = gazu.shot.new_episode(project, "E01", client=client)
    listener.hears("episode:new")
    sequences = [gazu.shot.new_sequence(project, name, episode=episode, client=client) for name in ("SQ01", "SQ02")]
    listener.hears("sequence:new", "sequence:new")
    shots = [
        gazu.shot.new_shot(project, sequence, "SH01", nb_frames=48, frame_in=101, frame_out=148, client=client) for sequence in sequences
    ]
    listener.hears("shot:new", "shot:new")
    return assets, episode, sequences, shots


def assign_work(client, listener, artist, animation, modeling, assets, shots):
    """A task on each shot and asset; the artist gets the first shot and the first asset."""
    tasks = [gazu.task.new_task(shot, animation, client=client) for shot in shots]
    tasks += [gazu.task.new_task(asset, modeling, client=client) for asset in assets]
    listener.hears("task:new", "task:new", "task:new", "task:new")
    for task in (tasks[0], tasks[2]):
        gazu.task.assign_task(task, artist, client=client)
        listener.hears("task:assign", "task:update", "notification:new")
    return tasks


def cast(client, listener, project, shot, assets):
    """The assets play in the shot, and so in its episode."""
    casting = [{"asset_id": asset["id"], "nb_occurences": number} for number, asset in enumerate(assets, start=1)]
    gazu.casting.update_shot_casting(project, shot, casting, client=client)
    listener.hears("entity-link:new", "entity-link:new", "asset:update", "asset:update", "task:update-casting-stats", "shot:casting-update")
    played = gazu.casting.get_shot_casting(shot, client=client)
    assert [(entry["asset_name"], entry["nb_occurences"]) for entry in played] == [("Fox", 2), ("Rabbit", 1)]
    assert [entry["shot_name"] for entry in gazu.casting.get_asset_cast_in(assets[0], client=client)] == ["SH01"]


def review(client, listener, task, shot, status, folder):
    """A comment with a picture asks for feedback; its thumbnail comes back, and it becomes the picture of the shot."""
    picture = folder / "frame.png"
    Image.new("RGB", (640, 360), "teal").save(picture)
    comment = gazu.task.add_comment(task, status, "Ready for a look", client=client)
    listener.hears("comment:new", "task:update", "task:status-changed", "task:to-review", "notification:new", "news:new")
    preview = gazu.task.add_preview(task, comment, str(picture), client=client)
    listener.hears(
        "preview-file:new", "comment:update", "preview-file:update", "preview-file:update", "comment:update", "preview-file:add-file"
    )
    assert gazu.task.get_task(task["id"], client=client)["task_status_id"] == status["id"]

    thumbnail = folder / "thumbnail.png"
    gazu.files.download_preview_file_thumbnail(preview, str(thumbnail), client=client)
    with Image.open(thumbnail) as image:
        assert image.size == (150, 100)

    gazu.task.set_main_preview(preview, client=client)
    listener.hears("preview-file:set-main", "shot:update")
    assert gazu.shot.get_shot(shot["id"], client=client)["preview_file_id"] == preview["id"]
    return preview


def test_a_first_production(server, client, listener, tmp_path):
    project, artist, (animation, modeling), (todo, feedback) = make_production(client, listener)
    assets, episode, sequences, shots = make_entities(client, listener, project)
    tasks = assign_work(client, listener, artist, animation, modeling, assets, shots)
    cast(client, listener, project, shots[0], assets)
    preview = review(client, listener, tasks[0], shots[0], feedback, tmp_path)

    hers = gazu.client.create_client(server.url)
    gazu.log_in(ARTIST_EMAIL, ARTIST_PASSWORD, client=hers)
    work = {row["id"]: row for row in gazu.user.all_tasks_to_do(client=hers)}
    assert work.keys() == {tasks[0]["id"], tasks[2]["id"]}
    first = work[tasks[0]["id"]]
    assert (first["entity_name"], first["sequence_name"], first["episode_name"]) == ("SH01", "SQ01", "E01")
    assert first["task_status_short_name"] == "wfa"
    assert first["last_comment"]["text"] == "Ready for a look"
    assert [row["name"] for row in gazu.user.all_open_projects(client=hers)] == ["The first film"]

    board = by_name(gazu.client.get(f"data/assets/with-tasks?project_id={project['id']}", client=hers))
    assert board.keys() == {"Rabbit", "Fox"}
    assert board["Rabbit"]["casting_episode_ids"] == [episode["id"]]
    assert [task["assignees"] for task in board["Rabbit"]["tasks"]] == [[artist["id"]]]
    assert [task["assignees"] for task in board["Fox"]["tasks"]] == [[]]

    board = {row["sequence_name"]: row for row in gazu.client.get(f"data/shots/with-tasks?project_id={project['id']}", client=hers)}
    assert board.keys() == {"SQ01", "SQ02"}
    assert board["SQ01"]["preview_file_id"] == preview["id"]
    assert (board["SQ01"]["nb_entities_out"], board["SQ01"]["frame_in"], board["SQ01"]["frame_out"]) == (2, 101, 148)
    assert [task["task_status_id"] for task in board["SQ01"]["tasks"]] == [feedback["id"]]
    assert [task["task_status_id"] for task in board["SQ02"]["tasks"]] == [todo["id"]]
    listener.hears()
