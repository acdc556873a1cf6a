"""A review, from films of shots to what a guest without account draws on them, against `zou run`."""

import threading

import gazu
import pytest
import requests

from tests.films import colours, film, seconds_of

EMAIL = "admin@example.com"
COLOURS = ("red", "green", "blue")
PASSWORD = "sesame"


@pytest.fixture
def client(server):
    """A gazu client of the administrator."""
    made = gazu.client.create_client(server.url)
    gazu.log_in(EMAIL, server.password, client=made)
    return made


def shoot(client, folder):
    """(project, [(shot, task, preview)], status): three shots with a film each, in red, green and blue."""
    project = gazu.project.new_project("The first film", client=client)
    animation = gazu.task.get_task_type_by_name("Animation", client=client)
    status = gazu.task.get_task_status_by_short_name("wfa", client=client)
    gazu.project.add_task_type(project, animation, 1, client=client)
    gazu.project.add_task_status(project, status, client=client)
    sequence = gazu.shot.new_sequence(project, "SQ01", client=client)
    made = []
    for number, colour in enumerate(COLOURS, 1):
        shot = gazu.shot.new_shot(project, sequence, f"SH{number:02d}", client=client)
        task = gazu.task.new_task(shot, animation, client=client)
        comment = gazu.task.add_comment(task, status, "For the review", client=client)
        path = film(folder / f"{colour}.mp4", colour, number, sound=number != 2)
        made.append((shot, task, gazu.task.add_preview(task, comment, str(path), client=client)))
    return project, made, status


def add_at_once(client, server, playlist, shots):
    """Every shot is added by a request of its own, all at the same time, and each of them is there."""
    session = requests.Session()
    session.headers.update(gazu.client.make_auth_header(client=client))
    address = f"{server.url}/actions/playlists/{playlist['id']}/add-entity"
    answers = []
    threads = [
        threading.Thread(target=lambda shot=shot: answers.append(session.post(address, json={"entity_id": shot["id"]}).status_code))
        for shot, _, _ in shots
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200, 200, 200]
    stored = client_get(client, f"data/playlists/{playlist['id']}")["shots"]
    assert {(entry["entity_id"], entry["preview_file_id"]) for entry in stored} == {
        (shot["id"], preview["id"]) for shot, _, preview in shots
    }


def client_get(client, path):
    return gazu.client.get(path, client=client)


def build(client, playlist, shots, folder):
    """The film of the playlist, blue before red before green, has every frame of its shots in that order."""
    order = (2, 0, 1)
    entries = [{"entity_id": shots[n][0]["id"], "preview_file_id": shots[n][2]["id"]} for n in order]
    gazu.client.put(f"data/playlists/{playlist['id']}", {"shots": entries}, client=client)
    job = client_get(client, f"data/playlists/{playlist['id']}/build/mp4")
    assert (job["status"], job["playlist_id"]) == ("succeeded", playlist["id"])
    target = folder / "build.mp4"
    gazu.client.download(f"data/playlists/{playlist['id']}/jobs/{job['id']}/build/mp4", str(target), client=client)
    shown = colours(target)
    assert [name for name, _ in shown] == ["blue", "red", "green"]
    assert [frames for _, frames in shown] == pytest.approx([75, 25, 50], abs=2)
    assert seconds_of(target) == pytest.approx((6, 6), abs=0.3)


def look(page, shots, status):
    """A guest enters with the password, sees the films, comments, draws, and comes again."""
    seen = page("get").json()
    assert [entry["name"] for entry in seen["shots"]] == ["SH03", "SH01", "SH02"]
    assert {row["id"] for row in page("get", "/context").json()["task_statuses"]} == {status["id"]}
    guest = page("post", "/guest", json={"first_name": "Gina"}).json()["id"]
    shot, task, preview = shots[0]
    movie = page("get", f"/movies/originals/preview-files/{preview['id']}.mp4", headers={"Range": "bytes=0-99"})
    assert (movie.status_code, len(movie.content)) == (206, 100)
    assert page("get", f"/pictures/thumbnails/preview-files/{preview['id']}.png").headers["Content-Type"] == "image/png"
    said = {"guest_id": guest, "task_id": task["id"], "task_status_id": status["id"], "text": "More light"}
    assert page("post", "/comments", json=said).status_code == 201
    drawing = [{"time": 0.5, "drawing": {"objects": [{"id": "arrow", "type": "path"}]}}]
    drawn = page("put", "/annotations", json={"guest_id": guest, "preview_file_id": preview["id"], "additions": drawing})
    assert drawn.json()["annotations"] == drawing
    assert [comment["text"] for comment in page("get", "/comments").json()] == ["More light"]
    assert page("post", "/guest", json={"guest_id": guest}).json()["id"] == guest


def test_a_review(server, client, tmp_path):
    project, shots, status = shoot(client, tmp_path)
    playlist = gazu.playlist.new_playlist(project, "Dailies", client=client)
    add_at_once(client, server, playlist, shots)
    build(client, playlist, shots, tmp_path)

    links = f"data/playlists/{playlist['id']}/share"
    link = gazu.client.post(links, {"password": PASSWORD}, client=client)

    def page(verb, path="", password=PASSWORD, token=link["token"], **request):
        address = f"{server.url}/shared/playlists/{token}{path}"
        return requests.request(verb, address, params={"password": password} if password else {}, timeout=30, **request)

    look(page, shots, status)
    comments = gazu.task.all_comments_for_task(shots[0][1], client=client)
    assert [comment["text"] for comment in comments] == ["More light", "For the review"]

    expired = gazu.client.post(links, {"expiration_date": "2020-01-01"}, client=client)
    for path in (
        "",
        "/context",
        "/comments",
        f"/preview-files/{shots[0][2]['id']}",
        f"/movies/originals/preview-files/{shots[0][2]['id']}.mp4",
    ):
        assert [page("get", path, password).status_code for password in (None, "wrong")] == [404, 404]
        assert page("get", path, None, expired["token"]).status_code == 404
    gazu.client.delete(f"{links}/{link['token']}", client=client)
    assert page("get").status_code == 404
    assert {row["token"] for row in client_get(client, links)} == {expired["token"]}
