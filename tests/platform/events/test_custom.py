"""The studio's own event handlers."""

import sys

import pytest
import sqlalchemy as sa

from zou.platform import events
from zou.platform.db import db
from zou.platform.events import custom
from zou.platform.jobs import worker


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package `event_handlers` that writes down what it is told, and fails for the event `bad`."""
    folder = tmp_path / "studio" / "event_handlers"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("from event_handlers import note\nevent_map = {'main:good': note, 'main:bad': note}\n")
    (folder / "note.py").write_text(
        f"def handle_event(data):\n    open(r'{tmp_path / 'told'}', 'a').write(repr(sorted(data.items())) + '\\n')\n    data['answer']\n"
    )
    monkeypatch.setattr(custom, "registered", {})
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "event_handlers"]:
        del sys.modules[name]


def told(package):
    file = package.parents[1] / "told"
    return file.read_text().splitlines() if file.exists() else []


@pytest.mark.parametrize("named", ["the package", "the folder that holds it"])
def test_handlers_hear_of_what_was_committed(own_application, package, named):
    app, _ = own_application
    app.config["EVENT_HANDLERS_FOLDER"] = str(package if named == "the package" else package.parent)
    custom.register(app)
    with app.app_context():
        db.session.execute(sa.text("SELECT 1"))
        events.emit(db.session, "main:good", {"answer": 42}, persist=False)
        db.session.rollback()
        assert told(package) == []
        events.emit(db.session, "main:good", {"answer": 42}, persist=False)
        events.emit(db.session, "main:bad", {})
        db.session.commit()
        id = db.session.scalar(sa.text("SELECT id::text FROM api_event WHERE name = 'main:bad'"))
        db.session.remove()
        db.engine.dispose()
    assert told(package) == ["[('answer', 42)]", f"[('id', '{id}')]"]


def test_with_a_queue_each_call_is_a_job(own_application, package):
    app, _ = own_application
    app.config.update(EVENT_HANDLERS_FOLDER=str(package), ENABLE_JOB_QUEUE=True)
    custom.register(app)
    with app.app_context():
        events.emit(db.session, "main:good", {"answer": 42}, persist=False)
        db.session.commit()
        assert told(package) == []
        db.session.remove()
        db.engine.dispose()
    worker.run(app, wait=False)
    assert told(package) == ["[('answer', 42)]"]


def test_a_missing_package_is_ignored_and_a_broken_one_stops_the_program(own_application, package, tmp_path):
    app, _ = own_application
    app.config["EVENT_HANDLERS_FOLDER"] = str(tmp_path / "nowhere")
    custom.register(app)
    assert custom.registered == {}
    (package / "__init__.py").write_text("import nothing_of_that_name")
    app.config["EVENT_HANDLERS_FOLDER"] = str(package)
    with pytest.raises(ModuleNotFoundError):
        custom.register(app)
