"""Previews of entities. Rules: contract/rules/entities.md §4 and §12."""

from flask import request

from zou.people.rules import anyone, manages
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid
from zou.platform.http import Resource, permission, returns
from zou.previews.services import frames
from zou.productions.models import Project


class ShotFramesResource(Resource):
    """The length of shots."""

    @permission(anyone)
    @returns()
    def post(self, project_id, task_type_id):
        """Give shots as many frames as the newest preview of a task type lasts, of one episode if given; answers what they got."""
        if not (is_uuid(project_id) and is_uuid(task_type_id)):
            raise Invalid("Invalid project or task type id")
        project = self.fetch(Project, project_id, manages)
        episode_id = request.args.get("episode_id") or None
        if episode_id is not None and not is_uuid(episode_id):
            raise Invalid("Invalid episode id")
        return frames.set_from_previews(self.tx, project, task_type_id, episode_id)
