"""A production with types, statuses and custom columns, and a way to send files."""

import csv
import io
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from tests.exchange.servers import here, there  # noqa: F401  (fixtures: a second server)
from tests.making import make
from zou.entities.models import Entity, EntityLink, EntityType
from zou.people.models import Department, Person, Studio
from zou.platform.events.models import ApiEvent
from zou.productions.models import MetadataDescriptor, ProjectTaskStatusLink, ProjectTaskTypeLink
from zou.tasks.models import Task, TaskStatus, TaskType

COUNTED = (Entity, EntityType, EntityLink, Task, Person, ApiEvent)


@pytest.fixture
def show(tx, project):
    """A series with an artist, task types of each kind, two statuses and custom columns."""
    project.production_type = "tvshow"
    tx.commit()
    found = SimpleNamespace(project=project, kinds={}, types={})
    for kind in ("Episode", "Sequence", "Shot", "Edit", "Scene", "Concept"):
        found.kinds[kind] = tx.scalar(sa.select(EntityType).where(EntityType.name == kind)) or make(tx, EntityType, name=kind)
    found.props = make(tx, EntityType, name="Props")
    for kind, name in (("Asset", "Modeling"), ("Shot", "Animation"), ("Edit", "Cutting")):
        found.types[kind] = make(tx, TaskType, name=name, for_entity=kind)
        tx.add(ProjectTaskTypeLink(project_id=project.id, task_type_id=found.types[kind].id, priority=1))
    found.todo = make(tx, TaskStatus, name="To do", short_name="td", is_default=True)
    found.wip = make(tx, TaskStatus, name="Work in progress", short_name="wipx", is_wip=True)
    for status in (found.todo, found.wip):
        tx.add(ProjectTaskStatusLink(project_id=project.id, task_status_id=status.id))
    for kind in found.types:
        for n, (name, data_type) in enumerate([("Size", "string"), ("Done", "boolean"), ("Owner", "person"), ("Count", "number")]):
            columns = {"name": name, "field_name": name.lower(), "data_type": data_type, "position": n}
            make(tx, MetadataDescriptor, project_id=project.id, entity_type=kind, **columns)
    found.artist = make(tx, Person, first_name="Grace", last_name="Hopper", email="grace@studio.example")
    found.department, found.studio = make(tx, Department, name="Layout"), make(tx, Studio, name="North")
    tx.commit()
    return found


@pytest.fixture
def send(api, people):
    """`send(path, rows, who="manager", update=False)`: the answer to a file with these rows (or with this text, or bytes)."""

    def call(path, content, who="manager", update=False, delimiter=";", name="file.csv", **form):
        if isinstance(content, list):
            text = io.StringIO()
            csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(content)
            content = text.getvalue()
        if isinstance(content, str):
            content = content.encode()
        query = "?update=true" if update else ""
        return api(people[who], "post", f"{path}{query}", data={"file": (io.BytesIO(content), name), **form})

    return call


@pytest.fixture
def counts(tx):
    """`counts()`: how many rows there are of what imports write."""
    return lambda: {model.__name__: tx.scalar(sa.select(sa.func.count()).select_from(model)) for model in COUNTED}
