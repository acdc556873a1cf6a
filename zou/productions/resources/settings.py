"""Team and settings of a production."""

from zou.people.rules import manages, member
from zou.platform.http import Json, Resource, body, permission, returns
from zou.productions.answers import TEAM, TEAM_MEMBER
from zou.productions.bodies import BatchSettingsSchema, StatusRightSchema, TaskTypeSettingSchema, TeamMemberSchema, TeamRoleSchema, id_body
from zou.productions.models import Project
from zou.productions.queries import lists as queries
from zou.productions.schemas import ProjectSchema, ProjectTaskStatusLinkSchema
from zou.productions.services import links, team


class TeamResource(Resource):
    """The team of a production."""

    @permission(member, on=Project)
    @returns(TEAM)
    def get(self, project):
        """Persons of the team, with their role on the production; how much of a person depends on who asks."""
        role = queries.role_on(self.tx, self.actor, str(project.id))
        return Json(self.tx.scalar(*queries.team(project.id, role=role)))

    @permission(manages, on=Project, lock=False)
    @body(TeamMemberSchema)
    @returns(ProjectSchema, 201)
    def post(self, project, body):
        """Add a person to the team, with a role there if wanted."""
        team.add(self.tx, project, body["person_id"], body["role"])
        return project


class TeamMemberResource(Resource):
    """One person of a team."""

    @permission(manages, on=Project, lock=False)
    @body(TeamRoleSchema)
    @returns(TEAM_MEMBER)
    def put(self, project, person_id, body):
        """Change the role of a person on the production; null is their own."""
        team.set_role(self.tx, project, person_id, body["role"])
        return {"project_id": project.id, "person_id": person_id, "role": body["role"]}

    @permission(manages, on=Project, lock=False)
    @returns(None, 204)
    def delete(self, project, person_id):
        """Take a person out of the team."""
        team.leave(self.tx, project, person_id)


class TaskTypeSettingsResource(Resource):
    """Task types that a production uses."""

    @permission(manages, on=Project, lock=False)
    @body(TaskTypeSettingSchema)
    @returns(ProjectSchema, 201)
    def post(self, project, body):
        """Use a task type in a production, or change its settings there."""
        links.link_task_type(self.tx, project, body)
        return project


class BatchSettingsResource(Resource):
    """Settings of a production."""

    @permission(manages, on=Project, lock=False)
    @body(BatchSettingsSchema)
    @returns(ProjectSchema)
    def post(self, project, body):
        """Add task types, statuses and asset types at once."""
        links.add_batch(self.tx, project, body)
        return project


class UnlinkResource(Resource):
    """Something that a production uses."""

    family = None

    @permission(manages, on=Project, lock=False)
    @returns(None, 204)
    def delete(self, project, **linked):
        """Use it no longer; nothing happens when it was not used."""
        links.unlink(self.tx, project, self.family, linked[f"{self.family}_id"])


class TaskTypeSettingResource(UnlinkResource):
    """A task type that a production uses."""

    family = "task_type"


class TaskStatusSettingResource(UnlinkResource):
    """A task status that a production uses."""

    family = "task_status"

    @permission(manages, on=Project, lock=False)
    @body(StatusRightSchema)
    @returns(ProjectTaskStatusLinkSchema)
    def put(self, project, task_status_id, body):
        """Say whether clients may set the status on this production."""
        return links.allow_clients(self.tx, project, task_status_id, body["is_client_allowed"])


def linking(family):
    """A mixin for the list of a family: POST links a row by its id."""
    key = f"{family}_id"

    class Linking(Resource):
        @permission(manages, on=Project, lock=False)
        @body(id_body(key))
        @returns(ProjectSchema, 201)
        def post(self, project, body):
            """Use a row in this production."""
            links.link(self.tx, project, family, body[key])
            return project

    return Linking


class AssetTypeSettingsResource(linking("asset_type")):
    """Types of assets that a production uses."""


class AssetTypeSettingResource(UnlinkResource):
    """A type of assets that a production uses."""

    family = "asset_type"


class StatusAutomationSettingResource(UnlinkResource):
    """An automation that a production uses."""

    family = "status_automation"


class PreviewBackgroundSettingResource(UnlinkResource):
    """A preview background that a production uses."""

    family = "preview_background_file"
