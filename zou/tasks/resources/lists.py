"""Lists of tasks and of task types."""

import sqlalchemy as sa
from flask import request

from zou.entities.models import Entity
from zou.entities.resources.base import EntityResource
from zou.entities.rules import reads_concept
from zou.people.rules import is_vendor_of, manages, member, mine_and_open, not_vendor, reads_entity, task_access
from zou.platform.db.payload import is_uuid
from zou.platform.db.projection import json_list
from zou.platform.errors import Invalid
from zou.platform.http import Json, Resource, asks, permission, returns
from zou.platform.http.etag import not_modified, stamped
from zou.platform.http.filters import flag
from zou.platform.http.paging import paged
from zou.platform.http.resource import respond
from zou.platform.http.shapes import FLAG, ID, WHOLE
from zou.productions.models import Project, project_status_automation_link
from zou.productions.models.settings import ProjectTaskStatusLink, ProjectTaskTypeLink
from zou.productions.queries.lists import role_on
from zou.productions.queries.versions import validator
from zou.productions.resources.settings import linking
from zou.tasks.answers import DETAILED, DETAILED_OR_PLAIN, WHOLE_TASK
from zou.tasks.models import StatusAutomation, Task, TaskStatus, TaskType
from zou.tasks.queries import lists
from zou.tasks.schemas import StatusAutomationSchema, TaskSchema, TaskStatusSchema, TaskTypeSchema


class EntityTasksResource(EntityResource):
    """Tasks of one entity."""

    takes_relations = True  # whether `relations` adds who is assigned

    @permission(reads_entity, on=Entity)
    @asks(relations=FLAG)
    @returns(DETAILED)
    def get(self, entity):
        """Tasks of an entity with the names of what they are about; `relations`: with who is assigned."""
        return self.detailed(entity, lists.on_entity)

    def detailed(self, entity, place):
        role = role_on(self.tx, self.actor, str(entity.project_id))
        relations = self.takes_relations and flag("relations")
        return Json(self.tx.scalar(*lists.detailed(self.actor, entity.id, place=place, role=role, relations=relations)))


class SceneTasksResource(EntityTasksResource):
    """Tasks of a scene."""

    kind, takes_relations = "Scene", False


class SequenceTasksResource(EntityTasksResource):
    """Tasks of a sequence itself."""

    kind = "Sequence"

    @permission(reads_entity, on=Entity)
    @asks(relations=FLAG)
    @returns(DETAILED_OR_PLAIN)
    def get(self, entity):
        """Tasks of a sequence or episode with the names of what they are about; for a vendor the plain rows of their own open ones."""
        if role_on(self.tx, self.actor, str(entity.project_id)) != "vendor":
            return self.detailed(entity, lists.on_entity)
        mine = (Task.entity_id == entity.id, lists.assigned_to(self.actor.id), mine_and_open.clause(Task, self.actor))
        return Json(self.tx.scalar(json_list(TaskSchema, sa.select(Task).where(*mine))))


class EpisodeTasksResource(SequenceTasksResource):
    """Tasks of an episode itself."""

    kind, takes_relations = "Episode", False


class BelowTasksResource(EntityTasksResource):
    """Tasks of what is below an entity; vendors have none."""

    below = None  # function: id -> condition on tasks

    @permission(member & not_vendor & ~is_vendor_of, on=Entity)
    @asks(relations=FLAG)
    @returns(DETAILED)
    def get(self, entity):
        """Tasks of what is below an entity."""
        return self.detailed(entity, type(self).below)


class EntityTaskTypesResource(EntityResource):
    """Task types of one entity."""

    @permission(reads_entity, on=Entity)
    @returns(TaskTypeSchema, many=True)
    def get(self, entity):
        """Task types of which an entity has a task; for sequences and episodes: of which their shots have one."""
        levels = {"Sequence": 1, "Episode": 2}.get(self.kind)
        condition = lists.below(entity.id, levels=levels) if levels else Task.entity_id == entity.id
        return lists.task_types_of(condition)


class ConceptTasksResource(EntityTasksResource):
    """Tasks of a concept."""

    kind = "Concept"

    @permission(reads_concept, on=Entity)
    @returns(DETAILED)
    def get(self, entity):
        """Tasks of a concept with the names of what they are about; clients have none."""
        return self.detailed(entity, lists.on_entity)


class ConceptTaskTypesResource(EntityTaskTypesResource):
    """Task types of a concept."""

    kind = "Concept"

    @permission(reads_concept, on=Entity)
    @returns(TaskTypeSchema, many=True)
    def get(self, entity):
        """Task types of which a concept has a task; clients have none."""
        return lists.task_types_of(Task.entity_id == entity.id)


def of_kind(base, kind, **attributes):
    """A resource for one kind of entity."""
    return type(f"{kind}{base.__name__.removeprefix('Entity')}", (base,), {"kind": kind, "__doc__": base.__doc__, **attributes})


def below(kind, name, condition):
    """A resource for what is below one kind of entity."""
    attributes = {"kind": kind, "below": staticmethod(condition), "takes_relations": kind != "Episode"}
    return type(name, (BelowTasksResource,), {**attributes, "__doc__": BelowTasksResource.__doc__})


SequenceShotTasksResource = below("Sequence", "SequenceShotTasksResource", lambda id: lists.below(id, kind=None))
EpisodeShotTasksResource = below("Episode", "EpisodeShotTasksResource", lambda id: lists.below(id, kind=None, levels=2))
EpisodeAssetTasksResource = below("Episode", "EpisodeAssetTasksResource", lists.of_episode_assets)
EpisodeEditTasksResource = below("Episode", "EpisodeEditTasksResource", lambda id: lists.below(id, kind="Edit"))


class EntityTypeTasksResource(Resource):
    """Tasks of one type of an entity."""

    @permission(reads_entity, on=Entity, key="entity_id")
    @returns(TaskSchema, many=True)
    def get(self, entity, task_type_id):
        """Tasks of a type that an entity has, by name."""
        if not is_uuid(task_type_id):
            return []
        role = role_on(self.tx, self.actor, str(entity.project_id))
        statement = sa.select(Task).where(Task.entity_id == entity.id, Task.task_type_id == task_type_id).order_by(Task.name)
        if role == "vendor":
            statement = statement.where(lists.assigned_to(self.actor.id))
        return Json(self.tx.scalar(json_list(lists.form(role), statement)))


class ProjectTasksResource(Resource):
    """Tasks of a production."""

    @permission(member, on=Project)
    @asks(task_type_id=ID, episode_id=ID, page=WHOLE, limit=WHOLE)
    @returns(TaskSchema, relations=True, paged=True)
    def get(self, project):
        """Tasks of a production, newest change first, as a list or in pages; of a type, of an episode's shots."""
        role = role_on(self.tx, self.actor, str(project.id))
        tag = validator(self.tx, project.id, "tasks", self.actor.id, role, request.query_string)
        unchanged = not_modified(tag)
        if unchanged is not None:
            return unchanged
        wanted = {key: request.args.get(key) or None for key in ("task_type_id", "episode_id")}
        for key, value in wanted.items():
            if value is not None and not is_uuid(value):
                raise Invalid(f"Invalid UUID format for {key}: {value}")
        made = lists.of_project(self.actor, project.id, *wanted.values(), role=role)
        return stamped(respond(paged(self.tx, lists.form(role), made, Task, takes_limit=False)), tag)


class FullTaskResource(Resource):
    """A task with all around it."""

    @permission(task_access, on=Task)
    @returns(WHOLE_TASK)
    def get(self, task):
        """A task with its entity, production, type, status and persons."""
        role = role_on(self.tx, self.actor, str(task.project_id))
        return Json(self.tx.scalar(*lists.whole(self.actor, task.id, task.entity_id, task.assigner_id, role=role)))


class ProjectTaskTypesResource(Resource):
    """Task types of a production."""

    @permission(member, on=Project)
    @returns(TaskTypeSchema, many=True)
    def get(self, project):
        """Task types that a production uses."""
        link = ProjectTaskTypeLink
        return sa.select(TaskType).where(TaskType.id.in_(sa.select(link.task_type_id).where(link.project_id == project.id)))


class TaskStatusSettingsResource(linking("task_status")):
    """Task statuses that a production uses."""

    @permission(member, on=Project)
    @returns(TaskStatusSchema, many=True)
    def get(self, project):
        """Task statuses that a production uses."""
        link = ProjectTaskStatusLink
        return sa.select(TaskStatus).where(TaskStatus.id.in_(sa.select(link.task_status_id).where(link.project_id == project.id)))


class StatusAutomationSettingsResource(linking("status_automation")):
    """Automations that a production uses."""

    @permission(manages, on=Project, lock=False)
    @returns(StatusAutomationSchema, many=True)
    def get(self, project):
        """Automations that a production uses."""
        link = project_status_automation_link.c
        return sa.select(StatusAutomation).where(
            StatusAutomation.id.in_(sa.select(link.status_automation_id).where(link.project_id == project.id))
        )
