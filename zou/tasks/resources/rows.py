"""HTTP of tasks, where it differs from the generic routes."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou.entities.models import Entity
from zou.people.rules import admin, directs, manages
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid
from zou.platform.http import BaseModelsResource, Resource, json_object, permission, returns, takes
from zou.platform.http.shapes import ID, keys, many
from zou.tasks.models import Task, TaskType
from zou.tasks.schemas import TaskTypeSchema
from zou.tasks.services.rows import reorder_task_types

SUPERVISED = {"priority", "start_date", "due_date", "estimation", "difficulty", "data"}
"""What a supervisor may change of the tasks of their departments."""


def may_change_task(resource, values):
    """a manager in the team of the production, or an administrator, or, for dates, efforts and `data`, a supervisor of the department"""
    return directs if values.keys() <= SUPERVISED else manages


class TasksResource(BaseModelsResource):
    """Tasks, and their creation."""

    object_shape = "full"

    def allow_creation(self, values):
        """The production is that of the entity."""
        self.service.place(self.tx, values)
        super().allow_creation(values)

    def narrow(self, statement, arguments):
        """Tasks of an episode: those whose entity's parent's parent it is."""
        episode_id = arguments.pop("episode_id", None)
        if episode_id is None:
            return statement
        if not is_uuid(episode_id):
            raise Invalid(f"Invalid UUID format for episode_id: {episode_id}")
        entity, sequence = aliased(Entity), aliased(Entity)
        inside = sa.select(entity.id).join(sequence, sequence.id == entity.parent_id).where(sequence.parent_id == episode_id)
        return statement.where(Task.entity_id.in_(inside))


class ReorderTaskTypesResource(Resource):
    """The order of task types."""

    @permission(admin)
    @takes(keys(task_type_ids=many(ID)))
    @returns(TaskTypeSchema, many=True)
    def post(self):
        """Give task types the order of a list; answers those that it names."""
        ids = json_object().get("task_type_ids")
        if not isinstance(ids, list) or not all(is_uuid(id) for id in ids):
            raise Invalid("Request body must be a JSON object with a 'task_type_ids' list.")
        changed = reorder_task_types(self.tx, ids)
        return sa.select(TaskType).where(TaskType.id.in_(changed)).order_by(TaskType.priority)
