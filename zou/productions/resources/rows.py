"""Routes of productions where they differ from the generic ones, and those of their links."""

import sqlalchemy as sa
from flask import request

from zou.people.rules import manages
from zou.platform.db.payload import is_uuid
from zou.platform.db.projection import json_row
from zou.platform.errors import Invalid, NotFound
from zou.platform.http import BaseModelResource, BaseModelsResource, Json, Resource, permission, returns, takes
from zou.platform.http.filters import flag
from zou.platform.http.shapes import ID, TEXT, WHOLE, at_least, keys, many
from zou.productions.answers import CHANGED_PROJECT, IDS, NEW_PROJECT, PROJECT
from zou.productions.models import Project, ProjectTaskStatusLink, ProjectTaskTypeLink
from zou.productions.queries.forms import project_json, with_first_episode
from zou.productions.schemas import ProjectSchema, ProjectTaskStatusLinkSchema, ProjectTaskTypeLinkSchema
from zou.productions.services import settings
from zou.productions.services.templates import TemplateNotFound

BAD_PRIORITY = "Wrong value for parameter priority."


class FirstEpisode:
    """Answers to writes of a series name its first episode, running or not."""

    def row_json(self, row, relations):
        self.tx.flush()
        text = sa.cast(with_first_episode(json_row(ProjectSchema, Project, relations), Project, running_first=False), sa.Text)
        return Json(self.tx.scalar(sa.select(text).select_from(Project).where(Project.id == row.id)))


class ProjectsResource(FirstEpisode, BaseModelsResource):
    """Productions."""

    shapes = {"post": NEW_PROJECT}


class ProjectResource(FirstEpisode, BaseModelResource):
    """One production."""

    shapes = {"get": PROJECT, "put": CHANGED_PROJECT}

    def json_of(self, source, relations):
        """With settings, custom columns and first episode, unless `relations=false`."""
        return project_json(source, self.actor, whole=relations)


class ProductionRoute(Resource):
    """A route on what hangs on a production: an administrator finds nothing where there is no production, others 404."""

    def load(self, route, url):
        id = url.get("project_id")
        try:
            return super().load(route, url)
        except NotFound:
            if request.method == "POST" or not self.actor.is_admin or not is_uuid(id):
                raise
            return (Project(id=id),)


class ProjectTemplateResource(BaseModelResource):
    """One template."""

    def fetch(self, model, id, rule, lock=False, anew=False):
        try:
            return super().fetch(model, id, rule, lock, anew)
        except NotFound:
            raise TemplateNotFound() from None


class MetadataDescriptorsResource(BaseModelsResource):
    """Custom columns."""

    def with_relations(self, arguments):
        """A list without any parameter has the departments too."""
        return flag("relations") or not request.args


# --- links -----------------------------------------------------------------------------------------------------------------------


class LinkResource(Resource):
    """What the two link routes share: parameters of the JSON body, or of the query string where it has none."""

    def read(self, *required):
        """{parameter: value}, `priority` as a number. Raises Invalid."""
        sent = request.get_json(silent=True) if request.is_json else None
        values = {**request.args.to_dict(), **request.form.to_dict(), **(sent if isinstance(sent, dict) else {})}
        for name in required:
            if values.get(name) in (None, ""):
                raise Invalid(f"Missing required parameter: {name}")
        values["priority"] = priority_of(values.get("priority", 1))
        return values

    def production(self, values, target):
        """The production that is changed. Raises NotFound, Denied, Invalid for a malformed target."""
        project = self.fetch(Project, values["project_id"], manages)
        if not is_uuid(values[target]):
            raise Invalid(f"Wrong value for parameter {target}.")
        return project


def priority_of(value):
    """A priority as a number; texts of numbers count."""
    try:
        number = int(value) if isinstance(value, str | int) and not isinstance(value, bool) else None
    except ValueError:
        number = None
    if number is None or abs(number) >= 2**31:
        raise Invalid(BAD_PRIORITY)
    return number


class TaskTypeLinksResource(LinkResource):
    """Task types that productions use."""

    @permission(manages)
    @takes(at_least({"priority": WHOLE}, project_id=ID, task_type_id=ID))
    @returns(ProjectTaskTypeLinkSchema, 201)
    def post(self):
        """Let a production use a task type, or change its place in the pipeline."""
        values = self.read("project_id", "task_type_id")
        project = self.production(values, "task_type_id")
        return settings.set_task_type(self.tx, project, values["task_type_id"], values["priority"])


class TaskStatusLinksResource(LinkResource):
    """Task statuses that productions use."""

    @permission(manages)
    @takes(at_least({"priority": WHOLE, "roles_for_board": many(TEXT)}, project_id=ID, task_status_id=ID))
    @returns(ProjectTaskStatusLinkSchema, 201)
    def post(self):
        """Let a production use a task status, or change its place and the boards that show it."""
        values = self.read("project_id", "task_status_id")
        project = self.production(values, "task_status_id")
        roles = values.get("roles_for_board") or []
        return settings.set_task_status(self.tx, project, values["task_status_id"], values["priority"], roles)


class ReorderResource(Resource):
    """What the two reorderings share."""

    model = schema = key = None

    def reorder(self, project):
        """The links in their new order, as JSON."""
        name = f"{self.key}s"
        sent = request.get_json(silent=True)
        ids = sent.get(name) if isinstance(sent, dict) else None
        if not isinstance(ids, list):
            raise Invalid(f"Request body must be a JSON object with a '{name}' list.")
        if not all(is_uuid(id) for id in ids):
            raise Invalid(f"Request body must be a JSON object with a '{name}' list of valid UUIDs.")
        links = settings.reorder(self.tx, project, self.model, self.key, ids)
        return sa.select(self.model).where(self.model.id.in_([link.id for link in links])).order_by(self.model.priority)


class TaskTypeLinksReorderResource(ReorderResource):
    """The order of a production's task types."""

    model, key = ProjectTaskTypeLink, "task_type_id"

    @permission(manages, on=Project, lock=True)
    @takes(keys(task_type_ids=IDS))
    @returns(ProjectTaskTypeLinkSchema, many=True)
    def post(self, project):
        """Put the task types of a production in this order."""
        return self.reorder(project)


class TaskStatusLinksReorderResource(ReorderResource):
    """The order of a production's task statuses."""

    model, key = ProjectTaskStatusLink, "task_status_id"

    @permission(manages, on=Project, lock=True)
    @takes(keys(task_status_ids=IDS))
    @returns(ProjectTaskStatusLinkSchema, many=True)
    def post(self, project):
        """Put the task statuses of a production in this order."""
        return self.reorder(project)
