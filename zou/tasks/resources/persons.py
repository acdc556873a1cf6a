"""Lists of tasks by person."""

from flask import request

from zou.people.models import Person
from zou.people.rules import anyone, staff, supervises_or_manages
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Denied, Invalid, NotFound
from zou.platform.http import Json, Resource, asks, permission, returns
from zou.platform.http.shapes import ID
from zou.productions.queries.lists import role_on
from zou.tasks.answers import TASK_DATES, TO_DO_LIST
from zou.tasks.queries import persons
from zou.tasks.rules import reads_tasks_of
from zou.tasks.schemas import TaskSchema


class PersonTasksResource(Resource):
    """What a person has to do."""

    done = False

    @permission(anyone, then=reads_tasks_of)
    @returns(TO_DO_LIST)
    def get(self, person_id):
        """Tasks that are assigned to a person, in the open productions that one works on."""
        self.check_person(person_id)
        return Json(self.tx.scalar(*persons.todo_list(self.actor, person_id, done=self.done)))

    def check_person(self, person_id):
        """Raise NotFound for an unknown person, Denied for a bot, and for a vendor who asks about somebody else."""
        person = self.tx.get(Person, person_id) if is_uuid(person_id) else None
        if person is None:
            raise NotFound()
        self.need(reads_tasks_of, person)


class PersonDoneTasksResource(PersonTasksResource):
    """What a person has done."""

    done = True


class PersonRelatedTasksResource(PersonTasksResource):
    """What others do around a person's work."""

    @permission(anyone, then=reads_tasks_of)
    @returns(TaskSchema, many=True)
    def get(self, person_id, task_type_id):
        """Tasks of a type on the entities that a person works on, in the open productions that one works on."""
        self.check_person(person_id)
        if not is_uuid(task_type_id):
            raise NotFound()
        return Json(self.tx.scalar(*persons.related(self.actor, person_id, task_type_id)))


class TaskDatesResource(Resource):
    """When persons are at work."""

    @permission(staff, then=supervises_or_manages)
    @asks(project_id=ID)
    @returns(TASK_DATES)
    def get(self):
        """First and last date of each active person's tasks, in one production or in the open ones; for supervisors and above.

        `busy_periods`: when other productions keep them busy, without saying which.
        """
        project_id = request.args.get("project_id", "").strip() or None
        if project_id is not None:
            if not is_uuid(project_id):
                raise Invalid("Invalid project_id.")
            if not self.actor.is_admin and role_on(self.tx, self.actor, project_id) not in persons.STAFF:
                raise Denied(rule=supervises_or_manages)
        return Json(self.tx.scalar(*persons.dates(self.actor, project_id)))
