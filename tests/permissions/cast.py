"""Who asks, and about what: one production with a row of everything, and people of every role in its team and outside it."""

import itertools
import re
import uuid

from flask_jwt_extended import create_access_token, create_refresh_token

from tests.making import join_team, make
from tests.world import build
from zou.auth.actor import Actor
from zou.chats.models import ChatMessage
from zou.comments.models import AttachmentFile, Comment
from zou.entities.models import Entity, EntityType
from zou.exchange.models import DataImportError
from zou.people.models import Department, Person
from zou.planning.models import Budget, BudgetEntry, HardwareItem, Milestone, ProductionScheduleVersion
from zou.playlists.models import BuildJob, Playlist, PlaylistShareLink
from zou.previews.models import PreviewBackgroundFile, PreviewFile
from zou.productions.models import MetadataDescriptor, Project, ProjectTemplate
from zou.tasks.models import StatusAutomation, Task, TaskStatus, TaskType
from zou.workspace.models import SearchFilter, SearchFilterGroup

PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
IN_TEAM = ("manager", "supervisor", "user", "client", "vendor")
NAMED = {
    "project_id": Project,
    "person_id": "artist",
    "task_id": Task,
    "entity_id": Entity,
    "asset_id": Entity,
    "shot_id": "shot",
    "scene_id": "scene",
    "sequence_id": "sequence",
    "episode_id": "episode",
    "edit_id": "edit",
    "concept_id": "concept",
    "concept_folder_id": "conceptfolder",
    "temporal_entity_id": "shot",
    "asset_type_id": EntityType,
    "task_type_id": TaskType,
    "task_status_id": TaskStatus,
    "status_automation_id": StatusAutomation,
    "department_id": Department,
    "hardware_item_id": HardwareItem,
    "project_template_id": ProjectTemplate,
    "metadata_descriptor_id": MetadataDescriptor,
    "budget_id": Budget,
    "entry_id": BudgetEntry,
    "milestone_id": Milestone,
    "production_schedule_version_id": ProductionScheduleVersion,
    "comment_id": Comment,
    "attachment_file_id": AttachmentFile,
    "preview_file_id": PreviewFile,
    "preview_background_file_id": PreviewBackgroundFile,
    "playlist_id": Playlist,
    "build_job_id": BuildJob,
    "chat_message_id": ChatMessage,
    "error_id": DataImportError,
    "filter_id": SearchFilter,
    "filter_group_id": SearchFilterGroup,
}
"""Which row of the world a parameter of a path names; others name the row of their model, by the name of its table."""
PLAIN = {
    "year": "2026", "month": "3", "week": "10", "day": "2", "date": "2026-03-02", "month_date": "2026-03", "file_name": "notes.txt",
    "extension": "png", "entity_type": "shots", "field_name": "field",
}  # fmt: skip


class Somebody:
    """One who asks: how they are called in the tests, the rules' idea of them, and their tokens."""

    def __init__(self, app, name, person=None, kind="person"):
        self.name, self.person = name, person
        self.actor = person and Actor(person.id, person.role, kind, [row.id for row in person.departments], None, {})
        self.headers = {}
        if person is not None:
            claims = {"identity_type": kind}
            with app.app_context():
                self.headers = bearer(create_access_token(str(person.id), additional_claims=claims))
                self.refresh_headers = bearer(create_refresh_token(str(person.id), additional_claims=claims))

    def __repr__(self):
        return self.name


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def world_of(tx):
    """The world of `tests.world`, with the kinds of entities that it lacks."""
    world = build(tx)
    project = world[Project]
    for kind in ("Episode", "Edit", "Concept", "ConceptFolder"):
        found = world.get(kind) or make(tx, EntityType, name=kind)
        world[kind.lower()] = make(tx, Entity, project_id=project.id, entity_type_id=found.id)
    world[BuildJob] = make(tx, BuildJob, playlist_id=world[Playlist].id, status="succeeded", job_type="movie")
    world[PlaylistShareLink] = make(
        tx, PlaylistShareLink, playlist_id=world[Playlist].id, is_active=True, token=str(uuid.uuid4()), created_by=world[Person].id
    )
    world[Playlist].shots = [{"entity_id": str(world[Entity].id), "preview_file_id": str(world[PreviewFile].id)}]
    world[DataImportError] = make(tx, DataImportError, event_data={}, source="shotgun")
    world["reply_id"] = str(uuid.uuid4())
    world[Comment].replies = [
        {"id": world["reply_id"], "person_id": str(world["artist"].id), "text": "Yes.", "date": "2026-03-02T10:00:00"}
    ]
    tx.commit()
    return world


def people_of(app, tx, world):
    """Everybody who asks: each role in the team, outside it, those who work on the task, and nobody."""
    project, task = world[Project], world[Task]
    found = [Somebody(app, "nobody"), Somebody(app, "administrator", world[Person]), Somebody(app, "artist at work", world["artist"])]
    for role, place in itertools.product(IN_TEAM, ("in the team", "outside")):
        person = make(tx, Person, role=role)
        if place == "in the team":
            join_team(tx, project, person)
        found.append(Somebody(app, f"{role} {place}", person))
    vendor = make(tx, Person, role="vendor")
    join_team(tx, project, vendor)
    task.assignees = [*task.assignees, vendor]
    promoted, demoted = make(tx, Person, role="user"), make(tx, Person, role="manager")
    join_team(tx, project, promoted, role="manager")
    join_team(tx, project, demoted, role="client")
    apart = make(tx, Person, role="supervisor")
    apart.departments = [make(tx, Department)]
    join_team(tx, project, apart)
    bot = make(tx, Person, role="manager", is_bot=True, jti="a bot of the tests")
    join_team(tx, project, bot)
    tx.commit()
    others = {"vendor at work": vendor, "artist who manages here": promoted, "manager who is a client here": demoted}
    found += [Somebody(app, name, person) for name, person in (others | {"supervisor of another department": apart}).items()]
    return found


def path_of(line, world):
    """(path, {parameter: id}) of a route, about the rows of the world."""
    ids = {}
    for _, name in PARAMETER.findall(line.path):
        if name in PLAIN:
            ids[name] = PLAIN[name]
        elif name == "instance_id":
            model = line.route.on or getattr(getattr(line.resource, "crud", None), "model", None) or Project
            ids[name] = str(world[model].id)
        elif name == "token":
            ids[name] = str(world[PlaylistShareLink].token)
        elif name in NAMED:
            ids[name] = str(world[NAMED[name]].id)
        elif name in world:
            ids[name] = world[name]
        else:
            table = name.removesuffix("_id")
            found = [row for model, row in world.items() if getattr(model, "__tablename__", None) == table]
            ids[name] = str(found[0].id) if found else str(uuid.uuid4())
    return PARAMETER.sub(lambda match: ids[match.group(2)], line.path), ids
