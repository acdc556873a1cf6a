"""Creation of tasks for entities."""

import sqlalchemy as sa
from flask import request

from zou.entities.models import Entity
from zou.people.rules import manages, member, not_restricted, reads_entity
from zou.platform.db.payload import is_uuid
from zou.platform.http import Resource, asks, body, permission, returns, takes
from zou.platform.http.filters import conditions
from zou.platform.http.resource import json_ids
from zou.platform.http.shapes import ID
from zou.productions.models import Project
from zou.tasks.answers import IDS
from zou.tasks.bodies import TaskTypeIdsSchema
from zou.tasks.models import Task
from zou.tasks.schemas import NewTaskSchema
from zou.tasks.services import creation


def made(ids):
    """The tasks with these ids, whose form the routes of this module answer."""
    return sa.select(Task).where(Task.id.in_(ids)).order_by(Task.created_at, Task.id)


class CreateTasksResource(Resource):
    """Tasks of one type for entities of a kind."""

    kind = None

    @permission(manages, on=Project, lock=False)
    @takes(IDS)
    @returns(NewTaskSchema, 201, relations=True, many=True)
    def post(self, project, task_type_id):
        """Make a task of this type for each entity of a list, or for all of the production; those that have one are left out."""
        return self.make(project, task_type_id)

    def make(self, project, task_type_id):
        task_type = creation.task_type_of(self.tx, task_type_id)
        ids = self.ids()
        entities = (
            creation.entities_of(self.tx, project, self.kind, ids)
            if ids
            else creation.all_entities(self.tx, project, self.kind, self.narrowed())
        )
        return made(creation.for_task_type(self.tx, self.actor, project, task_type, entities))

    def narrowed(self):
        """Conditions of the query parameters that name a column."""
        columns = Entity.__table__.columns
        return conditions(Entity, {key: value for key, value in request.args.items() if key in columns and key != "project_id"})

    def ids(self):
        """The ids of the body: an array, or nothing."""
        if not request.get_json(silent=True):
            return []
        return json_ids()


class CreateShotTasksResource(CreateTasksResource):
    """Tasks of one type for shots."""

    kind = "Shot"


class CreateAssetTasksResource(CreateTasksResource):
    """Tasks of one type for assets."""

    kind = "Asset"


class CreateEditTasksResource(CreateTasksResource):
    """Tasks of one type for edits."""

    kind = "Edit"


class CreateConceptTasksResource(CreateTasksResource):
    """Tasks of one type for concepts."""

    kind = "Concept"

    @permission(member & not_restricted, on=Project, lock=False)
    @takes(IDS)
    @returns(NewTaskSchema, 201, relations=True, many=True)
    def post(self, project, task_type_id):
        """Make a task of this type for each concept of a list, or for all of the production."""
        return self.make(project, task_type_id)


class CreateEntityTasksResource(CreateTasksResource):
    """Tasks of one type for entities of any type."""

    @permission(manages, on=Project, lock=False)
    @takes(IDS)
    @asks(episode_id=ID)
    @returns(NewTaskSchema, 201, relations=True, many=True)
    def post(self, project, task_type_id, entity_type):
        """Make a task of this type for each entity of a list, or for all of an entity type in the production."""
        task_type = creation.task_type_of(self.tx, task_type_id)
        episode_id = request.args.get("episode_id")
        of_type = creation.all_of_type(self.tx, project, entity_type, episode_id if is_uuid(episode_id) else None)
        ids = self.ids()
        entities = creation.entities_of(self.tx, project, None, ids) if ids else of_type
        return made(creation.for_task_type(self.tx, self.actor, project, task_type, entities))


class EntityTasksCreationResource(Resource):
    """Tasks of several types for one entity."""

    @permission(reads_entity & not_restricted, on=Entity, key="entity_id", lock=False)
    @body(TaskTypeIdsSchema)
    @returns(NewTaskSchema, 201, relations=True, many=True)
    def post(self, entity, body):
        """Make tasks of these types for an entity, or of all that its production has for its kind."""
        project = self.tx.get(Project, entity.project_id)
        return made(creation.for_entity(self.tx, self.actor, project, entity, body["task_type_ids"]))
