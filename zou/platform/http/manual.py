"""The API described by itself: `/openapi.json`, a page to read and try it at `/apidocs/`, and the same files under `/docs/`."""

import copy
from pathlib import Path

import orjson
from flask import Response, current_app, send_from_directory

from zou.platform.errors import NotFound
from zou.platform.http.declare import permission, public, returns
from zou.platform.http.domain import Domain
from zou.platform.http.etag import conditional
from zou.platform.http.openapi import document
from zou.platform.http.resource import Resource
from zou.platform.http.shapes import TEXT, at_least

PAGES = Path(__file__).parent / "apidocs"
TYPES = {".html": "text/html", ".js": "text/javascript"}


def described(with_samples):
    """The description as JSON bytes, made once for an application. `with_samples`: each operation has code that calls it."""
    kept = current_app.extensions.setdefault("openapi", {})
    if with_samples not in kept:
        plain = document(current_app)
        kept[with_samples] = orjson.dumps(sampled(plain) if with_samples else plain)
    return kept[with_samples]


def sampled(description):
    """A copy of the description whose operations have code samples."""
    made = copy.deepcopy(description)
    for path, operations in made["paths"].items():
        for verb, operation in operations.items():
            operation["x-codeSamples"] = samples(path, verb, "requestBody" in operation, bool(operation["security"]))
    return made


def samples(path, verb, has_body, needs_token):
    """The call of an operation in the shell and in Python. In the path, `{name}` stands for a value."""
    curl, lines, more = [f'curl -X {verb.upper()} "$HOST{path}"'], ["import requests", ""], ""
    if needs_token:
        curl.append('-H "Authorization: Bearer $TOKEN"')
        more += ', headers={"Authorization": f"Bearer {token}"}'
    if has_body:
        curl.append("-H 'Content-Type: application/json' -d '{}'")
        more += ", json={}"
    lines.append(f'answer = requests.{verb}(host + "{path}"{more})')
    return [{"lang": "Shell", "source": " \\\n  ".join(curl)}, {"lang": "Python", "source": "\n".join(lines)}]


def page(name):
    """A file of the page. Raises NotFound."""
    path = PAGES / name
    if path.suffix not in TYPES or not path.is_file():
        raise NotFound()
    return Response(path.read_bytes(), mimetype=TYPES[path.suffix])


DESCRIPTION = at_least(openapi=TEXT, info=at_least(), paths=at_least(), components=at_least())


class DescriptionResource(Resource):
    @permission(public)
    @returns(DESCRIPTION)
    def get(self):
        """The description of every route, in OpenAPI 3.0, with code samples."""
        return conditional(Response(described(True), mimetype="application/json"))


class RawDescriptionResource(Resource):
    @permission(public)
    @returns(DESCRIPTION)
    def get(self):
        """The description of every route, in OpenAPI 3.0."""
        return conditional(Response(described(False), mimetype="application/json"))


class PageResource(Resource):
    @permission(public)
    @returns(content="text/html")
    def get(self):
        """A page to read and try the routes."""
        return page("index.html")


class ScriptResource(Resource):
    @permission(public)
    @returns(content="text/javascript")
    def get(self):
        """The script of that page."""
        return page("page.js")


class DocsResource(Resource):
    @permission(public)
    @returns(content="*/*")
    def get(self, filename):
        """A file of the documentation: of the built manual where the server has one, else of the description of the API."""
        folder = current_app.config["ZOU_DOCS_FOLDER"]
        if folder and (Path(folder) / filename).is_file():
            return send_from_directory(Path(folder).resolve(), filename)
        if filename in ("openapi.json", "openapi-raw.json"):
            return conditional(Response(described(filename == "openapi.json"), mimetype="application/json"))
        return page(filename)


domain = Domain("documentation")
domain.route("/openapi.json", DescriptionResource)
domain.route("/openapi-raw.json", RawDescriptionResource)
domain.route("/apidocs/", PageResource)
domain.route("/apidocs/index.html", PageResource)
domain.route("/apidocs/page.js", ScriptResource)
domain.route("/docs/<path:filename>", DocsResource)
