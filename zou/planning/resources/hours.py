"""Hours that people log on tasks. Rules: contract/rules/time-and-timesheets.md §1 and §2."""

import sqlalchemy as sa

from zou.entities.models import Entity
from zou.people.models import Person
from zou.people.rules import about_no_bot, anyone, is_client_of, manages, member, not_restricted, reads_entity, task_access
from zou.planning.answers import HOURS_BY_PERSON, TASK_HOURS, TEAM_DAY_OFFS
from zou.planning.bodies import DurationSchema, PeriodSchema
from zou.planning.models import TimeSpent
from zou.planning.queries import hours as queries
from zou.planning.rules import removes_hours, sees_entry
from zou.planning.schemas import TimeSpentSchema
from zou.planning.services import hours
from zou.platform.db.payload import is_uuid
from zou.platform.db.projection import json_row
from zou.platform.errors import Denied, NotFound
from zou.platform.http import Json, Resource, body, permission, query, returns
from zou.platform.rules import Draft
from zou.productions.models import Project
from zou.productions.queries.lists import role_on
from zou.tasks.models import Task


class TaskHoursResource(Resource):
    """Hours logged on a task."""

    @permission(task_access, on=Task, each=sees_entry)
    @returns(TASK_HOURS)
    def get(self, task, date=None):
        """Minutes logged on a task, in total, and the entries of each person; of a day when one is named."""
        return Json(self.tx.scalar(queries.by_person(task.id, self.actor, date)))


class PersonHoursResource(Resource):
    """Hours of a person on a task, on a day."""

    def load(self, route, url):
        """The task and the person that the URL names; hours of bots are refused before the body is read."""
        (task,) = super().load(route, url)
        id = url.pop("person_id")
        person = self.tx.get(Person, id) if is_uuid(id) else None
        if person is None:
            raise NotFound()
        if person.is_bot and not self.takes_bots(task):
            raise Denied(rule=about_no_bot)
        self.named_as = id
        return task, person

    def takes_bots(self, task):
        """Whether hours of bots are taken: where the production lets bots work."""
        return bool(self.tx.scalar(sa.select(Project.is_bot_collaboration_enabled).where(Project.id == task.project_id)))

    def allow(self, task, person):
        """Raise Denied unless the person is assigned, and is the actor or is managed by them. Ids in capitals are nobody's assignee."""
        draft = Draft(TimeSpent, {"task_id": task.id, "person_id": person.id})
        draft.project_key = lambda: sa.literal(task.project_id, sa.Uuid)
        if self.named_as != str(person.id):
            raise Denied(rule=removes_hours)
        self.need(removes_hours, draft)


class LogHoursResource(PersonHoursResource):
    """Hours of a person on a task, on a day."""

    @permission(anyone, on=Task, lock=False, then=removes_hours)
    @body(DurationSchema)
    @returns(TimeSpentSchema, 201)
    def post(self, task, person, date, body):
        """Set the minutes that an assignee worked on a task on a day."""
        self.allow(task, person)
        return hours.log(self.tx, task, person, hours.day(date), body["duration"])

    @permission(anyone, on=Task, lock=False, then=removes_hours)
    @returns(TimeSpentSchema, 201)
    def delete(self, task, person, date):
        """Remove the minutes of a day; answers what was removed, with a duration of 0."""
        if person.is_bot:
            raise Denied(rule=about_no_bot)
        self.allow(task, person)
        entry = hours.find(self.tx, task, person, hours.day(date))
        row = json_row(TimeSpentSchema, TimeSpent)
        cleared = sa.cast(row, queries.JSONB).concat(sa.text("""'{"duration": 0}'"""))
        text = self.tx.scalar(sa.select(sa.cast(cleared, sa.Text)).select_from(TimeSpent).where(TimeSpent.id == entry.id))
        hours.clear(self.tx, task, entry)
        return Json(text)


class AddHoursResource(PersonHoursResource):
    """More hours of a person on a task, on a day."""

    @permission(anyone, on=Task, lock=False, then=removes_hours)
    @body(DurationSchema)
    @returns(TimeSpentSchema, 201)
    def post(self, task, person, date, body):
        """Add minutes to those that an assignee worked on a task on a day."""
        self.allow(task, person)
        return hours.log(self.tx, task, person, hours.day(date), body["duration"], add=True)


class ProjectHoursResource(Resource):
    """Hours logged on a production."""

    @permission(member & ~is_client_of, on=Project, each=sees_entry)
    @returns(TimeSpentSchema, many=True)
    def get(self, project):
        """Hours logged on the tasks of a production; a vendor sees those on tasks assigned to them."""
        return Json(self.tx.scalar(queries.of_project(project.id, self.actor)))


class TaskTypeHoursResource(Resource):
    """Hours logged on a task type."""

    uuids = ("task_type_id",)
    error_shape = "full"

    @permission(manages, on=Project)
    @query(PeriodSchema)
    @returns(HOURS_BY_PERSON)
    def get(self, project, task_type_id, query):
        """Hours logged on the tasks of a type in a production, by person, latest first; both ends of the period are included."""
        return Json(self.tx.scalar(queries.of_task_type(project.id, task_type_id, query["start_date"], query["end_date"])))


class ProjectDaysOffResource(Resource):
    """Days off of a team."""

    error_shape = "full"

    @permission(member & not_restricted, on=Project)
    @query(PeriodSchema)
    @returns(TEAM_DAY_OFFS)
    def get(self, project, query):
        """Days off of the team by person, earliest first; only managers see why others are off."""
        whole = role_on(self.tx, self.actor, str(project.id)) in ("admin", "manager")
        return Json(self.tx.scalar(queries.days_off(project.id, self.actor, whole, query["start_date"], query["end_date"])))


class EntityHoursResource(Resource):
    """Hours logged on an entity."""

    @permission(reads_entity, on=Entity, key="entity_id", each=sees_entry)
    @returns(TimeSpentSchema, many=True)
    def get(self, entity):
        """Hours logged on the tasks of an entity, latest day first; vendors have those on theirs, clients none."""
        return queries.of_entity(entity.id, self.actor)
