"""Custom columns of one production, and of all that one manages. Rules: contract/rules/projects.md §7."""

import sqlalchemy as sa
from flask import request
from sqlalchemy.orm import selectinload

from zou.people.rules import manager, manages, member, supervises, supervises_or_manages
from zou.platform.db.projection import json_list
from zou.platform.errors import Invalid
from zou.platform.http import Json, Resource, asks, body, permission, returns
from zou.platform.http.shapes import TEXT
from zou.platform.rules import Rule, as_sql
from zou.productions.answers import IDS
from zou.productions.bodies import (
    AllDescriptorsReorderSchema,
    AllDescriptorsSchema,
    DescriptorChangesSchema,
    DescriptorsReorderSchema,
    NewDescriptorSchema,
)
from zou.productions.models import MetadataDescriptor, Project
from zou.productions.queries.lists import managed_open_projects
from zou.productions.rules import meant_for
from zou.productions.schemas import MetadataDescriptorSchema
from zou.productions.services import custom_columns

IN_ORDER = (MetadataDescriptor.position.nulls_last(), MetadataDescriptor.name)


theirs_alone = Rule(lambda source, actor: False, "the departments are named and theirs")
"""The words of `only_for`, whatever the departments; of a column for none it is also the verdict."""


def only_for(actor, department_ids):
    """Rule: departments are named, and all of them are the actor's, if they have any."""
    mine, named = {str(id) for id in actor.department_ids}, {str(id).lower() for id in department_ids}
    holds = bool(named) and (not mine or named <= mine)
    return Rule(lambda source, actor: holds, theirs_alone.sentence)


class DescriptorRoute(Resource):
    """A route on custom columns of a production."""

    def load(self, route, url):
        """The production, and the column that the URL names, which must be of it. Raises NotFound, Denied."""
        (project,) = super().load(route, url)
        id = url.pop("metadata_descriptor_id", None)
        if id is None:
            return (project,)
        self.production = project
        return project, self.fetch(MetadataDescriptor, id, meant_for, lock=request.method != "GET")

    def within(self, model):
        return {"project_id": self.production.id} if model is MetadataDescriptor else {}

    def allow(self, project, department_ids):
        """Raise Denied unless the actor manages the production, or supervises it and the columns are for their departments only."""
        self.fetch(Project, str(project.id), manages | (supervises & only_for(self.actor, department_ids)), anew=True)

    def listing(self, columns):
        """The JSON of columns in the order of a list."""
        self.tx.flush()
        places = sa.case({column.id: place for place, column in enumerate(columns)}, value=MetadataDescriptor.id) if columns else None
        rows = sa.select(MetadataDescriptor).where(MetadataDescriptor.id.in_([column.id for column in columns])).order_by(places)
        return Json(self.tx.scalar(json_list(MetadataDescriptorSchema, rows, relations=True)))


class ProjectDescriptorsResource(DescriptorRoute):
    """Custom columns of a production."""

    @permission(member, on=Project)
    @returns(MetadataDescriptorSchema, relations=True, many=True)
    def get(self, project):
        """Custom columns of a production that are meant for the actor, in their order."""
        shown = as_sql(meant_for.clause(MetadataDescriptor, self.actor))
        return sa.select(MetadataDescriptor).where(MetadataDescriptor.project_id == project.id, shown).order_by(*IN_ORDER)

    @permission(supervises_or_manages, on=Project, lock=False, then=manages | (supervises & theirs_alone))
    @body(NewDescriptorSchema)
    @returns(MetadataDescriptorSchema, 201, relations=True)
    def post(self, project, body):
        """Add a custom column."""
        self.allow(project, body["departments"])
        return custom_columns.create(self.tx, project, body)


class ProjectDescriptorResource(DescriptorRoute):
    """A custom column of a production."""

    @permission(member, on=Project, then=meant_for)
    @returns(MetadataDescriptorSchema, relations=True)
    def get(self, project, column):
        """A custom column that is meant for the actor."""
        return column

    @permission(supervises_or_manages, on=Project, lock=False, then=manages | (supervises & theirs_alone))
    @body(DescriptorChangesSchema)
    @returns(MetadataDescriptorSchema, relations=True)
    def put(self, project, column, body):
        """Change a custom column; what is left out is reset, the name stays. A new name moves the values."""
        self.allow(project, [*(craft.id for craft in column.departments), *body["departments"]])
        custom_columns.update(self.tx, [column], body)
        return column

    @permission(supervises_or_manages, on=Project, lock=False, then=manages | (supervises & theirs_alone))
    @returns(None, 204)
    def delete(self, project, column):
        """Remove a custom column with its values."""
        self.allow(project, [craft.id for craft in column.departments])
        custom_columns.remove(self.tx, [column])


class ProjectDescriptorsReorderResource(DescriptorRoute):
    """The order of custom columns of a production."""

    @permission(manages, on=Project, lock=True)
    @body(DescriptorsReorderSchema)
    @returns(MetadataDescriptorSchema, relations=True, many=True)
    def post(self, project, body):
        """Put the columns of a kind of rows in the order of a list; the others follow by name."""
        kind, wanted = body["entity_type"], [id.lower() for id in body["descriptor_ids"]]
        of_kind = sa.select(MetadataDescriptor).where(MetadataDescriptor.project_id == project.id, MetadataDescriptor.entity_type == kind)
        columns = self.tx.scalars(of_kind.with_for_update()).all()
        unknown = set(wanted) - {str(column.id) for column in columns}
        if unknown:
            id = next(id for id in wanted if id in unknown)
            raise Invalid(f"Descriptor {id} not found for project {project.id} and entity type {kind}")
        return self.listing(custom_columns.reorder(self.tx, columns, wanted))


# --- all productions --------------------------------------------------------------------------------------------------------------


class EverywhereRoute(DescriptorRoute):
    """A route on the custom columns of all open productions that one manages."""

    def projects(self):
        """The ids of those productions."""
        return self.tx.scalars(managed_open_projects(self.actor)).all()

    def columns(self, kind, key=None):
        """Their columns of a kind of rows, locked; with `key`, those that store their values under it."""
        custom_columns.check_kind(kind, custom_columns.KINDS[:-1])
        column = MetadataDescriptor
        found = sa.select(column).where(column.project_id.in_(managed_open_projects(self.actor)), column.entity_type == kind)
        if key is not None:
            found = found.where(column.field_name == key)
        found = found.order_by(column.id).with_for_update(of=column)
        return self.tx.scalars(found.options(selectinload(column.departments))).all()


class AllDescriptorsResource(EverywhereRoute):
    """Custom columns of all productions."""

    @permission(manager)
    @body(NewDescriptorSchema)
    @returns(MetadataDescriptorSchema, 201, relations=True, many=True)
    def post(self, body):
        """Add a custom column to each open production that does not have it; answers the new ones."""
        return self.listing(custom_columns.create_everywhere(self.tx, self.projects(), body))


class AllDescriptorResource(EverywhereRoute):
    """A custom column of all productions."""

    @permission(manager)
    @body(AllDescriptorsSchema)
    @returns(MetadataDescriptorSchema, relations=True, many=True)
    def put(self, field_name, body):
        """Change a custom column in each open production; what is left out is reset, the name stays."""
        columns = self.columns(body["entity_type"], field_name)
        custom_columns.update(self.tx, columns, body)
        return self.listing(columns)

    @permission(manager)
    @asks(entity_type=TEXT)
    @returns(IDS)
    def delete(self, field_name):
        """Remove a custom column with its values from each open production; answers the ids of those removed."""
        return custom_columns.remove(self.tx, self.columns(request.args.get("entity_type"), field_name))


class AllDescriptorsReorderResource(EverywhereRoute):
    """The order of custom columns in all productions."""

    @permission(manager)
    @body(AllDescriptorsReorderSchema)
    @returns(MetadataDescriptorSchema, relations=True, many=True)
    def post(self, body):
        """Put the columns of a kind of rows in the order of a list of keys, in each open production; unknown keys are skipped."""
        by_project = {}
        for column in self.columns(body["entity_type"]):
            by_project.setdefault(column.project_id, []).append(column)
        ordered = [custom_columns.reorder(self.tx, columns, body["field_order"]) for columns in by_project.values()]
        return self.listing([column for columns in ordered for column in columns])
