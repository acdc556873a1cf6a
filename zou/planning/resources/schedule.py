"""Schedules of productions: bars, milestones and variants. Rules: contract/rules/schedule-and-budget.md §1 to §3."""

import sqlalchemy as sa

from zou.people.rules import manages, member, not_restricted
from zou.planning.answers import APPLIED, LINKS_COPIED, MILESTONES, OBJECT_ITEMS, TASK_TYPE_ITEMS
from zou.planning.bodies import EpisodeSchema, TaskLinksQuery, VersionSchema
from zou.planning.models import Milestone, ProductionScheduleVersion, ProductionScheduleVersionTaskLink, ScheduleItem
from zou.planning.queries import schedule as queries
from zou.planning.schemas import MilestoneSchema, ScheduleItemSchema, ScheduleVersionTaskLinkSchema
from zou.planning.services import schedule, versions
from zou.platform.db.payload import is_uuid
from zou.platform.db.projection import json_list
from zou.platform.errors import Invalid
from zou.platform.http import Json, Resource, asks, body, permission, query, returns
from zou.platform.http.filters import flag
from zou.platform.http.shapes import FLAG
from zou.productions.models import Project
from zou.tasks.models import Task

MILESTONE_KEYS = ("id", "date", "name", "project_id", "task_type_id")


class ProjectMilestonesResource(Resource):
    """Milestones of a production."""

    @permission(member & not_restricted, on=Project)
    @returns(MILESTONES)
    def get(self, project):
        """Milestones of a production, earliest first."""
        rows = sa.select(Milestone).where(Milestone.project_id == project.id).order_by(Milestone.date)
        return Json(self.tx.scalar(json_list(MilestoneSchema, rows, only=MILESTONE_KEYS)))


class ScheduleItemsResource(Resource):
    """The schedule of a production."""

    @permission(member & not_restricted, on=Project)
    @returns(ScheduleItemSchema, many=True)
    def get(self, project):
        """All bars of a production."""
        return sa.select(ScheduleItem).where(ScheduleItem.project_id == project.id)


class TaskTypeItemsResource(Resource):
    """Bars of the task types of a production."""

    uuids = ("project_id",)

    @permission(member & not_restricted, on=Project)
    @returns(TASK_TYPE_ITEMS)
    def get(self, project):
        """The bars of the task types that the production works on; missing ones are made, from today to tomorrow."""
        schedule.add_missing(self.tx, project, queries.task_types(project.id))
        return Json(self.tx.scalar(queries.of_task_types(project.id, queries.task_types(project.id))))


class ObjectItemsResource(Resource):
    """Bars of what a task type is done on."""

    uuids = ("project_id", "task_type_id")
    kind = None  # of entities; None: types of assets

    @permission(member & not_restricted, on=Project)
    @query(EpisodeSchema)
    @returns(OBJECT_ITEMS)
    def get(self, project, task_type_id, query):
        """The bars of a task type with the names of what they are for; missing ones are made, from today to tomorrow."""
        episode_id = query["episode_id"]
        if episode_id and not is_uuid(episode_id):
            raise Invalid("Wrong UUID format.")
        expected = queries.objects(self.kind, project.id, episode_id)
        schedule.add_missing(self.tx, project, expected, task_type_id)
        return Json(self.tx.scalar(queries.of_objects(project.id, task_type_id, expected)))


def items_of(kind):
    """The resource of the bars of a kind of entities, or of the types of assets."""
    return type(f"{kind or 'AssetType'}ItemsResource", (ObjectItemsResource,), {"kind": kind, "__doc__": ObjectItemsResource.__doc__})


# --- variants ---------------------------------------------------------------------------------------------------------------------


class VersionTaskLinksResource(Resource):
    """Dates of tasks in a variant of the schedule."""

    @permission(member & not_restricted, on=ProductionScheduleVersion)
    @query(TaskLinksQuery)
    @asks(relations=FLAG)
    @returns(ScheduleVersionTaskLinkSchema, relations=True, many=True)
    def get(self, version, query):
        """The dates of tasks in a variant, of all or of one task type; `relations`: with who is assigned there."""
        rows = sa.select(ProductionScheduleVersionTaskLink)
        rows = rows.where(ProductionScheduleVersionTaskLink.production_schedule_version_id == version.id)
        task_type_id = query["task_type_id"]
        if task_type_id:
            if not is_uuid(task_type_id):
                raise Invalid("Wrong UUID format.")
            of_type = sa.select(Task.id).where(Task.task_type_id == task_type_id)
            rows = rows.where(ProductionScheduleVersionTaskLink.task_id.in_(of_type))
        return Json(self.tx.scalar(json_list(ScheduleVersionTaskLinkSchema, rows, relations=flag("relations"))))


class CopyProductionResource(Resource):
    """A variant made from the production."""

    @permission(manages, on=ProductionScheduleVersion, lock=True)
    @returns(LINKS_COPIED)
    def post(self, version):
        """Take over the dates, estimations and assignees that the tasks of the production have now."""
        return {"success": True, "task_link_count": versions.copy_production(self.tx, version)}


class CopyVersionResource(Resource):
    """A variant made from another one."""

    @permission(manages, on=ProductionScheduleVersion, lock=True)
    @body(VersionSchema)
    @returns(LINKS_COPIED)
    def post(self, version, body):
        """Take over the dates, estimations and assignees of another variant of the same production."""
        source = versions.source_of(self.tx, version, body["production_schedule_version_id"])
        return {"success": True, "task_link_count": versions.copy_version(self.tx, version, source)}


class ApplyScheduleResource(Resource):
    """A variant of the schedule, as the production's own."""

    @permission(manages, on=ProductionScheduleVersion, lock=True)
    @returns(APPLIED)
    def post(self, version):
        """Give the tasks of the production the dates and estimations of this variant."""
        return {"success": True, "task_count": versions.apply(self.tx, version)}
