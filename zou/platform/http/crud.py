"""The generic routes `/data/<models>` and `/data/<models>/<id>`: data, a row of a table for each model. Rules: contract/rules/crud.md.

    Crud(Milestone, MilestoneSchema, "milestones", reads=member & not_vendor, creates=manages, writes=manages, removes=manages)

makes one `BaseModelsResource` (list and create) and one `BaseModelResource` (read, change, remove). A list is one statement besides the
person's own row, an item is two. Rules of the trade are in the `Rows` service of the domain.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app, request

from zou.platform.db.copying import copied_list, copied_values
from zou.platform.db.payload import is_uuid
from zou.platform.db.prepared import prepared
from zou.platform.db.projection import aggregate, aggregate_values, json_row, rows_of
from zou.platform.errors import Denied, Invalid, NotFound
from zou.platform.http.declare import permission, returns
from zou.platform.http.filters import conditions, flag, page_number, wanted_keys
from zou.platform.http.resource import Json, Resource, json_object
from zou.platform.rows import Rows
from zou.platform.rules import Draft, Rule, admin, anyone, as_sql


@dataclass
class Crud:
    """The generic routes of one model. What is not said is for administrators."""

    model: Any
    schema: Any
    path: str
    lists: Rule = admin
    visible: Rule = anyone  # which rows a list shows
    reads: Rule = admin
    creates: Rule = admin
    writes: Rule = admin  # or a function (resource, body) -> Rule, where it depends on what is changed
    removes: Rule = admin
    service: Any = Rows  # subclass of Rows
    views: tuple = ()  # ((rule, schema), ...): who the rule holds for reads the row through that schema instead
    hidden: Any = None  # function (actor) -> columns that may not be filtered on
    malformed: int = 400  # status of a malformed id
    item_relations: bool | None = None  # form of a single row; None: full unless `relations=false`
    post_relations: bool = True  # whether a creation answers the full form
    put_relations: bool = False  # whether an update answers the full form
    models_resource: Any = None  # subclasses, where a model's routes differ from all others
    model_resource: Any = None

    def __post_init__(self):
        if isinstance(self.service, type):
            self.service = self.service(self.model)

    def routes(self):
        """(path, Resource class) of the list and of the item."""
        name = self.model.__name__
        models = type(f"{name}sResource", (self.models_resource or BaseModelsResource,), {"crud": self, "__doc__": f"All {self.path}."})
        model = type(f"{name}Resource", (self.model_resource or BaseModelResource,), {"crud": self, "__doc__": f"One of the {self.path}."})
        return [(f"/data/{self.path}", document(models, self)), (f"/data/{self.path}/<instance_id>", document(model, self))]


MAX_OFFSET = 2**63  # of PostgreSQL
RULES = {
    "BaseModelsResource": {"get": "lists", "post": "creates"},
    "BaseModelResource": {"get": "reads", "put": "writes", "delete": "removes"},
}
ANSWERS = {"get": 200, "post": 201, "put": 200, "delete": 204}


def document(resource, crud):
    """Declare the methods of a generic resource with the rules of its model: the record that OpenAPI and the tests read."""
    base = "BaseModelResource" if issubclass(resource, BaseModelResource) else "BaseModelsResource"
    for verb, kind in RULES[base].items():
        declared = getattr(crud, kind)
        method = copy(getattr(resource, verb))
        rule = declared if isinstance(declared, Rule) else Rule(lambda source, actor: None, declared.__doc__)
        permission(rule, each=crud.visible if kind == "lists" else None)(method)
        relations = {"post": crud.post_relations, "put": crud.put_relations}.get(verb, True)
        answer = None if verb == "delete" else resource.shapes.get(verb, crud.schema)
        returns(answer, ANSWERS[verb], relations=relations, crud=crud.path, paged=kind == "lists")(method)
        setattr(resource, verb, method)
    return resource


def copy(function):
    """A function of its own, so that what is declared on it is not declared on the base class's."""
    made = type(function)(function.__code__, function.__globals__, function.__name__, function.__defaults__, function.__closure__)
    made.__kwdefaults__, made.__doc__, made.__dict__ = function.__kwdefaults__, function.__doc__, dict(function.__dict__)
    made.__qualname__ = function.__qualname__
    return made


class ModelRoutes(Resource):
    """What the two generic resources share."""

    shapes: dict = {}  # {verb: what it answers}, where that is not the model's own schema

    crud: Crud
    asked: Any = None  # what `json_of` depends on beside the actor: what `asks` gave, None of a row that was written

    def asks(self):
        """What of the request the form of an item depends on, beside `relations`."""
        return None

    def judge(self, route):
        """The generic routes judge by themselves: 404 comes before 403, and a creation is judged by what is sent."""
        return ()

    @property
    def service(self):
        return self.crud.service

    def json_of(self, source, relations, only=None):
        """The JSON object of a row for this actor: the plain form, or the first view whose rule holds. `only`: the keys to keep."""
        plain = json_row(self.crud.schema, source, relations, only)
        cases = []
        for holds, schema in self.crud.views:
            clause = holds.clause(source, self.actor)
            if clause is True and not cases:
                return json_row(schema, source, relations, only)
            if clause is not False:
                cases.append((as_sql(clause), json_row(schema, source, relations, only)))
        return sa.case(*cases, else_=plain) if cases else plain

    def fixed_view(self):
        """The schema that this actor reads every row through, or None when it depends on the row."""
        for holds, schema in self.crud.views:
            clause = holds.clause(self.crud.model, self.actor)
            if clause is True:
                return schema
            if clause is not False:
                return None
        return self.crud.schema

    def row_json(self, row, relations):
        """JSON text of a row that was just written."""
        self.tx.flush()
        return Json(self.tx.scalar(*written_item(self.actor, row.id, place=type(self), relations=relations)))


def text_of(actor, place, relations, asked=None):
    """SQL: the JSON text of a row as the actor reads it. `place`: the class of the resource, which says how."""
    resource = place()
    resource.actor, resource.asked = actor, asked
    return sa.cast(resource.json_of(place.crud.model, relations), sa.Text)


@prepared
def written_item(actor, id, *, place, relations):
    """Select of one text: a row that was just written."""
    model = place.crud.model
    return sa.select(text_of(actor, place, relations)).select_from(model).where(model.id == id)


@prepared
def item(actor, id, *, place, relations, asked):
    """Select of (whether the actor may read the row, its text)."""
    model = place.crud.model
    verdict = as_sql(place.crud.reads.clause(model, actor))
    return sa.select(verdict, text_of(actor, place, relations, asked)).select_from(model).where(model.id == id)


class BaseModelsResource(ModelRoutes):
    """The list of a model's rows, and their creation."""

    object_shape = "bare"  # of the refusal of a body that is no object; see errors.Invalid

    @property
    def error_shape(self):
        return "plain" if request.method == "GET" else "bare"

    def get(self):
        """List rows: filter by any column or relation, choose keys with `fields`, ask for pages with `page` and `limit`."""
        arguments = request.args.to_dict()
        self.allow_list(arguments)
        page, limit = page_number()
        statement = self.select_rows(arguments)
        relations = self.with_relations(arguments)
        if page is None:
            return self.whole(self.ordered(statement), relations)
        return self.page(statement, relations, page, limit or current_app.config["NB_RECORDS_PER_PAGE"])

    def post(self):
        """Create a row; answers its full form."""
        values = json_object(shape=self.object_shape)
        self.allow_creation(values)
        return self.row_json(self.service.create(self.tx, self.actor, values), self.crud.post_relations)

    # --- what a domain overrides ---

    def allow_list(self, arguments):
        """Raise Denied for an actor who may not list."""
        if self.crud.lists.clause(None, self.actor) is not True:
            raise Denied(rule=self.crud.lists)

    def narrow(self, statement, arguments):
        """Further conditions, for parameters that are no columns; takes them out of `arguments`."""
        return statement

    def with_relations(self, arguments):
        """Whether the list has the full form."""
        return flag("relations")

    def ordered(self, statement):
        """Oldest first: clients take the first row as the match, so the order is kept."""
        return statement.order_by(self.crud.model.created_at, self.crud.model.id)

    # --- parts ---

    def select_rows(self, arguments):
        """The rows that match the query string and that the actor may see."""
        model = self.crud.model
        statement = self.narrow(sa.select(model), arguments)
        hidden = self.crud.hidden(self.actor) if self.crud.hidden else frozenset()
        visible = self.crud.visible.clause(model, self.actor)
        if visible is not True:
            statement = statement.where(as_sql(visible) if visible is False else visible)
        return statement.where(*conditions(model, arguments, hidden))

    def whole(self, statement, relations):
        """The body of the JSON array of these rows, through the schema that the actor reads them by."""
        schema = self.fixed_view()
        if schema is not None:
            return copied_list(self.tx, rows_of(schema, statement, self.crud.model, relations, wanted_keys()))
        return copied_values(self.tx, self.objects(statement, relations, as_text=True))

    def listing(self, statement, relations):
        """A select of the JSON array of these rows, through the same schema."""
        schema = self.fixed_view()
        if schema is not None:
            return aggregate(rows_of(schema, statement, self.crud.model, relations, wanted_keys()))
        return aggregate_values(self.objects(statement, relations))

    def objects(self, statement, relations, as_text=False):
        """A select of one JSON object a row, whose schema depends on the row."""
        row = self.json_of(self.crud.model, relations, wanted_keys())
        return statement.with_only_columns(sa.cast(row, sa.Text) if as_text else row, maintain_column_froms=True)

    def page(self, statement, relations, page, limit):
        """One page in its envelope, in one statement. `page` counts from 1; beyond the end there are no rows, but the true total."""
        model = self.crud.model
        offset = (page - 1) * limit
        total = sa.select(sa.func.count()).select_from(statement.with_only_columns(model.id).subquery()).scalar_subquery()
        rows = statement.order_by(model.updated_at.desc(), model.created_at.desc(), model.id)
        rows = rows.limit(limit).offset(offset) if 0 <= offset < MAX_OFFSET else rows.limit(0)
        found = self.tx.execute(sa.select(total, self.listing(rows, relations).scalar_subquery())).one()
        count, data = found
        envelope = f'"total":{count},"nb_pages":{-(-count // limit)},"limit":{limit},"offset":{offset},"page":{page}'
        return Json(f'{{"data":{data},{envelope}}}')

    def allow_creation(self, values):
        """Raise Denied for an actor who may not create this row, NotFound when its production does not exist."""
        clause = self.creation_clause(values)
        if isinstance(clause, bool):
            allowed = clause
        else:
            self.need_project(values)
            allowed = self.tx.scalar(sa.select(as_sql(clause)))
        if not allowed:
            if not self.actor.is_admin:
                self.find_project(values)
            raise Denied(rule=self.crud.creates)

    def creation_clause(self, values):
        return self.crud.creates.clause(Draft(self.crud.model, values), self.actor)

    def need_project(self, values):
        """A rule about a production needs its id."""
        if "project_id" in self.service.columns:
            if "project_id" not in values:
                raise Invalid("'project_id'", shape="bare")
            if not is_uuid(values["project_id"]):
                raise NotFound()

    def find_project(self, values):
        """NotFound rather than Denied for a production that is not there."""
        project_id = values.get("project_id")
        if "project_id" in self.service.columns and project_id is not None:
            project = self.service.model.metadata.tables["project"]
            if not is_uuid(project_id) or not self.tx.scalar(sa.select(sa.exists().where(project.c.id == project_id))):
                raise NotFound()


class BaseModelResource(ModelRoutes):
    """One row: read, change, remove."""

    @property
    def error_shape(self):
        return "plain" if request.method == "GET" else "bare"

    def get(self, instance_id):
        """Read a row, with its relation ids unless `relations=false`."""
        self.check_id(instance_id)
        relations = flag("relations", True) if self.crud.item_relations is None else self.crud.item_relations
        found = self.tx.execute(*item(self.actor, instance_id, place=type(self), relations=relations, asked=self.asks())).first()
        if found is None:
            raise NotFound()
        if not found[0]:
            raise Denied(rule=self.crud.reads)
        return Json(found[1])

    def put(self, instance_id):
        """Change a row; keys left out stay."""
        values = self.read_changes()
        self.check_id(instance_id)
        depends = not isinstance(self.crud.writes, Rule)
        rule = self.crud.writes(self, values) if depends else self.crud.writes
        row = self.fetch(self.crud.model, instance_id, rule, lock=True, anew=depends)
        self.service.update(self.tx, self.actor, row, values)
        return self.row_json(row, self.crud.put_relations)

    def delete(self, instance_id):
        """Remove a row; rows that still refer to it make that fail."""
        self.check_id(instance_id)
        row = self.fetch(self.crud.model, instance_id, self.crud.removes, lock=True)
        self.service.remove(self.tx, self.actor, row, force=flag("force"))

    def read_changes(self):
        """The JSON object of an update."""
        return json_object(shape="plain")

    def check_id(self, id):
        """Refuse what is not a UUID, with the status that this model's route has for it."""
        if not is_uuid(id):
            if self.crud.malformed == 404:
                raise NotFound()
            raise Invalid("Malformed ID.")
