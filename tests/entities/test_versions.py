"""The version of a production: it grows with every committed change of what its boards show, and nobody waits for it."""

import threading
import uuid

import pytest
import sqlalchemy as sa

from tests.making import open_status
from tests.world import build
from zou.platform.db import db
from zou.productions.models import Project
from zou.productions.queries.versions import EVERY, VERSION

# Each writes to one watched table, as any program on the database could. A row of the world is named by :id.
WRITES = {
    "entity": "UPDATE entity SET nb_frames = 7 WHERE id = (SELECT entity_id FROM task LIMIT 1)",
    "task": "UPDATE task SET priority = 3",
    "project": "UPDATE project SET name = name || ' II'",
    "assignment": "DELETE FROM task_person_link",
    "subscription": "DELETE FROM subscription",
    "casting": "UPDATE entity_link SET nb_occurences = 9",
    "column": "UPDATE metadata_descriptor SET name = name || '!'",
    "column for departments": (
        "INSERT INTO department_metadata_descriptor_link (metadata_descriptor_id, department_id)"
        " SELECT m.id, d.id FROM metadata_descriptor m, department d LIMIT 1"
    ),
    "entity type": "UPDATE entity_type SET name = name || '!'",
    "everything": "TRUNCATE subscription",
}


def version(tx, project_id):
    """The version of a production as this transaction sees it."""
    return tx.scalar(VERSION, {"project_id": str(project_id), "every": EVERY})


@pytest.mark.parametrize("write", WRITES)
def test_the_version_grows_with_a_write_to(tx, write):
    world = build(tx)
    tx.flush()
    project_id = world[Project].id
    before = version(tx, project_id)
    assert tx.execute(sa.text(WRITES[write])).rowcount != 0
    assert version(tx, project_id) > before


def test_a_write_elsewhere_leaves_the_version(tx, make, project):
    other = make(Project, project_status_id=open_status(tx).id)
    before = version(tx, project.id)
    tx.execute(sa.text("UPDATE project SET description = 'x' WHERE id = :id"), {"id": other.id})
    assert version(tx, project.id) == before


@pytest.mark.parametrize(
    "path", ["/data/assets/with-tasks", "/data/shots/with-tasks", "/data/sequences/with-tasks", "/data/episodes/with-tasks"]
)
def test_an_unchanged_board_is_not_sent_again(api, people, project, tx, make, path):
    first = api(people["manager"], "get", f"{path}?project_id={project.id}")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert api(people["manager"], "get", f"{path}?project_id={project.id}", headers=tag).status_code == 304
    assert api(people["user"], "get", f"{path}?project_id={project.id}", headers=tag).status_code == 200
    tx.execute(sa.text("UPDATE project SET name = 'other' WHERE id = :id"), {"id": project.id})
    tx.commit()
    assert api(people["manager"], "get", f"{path}?project_id={project.id}", headers=tag).status_code == 200


def test_writers_count_each_change_and_do_not_wait(own_application):
    application, engine = own_application
    production = uuid.uuid4()
    count = sa.text("SELECT tracker.count_change(ARRAY[CAST(:id AS uuid)])")
    with engine.connect() as holding:
        holding.execute(count, {"id": production})  # not committed: the others must not wait for it

        def write():
            with engine.connect() as connection:
                connection.execute(sa.text("SET lock_timeout = '2s'"))
                for _ in range(50):
                    connection.execute(count, {"id": production})
                    connection.commit()

        threads = [threading.Thread(target=write) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with engine.connect() as reader:
            assert version(reader, production) == 300
        holding.commit()
    with engine.connect() as reader:
        assert version(reader, production) == 301
        assert reader.scalar(sa.text("SELECT count(*) FROM tracker.production_version")) <= 10
    with application.app_context():
        db.engine.dispose()
