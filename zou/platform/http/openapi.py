"""OpenAPI from the declarations: what a request does is what is documented. Served by `manual`."""

import inspect
import re
import types

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

import zou
from zou.platform.db.payload import UuidColumn, column_fields
from zou.platform.http.declare import public
from zou.platform.http.domain import VERBS
from zou.platform.http.errors import ErrorSchema, TokenErrorSchema
from zou.platform.http.resource import route_of
from zou.platform.http.shapes import Named, RowShape, page
from zou.platform.rules import anyone

PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
KINDS = {"int": {"type": "integer"}, "path": {"type": "string"}, "uuid": {"type": "string", "format": "uuid"}}
CRITERIA = {"string", "integer", "number", "boolean"}
KEPT = {"id", "type", "created_at", "updated_at"}
LIST_PARAMETERS = {
    "page": {"type": "integer", "description": "Page, from 1; without it all rows are answered."},
    "limit": {"type": "integer", "description": "Rows a page, with `page`."},
    "relations": {"type": "boolean", "description": "Add the ids of linked rows."},
    "fields": {"type": "string", "description": "Only these keys, separated by commas."},
}
ITEM_PARAMETERS = {
    "GET": {"relations": {"type": "boolean", "description": "With the ids of linked rows."}},
    "DELETE": {"force": {"type": "boolean", "description": "Remove what hangs on the row too, where the model has that."}},
}


def resolver(schema):
    """A component's name: the schema's own, and its variant when it is not whole."""
    name = (schema if inspect.isclass(schema) else type(schema)).__name__.removesuffix("Schema")
    only = getattr(schema, "only", None) if not inspect.isclass(schema) else None
    return f"{name}-{'-'.join(sorted(only))}"[:120] if only else name


def document(app):
    """The OpenAPI description of every route of the application, as a dict."""
    plugin = MarshmallowPlugin(schema_name_resolver=resolver)
    spec = APISpec(
        title="Production tracker",
        version=zou.API_VERSION,
        openapi_version="3.0.2",
        plugins=[plugin],
        info={"description": "Productions, assets, shots, tasks, reviews, files and schedules of a studio."},
    )
    described = Described(spec, plugin.converter)
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    spec.components.schema("Error", schema=ErrorSchema)
    spec.components.schema("TokenError", schema=TokenErrorSchema)
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        resource = getattr(app.view_functions[rule.endpoint], "view_class", None)
        operations = {}
        for verb in VERBS:
            route = route_of(resource, verb) if resource and verb in rule.methods else None
            if route is not None:
                operations[verb.lower()] = operation(rule, resource, verb, route, described)
        if operations:
            spec.path(path=PARAMETER.sub(r"{\2}", rule.rule), operations=operations)
    return portable(spec.to_dict())


def portable(part):
    r"""A part of the description whose patterns are those of ECMAScript, which OpenAPI asks for: `\Z` is Python's end of a text."""
    if isinstance(part, list):
        return [portable(item) for item in part]
    if isinstance(part, dict):
        return {
            key: value.replace(r"\Z", "$") if key == "pattern" and isinstance(value, str) else portable(value)
            for key, value in part.items()
        }
    return part


class Described:
    """The shapes of answers as schemas of a description; those with a name become components of it."""

    def __init__(self, spec, converter):
        self.spec, self.converter, self.names = spec, converter, {}
        described = self

        def value(converter, field, ret):
            return described.value(field, ret)

        converter.add_attribute_function(value)

    def value(self, field, ret):
        """What a field of a row says of its value. Ids that are never null are not `nullable`; other columns may be blanked."""
        column = getattr(field, "column", None)
        if isinstance(field, UuidColumn) and column is not None and not column.nullable:
            ret.pop("nullable", None)
        return self.schema(getattr(field, "described", {}))

    def schema(self, shape):
        """The OpenAPI schema of a shape, of a schema of rows, or of a tuple of them, of which the answer is one."""
        if isinstance(shape, tuple):
            return {"anyOf": [self.schema(part) for part in shape]}
        if isinstance(shape, RowShape):
            return self.row(shape)
        if isinstance(shape, Named):
            return self.component(shape)
        if not isinstance(shape, dict):
            return self.converter.resolve_nested_schema(shape)
        return {key: self.part(key, value) for key, value in shape.items()}

    def part(self, key, value):
        """The value of a key of a schema."""
        if key == "properties":
            return {name: self.schema(shape) for name, shape in value.items()}
        if key in ("anyOf", "allOf"):
            return [self.schema(shape) for shape in value]
        if key in ("items", "additionalProperties") and not isinstance(value, bool):
            return self.schema(value)
        return value

    def component(self, shape):
        """A reference to a shape with a name. Raises ValueError for a second shape of that name."""
        if self.names.setdefault(shape.name, shape) is not shape or (
            shape.name not in self.spec.components.schemas and shape.name in self.converter.refs.values()
        ):
            raise ValueError(f"Two shapes are named {shape.name}.")
        if shape.name not in self.spec.components.schemas:
            self.spec.components.schema(shape.name, {**shape, **self.schema(shape.shape)})
        return {"$ref": f"#/components/schemas/{shape.name}"}

    def columns(self, schema):
        """The keys of a row that a client may write, all of them optional."""
        own = {name: field for name, field in schema().dump_fields.items() if name not in KEPT and not field.dump_only}
        return {"type": "object", "properties": {name: self.converter.field2property(field) for name, field in own.items()}}

    def criteria(self, crud):
        """The parameters of a list: columns, and those that all lists have."""
        fields = [(name, column_fields(crud.model)[name]) for name in crud.schema().dump_fields if name in column_fields(crud.model)]
        plain = {name: field.described for name, field in fields if field.described.get("type") in CRITERIA}
        return {**plain, **LIST_PARAMETERS}

    def row(self, shape):
        """The keys of a row and what is added to them, in one object: OpenAPI 3.0 cannot add keys to an object that is closed."""
        own = shape.schema().dump_fields
        hidden = set(shape.without) if shape.relations else {*shape.without, *shape.schema.relation_names()}
        names = [name for name in own if name not in hidden and (shape.only is None or name in shape.only)]
        properties = {name: self.converter.field2property(own[name]) for name in names}
        properties |= {name: self.schema(added) for name, added in {**shape.more, **shape.sometimes}.items()}
        required = sorted(properties.keys() - shape.sometimes.keys())
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def operation(rule, resource, verb, route, described):
    """One method of one path."""
    text = inspect.cleandoc(getattr(resource, verb.lower()).__doc__ or "")
    summary, _, description = text.partition("\n\n")
    parameters = [
        {"in": "path", "name": name, "required": True, "schema": KINDS.get(kind, {"type": "string"})}
        for kind, name in PARAMETER.findall(rule.rule)
    ]
    for read in (route.query, route.body if verb == "GET" else None):
        if read is not None:
            parameters.append({"in": "query", "schema": read})
    asked = dict(route.asks)
    if "crud" in route.notes:
        asked |= ITEM_PARAMETERS.get(verb, {}) if parameters else described.criteria(resource.crud) if verb == "GET" else {}
    for name, shape in asked.items():
        schema = described.schema(shape)
        words = schema.pop("description", None)
        parameters.append({"in": "query", "name": name, "schema": schema, **({"description": words} if words else {})})
    made = {
        "tags": [rule.endpoint.split(".")[0]],
        "summary": summary.replace("\n", " "),
        "description": "\n\n".join(part for part in (description, f"Allowed for {route.rule.sentence}.", then_of(route)) if part),
        # A hyphen is two strokes: some paths differ from others in hyphens and underscores alone.
        "operationId": f"{verb.lower()}{re.sub(r'[^a-zA-Z0-9_]+', '_', rule.rule.replace('-', '__'))}",
        "parameters": parameters,
        "responses": responses(verb, resource, route, described),
        "security": [] if route.rule is public else [{"token": []}],
    }
    if route.body is not None and verb != "GET":
        made["requestBody"] = {"content": {"application/json": {"schema": route.body}}}
    elif route.takes is not None:
        shape, content = route.takes
        made["requestBody"] = {"content": {content: {"schema": described.schema(shape)}}}
    elif "crud" in route.notes and verb in ("POST", "PUT"):
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": described.columns(resource.crud.schema)}}}
    return made


def then_of(route):
    """What a route asks besides, and of which rows it speaks, in words."""
    words = [f"Then asked: {route.then.sentence}."] if route.then is not None else []
    return " ".join([*words, f"Rows: {route.each.sentence}."] if route.each not in (None, anyone) else words)


def answer_of(resource, route):
    """The shape of what a method answers, which may be for the class to say that the method is called on."""
    return route.answer(resource) if isinstance(route.answer, types.FunctionType) else route.answer


def responses(verb, resource, route, described):
    """The answers of a method: its own, and errors by what it declares."""
    schema = described.schema(answer_of(resource, route)) if route.answer is not None else None
    if schema is not None and (route.notes.get("many") or route.notes.get("paged")):
        rows = {"type": "array", "items": schema}
        schema = {"oneOf": [rows, page(schema)]} if route.notes.get("paged") else rows
    own = {"description": "Done." if schema is None else "The rows."}
    if route.status != 204:
        own["content"] = {route.content: {"schema": schema or {}}} | {content: {"schema": {}} for content in route.notes.get("also", ())}
    made = {str(route.status): own}
    for status, shape in route.notes.get("others", {}).items():
        made[str(status)] = {"description": "It was there.", "content": {route.content: {"schema": described.schema(shape)}}}
    if verb == "GET":
        made["304"] = {"description": "The client has it already (`If-None-Match`)."}
    if route.notes.get("redirects"):
        made["302"] = {"description": "Elsewhere."}
    if route.rule is not public:
        made["401"] = refused("No usable token.", "TokenError")
        made["403"] = refused(f"Only for {route.rule.sentence}.")
    made["400"] = refused("Something in the request is wrong; `message` says what.")
    made["404"] = refused("There is no such row.")
    made["4XX"] = refused("Another refusal: the content type, the size or the state of something does not allow it.")
    made["503"] = refused("Something is busy or away; retry after `Retry-After` seconds.")
    return made


def refused(description, schema="Error"):
    """An answer that refuses."""
    return {"description": description, "content": {"application/json": {"schema": schema}}}
