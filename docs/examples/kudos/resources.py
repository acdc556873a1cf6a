"""Routes of the plug-in. Each method says who may, what it reads and what comes back."""

from sqlalchemy import select

from zou.people.rules import task_access
from zou.platform.http import Resource, body, permission, returns
from zou.tasks.models import Task

from . import services
from .models import Kudo
from .schemas import KudoSchema, NewKudoSchema


class TaskKudosResource(Resource):
    @permission(task_access, on=Task)
    @returns(KudoSchema)
    def get(self, task):
        """Thanks for the work on a task, oldest first."""
        return select(Kudo).where(Kudo.task_id == task.id).order_by(Kudo.created_at, Kudo.id)

    @permission(task_access, on=Task)
    @body(NewKudoSchema)
    @returns(KudoSchema, status=201)
    def post(self, task, body):
        """Thank for the work on a task."""
        return services.give(self.tx, task, self.actor.id, body["text"])
