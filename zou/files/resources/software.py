"""Software: licenses of departments, and what productions use for a task type. Rules: schedule-and-budget.md §6, projects.md §5."""

import sqlalchemy as sa

from zou.files.answers import USED_SOFTWARE
from zou.files.models import Software, SoftwareDepartmentLink
from zou.files.schemas import SoftwareDepartmentLinkSchema, SoftwareSchema
from zou.files.services import software
from zou.people.rules import directs, member, supervises_or_manages
from zou.planning.resources.departments import UsedItemResource, UsedResource, using
from zou.platform.db.payload import is_uuid
from zou.platform.db.projection import aggregate
from zou.platform.errors import Invalid
from zou.platform.http import Json, Resource, body, permission, returns
from zou.platform.rules import Draft
from zou.productions.bodies import id_body
from zou.productions.models import Project, ProjectTaskTypeSoftwareLink
from zou.productions.resources.rows import ProductionRoute

BAD_IDS = "task_type_id and software_id must be valid UUIDs."


class OfSoftware:
    """Software."""

    model, schema, link, key = Software, SoftwareSchema, SoftwareDepartmentLink, "software_id"


class LicensesOfDepartmentsResource(OfSoftware, UsedResource):
    """Software that departments have licenses for."""


class DepartmentLicensesResource(OfSoftware, using("software_id", SoftwareDepartmentLinkSchema)):
    """Software that a department has licenses for."""


class DepartmentLicenseResource(OfSoftware, UsedItemResource):
    """A software that a department has licenses for."""


# --- task types of productions ----------------------------------------------------------------------------------------------------


class ProjectSoftwaresResource(ProductionRoute):
    """Software of a production."""

    @permission(member, on=Project)
    @returns(USED_SOFTWARE, many=True)
    def get(self, project):
        """Software that a production uses, by task type."""
        link = ProjectTaskTypeSoftwareLink
        rows = sa.select(link.project_id, link.task_type_id, link.software_id).where(link.project_id == project.id)
        return Json(self.tx.scalar(aggregate(rows.order_by(link.task_type_id, link.software_id))))


class TaskTypeSoftwareRoute(Resource):
    """A route on software that a production uses for a task type."""

    def allow(self, project, task_type_id, software_id):
        """Raise Invalid for malformed ids, Denied unless the actor directs the task type on the production."""
        if not is_uuid(task_type_id) or not is_uuid(software_id):
            raise Invalid(BAD_IDS)
        draft = Draft(ProjectTaskTypeSoftwareLink, {"project_id": project.id, "task_type_id": task_type_id})
        draft.task_type_key = lambda: draft.task_type_id
        self.need(directs, draft)


class TaskTypeSoftwaresResource(TaskTypeSoftwareRoute):
    """Software that a production uses for a task type."""

    @permission(supervises_or_manages, on=Project, lock=False, then=directs)
    @body(id_body("software_id"))
    @returns(USED_SOFTWARE, 201)
    def post(self, project, task_type_id, body):
        """Use a software for a task type of the production."""
        self.allow(project, task_type_id, body["software_id"])
        return software.use(self.tx, project, task_type_id, body["software_id"])


class TaskTypeSoftwareResource(TaskTypeSoftwareRoute):
    """A software that a production uses for a task type."""

    @permission(supervises_or_manages, on=Project, lock=False, then=directs)
    @returns(None, 204)
    def delete(self, project, task_type_id, software_id):
        """Use it no longer; nothing happens when it was not used."""
        self.allow(project, task_type_id, software_id)
        software.drop(self.tx, project, task_type_id, software_id)
