"""A small whole studio: one production with a row of every model in it, for tests that go over all generic routes."""

import datetime

from tests.making import DAY, join_team, make, open_status
from zou.chats.models import Chat, ChatMessage
from zou.comments.models import AttachmentFile, Comment
from zou.entities.models import AssetInstance, Entity, EntityLink, EntityType
from zou.files.models import FileStatus, OutputFile, OutputType, Software, WorkingFile
from zou.inbox.models import News, Notification, Subscription
from zou.people.models import Department, Organisation, Person, Studio
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
from zou.platform.events.models import ApiEvent
from zou.playlists.models import Playlist
from zou.previews.models import PreviewBackgroundFile, PreviewFile
from zou.productions.models import MetadataDescriptor, Project, ProjectTemplate
from zou.studio.models import Plugin
from zou.tasks.models import CustomAction, StatusAutomation, Task, TaskStatus, TaskType
from zou.workspace.models import SearchFilter, SearchFilterGroup

MOMENT = datetime.datetime(2026, 3, 2, 9, 30)


def build(tx):
    """{model: row} of one connected row for every model with generic routes, and `"artist"`, `"shot"`, `"scene"`."""
    world = {}

    def add(model, key=None, **columns):
        world[key or model] = row = make(tx, model, **columns)
        return row

    people(add)
    production(tx, add, world)
    work(tx, add, world)
    files(add, world)
    talk(tx, add, world)
    plans(add, world)
    return world


def people(add):
    add(Person, role="admin", desktop_login="ada", first_name="Ada", last_name="Admin", email="ada@studio.example")
    add(Person, "artist", role="user")
    add(Department, name="Modeling")
    add(Studio)
    add(Organisation)
    add(HardwareItem)
    add(Software)


def production(tx, add, world):
    status = world[type(open_status(tx))] = open_status(tx)
    project = add(Project, project_status_id=status.id, name="Caminandes")
    join_team(tx, project, world[Person], world["artist"])
    add(ProjectTemplate)
    add(MetadataDescriptor, project_id=project.id)
    kinds = {name: add(EntityType, name, name=name) for name in ("Shot", "Sequence", "Episode", "Scene", "Props")}
    world[EntityType] = kinds["Props"]
    add(Entity, project_id=project.id, entity_type_id=kinds["Props"].id, data={"weight": 1})
    sequence = add(Entity, "sequence", project_id=project.id, entity_type_id=kinds["Sequence"].id)
    add(Entity, "shot", project_id=project.id, entity_type_id=kinds["Shot"].id, parent_id=sequence.id)
    scene = add(Entity, "scene", project_id=project.id, entity_type_id=kinds["Scene"].id, parent_id=sequence.id)
    add(EntityLink, entity_in_id=world["shot"].id, entity_out_id=world[Entity].id)
    add(AssetInstance, asset_id=world[Entity].id, scene_id=scene.id, name="Props_0001", number=1)


def work(tx, add, world):
    task_type = add(TaskType, department_id=world[Department].id)
    status = add(TaskStatus, short_name="wip", is_default=True)
    task = add(
        Task,
        project_id=world[Project].id,
        task_type_id=task_type.id,
        task_status_id=status.id,
        entity_id=world[Entity].id,
        assigner_id=world[Person].id,
    )
    task.assignees = [world["artist"]]
    tx.commit()
    add(CustomAction)
    add(
        StatusAutomation,
        in_task_type_id=task_type.id,
        in_task_status_id=status.id,
        out_task_type_id=task_type.id,
        out_task_status_id=status.id,
    )


def files(add, world):
    task, person = world[Task], world[Person]
    add(FileStatus)
    add(OutputType)
    add(WorkingFile, task_id=task.id, entity_id=task.entity_id, person_id=person.id, software_id=world[Software].id)
    add(
        OutputFile,
        entity_id=task.entity_id,
        output_type_id=world[OutputType].id,
        task_type_id=task.task_type_id,
        person_id=person.id,
        file_status_id=world[FileStatus].id,
        source_file_id=world[WorkingFile].id,
        path="/files/output",
    )
    add(PreviewFile, task_id=task.id, person_id=person.id)
    add(PreviewBackgroundFile)


def talk(tx, add, world):
    task, person = world[Task], world[Person]
    comment = add(Comment, object_id=task.id, person_id=person.id, task_status_id=world[TaskStatus].id)
    comment.previews = [world[PreviewFile]]
    tx.commit()
    add(AttachmentFile, comment_id=comment.id, name="notes.txt", extension="txt", mimetype="text/plain")
    add(News, author_id=person.id, task_id=task.id, comment_id=comment.id)
    add(Notification, person_id=world["artist"].id, author_id=person.id, task_id=task.id, comment_id=comment.id, type="comment")
    add(Subscription, person_id=world["artist"].id, task_id=task.id)
    add(Playlist, project_id=world[Project].id, shots=[{"entity_id": str(world["shot"].id), "preview_file_id": str(world[PreviewFile].id)}])
    chat = add(Chat, object_id=task.entity_id)
    add(ChatMessage, chat_id=chat.id, person_id=person.id, text="Hello")
    add(SearchFilterGroup, person_id=person.id, project_id=world[Project].id, list_type="asset", name="Mine")
    add(SearchFilter, person_id=person.id, project_id=world[Project].id, list_type="asset", name="Mine", search_query="prop")
    add(ApiEvent, name="task:update", data={"task_id": str(task.id)}, user_id=person.id, project_id=world[Project].id)
    add(Plugin, plugin_id="farm", name="Farm", version="1.0", maintainer_name="Ada", license="MIT")


def plans(add, world):
    project, task, person = world[Project], world[Task], world["artist"]
    add(ScheduleItem, project_id=project.id, task_type_id=task.task_type_id, start_date=DAY, end_date=DAY)
    add(Milestone, project_id=project.id, task_type_id=task.task_type_id)
    add(DayOff, person_id=person.id)
    add(TimeSpent, person_id=person.id, task_id=task.id)
    budget = add(Budget, project_id=project.id)
    add(BudgetEntry, budget_id=budget.id, department_id=world[Department].id, start_date=DAY, months_duration=3, daily_salary=100)
    add(SalaryScale, department_id=world[Department].id)
    version = add(ProductionScheduleVersion, project_id=project.id)
    add(ProductionScheduleVersionTaskLink, production_schedule_version_id=version.id, task_id=task.id, start_date=MOMENT, due_date=MOMENT)
