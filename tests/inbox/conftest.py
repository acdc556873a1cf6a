"""A production with a task, a mail server that keeps what it takes, and threads that are none."""

import pytest
import sqlalchemy as sa

from tests.mail_server import mail_server  # noqa: F401  (a fixture)
from zou.entities.models import Entity, EntityType
from zou.people.models import Organisation
from zou.tasks.models import Task, TaskStatus, TaskType


class AtOnce:
    """An executor that does what it is given at once: a test's requests share one connection, which two threads must not use."""

    def submit(self, function, *arguments):
        function(*arguments)


@pytest.fixture
def sink(app, mail_server, monkeypatch):  # noqa: F811
    """The mail server that the application writes to."""
    mail_server.handler.mails.clear()
    mail_server.handler.answers.clear()
    settings = {
        "MAIL_ENABLED": True,
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": mail_server.port,
        "DOMAIN_PROTOCOL": "https",
        "DOMAIN_NAME": "kitsu.example",
    }
    for name, value in settings.items():
        monkeypatch.setitem(app.config, name, value)
    monkeypatch.setitem(app.extensions, "senders", AtOnce())
    return mail_server.handler


@pytest.fixture
def studio(make):
    return make(
        Organisation, name="Wombat & Sons", chat_token_slack="xoxb-secret", chat_webhook_mattermost="https://chat.example/hook-secret"
    )


@pytest.fixture
def task(make, project, studio):
    kind = make(EntityType, name="Props")
    todo = make(TaskStatus, name="Todo", short_name="todo", is_default=True)
    make(TaskStatus, name="Waiting for approval", short_name="wfa", is_feedback_request=True)
    craft = make(TaskType, name="Modeling", for_entity="Asset")
    entity = make(Entity, name="Tree", project_id=project.id, entity_type_id=kind.id)
    return make(Task, project_id=project.id, task_type_id=craft.id, entity_id=entity.id, task_status_id=todo.id)


@pytest.fixture
def assign(tx, task):
    """`assign(person, ...)` puts persons on the task."""

    def put(*persons):
        task.assignees = list(persons)
        tx.commit()

    return put


@pytest.fixture
def deliveries(tx):
    """`deliveries()`: (channel, kind, address, status, attempts, reason) of what left, oldest first."""

    def read():
        rows = tx.execute(
            sa.text("SELECT channel, kind, address, status, attempts, reason FROM tracker.delivery ORDER BY created_at, channel")
        )
        return [tuple(row) for row in rows]

    return read
