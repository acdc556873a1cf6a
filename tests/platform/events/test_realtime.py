"""Who may connect, and who hears of what."""

import datetime
import urllib.request

import jwt
import pytest
import sqlalchemy as sa
from flask_jwt_extended import create_refresh_token

from tests.conftest import SETTINGS, token_of
from tests.making import join_team, make
from tests.platform.events.conftest import wait_for
from zou.auth import tokens
from zou.people.models import Person
from zou.productions.models import ProjectPersonLink

MISSING = (
    'Missing access token: send the Kitsu cookie, an Authorization header, or {"token": "<access token>"} in the socket.io auth payload.'
)


@pytest.fixture
def ada(team):
    """The artist of the team."""
    return team[1]["member"]


def forged(app, person, **claims):
    """A token of the person with other claims, rightly signed."""
    real = jwt.decode(token_of(app, person), options={"verify_signature": False})
    return jwt.encode({**real, **claims}, SETTINGS["SECRET_KEY"], algorithm="HS256")


def test_the_token_may_come_by_header_cookie_or_payload(served, listen, ada):
    token = token_of(served[0], ada)
    for options in (
        {"auth": {"token": token}},
        {"headers": {"Authorization": f"Bearer {token}"}},
        {"headers": {"Cookie": f"access_token_cookie={token}"}},
        {"auth": {"token": token}, "transports": ["polling"]},
        {"auth": {"token": token}, "transports": ["polling", "websocket"]},
    ):
        listener = listen(**options)
        assert (listener.refusal, "/events" in listener.client.namespaces) == (None, True)


def test_a_refusal_says_why(served, listen, ada, world, monkeypatch):
    app, _ = served
    bot = make(world, Person, is_bot=True, jti="another")
    revoked = token_of(app, ada)
    tokens.revoke(world, jwt.decode(revoked, options={"verify_signature": False})["jti"], datetime.datetime(2100, 1, 1))
    idle = make(world, Person, active=False)
    world.commit()
    with app.app_context():
        refresh = create_refresh_token(str(ada.id), additional_claims={"identity_type": "person"})
    reasons = {
        None: MISSING,
        "": MISSING,
        "x.y.z": "Invalid access token.",
        jwt.encode({"sub": str(ada.id)}, "another key, just as long as it should be"): "Invalid access token.",
        forged(app, ada, exp=1): "Access token expired.",
        revoked: "Access token revoked.",
        forged(app, bot, identity_type="bot"): "Access token revoked.",
        refresh: "A refresh token was given: send the access token.",
        token_of(app, idle): "Inactive account.",
        forged(app, ada, requires_2fa_setup=True): "Two-factor authentication setup is required.",
        forged(app, ada, sub="11111111-2222-3333-4444-555555555555"): "Unknown account.",
    }
    for token, reason in reasons.items():
        assert listen(auth={"token": token}).refusal == reason
    assert listen().refusal == MISSING
    assert listen(headers={"Authorization": "Bearer x.y.z"}).refusal == "Invalid access token."


def test_events_of_a_production_reach_its_team_and_administrators(listen, team, tell):
    project, people = team
    listeners = {name: listen(person) for name, person in people.items()}
    tell("asset:new", {"asset_id": "a"}, project_id=project.id)
    tell("project:thing", {"project_id": str(project.id)})
    tell("department:new", {"department_id": "d"})
    tell("main:test", persist=False)
    names = {name: [event for event, _ in listener.until("main:test")] for name, listener in listeners.items()}
    assert names == {
        "admin": ["asset:new", "project:thing", "department:new"],
        "member": ["asset:new", "project:thing", "department:new"],
        "outsider": ["department:new"],
    }


def test_a_notification_reaches_its_recipient_and_administrators(listen, team, tell):
    project, people = team
    listeners = {name: listen(person) for name, person in people.items()}
    tell("notification:new", {"notification_id": "n", "person_id": people["outsider"].id}, project_id=project.id, persist=False)
    tell("main:test", persist=False)
    heard = {name: len(listener.until("main:test")) for name, listener in listeners.items()}
    assert heard == {"admin": 1, "member": 0, "outsider": 1}


def test_who_joins_a_team_hears_from_then_on_and_who_leaves_no_more(listen, team, tell, world):
    project, people = team
    newcomer, member = listen(people["outsider"]), listen(people["member"])
    tell("shot:new", {"n": 1}, project_id=project.id)
    join_team(world, project, people["outsider"])
    world.execute(sa.delete(ProjectPersonLink).where(ProjectPersonLink.person_id == people["member"].id))
    world.commit()
    tell("project:update", project_id=project.id)
    tell("shot:new", {"n": 2}, project_id=project.id)
    tell("main:test", persist=False)
    assert [name for name, _ in newcomer.until("main:test")] == ["project:update", "shot:new"]
    assert [(name, data.get("n")) for name, data in member.until("main:test")] == [("shot:new", 1), ("project:update", None)]


def test_a_person_who_is_deactivated_is_disconnected(listen, ada, tell, world):
    listener = listen(ada)
    ada.active = False
    world.commit()
    tell("person:update", {"person_id": ada.id})
    wait_for(lambda: "/events" not in listener.client.namespaces)


def test_a_client_whose_token_died_is_disconnected_when_it_speaks(served, listen, ada, world):
    token = token_of(served[0], ada)
    listener, other = listen(auth={"token": token}), listen(ada)
    listener.client.emit("unknown:event", {"x": 1}, namespace="/events")
    tokens.revoke(world, jwt.decode(token, options={"verify_signature": False})["jti"], datetime.datetime(2100, 1, 1))
    world.commit()
    for each in (listener, other):
        each.client.emit("unknown:event", {"x": 1}, namespace="/events")
    wait_for(lambda: "/events" not in listener.client.namespaces)
    assert "/events" in other.client.namespaces


def test_the_test_event_needs_no_token(served, listen, ada):
    listener = listen(ada)
    answer = urllib.request.urlopen(f"{served[1]}/status/test-event").read()
    assert answer == b'{"success":true}'
    wait_for(lambda: listener.heard == [("main:test", {})])


def test_socket_io_on_a_port_of_its_own(served, served_alone, listen, ada, tell):
    app, address = served_alone

    def get(path):
        return urllib.request.urlopen(address + path).read()

    assert get("/") == b'{"name":"Zou Event stream"}'
    assert get("/stats") == b'{"nb_connections":0}'
    listener = listen(ada, at=address)
    assert get("/stats") == b'{"nb_connections":1}'
    tell("main:test", persist=False)
    assert listener.until("main:test") == []
    assert app.test_client().get("/rooms").status_code == 401
    token = {"Authorization": f"Bearer {token_of(served[0], ada)}"}
    assert app.test_client().post("/rooms", headers=token).json == {"name": "Zou Review rooms"}
    listener.hang_up()
    wait_for(lambda: get("/stats") == b'{"nb_connections":0}')
