"""A studio of mixed productions: rows that some may read and others may not, and people of every role who may read some of them.

Three productions with the same rows: `here`, whose team most people are in; `there`, with a team of others; `closed`, whose work is over.
Every text of a row is a word of its own (`marks`), so that an answer of any form tells by its words which rows it shows.
"""

import datetime
import itertools
import re
import uuid
from types import SimpleNamespace

import sqlalchemy as sa

from tests.making import DAY, join_team, make, open_status
from tests.permissions.cast import Somebody
from zou.chats.models import Chat, ChatMessage
from zou.comments.models import AttachmentFile, Comment
from zou.entities.models import AssetInstance, Entity, EntityConceptLink, EntityLink, EntityType, EntityVersion
from zou.exchange.models import DataImportError
from zou.files.models import FileStatus, OutputFile, OutputType, Software, WorkingFile
from zou.inbox.models import News, Notification, Subscription
from zou.people.models import Department, DesktopLoginLog, LoginLog, Organisation, Person, Studio
from zou.planning.models import (
    Budget,
    BudgetEntry,
    DayOff,
    HardwareItem,
    Milestone,
    ProductionScheduleVersion,
    ProductionScheduleVersionTaskLink,
    SalaryScale,
    ScheduleItem,
    TimeSpent,
)
from zou.platform.db import Base
from zou.platform.events.models import ApiEvent
from zou.playlists.models import BuildJob, Playlist, PlaylistShareLink
from zou.previews.models import PreviewBackgroundFile, PreviewFile
from zou.productions.models import (
    MetadataDescriptor,
    Project,
    ProjectStatus,
    ProjectTaskStatusLink,
    ProjectTaskTypeLink,
    ProjectTemplate,
)
from zou.search import services as search
from zou.studio.models import Plugin
from zou.tasks.models import CustomAction, StatusAutomation, Task, TaskStatus, TaskType
from zou.workspace.models import SearchFilter, SearchFilterGroup

MOMENT = datetime.datetime(2026, 3, 2, 9, 30)
MARK = re.compile(r"zq\d+x")
UNMARKED = {"task_type.name", "task_status.name", "project_status.name", "data_import_error.source", "api_event.name"}
"""Names that the program reads, or that boards use as keys."""
MARKED = {
    "name", "first_name", "last_name", "email", "phone", "description", "text", "comment", "path", "original_name", "source", "message",
    "search_query", "label", "url", "uploaded_movie_name", "uploaded_movie_url", "code", "desktop_login", "totp_secret",
    "email_otp_secret", "notifications_slack_userid", "ldap_uid", "oidc_subject", "saml_subject", "chat_token_slack", "token",
    "chat_webhook_mattermost", "chat_token_discord", "password", "checksum",
}  # fmt: skip
KEPT_NAMES = {"Shot", "Sequence", "Episode", "Scene", "Edit", "Concept", "ConceptFolder", "Open", "Closed"}

#  name: (role, {production: role there or None}, department, whether they work here)
CAST = {
    "administrator": ("admin", {}, None, False),
    "supervisor of modeling": ("supervisor", {"here": None, "closed": None}, "modeling", False),
    "artist at work": ("user", {"here": None, "closed": None}, "modeling", True),
    "client in the team": ("client", {"here": None, "closed": None}, None, False),
    "vendor at work": ("vendor", {"here": None, "closed": None}, "rigging", True),
    "vendor who left": ("vendor", {}, None, True),
    "manager who is a client here": ("manager", {"here": "client", "there": None}, None, True),
    "manager who is a vendor here": ("manager", {"here": "vendor", "closed": None}, None, True),
    "vendor who supervises there": ("vendor", {"here": None, "there": "supervisor"}, None, True),
}


class Marks:
    """Words that nothing else says, and which column of which row says them."""

    def __init__(self):
        self.numbers = itertools.count(1000)
        self.of = {}  # {word: (table, id, column)}

    def word(self, table, id, column):
        word = f"zq{next(self.numbers)}x"
        self.of[word] = (table, str(id), column)
        return word


def mixed_studio(app, tx):
    """A studio: `cast` {name: Somebody}, `productions` {name: rows}, `marks`, `rows` {id: row}."""
    common = what_all_share(tx)
    people = {name: person(tx, common, name, *lines[::2]) for name, lines in CAST.items()}
    productions = {}
    for name in ("here", "there", "closed"):
        status = open_status(tx) if name != "closed" else common.closed_status
        productions[name] = production(tx, common, name, status, people)
    for found in people.values():
        of_person(tx, productions, people, found)
    tx.commit()
    marks = Marks()
    rows = mark(tx, marks)
    with app.app_context():
        search.reset(tx)
    tx.commit()
    cast = {name: Somebody(app, name, found) for name, found in people.items()}
    return SimpleNamespace(
        app=app, tx=tx, cast=cast, common=common, productions=productions, marks=marks.of, rows=rows, projects=projects_of(tx)
    )


def projects_of(tx):
    """{id of a row: the id of its production}, of the rows that belong to one."""
    found = {}
    for mapper in Base.registry.mappers:
        model = mapper.class_
        if hasattr(model, "id") and hasattr(model, "project_key"):
            found |= {str(id): project_id for id, project_id in tx.execute(sa.select(model.id, model.project_key())) if project_id}
    return found


def what_all_share(tx):
    """Rows of no production."""
    found = SimpleNamespace()
    found.modeling, found.rigging = make(tx, Department, name="Modeling"), make(tx, Department, name="Rigging")
    found.kinds = {
        name: make(tx, EntityType, name=name) for name in ("Shot", "Sequence", "Episode", "Scene", "Edit", "Concept", "ConceptFolder")
    }
    found.kinds["Props"] = make(tx, EntityType, name="Props")
    found.closed_status = make(tx, ProjectStatus, name="Closed")
    kinds = {"Props": "Asset"}
    found.task_types = {
        (kind, craft): make(tx, TaskType, for_entity=kinds.get(kind, kind), department_id=getattr(found, craft).id)
        for kind in ("Props", "Shot", "Sequence", "Episode", "Scene", "Edit", "Concept")
        for craft in ("modeling", "rigging")
    }
    found.status = make(tx, TaskStatus, short_name="wip", is_default=True, is_client_allowed=True)
    found.feedback = make(tx, TaskStatus, short_name="wfa", is_feedback_request=True)
    found.done = make(tx, TaskStatus, short_name="done", is_done=True)
    found.output_type, found.file_status, found.software = make(tx, OutputType), make(tx, FileStatus), make(tx, Software)
    found.background = make(tx, PreviewBackgroundFile, is_default=True)
    found.automation = make(
        tx, StatusAutomation, in_task_type_id=found.task_types["Props", "modeling"].id, in_task_status_id=found.done.id,
        out_task_type_id=found.task_types["Props", "rigging"].id, out_task_status_id=found.status.id,
    )  # fmt: skip
    found.hardware = make(tx, HardwareItem)
    hardware = Base.metadata.tables["hardware_item_department_link"]
    software = Base.metadata.tables["software_department_link"]
    tx.execute(sa.insert(hardware).values(id=uuid.uuid4(), department_id=found.modeling.id, hardware_item_id=found.hardware.id))
    tx.execute(sa.insert(software).values(id=uuid.uuid4(), department_id=found.modeling.id, software_id=found.software.id))
    make(tx, Studio)
    make(tx, Organisation, chat_token_slack="x", chat_webhook_mattermost="x", chat_token_discord="x")
    template = make(tx, ProjectTemplate)
    template.task_types, template.task_statuses = list(found.task_types.values())[:1], [found.status]
    template.asset_types, template.status_automations = [found.kinds["Props"]], [found.automation]
    template.preview_background_files = [found.background]
    make(tx, CustomAction)
    make(tx, SalaryScale, department_id=found.modeling.id, salary=4321)
    make(tx, Plugin, plugin_id="farm", name="Farm", version="1.0", maintainer_name="Ada", license="MIT")
    make(tx, DataImportError, event_data={}, source="shotgun")
    return found


def person(tx, common, name, role, department):
    """One of the cast, with secrets."""
    return make(
        tx, Person, role=role, departments=[getattr(common, department)] if department else [], phone="x", desktop_login="x",
        daily_salary=4711, position="lead", seniority="senior", contract_type="short-term", totp_secret="x",
        email_otp_secret="x", notifications_slack_userid="x", password=b"x", timezone="Europe/Paris", country="FR",
    )  # fmt: skip


def production(tx, common, name, status, people):
    """A production with its team and a row of everything, by the names of parameters of paths."""
    found = SimpleNamespace(name=name)
    found.project_id = project = make(
        tx, Project, project_status_id=status.id, production_type="tvshow", is_clients_isolated=name == "here", man_days=77,
        is_client_stats_visible=True, is_preview_download_allowed=True, file_tree={"working": {}}, data={}, code="x",
        default_preview_background_file_id=common.background.id,
    )  # fmt: skip
    project.asset_types = [common.kinds["Props"]]
    software = Base.metadata.tables["project_task_type_software_link"]
    craft = common.task_types["Props", "modeling"]
    tx.execute(sa.insert(software).values(id=uuid.uuid4(), project_id=project.id, task_type_id=craft.id, software_id=common.software.id))
    project.preview_background_files, project.status_automations = [common.background], [common.automation]
    tx.flush()
    for task_type in common.task_types.values():
        tx.add(ProjectTaskTypeLink(project_id=project.id, task_type_id=task_type.id))
    for task_status in (common.status, common.feedback, common.done):
        tx.add(ProjectTaskStatusLink(project_id=project.id, task_status_id=task_status.id))
    found.team = {who: line[1][name] for who, line in CAST.items() if name in line[1]}
    for who, role in found.team.items():
        join_team(tx, project, people[who], role=role)
    found.resident, found.other_client = make(tx, Person, role="manager"), make(tx, Person, role="client")
    join_team(tx, project, found.resident, found.other_client)
    found.workers = [people[who] for who, line in CAST.items() if line[3] and (name != "there" and (name in line[1] or name == "here"))]
    columns(tx, common, found)
    entities(tx, common, found)
    works = list(itertools.chain.from_iterable(work(tx, common, found, entity, people) for entity in found.entities))
    found.worked = next(task for task in works if task.assignees and task.entity_id == found.asset_id.id)
    found.idle = next(task for task in works if task.entity_id == found.idle_asset.id)
    around(tx, common, found, people)
    tx.commit()
    return found


def columns(tx, common, found):
    """Custom columns: for all, for clients too, for each of two departments."""
    found.descriptors = {}
    for kind in ("Asset", "Shot", "Edit", "Episode", "Sequence", "Scene"):
        for field, for_client, craft in (
            ("open", True, None),
            ("inner", False, None),
            ("modeling", False, "modeling"),
            ("rigging", False, "rigging"),
        ):
            found.descriptors[kind, field] = make(
                tx, MetadataDescriptor, project_id=found.project_id.id, entity_type=kind, field_name=field, for_client=for_client,
                departments=[getattr(common, craft)] if craft else [],
            )  # fmt: skip
    found.metadata_descriptor_id = found.descriptors["Asset", "open"]


def entities(tx, common, found):
    """Entities of every kind: some that the vendors work on, some that they do not; cast in each other, instanced, linked."""
    project, kinds = found.project_id, common.kinds

    def add(kind, **values):
        data = {"open": "x", "inner": "x", "modeling": "x", "rigging": "x", "loose": "x"}
        return make(tx, Entity, project_id=project.id, entity_type_id=kinds[kind].id, data=data, description="x", code="x", **values)

    found.episode_id, found.idle_episode = add("Episode"), add("Episode")
    found.sequence_id = add("Sequence", parent_id=found.episode_id.id)
    found.idle_sequence = add("Sequence", parent_id=found.idle_episode.id)
    found.shot_id, found.idle_shot = (
        add("Shot", parent_id=found.sequence_id.id, nb_frames=48),
        add("Shot", parent_id=found.idle_sequence.id),
    )
    found.scene_id = add("Scene", parent_id=found.sequence_id.id)
    found.shot_id.source_id = found.scene_id.id
    found.edit_id, found.idle_edit = add("Edit", parent_id=found.episode_id.id), add("Edit", parent_id=found.idle_episode.id)
    found.asset_id, found.idle_asset = add("Props", source_id=found.episode_id.id), add("Props", is_shared=True)
    found.canceled_asset = add("Props", canceled=True)
    found.concept_folder_id = add("ConceptFolder")
    found.concept_id = add("Concept", parent_id=found.concept_folder_id.id)
    found.entities = [
        found.asset_id, found.idle_asset, found.shot_id, found.idle_shot, found.sequence_id, found.episode_id, found.scene_id,
        found.edit_id, found.idle_edit, found.concept_id, found.canceled_asset,
    ]  # fmt: skip
    for container in (found.shot_id, found.idle_shot, found.episode_id, found.idle_asset, found.asset_id):
        for asset in (found.asset_id, found.idle_asset):
            if container is not asset:
                make(tx, EntityLink, entity_in_id=container.id, entity_out_id=asset.id, label="x", nb_occurences=1)
    tx.add(EntityConceptLink(id=uuid.uuid4(), entity_in_id=found.concept_id.id, entity_out_id=found.asset_id.id))
    tx.add(EntityConceptLink(id=uuid.uuid4(), entity_in_id=found.concept_id.id, entity_out_id=found.idle_asset.id))
    found.instances = []
    for number, asset in enumerate((found.asset_id, found.idle_asset), 1):
        instance = make(tx, AssetInstance, asset_id=asset.id, scene_id=found.scene_id.id, name="x", number=number, description="x")
        instance.shots = [found.shot_id, found.idle_shot]
        found.instances.append(instance)
        make(
            tx,
            AssetInstance,
            asset_id=asset.id,
            target_asset_id=found.idle_asset.id if number == 1 else found.asset_id.id,
            name="x",
            number=number,
        )
    found.asset_instance_id = found.instances[0]
    for entity in (found.shot_id, found.idle_shot, found.edit_id, found.idle_edit):
        make(tx, EntityVersion, entity_id=entity.id, name="x", data={"open": "x"}, person_id=found.resident.id)


def work(tx, common, found, entity, people):
    """Two tasks of an entity, with what hangs on tasks. Those who work there have the first one, of entities that are not idle."""
    kind = next(name for name, row in common.kinds.items() if row.id == entity.entity_type_id)
    is_idle = entity in (found.idle_asset, found.idle_shot, found.idle_edit, found.canceled_asset)
    for craft in ("modeling", "rigging"):
        status = common.feedback if is_idle else common.done if craft == "rigging" else common.status
        task = make(
            tx, Task, project_id=found.project_id.id, task_type_id=common.task_types[kind, craft].id, task_status_id=status.id,
            entity_id=entity.id, assigner_id=found.resident.id, description="x", priority=2, difficulty=5, estimation=960, duration=480,
            completion_rate=40, retake_count=3, start_date=MOMENT, due_date=MOMENT, real_start_date=MOMENT, end_date=MOMENT,
            done_date=MOMENT, last_comment_date=MOMENT, nb_assets_ready=2, nb_drawings=7, data={},
        )  # fmt: skip
        task.assignees = [found.resident, *([] if is_idle else found.workers)]
        yield task
        if found.name != "here" and entity is not found.asset_id:
            continue
        if craft == "modeling":
            talk(tx, common, found, task, entity, people)
        for somebody in task.assignees:
            make(tx, TimeSpent, task_id=task.id, person_id=somebody.id, duration=240)
        output = make(
            tx, WorkingFile, task_id=task.id, entity_id=entity.id, person_id=found.resident.id, software_id=common.software.id, path="x",
            comment="x", description="x",
        )  # fmt: skip
        make(
            tx, OutputFile, entity_id=entity.id, output_type_id=common.output_type.id, task_type_id=task.task_type_id, path="x",
            person_id=found.resident.id, file_status_id=common.file_status.id, source_file_id=output.id, representation=craft,
        )  # fmt: skip
        if entity in (found.asset_id, found.idle_asset):
            instance = found.instances[0 if entity is found.asset_id else 1]
            make(
                tx, OutputFile, entity_id=entity.id, asset_instance_id=instance.id, temporal_entity_id=found.shot_id.id, path="x",
                output_type_id=common.output_type.id, task_type_id=task.task_type_id, person_id=found.resident.id,
                file_status_id=common.file_status.id, representation=f"instance {craft}",
            )  # fmt: skip


def talk(tx, common, found, task, entity, people):
    """Comments on a task: of the studio, for clients, by two clients; with previews, replies, checklists, attachments, news."""
    revision = itertools.count(1)
    for author, for_client in (
        (found.resident, False),
        (found.resident, True),
        (people["client in the team"], False),
        (found.other_client, False),
    ):
        if found.name == "there" and author is people["client in the team"]:
            continue
        comment = make(
            tx, Comment, object_id=task.id, person_id=author.id, task_status_id=common.status.id, for_client=for_client,
            checklist=[{"text": "x", "checked": False}], data={},
            replies=[{"id": str(uuid.uuid4()), "person_id": str(author.id), "text": "x", "date": "2026-03-02T10:00:00"}],
        )  # fmt: skip
        make(tx, AttachmentFile, comment_id=comment.id, name="x.txt", extension="txt", mimetype="text/plain")
        preview = None
        if author is found.resident:
            preview = make(
                tx, PreviewFile, task_id=task.id, person_id=author.id, revision=next(revision), path="x", original_name="x",
                description="x", validation_status="validated" if for_client else "neutral", data={},
                status="processing" if for_client else "ready",
            )  # fmt: skip
            comment.previews = [preview]
            task.last_preview_file_id = preview.id
            if entity.preview_file_id is None:
                entity.preview_file_id = preview.id
        make(tx, News, author_id=author.id, task_id=task.id, comment_id=comment.id, preview_file_id=preview and preview.id, change=True)
    found.comment, found.preview = comment, task.last_preview_file_id


def around(tx, common, found, people):
    """What a production has besides entities and tasks."""
    project, task_type = found.project_id, common.task_types["Props", "modeling"]
    found.milestone_id = make(tx, Milestone, project_id=project.id, task_type_id=task_type.id)
    for object_id in (None, common.kinds["Props"].id, found.sequence_id.id, found.episode_id.id, found.edit_id.id):
        make(
            tx,
            ScheduleItem,
            project_id=project.id,
            task_type_id=task_type.id,
            object_id=object_id,
            start_date=DAY,
            end_date=DAY,
            man_days=5,
        )
    found.budget_id = make(tx, Budget, project_id=project.id, revision=1)
    found.entry_id = make(
        tx, BudgetEntry, budget_id=found.budget_id.id, department_id=common.modeling.id, person_id=found.resident.id, start_date=DAY,
        months_duration=3, daily_salary=1234,
    )  # fmt: skip
    found.production_schedule_version_id = version = make(tx, ProductionScheduleVersion, project_id=project.id)
    make(
        tx, ProductionScheduleVersionTaskLink, production_schedule_version_id=version.id, task_id=found.worked.id, start_date=MOMENT,
        due_date=MOMENT, estimation=300,
    )  # fmt: skip
    found.playlists = []
    for for_client in (False, True):
        shots = [{"entity_id": str(row.id), "preview_file_id": str(row.preview_file_id)} for row in (found.shot_id, found.idle_shot)]
        playlist = make(
            tx, Playlist, project_id=project.id, shots=shots, for_client=for_client, for_entity="shot", episode_id=found.episode_id.id
        )
        make(tx, BuildJob, playlist_id=playlist.id, status="succeeded", job_type="movie", message="x")
        make(
            tx,
            PlaylistShareLink,
            playlist_id=playlist.id,
            is_active=True,
            token=str(playlist.id),
            created_by=found.resident.id,
            password="x",
        )
        found.playlists.append(playlist)
    for entity in (found.asset_id, found.idle_asset):
        chat = make(tx, Chat, object_id=entity.id)
        chat.participants = [found.resident, *[people[who] for who in found.team]]
        message = make(tx, ChatMessage, chat_id=chat.id, person_id=found.resident.id, text="x")
        make(tx, AttachmentFile, chat_message_id=message.id, name="x.txt", extension="txt", mimetype="text/plain")
        make(tx, Subscription, person_id=found.resident.id, task_id=found.worked.id if entity is found.asset_id else found.idle.id)
        make(tx, ApiEvent, name="task:update", data={"entity_id": str(entity.id)}, user_id=found.resident.id, project_id=project.id)
    for is_shared in (False, True):
        group = make(
            tx, SearchFilterGroup, person_id=found.resident.id, project_id=project.id, list_type="asset", name="x", is_shared=is_shared
        )
        make(
            tx, SearchFilter, person_id=found.resident.id, project_id=project.id, list_type="asset", name="x", search_query="x",
            is_shared=is_shared, search_filter_group_id=group.id,
        )  # fmt: skip


def of_person(tx, productions, people, found):
    """What belongs to one of the cast; among it what they were told when they were in every team."""
    teams = [place for place in productions.values() if any(people[who] is found for who in place.team)]
    make(tx, DayOff, person_id=found.id, description="x")
    for place in teams:  # one's own saved searches stay, whatever they are about (user.md §6)
        make(tx, SearchFilter, person_id=found.id, project_id=place.project_id.id, list_type="asset", name="x", search_query="x")
    tx.add(LoginLog(person_id=found.id, ip_address="192.0.2.7", origin="web"))
    tx.add(DesktopLoginLog(person_id=found.id, date=MOMENT))
    for place in productions.values():
        for task in (place.worked, place.idle):
            comments = tx.scalars(sa.select(Comment).where(Comment.object_id == task.id)).all()
            for comment in comments:
                make(
                    tx,
                    Notification,
                    person_id=found.id,
                    author_id=comment.person_id,
                    task_id=task.id,
                    comment_id=comment.id,
                    type="comment",
                )
            make(tx, Subscription, person_id=found.id, task_id=task.id)


def mark(tx, marks):
    """Give every text of every row a word of its own. Returns {id: row} of all rows."""
    rows = {}
    for mapper in Base.registry.mappers:
        model = mapper.class_
        if not hasattr(model, "id"):
            continue
        for row in tx.scalars(sa.select(model)):
            rows[str(row.id)] = row
            mark_row(marks, row)
    tx.commit()
    return rows


def mark_row(marks, row):
    table = row.__tablename__
    for column in sa.inspect(type(row)).columns:
        value = getattr(row, column.key)
        if column.key not in MARKED or not value or value in KEPT_NAMES or f"{table}.{column.key}" in UNMARKED:
            continue
        word = marks.word(table, row.id, column.key)
        if column.key == "email":
            word += "@studio.example"
        setattr(row, column.key, word.encode() if isinstance(value, bytes) else word)
    if table == "entity":
        row.data = {key: marks.word(table, row.id, f"data.{key}") for key in row.data or {}}
    if table == "comment":
        row.checklist = [{**item, "text": marks.word(table, row.id, "checklist")} for item in row.checklist or []]
        row.replies = [{**reply, "text": marks.word(table, row.id, "replies")} for reply in row.replies or []]
