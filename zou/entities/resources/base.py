"""What the routes of entities share: rows of one kind, and lists with their scope."""

import sqlalchemy as sa
from flask import request

from zou.entities.models import Entity
from zou.entities.queries.criteria import Viewer, of_my_projects, seen, viewer_of
from zou.entities.queries.kinds import is_kind
from zou.entities.queries.listings import BY_NAME, entity_rows
from zou.entities.rules import asks_about_project
from zou.people.rules import works_on
from zou.platform.db.copying import copied_list
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Denied, NotFound
from zou.platform.http import Json, Resource
from zou.platform.http.filters import conditions as filters


class EntityResource(Resource):
    """A route on entities of one kind: an entity of another kind is not there."""

    kind = None

    @classmethod
    def named(cls, model):
        return (is_kind(cls.kind),) if model is Entity and cls.kind else ()

    def found(self, made):
        """The text that a prepared statement yields. Raises NotFound when it yields no row."""
        text = self.tx.scalar(*made)
        if text is None:
            raise NotFound()
        return Json(text)


class EntityListing(EntityResource):
    """A list of entities of one kind, narrowed by the query string."""

    schema = None
    vendor_schema = None  # of the rows that vendors get, where it is another one
    parents = ()  # criteria that name the parent, whose production then counts
    open_to_all = False  # without a production: everybody sees those of their productions; else administrators only
    order = BY_NAME

    def criteria(self):
        return {key: value for key, value in request.args.to_dict().items() if key not in ("page", "relations", "limit", "fields")}

    def scope(self, arguments):
        """(viewer, conditions) of the productions that the list is of. Raises NotFound and Denied."""
        for key in self.parents:
            if key in arguments:
                value = arguments.pop(key)
                viewer = viewer_of(self.tx, self.actor, self.project_of(value))
                return viewer, [self.below(key, value)]
        project_id = arguments.get("project_id")
        if project_id is not None and not (self.actor.is_admin and not is_uuid(project_id)):
            return viewer_of(self.tx, self.actor, project_id), []
        if not self.open_to_all and not self.actor.is_admin:
            raise Denied(rule=asks_about_project)
        return Viewer(self.actor), of_my_projects(self.actor)

    def below(self, key, value):
        """The condition that a parent criterion means."""
        return Entity.parent_id == value

    def project_of(self, entity_id):
        """The production of an entity that a criterion names."""
        project_id = self.tx.scalar(sa.select(Entity.project_id).where(Entity.id == entity_id)) if is_uuid(entity_id) else None
        if project_id is None:
            raise NotFound()
        return str(project_id)

    def listing(self, viewer, conditions, arguments, relations=False):
        """The body of the list."""
        clauses = [*conditions, *matching(arguments, self.actor), *self.visible(viewer)]
        return copied_list(self.tx, entity_rows(self.kind, self.schema, viewer, clauses, self.order, relations))

    def visible(self, viewer):
        return seen(viewer)

    def of_project(self, project, *conditions):
        """The list of one production, without the query string."""
        return self.listing(viewer_of(self.tx, self.actor, str(project.id)), [Entity.project_id == project.id, *conditions], {})


def matching(arguments, actor, source=Entity):
    """Conditions of the query string: any column or relation, and `assigned_to`, which means the caller whatever its value."""
    found = filters(source, {key: value for key, value in arguments.items() if key not in ("episode_id", "sequence_id")})
    if "assigned_to" in arguments:
        found.append(works_on(source.id, actor))
    return found
