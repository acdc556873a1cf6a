"""Who works on tasks, and how urgent they are."""

import sqlalchemy as sa

from zou.people.models import Person
from zou.people.rules import anyone, directs
from zou.platform.db.payload import is_uuid
from zou.platform.db.projection import json_row
from zou.platform.errors import Denied
from zou.platform.http import Json, Resource, body, permission, returns
from zou.platform.rules import as_sql
from zou.productions.services import team
from zou.tasks.answers import IDS
from zou.tasks.bodies import AssignSchema, ClearAssignationSchema, PrioritySchema, TaskIdsSchema
from zou.tasks.models import Task
from zou.tasks.rules import assigns, may_assign, may_unassign, unassigns
from zou.tasks.schemas import TaskSchema
from zou.tasks.services import assignment


class TasksActionResource(Resource):
    """Something that is done to several tasks."""

    def allowed(self, ids, rule):
        """The tasks among these for which the rule holds, locked in one order so that two requests cannot wait for each other."""
        known = [id for id in ids if is_uuid(id)]
        statement = sa.select(Task).where(Task.id.in_(known), as_sql(rule.clause(Task, self.actor)))
        rows = {str(task.id): task for task in self.tx.scalars(statement.order_by(Task.id).with_for_update(of=Task))}
        return [rows[id.lower()] for id in known if id.lower() in rows]

    def rows(self, tasks, relations=False):
        """The JSON of tasks as they are now, in the order of the request, which may name one twice."""
        self.tx.flush()
        text = sa.cast(json_row(TaskSchema, Task, relations), sa.Text)
        found = dict(self.tx.execute(sa.select(Task.id, text).where(Task.id.in_([task.id for task in tasks]))).all())
        return Json("[" + ",".join(found[task.id] for task in tasks) + "]")


class AssignTaskResource(TasksActionResource):
    """Assignment of one task."""

    @permission(anyone, on=Task, lock=False, then=assigns)
    @body(AssignSchema)
    @returns(TaskSchema, relations=True)
    def put(self, task, body):
        """Assign a person, who joins the team of the production."""
        person = assignment.person_to_assign(self.tx, body["person_id"])
        tasks = self.allowed([str(task.id)], may_assign(person))
        if not tasks:
            raise Denied(rule=may_assign(person))
        assignment.assign(self.tx, self.actor, tasks, person)
        team.join(self.tx, task.project_id, person.id)
        return task


class AssignTasksResource(TasksActionResource):
    """Assignment of several tasks to one person."""

    @permission(anyone, each=assigns)
    @body(TaskIdsSchema)
    @returns(TaskSchema, relations=True, many=True)
    def put(self, person_id, body):
        """Assign a person to tasks; those that one may not assign are left out. The person joins the team of the first one's production."""
        person = assignment.person_to_assign(self.tx, person_id)
        tasks = self.allowed(body["task_ids"], may_assign(person))
        assignment.assign(self.tx, self.actor, tasks, person)
        if tasks:
            team.join(self.tx, tasks[0].project_id, person.id)
        return self.rows(tasks, relations=True)


class ClearAssignationResource(TasksActionResource):
    """The end of assignments."""

    @permission(anyone, each=unassigns)
    @body(ClearAssignationSchema)
    @returns(IDS)
    def put(self, body):
        """Take a person, or everybody, off tasks; answers the ids of those that one may change."""
        person_id = body["person_id"] or None
        tasks = self.allowed(body["task_ids"], may_unassign(person_id))
        known = is_uuid(person_id) and self.tx.scalar(sa.select(Person.id).where(Person.id == person_id))
        if person_id is None or known:
            assignment.clear(self.tx, tasks, known or None)
        done = {str(task.id) for task in tasks}
        return [id for id in body["task_ids"] if id.lower() in done]


class SetPriorityResource(TasksActionResource):
    """Priority of several tasks."""

    @permission(anyone, each=directs)
    @body(PrioritySchema)
    @returns(TaskSchema, many=True)
    def put(self, body):
        """Give tasks a priority; those that one may not change are left out."""
        tasks = self.allowed(body["task_ids"], directs)
        assignment.set_priority(self.tx, tasks, body["priority"])
        return self.rows(tasks)
