"""An event reaches the clients if and only if its change was committed, in the order of commits, also across a lost connection."""

import sqlalchemy as sa

from tests.platform.events.conftest import wait_for
from zou.platform.events.models import ApiEvent


def test_a_committed_event_arrives_with_its_data(team, listen, tell, world):
    project, people = team
    listener = listen(people["admin"])
    tell("Task:Update", {"task_id": "t"}, project_id=project.id)
    tell("main:test", persist=False)
    assert listener.until("main:test") == [("task:update", {"task_id": "t", "project_id": str(project.id)})]
    assert [(event.name, event.project_id) for event in world.scalars(sa.select(ApiEvent))] == [("task:update", project.id)]


def test_what_was_rolled_back_did_not_happen(team, listen, tell, world):
    listener = listen(team[1]["admin"])
    tell("department:new", {"department_id": "d"}, commit=False)
    tell("main:lost", persist=False, commit=False)
    tell("main:test", persist=False)
    assert listener.until("main:test") == []
    assert world.scalars(sa.select(ApiEvent)).all() == []


def test_events_come_in_the_order_in_which_they_were_emitted(team, listen, tell):
    listener = listen(team[1]["admin"])
    for n in range(60):
        tell("main:count", {"n": n}, persist=n % 3 > 0)
    tell("main:test", persist=False)
    assert [data["n"] for _, data in listener.until("main:test")] == list(range(60))


def test_an_event_of_another_transaction_waits_for_its_commit(team, listen, tell, served):
    from zou.platform import events
    from zou.platform.db import db

    app, _ = served
    listener = listen(team[1]["admin"])
    with app.app_context():
        tx = db.session()
        events.emit(tx, "main:late")
        tx.flush()
        tell("main:early")
        tx.commit()
    tell("main:test", persist=False)
    assert [name for name, _ in listener.until("main:test")] == ["main:early", "main:late"]


def test_a_lost_connection_loses_and_doubles_no_stored_event(team, listen, tell, world):
    listener = listen(team[1]["admin"])
    tell("main:count", {"n": 0})
    wait_for(lambda: len(listener.heard) == 1)
    for n in range(1, 31):
        if n in (5, 20):
            killed = world.scalar(
                sa.text(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    " WHERE application_name = 'zou events' AND datname = current_database()"
                )
            )
            world.commit()
            assert killed >= 1
        tell("main:count", {"n": n})
        if n == 12:
            wait_for(lambda: len(listener.heard) == 13)  # caught up, so that the second loss meets a listening thread
    wait_for(lambda: len(listener.heard) >= 31)
    tell("main:end")
    assert [data["n"] for _, data in listener.until("main:end")] == list(range(31))


def test_a_row_that_was_removed_meanwhile_is_left_out(served):
    from zou.platform.events.dispatcher import Dispatcher

    app, _ = served
    dispatcher = Dispatcher(app.config["SQLALCHEMY_DATABASE_URI"], lambda found: None)
    import psycopg2

    connection = psycopg2.connect(dispatcher.dsn)
    found = dispatcher.read(connection, ["11111111-2222-3333-4444-555555555555", '{"name": "main:test", "data": {}}'])
    connection.close()
    assert [event.name for event in found] == ["main:test"]
