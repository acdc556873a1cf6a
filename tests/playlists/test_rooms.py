"""Review rooms: who hears what of whom, over real connections."""

import datetime
import time

import pytest

from tests.making import join_team, make
from tests.platform.events.conftest import listen, served, stream_database, team, tell, wait_for, world  # noqa: F401  (fixtures)
from zou.people.models import Person
from zou.playlists.models import Playlist
from zou.playlists.rooms import RELAYED
from zou.productions.models import ProjectPersonLink

UPDATED, PEOPLE = "preview-room:room-updated", "preview-room:room-people-updated"


@pytest.fixture
def review(world, team, served):  # noqa: F811
    """(playlist, {name: person}): a playlist that is not for clients, and who might watch it."""
    project, people = team
    people = {**people, "colleague": make(world, Person), "client": make(world, Person, role="client")}
    people["vendor"] = make(world, Person, role="vendor")
    join_team(world, project, people["colleague"], people["client"], people["vendor"])
    playlist = make(world, Playlist, project_id=project.id, shots=[])
    yield playlist, people
    served[0].extensions["review_rooms"].rooms.clear()


@pytest.fixture
def watch(listen, review):  # noqa: F811
    """`watch(name)`: a connection of that person, which hears of the review if they may."""

    def connect(name):
        listener = listen(review[1][name])
        say(listener, "open-playlist", review[0])
        if name in ("member", "colleague"):
            wait_for(lambda: heard(listener, PEOPLE))
        return listener

    return connect


def say(listener, name, playlist, **data):
    listener.client.emit(f"preview-room:{name}", {"playlist_id": str(playlist.id), **data}, namespace="/events")


def heard(listener, name):
    """The data of the events of that name that a connection heard."""
    return [data for event, data in list(listener.heard) if event == name]


def wait_people(listener, *people):
    """Wait until a connection was told that exactly these are in the review."""
    wait_for(lambda: heard(listener, PEOPLE) and heard(listener, PEOPLE)[-1]["people"] == [str(person.id) for person in people])


def test_the_first_one_brings_the_state_and_all_hear_of_changes(review, watch):
    playlist, people = review
    ada, grace = watch("member"), watch("colleague")
    say(ada, "join", playlist, current_frame=12, is_playing=True, speed=2, local_id="a", comparing={"enable": True, "more": 1})
    wait_people(grace, people["member"])
    say(grace, "join", playlist, current_frame=99)
    wait_people(ada, people["member"], people["colleague"])
    wait_for(lambda: len(heard(ada, UPDATED)) == 2)
    state = heard(ada, UPDATED)[-1]
    assert (state["current_frame"], state["is_playing"], state["speed"], state["local_id"]) == (12, True, 2, "a")
    assert state["comparing"] == {"enable": True, "task_type": None, "revision": None, "mode": "sidebyside", "comparison_preview_index": 0}
    say(grace, "room-updated", playlist, is_laser_mode=True, speed="fast", comparing=3)
    wait_for(lambda: len(heard(ada, UPDATED)) == 3 and heard(grace, UPDATED)[-1:] == heard(ada, UPDATED)[-1:])
    state = heard(ada, UPDATED)[-1]
    assert (state["current_frame"], state["speed"], state["comparing"]["enable"]) == (12, 2, True)  # kept
    assert (state["is_playing"], state["is_laser_mode"], state["local_id"], state["only_newcomer"]) == (False, True, None, False)
    assert state["playlist_id"] == str(playlist.id)


def test_drawings_and_views_are_passed_on_as_they_are(review, watch):
    playlist, _ = review
    ada, grace = watch("member"), watch("colleague")
    for name in RELAYED:
        sent = {"local_id": "a", "obj": {"id": name}}
        say(ada, name, playlist, data=sent)
        for listener in (ada, grace):
            wait_for(lambda listener=listener, name=name: heard(listener, f"preview-room:{name}"))
            assert heard(listener, f"preview-room:{name}") == [{"playlist_id": str(playlist.id), "data": sent}]


@pytest.mark.parametrize("name", ["outsider", "client", "vendor"])
def test_who_may_not_read_the_playlist_neither_hears_nor_is_heard(review, watch, name):
    playlist, people = review
    ada, stranger = watch("member"), watch(name)
    say(ada, "join", playlist, current_frame=1)
    wait_people(ada, people["member"])
    for event in ("join", "room-updated", "add-annotation", "panzoom-changed", "leave", "close-playlist"):
        say(stranger, event, playlist, current_frame=666, data="spoilt")
    say(ada, "room-updated", playlist, current_frame=2)
    wait_for(lambda: heard(ada, UPDATED) and heard(ada, UPDATED)[-1]["current_frame"] == 2)
    time.sleep(0.3)  # what else may come
    assert [event for event, _ in stranger.heard if event.startswith("preview-room:")] == []
    assert {data["current_frame"] for data in heard(ada, UPDATED)} == {1, 2}
    assert heard(ada, "preview-room:add-annotation") == []
    assert heard(ada, PEOPLE)[-1]["people"] == [str(people["member"].id)]


def test_access_that_is_lost_is_lost_at_once(review, watch, world):  # noqa: F811
    playlist, people = review
    ada, grace = watch("member"), watch("colleague")
    say(ada, "add-annotation", playlist, data=1)
    wait_for(lambda: heard(grace, "preview-room:add-annotation"))
    link = world.get(ProjectPersonLink, (playlist.project_id, people["member"].id))
    world.delete(link)
    world.commit()
    say(ada, "add-annotation", playlist, data=2)
    say(grace, "add-annotation", playlist, data=3)
    wait_for(lambda: len(heard(grace, "preview-room:add-annotation")) == 2)
    assert [data["data"] for data in heard(grace, "preview-room:add-annotation")] == [1, 3]


@pytest.mark.parametrize(
    "loss", ["removed from the team", "deactivated", "made a vendor", "a client, and the playlist not for clients any more"]
)
def test_who_loses_access_stops_hearing(review, watch, world, served, tell, loss):  # noqa: F811
    playlist, people = review
    if loss.startswith("a client"):
        playlist.for_client = True
        world.commit()
    person = people["client" if loss.startswith("a client") else "member"]
    grace, loser = watch("colleague"), watch("client" if loss.startswith("a client") else "member")
    wait_for(lambda: heard(loser, PEOPLE))  # it hears of the review
    say(grace, "add-annotation", playlist, data=1)
    wait_for(lambda: heard(loser, "preview-room:add-annotation"))
    say(loser, "join", playlist)
    wait_people(grace, person)
    if loss == "removed from the team":
        world.delete(world.get(ProjectPersonLink, (playlist.project_id, person.id)))
    elif loss == "deactivated":
        person.active = False
    elif loss == "made a vendor":
        person.role = "vendor"
    else:
        playlist.for_client = False
    world.commit()
    about_team = {"removed from the team": ("project:update", {}), "a": ("playlist:update", {"playlist_id": str(playlist.id)})}
    name, data = about_team.get(loss if loss in about_team else loss[0], ("person:update", {"person_id": person.id}))
    tell(name, data, project_id=None if name == "person:update" else playlist.project_id)
    wait_people(grace)  # they are taken out, and all are told
    say(grace, "add-annotation", playlist, data=2)
    wait_for(lambda: len(heard(grace, "preview-room:add-annotation")) == 2)
    time.sleep(0.2)  # what else may come
    assert [data["data"] for data in heard(loser, "preview-room:add-annotation")] == [1]


def test_a_person_with_two_tabs_stays_until_both_are_closed(review, watch, served):  # noqa: F811
    playlist, people = review
    grace, first, second = watch("colleague"), watch("member"), watch("member")
    for tab in (first, second):
        say(tab, "join", playlist)
    wait_for(lambda: len(heard(grace, PEOPLE)) == 5)  # their own opening, those of the tabs, the tabs' joining
    first.hang_up()
    wait_for(lambda: len(heard(grace, PEOPLE)) == 6)
    wait_people(grace, people["member"])
    second.hang_up()
    wait_people(grace)
    assert served[0].extensions["review_rooms"].rooms == {}


def test_whoever_leaves_is_told(review, watch):
    playlist, people = review
    ada, grace = watch("member"), watch("colleague")
    say(ada, "join", playlist)
    wait_people(grace, people["member"])
    say(grace, "join", playlist)
    wait_people(ada, people["member"], people["colleague"])
    say(grace, "leave", playlist)
    wait_people(ada, people["member"])


@pytest.mark.parametrize("data", [None, 3, "x", [], {}, {"playlist_id": None}, {"playlist_id": "x"}, {"playlist_id": {}}], ids=repr)
def test_odd_payloads_are_ignored(review, watch, data):
    playlist, people = review
    ada = watch("member")
    for name in ("open-playlist", "close-playlist", "join", "leave", "room-updated", "add-annotation"):
        ada.client.emit(f"preview-room:{name}", data, namespace="/events")
        ada.client.emit(f"preview-room:{name}", (data, 1, 2, 3), namespace="/events")
    say(ada, "join", playlist)
    wait_people(ada, people["member"])


def test_a_read_only_account_watches_and_drives_not(review, watch, world):  # noqa: F811
    playlist, people = review
    guest = people["colleague"]
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    guest.preview_project_id = playlist.project_id
    guest.preview_opened_at, guest.preview_open_until = now - datetime.timedelta(hours=1), now + datetime.timedelta(hours=1)
    world.commit()
    ada, looking = watch("member"), watch("colleague")
    say(looking, "join", playlist)
    wait_people(ada, guest)
    say(looking, "add-annotation", playlist, data=1)
    say(looking, "room-updated", playlist, current_frame=5)
    say(ada, "add-annotation", playlist, data=2)
    wait_for(lambda: heard(looking, "preview-room:add-annotation"))
    assert [data["data"] for data in heard(looking, "preview-room:add-annotation")] == [2]
    assert {data["current_frame"] for data in heard(looking, UPDATED)} == {0}
