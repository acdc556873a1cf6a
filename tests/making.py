"""`make(Model, **columns)`: rows for tests, with plain defaults for what a test does not care about."""

import datetime
import itertools

import sqlalchemy as sa

from zou.chats.models import Chat
from zou.comments.models import Comment
from zou.entities.models import Entity, EntityType
from zou.files.models import FileStatus, OutputFile, OutputType, Software, WorkingFile
from zou.people.models import Department, Organisation, Person, Studio
from zou.planning.models import Budget, DayOff, HardwareItem, Milestone, ProductionScheduleVersion, TimeSpent
from zou.playlists.models import Playlist
from zou.previews.models import PreviewBackgroundFile, PreviewFile
from zou.productions.models import MetadataDescriptor, Project, ProjectPersonLink, ProjectStatus, ProjectTemplate
from zou.tasks.models import CustomAction, Task, TaskStatus, TaskType

NUMBERS = itertools.count(1)
DAY = datetime.date(2026, 3, 2)

PLAIN = {
    Person: lambda n: {"first_name": "Ada", "last_name": f"Lovelace {n}", "email": f"person{n}@studio.example", "role": "user", "password": b""},
    Department: lambda n: {"name": f"Department {n}", "color": "#123456"},
    Studio: lambda n: {"name": f"Studio {n}", "color": "#123456"},
    Organisation: lambda n: {"name": f"Organisation {n}"},
    ProjectStatus: lambda n: {"name": f"Status {n}", "color": "#000000"},
    Project: lambda n: {"name": f"Production {n}"},
    ProjectTemplate: lambda n: {"name": f"Template {n}"},
    MetadataDescriptor: lambda n: {"name": f"Field {n}", "field_name": f"field_{n}", "data_type": "string", "entity_type": "Asset"},
    EntityType: lambda n: {"name": f"Type {n}"},
    Entity: lambda n: {"name": f"Entity {n}"},
    TaskType: lambda n: {"name": f"Task type {n}", "color": "#123456", "for_entity": "Asset"},
    TaskStatus: lambda n: {"name": f"Task status {n}", "short_name": f"s{n}", "color": "#123456"},
    Task: lambda n: {"name": "main"},
    CustomAction: lambda n: {"name": f"Action {n}", "url": "http://studio.example"},
    Milestone: lambda n: {"name": f"Milestone {n}", "date": DAY},
    DayOff: lambda n: {"date": DAY, "end_date": DAY},
    TimeSpent: lambda n: {"date": DAY, "duration": 60},
    Budget: lambda n: {"name": f"Budget {n}", "currency": "EUR"},
    HardwareItem: lambda n: {"name": f"Hardware {n}", "short_name": f"h{n}"},
    ProductionScheduleVersion: lambda n: {"name": f"Version {n}"},
    FileStatus: lambda n: {"name": f"File status {n}", "color": "#123456"},
    OutputType: lambda n: {"name": f"Output type {n}", "short_name": f"o{n}"},
    Software: lambda n: {"name": f"Software {n}", "short_name": f"w{n}", "file_extension": "blend"},
    WorkingFile: lambda n: {"name": f"working{n}", "revision": 1},
    OutputFile: lambda n: {"name": f"output{n}", "revision": 1, "representation": ""},
    PreviewFile: lambda n: {"name": f"preview{n}", "extension": "png", "status": "ready"},
    PreviewBackgroundFile: lambda n: {"name": f"Background {n}"},
    Comment: lambda n: {"text": "Fine.", "object_type": "Task"},
    Playlist: lambda n: {"name": f"Playlist {n}"},
    Chat: lambda n: {},
}


def make(tx, model, **columns):
    """Insert and return a row; columns win over the plain ones of the model."""
    plain = PLAIN.get(model, lambda n: {})(next(NUMBERS))
    row = model(**{**plain, **columns})
    tx.add(row)
    tx.commit()
    return row


def join_team(tx, project, *people, role=None):
    """Put people in the team of a production, with a role of their own there if one is given."""
    for person in people:
        tx.add(ProjectPersonLink(project_id=project.id, person_id=person.id, role=role))
    tx.commit()


def open_status(tx):
    """The project status named Open."""
    found = tx.scalar(sa.select(ProjectStatus).where(ProjectStatus.name == "Open"))
    return found or make(tx, ProjectStatus, name="Open")
