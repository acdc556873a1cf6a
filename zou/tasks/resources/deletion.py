"""Removal of many tasks at once."""

from zou.people.rules import admin, manages
from zou.platform.http import Resource, permission, returns, takes
from zou.platform.http.resource import json_ids
from zou.productions.models import Project
from zou.tasks.answers import IDS
from zou.tasks.models import Task
from zou.tasks.services import deletion
from zou.tasks.services.creation import task_type_of


class DeleteTasksResource(Resource):
    """Tasks of a production, by their ids."""

    @permission(manages, on=Project, lock=False)
    @takes(IDS)
    @returns(IDS)
    def post(self, project):
        """Remove tasks with all that hangs on them; answers the ids of those that were there, tasks of other productions are left out."""
        ids = json_ids()
        gone = {str(id) for id in deletion.remove(self.tx, project.id, Task.id.in_(ids))}
        return [id for id in ids if id.lower() in gone]


class DeleteTypeTasksResource(Resource):
    """Tasks of a type in a production."""

    @permission(admin, on=Project, lock=False)
    @returns(status=204)
    def delete(self, project, task_type_id):
        """Remove all tasks of a type, with all that hangs on them."""
        task_type = task_type_of(self.tx, task_type_id)
        deletion.remove(self.tx, project.id, Task.task_type_id == task_type.id)
