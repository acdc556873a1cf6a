"""Who is told of a row by Socket.IO: exactly those who read its item, over the studio of the listings and with real clients."""

import time

import pytest
import sqlalchemy as sa

from tests.permissions.listings.studio import CAST
from tests.permissions.listings.test_listings import Reader
from tests.platform.events.conftest import Listener, serving, wait_for
from zou.platform import events
from zou.platform.db import db
from zou.platform.db.types import utcnow
from zou.platform.events.models import ApiEvent

KINDS = {
    "asset_instance", "attachment_file", "budget", "budget_entry", "chat_message", "comment", "day_off", "entity", "entity_link",
    "metadata_descriptor", "milestone", "news", "output_file", "person", "playlist", "preview_file", "production_schedule_version",
    "schedule_item", "search_filter", "subscription", "task", "time_spent", "working_file",
}  # fmt: skip
PATIENCE_S = 60
MOST = 5  # rows of a kind that are told of, from all productions
QUIET = {
    "day_off",  # has no production, so that a page that tells a team when its members are off is not told of it at once
    "entity_link",  # vendors have no castings of a production (breakdown.md §1), though they may reach both ends
    "subscription",  # is told to whom it is of
}
"""Kinds of which somebody who reads the row may hear nothing."""


@pytest.fixture
def listening(studio):
    """{name: Listener} of everybody in the cast."""
    with serving(studio.app) as address:
        found = {name: Listener(address, auth={"token": who.headers["Authorization"].split()[1]}) for name, who in studio.cast.items()}
        yield found
        for listener in found.values():
            listener.hang_up()
        wait_for(lambda: not studio.app.extensions["stream"].clients)


def told(studio):
    """[(event name, id)]: rows of every kind and production."""
    found = []
    for kind in sorted(KINDS):
        ids = sorted((str(studio.projects.get(id)), id) for id, row in studio.rows.items() if row.__tablename__ == kind)
        step = max(len(ids) // MOST, 1)
        found += [(f"{kind.replace('_', '-')}:update", kind, id) for _, id in ids[::step][:MOST]]
    return found


def heard_by(listener):
    """The events that somebody heard before the last one, which is waited for with the patience of a busy machine."""
    end = time.monotonic() + PATIENCE_S
    while "main:test" not in [name for name, _ in list(listener.heard)] and time.monotonic() < end:
        time.sleep(0.05)
    return listener.until("main:test")


def test_who_reads_a_row_is_told_of_it_and_nobody_else(studio, ask, listening):
    rows = told(studio)
    with studio.app.app_context():
        tx = db.session()
        for name, kind, id in rows:
            events.emit(tx, name, {f"{kind}_id": id, "data": {"secret": 1}}, project_id=studio.projects.get(id), persist=False)
        events.emit(tx, "main:test", persist=False)
        tx.commit()
        db.session.remove()
    wrong = []
    for person in CAST:
        heard = {(name, data[f"{name.split(':')[0].replace('-', '_')}_id"]) for name, data in heard_by(listening[person])}
        reader = Reader(studio, studio.cast[person], ask)
        for name, kind, id in rows:
            reads = reader.reads(id) and not reader.is_foreign(id) if person != "administrator" else True
            if (name, id) in heard and not reads or (reads and (name, id) not in heard and kind not in QUIET):
                wrong.append(f"{person} {'is not' if reads else 'is'} told of {kind} {id}")
    assert not wrong, "\n".join(wrong)


def test_who_was_away_is_told_no_more_than_who_was_there(studio, listening):
    """`main:missed`, about events that are stored, and taken out of the log again."""
    here, told = studio.productions["here"], {"worked": set(), "idle": set()}
    since = utcnow()
    with studio.app.app_context():
        tx = db.session()
        for asset in (here.asset_id, here.idle_asset):
            events.emit(tx, "asset:update", {"asset_id": asset.id, "data": {"x": 1}}, project_id=here.project_id.id)
        tx.commit()
        for name in ("artist at work", "client in the team", "vendor at work", "vendor who left"):
            listener = listening[name]
            wait_for(lambda listener=listener, name=name: name == "vendor who left" or listener.heard)
            time.sleep(0.2)
            listener.heard.clear()
            answer = listener.client.call("main:missed", {"since": since.isoformat()}, namespace="/events", timeout=30)
            wait_for(lambda listener=listener, answer=answer: len(listener.heard) >= answer["count"])
            for place, asset in (("worked", here.asset_id), ("idle", here.idle_asset)):
                heard = [data for event, data in listener.heard if event == "asset:update" and data["asset_id"] == str(asset.id)]
                told[place] |= {(name, "data" in data) for data in heard}
        tx.execute(sa.delete(ApiEvent).where(ApiEvent.name == "asset:update", ApiEvent.created_at >= since))
        tx.commit()
        db.session.remove()
    assert told["worked"] == {("artist at work", True), ("client in the team", False), ("vendor at work", False)}
    assert told["idle"] == {("artist at work", True), ("client in the team", False)}


def test_guests_are_not_told_what_was_written(studio, listening):
    asset = studio.productions["here"].asset_id
    with studio.app.app_context():
        tx = db.session()
        events.emit(tx, "asset:update", {"asset_id": asset.id, "data": {"ready_for": "x"}}, project_id=asset.project_id, persist=False)
        events.emit(tx, "main:test", persist=False)
        tx.commit()
        db.session.remove()
    for name, whole in {"administrator": True, "artist at work": True, "client in the team": False, "vendor at work": False}.items():
        assert [("data" in data) for _, data in heard_by(listening[name])] == [whole]
    assert heard_by(listening["vendor who left"]) == []
