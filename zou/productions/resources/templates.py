"""Templates of productions: what they hold, how they are made and applied. Rules: contract/rules/projects.md §6."""

import sqlalchemy as sa

from zou.people.rules import admin, manager, table
from zou.platform.db.projection import aggregate
from zou.platform.errors import NotFound
from zou.platform.http import Json, Resource, body, json_body, permission, returns, takes
from zou.platform.http.shapes import at_least, many
from zou.productions.answers import HELD_BACKGROUND, HELD_NAME, held_row, held_rows
from zou.productions.bodies import (
    DefaultBackgroundSchema,
    TemplateFromProjectSchema,
    TemplateTaskStatusSchema,
    TemplateTaskTypeSchema,
    id_body,
    ids_body,
)
from zou.productions.models import Project, ProjectTemplate, ProjectTemplateTaskStatusLink, ProjectTemplateTaskTypeLink
from zou.productions.schemas import (
    ProjectSchema,
    ProjectTemplateSchema,
    TemplateTaskStatusLinkSchema,
    TemplateTaskTypeLinkSchema,
)
from zou.productions.services import template_links, templates


class ProjectNotFound(NotFound):
    """Project not found"""

    shape = "bare"


class TemplateRoute(Resource):
    """A route on a template: who may not use it hears that before whether the template is there."""

    def load(self, route, url):
        self.judge(route)
        return super().load(route, url)

    def fetch(self, model, id, rule, lock=False, anew=False):
        try:
            return super().fetch(model, id, rule, lock, anew)
        except NotFound:
            raise templates.TemplateNotFound() if model is ProjectTemplate else ProjectNotFound() from None


class TemplateFromProjectResource(TemplateRoute):
    """A template made from a production."""

    @permission(admin, on=Project)
    @body(TemplateFromProjectSchema)
    @returns(ProjectTemplateSchema, 201)
    def post(self, project, body):
        """Remember the settings, links and custom columns of a production as a template."""
        return templates.snapshot(self.tx, project, body["name"], body["description"])


class ApplyTemplateResource(TemplateRoute):
    """A template for a production that exists."""

    @permission(admin, on=Project, lock=True)
    @returns(ProjectSchema)
    def post(self, project, project_template_id):
        """Make a production like a template: its settings, and the links and custom columns that are missing."""
        templates.apply(self.tx, project, templates.find(self.tx, project_template_id))
        return project


class TemplateDescriptorsResource(TemplateRoute):
    """Custom columns that a template remembers."""

    @permission(admin, on=ProjectTemplate)
    @takes(many(at_least()))
    @returns(ProjectTemplateSchema)
    def put(self, template):
        """Replace the custom columns that a template remembers: a list, alone or under `metadata_descriptors`."""
        sent = json_body()
        if isinstance(sent, dict):
            sent = sent.get("metadata_descriptors")
        templates.set_descriptors(self.tx, template, sent)
        return template


class DefaultBackgroundResource(TemplateRoute):
    """The background that previews of new productions have."""

    @permission(admin, on=ProjectTemplate)
    @body(DefaultBackgroundSchema)
    @returns(ProjectTemplateSchema)
    def put(self, template, body):
        """Choose one of the backgrounds of a template, or none."""
        templates.set_default_background(self.tx, template, body["default_preview_background_file_id"])
        return template


# --- links ------------------------------------------------------------------------------------------------------------------------


class TemplateLinkResource(TemplateRoute):
    """Something that a template holds."""

    family = None

    @permission(admin, on=ProjectTemplate)
    @returns(None, 204)
    def delete(self, template, **held):
        """Let the template no longer hold it; nothing happens when it did not."""
        template_links.unlink(self.tx, template, self.family, held[f"{self.family}_id"])


def link_resource(family):
    """The resource of one link of a family."""
    name = f"Template{family.title().replace('_', '')}Resource"
    return type(name, (TemplateLinkResource,), {"family": family, "__doc__": TemplateLinkResource.__doc__})


def holding(family):
    """A mixin for a list of what a template holds: POST adds a row by its id and answers it as `row` says, in the `held_shape`."""
    key = f"{family}_id"

    class Holding(TemplateRoute):
        @permission(admin, on=ProjectTemplate, lock=False)
        @body(id_body(key))
        @returns(held_row, 201)
        def post(self, template, body):
            """Let the template hold a row."""
            return self.row(template, template_links.link(self.tx, template, family, body[key]))

    return Holding


class NamesResource(TemplateRoute):
    """Rows that a template holds, by their names."""

    @permission(manager, on=ProjectTemplate)
    @returns(held_rows)
    def get(self, template):
        """The rows that the template holds, by name."""
        rows = self.names(template)
        return Json(self.tx.scalar(aggregate(rows)))

    def row(self, template, id):
        """One of them."""
        found = self.names(template).subquery("r")
        text = sa.cast(sa.func.row_to_json(sa.literal_column("r")), sa.Text)
        return Json(self.tx.scalar(sa.select(text).select_from(found).where(found.c.id == id)))


def held(family, template, *columns):
    """Select of what a template holds: `columns` of the rows."""
    links, target = template_links.links_of(family), table(template_links.FAMILIES[family][1])
    mine = sa.select(links.c[f"{family}_id"]).where(links.c.project_template_id == template.id)
    return sa.select(target.c.id, target.c.name, *columns).where(target.c.id.in_(mine)).order_by(target.c.name)


class TemplateAssetTypesResource(holding("asset_type"), NamesResource):
    """Types of assets of a template."""

    held_shape = HELD_NAME

    def names(self, template):
        return held("asset_type", template)


class TemplateBackgroundsResource(holding("preview_background_file"), NamesResource):
    """Preview backgrounds of a template."""

    held_shape = HELD_BACKGROUND

    def names(self, template):
        return held("preview_background_file", template, table("preview_background_file").c.is_default)


class TemplateTaskTypesRoute(TemplateRoute):
    """Task types of a template; what the list shows of them is for the domain of tasks."""

    @permission(admin, on=ProjectTemplate, lock=False)
    @body(TemplateTaskTypeSchema)
    @returns(TemplateTaskTypeLinkSchema, 201)
    def post(self, template, body):
        """Let the template hold a task type, or change its settings there."""
        id = template_links.link_task_type(self.tx, template, body)
        return link_row(self.tx, template, "task_type", id)


class TemplateTaskStatusesRoute(TemplateRoute):
    """Task statuses of a template; what the list shows of them is for the domain of tasks."""

    @permission(admin, on=ProjectTemplate, lock=False)
    @body(TemplateTaskStatusSchema)
    @returns(TemplateTaskStatusLinkSchema, 201)
    def post(self, template, body):
        """Let the template hold a task status, or change its settings there."""
        id = template_links.link_task_status(self.tx, template, body)
        return link_row(self.tx, template, "task_status", id)


LINK_MODELS = {"task_type": ProjectTemplateTaskTypeLink, "task_status": ProjectTemplateTaskStatusLink}


def link_row(tx, template, family, id):
    """The link of a template to a task type or status."""
    model = LINK_MODELS[family]
    statement = sa.select(model).where(model.project_template_id == template.id, getattr(model, f"{family}_id") == id)
    return tx.scalars(statement.execution_options(populate_existing=True)).one()


def reordering(family, schema):
    """The resource that orders the task types or statuses of a template."""
    model, key = LINK_MODELS[family], f"{family}_ids"

    class Reordering(TemplateRoute):
        @permission(admin, on=ProjectTemplate, lock=True)
        @body(ids_body(key))
        @returns(schema, many=True)
        def post(self, template, body):
            """Put what the template holds in the order of a list; what it does not hold yet is added."""
            template_links.reorder(self.tx, template, family, body[key])
            column = getattr(model, f"{family}_id")
            rows = sa.select(model).where(model.project_template_id == template.id, column.in_(body[key]))
            return rows.order_by(model.priority)

    Reordering.__name__ = f"TemplateReorder{family.title().replace('_', '')}Resource"
    Reordering.__doc__ = "The order of what a template holds."
    return Reordering


TemplateTaskTypesReorderResource = reordering("task_type", TemplateTaskTypeLinkSchema)
TemplateTaskStatusesReorderResource = reordering("task_status", TemplateTaskStatusLinkSchema)
