"""Requests as clients send them, about a small studio: what each parameter and each key of a body holds."""

import datetime
import io
import json
import re

import bcrypt
from sqlalchemy.orm import Session

from tests.making import DAY, join_team, make
from tests.world import build
from zou.app import domains
from zou.chats.models import Chat, ChatMessage
from zou.comments.models import AttachmentFile, Comment
from zou.entities.models import AssetInstance, Entity, EntityType
from zou.files.models import FileStatus, OutputType, Software, WorkingFile
from zou.files.services import trees
from zou.inbox.models import News, Notification
from zou.people.models import Department, Organisation, Person, Studio
from zou.planning.models import Budget, BudgetEntry, HardwareItem, ProductionScheduleVersion, TimeSpent
from zou.playlists.models import BuildJob, Playlist, PlaylistShareLink
from zou.previews.models import PreviewBackgroundFile, PreviewFile
from zou.productions.models import MetadataDescriptor, Project, ProjectTaskStatusLink, ProjectTaskTypeLink, ProjectTemplate
from zou.studio.models import Plugin
from zou.tasks.models import StatusAutomation, Task, TaskStatus, TaskType
from zou.workspace.models import SearchFilter, SearchFilterGroup

ROLES = ("admin", "manager", "supervisor", "user", "client", "vendor")
PASSWORD = "a long password"
TOKEN = "a-link-that-was-shared"
ROWS = {
    "asset_id": Entity,
    "asset_to_instantiate_id": Entity,
    "entity_id": Entity,
    "object_id": Task,
    "asset_type_id": EntityType,
    "entity_type_id": EntityType,
    "asset_instance_id": AssetInstance,
    "attachment_file_id": AttachmentFile,
    "budget_id": Budget,
    "build_job_id": BuildJob,
    "chat_message_id": ChatMessage,
    "comment_id": Comment,
    "department_id": Department,
    "entry_id": BudgetEntry,
    "file_status_id": FileStatus,
    "filter_group_id": SearchFilterGroup,
    "search_filter_group_id": SearchFilterGroup,
    "filter_id": SearchFilter,
    "hardware_item_id": HardwareItem,
    "metadata_descriptor_id": MetadataDescriptor,
    "news_id": News,
    "notification_id": Notification,
    "output_type_id": OutputType,
    "playlist_id": Playlist,
    "preview_background_file_id": PreviewBackgroundFile,
    "preview_file_id": PreviewFile,
    "production_schedule_version_id": ProductionScheduleVersion,
    "project": Project,
    "project_id": Project,
    "project_template_id": ProjectTemplate,
    "software_id": Software,
    "source_id": "sequence",
    "status_automation_id": StatusAutomation,
    "studio_id": Studio,
    "task_id": Task,
    "task_status_id": TaskStatus,
    "task_type_id": TaskType,
    "working_file_id": WorkingFile,
    "person_id": Person,
    "assigner_id": Person,
    "assigned_to": Person,
    "guest_id": "guest",
    "shot_id": "shot",
    "temporal_entity_id": "shot",
    "sequence_id": "sequence",
    "parent_id": "sequence",
    "scene_id": "scene",
    "episode_id": "episode",
    "edit_id": "edit",
    "concept_id": "concept",
    "concept_folder_id": "concept_folder",
    "target_task_id": "other_task",
}
PLAIN = {
    "date": "2026-03-02",
    "day": "02",
    "month": "03",
    "month_date": "2026-03",
    "week": "10",
    "year": "2026",
    "extension": "png",
    "entity_type": "Asset",
    "field_name": "name",
    "collection": "projects",
    "token": TOKEN,
}


def studio(tx: Session):
    """The small studio with an episode, an edit, a concept, a shared playlist, and one person of each role in the team."""
    world = build(tx)
    project = world[Project]
    project.production_type = "tvshow"

    def add(model, key=None, **columns):
        world[key or model] = row = make(tx, model, **columns)
        return row

    for name in ("Edit", "Concept", "ConceptFolder"):
        add(EntityType, name, name=name)
    episode = add(Entity, "episode", project_id=project.id, entity_type_id=world["Episode"].id)
    for key, kind in (("edit", "Edit"), ("concept", "Concept"), ("concept_folder", "ConceptFolder")):
        add(Entity, key, project_id=project.id, entity_type_id=world[kind].id, parent_id=episode.id if key == "edit" else None)
    world["sequence"].parent_id = episode.id
    for role in ROLES:
        add(Person, role, role=role, departments=[world[Department]], password=bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)))
    join_team(tx, project, *(world[role] for role in ROLES))
    world[Comment].replies = [
        {"id": str(world[Task].id), "person_id": str(world[Person].id), "text": "Yes.", "date": "2026-03-02T09:00:00"}
    ]
    add(ProductionScheduleVersion, "other_version", project_id=project.id)
    add(Task, "other_task", **{**columns_of(world[Task]), "name": "second"})
    for model, key in ((ProjectTaskTypeLink, "task_type_id"), (ProjectTaskStatusLink, "task_status_id")):
        add(model, project_id=project.id, **{key: world[TaskType if key == "task_type_id" else TaskStatus].id})
    project.asset_types.append(world[EntityType])
    add(BuildJob, playlist_id=world[Playlist].id, status="succeeded", job_type="movie", ended_at=datetime.datetime(2026, 3, 2))
    link = add(PlaylistShareLink, playlist_id=world[Playlist].id, token=TOKEN, created_by=world[Person].id, can_comment=True)
    add(Person, "guest", role="client", is_guest=True, data={"share_link_id": str(link.id)})
    world["shared_comment"] = make(
        tx, Comment, object_id=world[Task].id, person_id=world["guest"].id, task_status_id=world[TaskStatus].id, data={}
    )
    world[Playlist].for_client = True
    chat = world[Chat]
    chat.participants.append(world[Person])
    world[Task].assignees += [world[Person], *(world[role] for role in ROLES)]
    world[Notification].person_id = world[Person].id
    world[Playlist].shots = [{"entity_id": str(world[Entity].id), "preview_file_id": str(world[PreviewFile].id)}]
    project.file_tree = trees.shipped("default")
    add(TimeSpent, person_id=world[Person].id, task_id=world[Task].id, date=DAY, duration=60)
    tx.commit()
    return world


def columns_of(row):
    """The columns of a task that make another one like it."""
    return {name: getattr(row, name) for name in ("project_id", "task_type_id", "task_status_id", "entity_id", "assigner_id")}


def row_of(world, name):
    """The row of the studio that a parameter means, or None."""
    return world[ROWS[name]] if name in ROWS else None


def path_of(template, world, instance=None):
    """The path with ids of the studio. `instance`: the row of `{instance_id}` and `{id}`."""

    def value(found):
        name = found[1]
        if name in ("instance_id", "id") and instance is not None:
            return str(instance.id)
        if name == "entity_type":
            return "shot"
        if name == "plugin_id":
            return world[Plugin].plugin_id
        if name == "reply_id":
            return world[Comment].replies[0]["id"]
        if name == "comment_id" and template.startswith("/shared"):
            return str(world["shared_comment"].id)
        if name == "file_name":
            return world[AttachmentFile].name
        row = row_of(world, name)
        return str(row.id) if row is not None else PLAIN[name]

    return re.sub(r"\{(\w+)\}", value, template)


INSTANCES = {"preview-files": PreviewFile, "preview-background-files": PreviewBackgroundFile, "organisations": Organisation}
GENERIC = {crud.path: crud.model for domain in domains() for crud in domain.cruds}
LISTS = {
    "task_ids": "task_id",
    "asset_ids": "asset_id",
    "entity_ids": "entity_id",
    "concept_ids": "concept_id",
    "person_ids": "person_id",
    "task_type_ids": "task_type_id",
    "task_status_ids": "task_status_id",
    "asset_type_ids": "asset_type_id",
    "descriptor_ids": "metadata_descriptor_id",
    "entity_concept_links": "asset_id",
    "departments": "department_id",
    "task_types": "task_type_id",
    "task_statuses": "task_status_id",
    "asset_types": "asset_type_id",
    "assignees": "person_id",
    "team": "person_id",
}
VALUES = {
    "name": "Something new",
    "code": "new",
    "short_name": "sn",
    "first_name": "Grace",
    "last_name": "Hopper",
    "full_name": "Ada Admin",
    "email": "grace.hopper@studio-new.com",
    "emails": [],
    "desktop_login": "grace",
    "text": "Well done.",
    "comment": "Well done.",
    "message": "Have a look.",
    "description": "What it is.",
    "label": "animate",
    "checklist": [],
    "links": [],
    "data": {},
    "color": "#123456",
    "duration": 60,
    "priority": 1,
    "nb_occurences": 2,
    "nb_elements": 1,
    "nb_frames": 20,
    "revision": 3,
    "frame_number": 1,
    "estimation": 60,
    "man_days": 2,
    "quantity": 1,
    "unit_price": 10,
    "amount": 10,
    "months_duration": 3,
    "daily_salary": 100,
    "salary": 100,
    "monthly_cost": 10,
    "inventory_amount": 3,
    "limit": 10,
    "offset": 0,
    "page": 1,
    "page_size": 100,
    "position": "artist",
    "seniority": "mid",
    "role": "user",
    "contract_type": "open-ended",
    "category": "other",
    "currency": "EUR",
    "start_date": "2026-03-02",
    "end_date": "2026-03-06",
    "due_date": "2026-03-06",
    "due_date_since": "2026-03-01",
    "due_date_until": "2026-03-31",
    "expiration_date": "2099-01-01",
    "after": "2026-01-01",
    "before": "2027-01-01",
    "fps": "25",
    "ratio": "16:9",
    "resolution": "1920x1080",
    "production_type": "short",
    "production_style": "3d",
    "max_retakes": 2,
    "homepage": "assets",
    "list_type": "asset",
    "query": "prop",
    "search_query": "prop",
    "index_names": ["assets", "persons"],
    "for_entity": "asset",
    "for_client": False,
    "entity_types": ["asset"],
    "field_order": [],
    "choices": [],
    "data_type": "string",
    "file_tree": {},
    "file_path": "/files/output",
    "path": "/files/output",
    "sep": "/",
    "separator": "/",
    "mode": "working",
    "password": "a long password",
    "password2": "a long password",
    "password_2": "a long password",
    "old_password": "a long password",
    "totp": "123456",
    "email_otp": "123456",
    "recovery_code": "a1b2c3d4e5",
    "device_name": "key",
    "fido_authentication_response": {},
    "registration_response": {},
    "can_comment": True,
    "default_preview_background_file_id": None,
    "file_name": "notes.txt",
    "representation": "",
    "version": "1.0",
    "file_extension": "blend",
    "secondary_extensions": [],
    "url": "http://studio.example",
    "shots": [],
    "updates": [],
    "additions": [],
    "deletions": [],
    "metadata_descriptors": [],
    "read": True,
    "watching": False,
    "detail": "day",
    "group_by": "task_type",
    "count_mode": "weighted",
    "order_by": "entity_name",
    "sort_by": "name",
    "sort": "entity_name",
    "type": "comment",
    "fields": "id,status",
    "name_prefixes": "task",
    "name_suffixes": "update",
    "roles_for_board": ["user"],
    "validation_status": "validated",
    "naming_convention": "SH{index:3}",
    "country": "FR",
    "notifications_slack_userid": "U1",
    "notifications_mattermost_userid": "ada",
    "notifications_discord_userid": "ada",
    "display_date_format": "DD/MM/YYYY",
    "locale": "en_US",
    "timezone": "Europe/Paris",
    "phone": "+1 555 0100",
    "status": "ready",
    "pinned": True,
    "stream": "true",
    "studio_id": None,
}


HERE = {
    ("update-position", "position"): lambda world: 1,
    ("/metadata-descriptors", "task_type_id"): lambda world: None,
    ("/concepts", "parent_id"): lambda world: str(world["concept_folder"].id),
    ("/concepts", "entity_concept_links"): lambda world: [],
    ("output-file", "mode"): lambda world: "output",
    ("/settings/batch", "task_types"): lambda world: [{"task_type_id": str(world[TaskType].id), "priority": 1}],
    ("/filters/", "search_filter_group_id"): lambda world: None,
    ("set-task-links-from-production", "production_schedule_version_id"): lambda world: str(world["other_version"].id),
    ("all-projects/reorder", "field_order"): lambda world: [world[MetadataDescriptor].field_name],
    ("comment", "comments"): lambda world: [comment_on(world)],
    ("/comment", "created_at"): lambda world: "2026-03-02T09:00:00",
    ("set-main-preview", "frame_number"): lambda world: None,
}


def comment_on(world):
    """A comment of a bulk request."""
    task_id, status_id = str(world[Task].id), str(world[TaskStatus].id)
    return {"object_id": task_id, "task_id": task_id, "task_status_id": status_id, "comment": "Well done.", "text": "Well done."}


def value_of(name, world, template):
    """What a client sends under a name."""
    for (end, key), make_value in HERE.items():
        if key == name and end in template:
            return make_value(world)
    if name in PLAIN:
        return "Asset" if name == "entity_type" else PLAIN[name]
    if name in LISTS:
        return [str(row_of(world, LISTS[name]).id)]
    if name == "reply_id":
        return world[Comment].replies[0]["id"]
    if name == "id":
        return str(world[Entity].id)
    if name.startswith("cursor_"):
        return None
    if name in VALUES:
        return VALUES[name]
    row = row_of(world, name)
    if row is not None:
        return str(row.id)
    return name.startswith(("is_", "has_", "notifications_", "only_", "update", "force", "full", "compact", "no_job", "relations"))


def instance_of(template, world):
    """The row of `{instance_id}` outside the generic routes."""
    found = re.search(r"/([a-z-]+)/\{instance_id\}", template)
    kinds = {"persons": Person, "projects": Project, **INSTANCES, **GENERIC}
    return world.get(kinds[found[1]]) if found and found[1] in kinds else None


LIST_BODIES = (
    ("/casting", lambda world: [{"asset_id": str(world[Entity].id), "nb_occurences": 2, "label": "animate"}]),
    ("create-tasks/{entity_type}", lambda world: [str(world["shot"].id)]),
    ("shots/create-tasks", lambda world: [str(world["shot"].id)]),
    ("edits/create-tasks", lambda world: [str(world["edit"].id)]),
    ("concepts/create-tasks", lambda world: [str(world["concept"].id)]),
    ("create-tasks", lambda world: [str(world[Entity].id)]),
    ("tasks", lambda world: [str(world[Task].id)]),
    ("", lambda world: [str(world[Entity].id)]),
)


def body_of(request, world):
    """The JSON of a request, or None without one."""
    keys = request.get("body") or []
    template = request["path_template"]
    if not keys:
        return {} if request.get("encoding") == "json" else None
    if keys[0] in ("[ids]", "[objects]", "[{id}]"):
        return next(make_list(world) for end, make_list in LIST_BODIES if end in template)
    if keys in (["*"], ["{}"]):
        return ANY_BODIES.get((request["method"], template), lambda world: {})(world)
    return {key: value_of(key, world, template) for key in keys}


ANY_BODIES = {
    ("PUT", "/actions/tasks/set-priority"): lambda world: {"task_ids": [str(world[Task].id)], "priority": 1},
    ("PUT", "/actions/tasks/set-main-preview"): lambda world: {"task_ids": [str(world[Task].id)]},
    ("PUT", "/data/projects/{project_id}/settings/task-status/{task_status_id}"): lambda world: {"is_client_allowed": True},
    ("POST", "/data/projects/{project_id}/task-types/{task_type_id}/softwares"): lambda world: {"software_id": str(world[Software].id)},
    ("POST", "/actions/projects/{project_id}/task-type-links/reorder"): lambda world: {"task_type_ids": [str(world[TaskType].id)]},
    ("POST", "/actions/projects/{project_id}/task-status-links/reorder"): lambda world: {"task_status_ids": [str(world[TaskStatus].id)]},
    ("POST", "/actions/project-templates/{project_template_id}/task-types/reorder"): lambda world: {"task_type_ids": []},
    ("POST", "/actions/project-templates/{project_template_id}/task-statuses/reorder"): lambda world: {"task_status_ids": []},
    ("POST", "/data/projects/{project_id}/settings/preview-background-files"): lambda world: {
        "preview_background_file_id": str(world[PreviewBackgroundFile].id)
    },
    ("POST", "/data/projects/{project_id}/settings/status-automations"): lambda world: {
        "status_automation_id": str(world[StatusAutomation].id)
    },
    ("PUT", "/data/projects/{project_id}/preview-account"): lambda world: {"is_open": True},
    ("PUT", "/data/user/notifications/{notification_id}"): lambda world: {"read": True},
    ("POST", "/auth/app-login/code"): lambda world: {"code_challenge": "a" * 43},
}


def files_of(request):
    """The files of a multipart request: a picture for each field that is one."""
    fields = [key for key in request["body"] if key.startswith("file") or key == "file"]
    return {field: (io.BytesIO(PICTURE), f"{field}.png") for field in fields or ["file"]}


PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44"
    "ae426082"
)


def query_of(request, world):
    """The query string of a request."""
    names = [name.rstrip("?") for name in request["query"]]
    found = {name: value_of(name, world, request["path_template"]) for name in names}
    if request["path_template"].endswith("/data/preview-files"):
        found["id"] = json.dumps([str(world[PreviewFile].id)])
    return {name: value for name, value in found.items() if value is not None}


# (method, path as a pattern, status, why): requests that a small studio without films, second factors and sessions refuses.
ANSWERED_OTHERWISE = [
    ("GET", r".*/(pictures|movies)/.*|/(pictures|movies)/.*|.*/build/mp4|.*/file(/\{file_name\})?|.*/download", 404, "no such file"),
    ("GET", r"/data/playlists/\{playlist_id\}/build/mp4", 400, "no film to join"),
    ("GET", r".*/extract-(annotated-frames(-pdf)?|tile)", 400, "no drawings, no film"),
    ("GET", r".*/extract-frame", 404, "no file to take a frame of"),
    ("POST", r"/pictures/preview-background-files/.*", 400, "a background is a Radiance picture"),
    ("POST", r".*/asset-instances/\{asset_instance_id\}/entities/.*", 400, "the usual tree has no place for instances"),
    ("PUT", r".*/preview-account", 400, "inferred: the body is not known; the contract wants is_open"),
    ("POST", r"/import/.*", 400, "tests/exchange sends files and rows"),
    ("POST", r".*/comments/\{comment_id\}/move", 400, "the comment has a preview"),
    ("DELETE", r".*/disable-two-factor-authentication", 400, "there is no second factor"),
    (".*", r"/auth/(login|reset-password|change-password|fido|totp|email-otp|recovery-codes)", 400, "no such password, code or key"),
    ("GET", r"/auth/(saml|oidc)/login", 400, "not enabled"),
    ("GET", r"/auth/refresh-token", 422, "an access token was sent"),
    ("POST", r".*/budgets/\{budget_id\}/entries", 400, "gazu leaves out department_id, which the contract requires"),
    ("DELETE", r"/shared/.*/attachments/.*", 404, "no attachment of a guest"),
    (".*", r".*/attachment-files/.*", 404, "no such file"),
    ("GET", r"/plugins/.*", 404, "no plug-in with pages"),
]


def expected_of(request, routes):
    """The statuses of a good answer to a request. `routes`: (method, path without names) of the contract; clients also ask others."""
    method, template = request["method"], request["path_template"]
    if method != "HEAD" and (method, re.sub(r"\{\w+\}", "{}", template).rstrip("/") or "/") not in routes:
        return {404, 405}
    others = {status for verb, path, status, _why in ANSWERED_OTHERWISE if re.fullmatch(verb, method) and re.fullmatch(path, template)}
    return {200, 201, 204, *others}
