"""Answers against the description of the API: whether a JSON value is what the schema of its operation says."""

import re

import jsonschema_rs
from werkzeug.exceptions import HTTPException

from zou.platform.http.openapi import PARAMETER, document

MOST_SHOWN = 3
DOCUMENTING = {"example", "readOnly", "default", "description", "title"}
REFERENCE = re.compile(r"#/components/schemas/(.+)")


def json_schema(part):
    """A schema of OpenAPI 3.0 as JSON Schema: `nullable` becomes a choice, what only documents is dropped."""
    if isinstance(part, list):
        return [json_schema(item) for item in part]
    if not isinstance(part, dict):
        return part
    made = {}
    for key, value in part.items():
        if key == "properties":
            made[key] = {name: json_schema(schema) for name, schema in value.items()}
        elif key not in DOCUMENTING and key != "nullable":
            made[key] = json_schema(value)
    return {"anyOf": [{"type": "null"}, made]} if part.get("nullable") and made else made


def references(part):
    """Yield the names of the components that a schema refers to."""
    for value in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        found = REFERENCE.fullmatch(value) if isinstance(value, str) else None
        if found:
            yield found.group(1)
        else:
            yield from references(value)


class Answers:
    """The schemas of the 2xx answers of an application."""

    def __init__(self, app):
        with app.app_context():
            described = document(app)
        self.routes = app.url_map.bind("")
        self.components = {name: json_schema(schema) for name, schema in described["components"]["schemas"].items()}
        self.paths, self.validators = described["paths"], {}

    def wrong_with(self, verb, path, status, body):
        """What the description does not say of an answer, as lines; none when all is well. `path`: with values, without query string."""
        try:
            rule, _ = self.routes.match(path, method=verb, return_rule=True)
        except HTTPException as error:
            return [f"no route: {error}"]
        key = (verb.lower(), PARAMETER.sub(r"{\2}", rule.rule), str(status))
        if key not in self.validators:
            self.validators[key] = self.validator(*key)
        if isinstance(self.validators[key], str):
            return [self.validators[key]]
        errors = self.validators[key].iter_errors(body)
        return [f"{'/'.join(map(str, error.instance_path))}: {error.message[:300]}" for error in errors][:MOST_SHOWN]

    def validator(self, verb, path, status):
        """The validator of an answer, or what is missing of its description."""
        answer = self.paths.get(path, {}).get(verb, {"responses": {}})["responses"].get(status)
        if answer is None:
            return f"the status {status} is not described"
        schema = answer.get("content", {}).get("application/json", {}).get("schema")
        if not schema:
            return "no schema of the answer"
        made, needed, waiting = json_schema(schema), {}, list(references(schema))
        while waiting:
            name = waiting.pop()
            if name not in needed:
                needed[name] = self.components[name]
                waiting += references(needed[name])
        return jsonschema_rs.Draft202012Validator({"components": {"schemas": needed}, **made}, validate_formats=True)
