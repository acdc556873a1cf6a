"""Previews of entities. Rules: contract/rules/entities.md §4 and §12."""

import sqlalchemy as sa
from flask import request

from zou.entities.models import Entity
from zou.entities.resources.base import EntityResource
from zou.entities.rules import reads_concept
from zou.people.rules import anyone, manages, reads_entity
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid
from zou.platform.http import Resource, asks, permission, returns
from zou.platform.http.shapes import ID
from zou.previews import queries
from zou.previews.answers import BY_TASK_TYPE, FRAMES_SET
from zou.previews.models import PreviewFile
from zou.previews.schemas import PresentPreviewSchema
from zou.previews.services import frames
from zou.productions.models import Project
from zou.tasks.models import Task, TaskType


class ShotFramesResource(Resource):
    """The length of shots."""

    @permission(anyone, then=manages)
    @asks(episode_id=ID)
    @returns(FRAMES_SET)
    def post(self, project_id, task_type_id):
        """Give shots as many frames as the newest preview of a task type lasts, of one episode if given; answers what they got."""
        if not (is_uuid(project_id) and is_uuid(task_type_id)):
            raise Invalid("Invalid project or task type id")
        project = self.fetch(Project, project_id, manages)
        episode_id = request.args.get("episode_id") or None
        if episode_id is not None and not is_uuid(episode_id):
            raise Invalid("Invalid episode id")
        return frames.set_from_previews(self.tx, project, task_type_id, episode_id)


class EntityPreviewsResource(Resource):
    """Previews of an entity."""

    @permission(reads_entity, on=Entity, key="entity_id")
    @returns(PresentPreviewSchema, many=True)
    def get(self, entity):
        """Previews of an entity, by task type, newest revision first; vendors have those of their tasks."""
        previews = sa.select(PreviewFile).join(Task, Task.id == PreviewFile.task_id).join(TaskType, TaskType.id == Task.task_type_id)
        mine = [Task.entity_id == entity.id, *queries.of_own_tasks(self.tx, self.actor, entity)]
        return previews.where(*mine).order_by(TaskType.name, PreviewFile.revision.desc(), PreviewFile.position, PreviewFile.id)


class KindPreviewsResource(EntityResource):
    """Previews of a shot or edit."""

    @permission(reads_entity, on=Entity)
    @returns(BY_TASK_TYPE)
    def get(self, entity):
        """Previews of an entity by task type, revision by revision; vendors have those of their tasks."""
        return self.revisions(entity)

    def revisions(self, entity):
        return queries.of_entity(queries.seen_of_entity(self.tx, self.actor, entity))


class ShotPreviewsResource(KindPreviewsResource):
    """Previews of a shot."""

    kind = "Shot"


class EditPreviewsResource(KindPreviewsResource):
    """Previews of an edit."""

    kind = "Edit"


class ConceptPreviewsResource(KindPreviewsResource):
    """Previews of a concept."""

    kind = "Concept"

    @permission(reads_concept, on=Entity)
    @returns(BY_TASK_TYPE)
    def get(self, entity):
        """Previews of a concept by task type, revision by revision; clients have none."""
        return self.revisions(entity)
