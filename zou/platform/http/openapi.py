"""OpenAPI from the declarations: what a request does is what is documented. Served by `manual`."""

import inspect
import re

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

import zou
from zou.platform.http.declare import public
from zou.platform.http.domain import VERBS
from zou.platform.http.errors import ErrorSchema, TokenErrorSchema
from zou.platform.http.resource import route_of
from zou.platform.rules import anyone

PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
KINDS = {"int": {"type": "integer"}, "path": {"type": "string"}, "uuid": {"type": "string", "format": "uuid"}}
LIST_PARAMETERS = [
    {"in": "query", "name": "page", "schema": {"type": "integer"}, "description": "Page, from 1; without it all rows are answered."},
    {"in": "query", "name": "limit", "schema": {"type": "integer"}, "description": "Rows a page, with `page`."},
    {"in": "query", "name": "relations", "schema": {"type": "boolean"}, "description": "Add the ids of linked rows."},
    {"in": "query", "name": "fields", "schema": {"type": "string"}, "description": "Only these keys, separated by commas."},
]


def resolver(schema):
    """A component's name: the schema's own, and its variant when it is not whole."""
    name = (schema if inspect.isclass(schema) else type(schema)).__name__.removesuffix("Schema")
    only = getattr(schema, "only", None) if not inspect.isclass(schema) else None
    return f"{name}-{'-'.join(sorted(only))}"[:120] if only else name


def document(app):
    """The OpenAPI description of every route of the application, as a dict."""
    spec = APISpec(
        title="Production tracker",
        version=zou.API_VERSION,
        openapi_version="3.0.2",
        plugins=[MarshmallowPlugin(schema_name_resolver=resolver)],
        info={"description": "Productions, assets, shots, tasks, reviews, files and schedules of a studio."},
    )
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    spec.components.schema("Error", schema=ErrorSchema)
    spec.components.schema("TokenError", schema=TokenErrorSchema)
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        resource = getattr(app.view_functions[rule.endpoint], "view_class", None)
        operations = {}
        for verb in VERBS:
            route = route_of(resource, verb) if resource and verb in rule.methods else None
            if route is not None:
                operations[verb.lower()] = operation(rule, resource, verb, route)
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


def operation(rule, resource, verb, route):
    """One method of one path."""
    text = inspect.cleandoc(getattr(resource, verb.lower()).__doc__ or "")
    summary, _, description = text.partition("\n\n")
    parameters = [
        {"in": "path", "name": name, "required": True, "schema": KINDS.get(kind, {"type": "string"})}
        for kind, name in PARAMETER.findall(rule.rule)
    ]
    if route.query is not None:
        parameters.append({"in": "query", "schema": route.query})
    if verb == "GET" and "crud" in route.notes and not parameters:
        parameters = list(LIST_PARAMETERS)
    made = {
        "tags": [rule.endpoint.split(".")[0]],
        "summary": summary.replace("\n", " "),
        "description": "\n\n".join(part for part in (description, f"Allowed for {route.rule.sentence}.", then_of(route)) if part),
        # A hyphen is two strokes: some paths differ from others in hyphens and underscores alone.
        "operationId": f"{verb.lower()}{re.sub(r'[^a-zA-Z0-9_]+', '_', rule.rule.replace('-', '__'))}",
        "parameters": parameters,
        "responses": responses(verb, route),
        "security": [] if route.rule is public else [{"token": []}],
    }
    if route.body is not None:
        made["requestBody"] = {"content": {"application/json": {"schema": route.body}}}
    elif "crud" in route.notes and verb in ("POST", "PUT"):
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
    return made


def then_of(route):
    """What a route asks besides, and of which rows it speaks, in words."""
    words = [f"Then asked: {route.then.sentence}."] if route.then is not None else []
    return " ".join([*words, f"Rows: {route.each.sentence}."] if route.each not in (None, anyone) else words)


def page_of(schema):
    """A page of rows in its envelope: what a list answers when `page` is given."""
    counts = {name: {"type": "integer"} for name in ("total", "nb_pages", "limit", "offset", "page")}
    return {"type": "object", "properties": {"data": {"type": "array", "items": schema}, **counts}}


def responses(verb, route):
    """The answers of a method: its own, and errors by what it declares."""
    schema = {"anyOf": list(route.answer)} if isinstance(route.answer, tuple) else route.answer
    if schema is not None and (route.notes.get("many") or route.notes.get("paged")):
        rows = {"type": "array", "items": schema}
        schema = {"oneOf": [rows, page_of(route.answer)]} if route.notes.get("paged") else rows
    own = {"description": "Done." if schema is None else "The rows."}
    if route.status != 204:
        own["content"] = {route.content: {"schema": schema or {}}}
    made = {str(route.status): own}
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
