"""The description of the API: valid, whole, and made of the declarations that requests obey."""

import warnings

import orjson
import pytest
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from openapi_spec_validator import OpenAPIV30SpecValidator

from zou.platform.http.openapi import PARAMETER, VERBS, Described, document
from zou.platform.http.resource import route_of
from zou.platform.http.shapes import ID, TEXT, keys, many, named


@pytest.fixture(scope="module")
def described(application):
    return orjson.loads(application.test_client().get("/openapi.json").data)


def test_it_is_valid_openapi(described):
    assert [str(error) for error in OpenAPIV30SpecValidator(described).iter_errors()] == []


def test_it_describes_every_method_of_every_resource(application, described):
    for rule in application.url_map.iter_rules():
        resource = getattr(application.view_functions[rule.endpoint], "view_class", None)
        for verb in VERBS:
            route = route_of(resource, verb) if resource and verb in rule.methods else None
            if route is not None:
                operation = described["paths"][PARAMETER.sub(r"{\2}", rule.rule)][verb.lower()]
                assert operation["summary"]
                assert str(route.status) in operation["responses"]
                assert route.rule.sentence in operation["description"]


def test_a_list_may_be_an_array_or_a_page(described):
    answer = described["paths"]["/data/milestones"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert [form["type"] for form in answer["oneOf"]] == ["array", "object"]


def test_each_json_answer_has_a_schema(described):
    bare = [
        f"{verb.upper()} {path} {status}"
        for path, operations in described["paths"].items()
        for verb, operation in operations.items()
        for status, answer in operation["responses"].items()
        if status.startswith("2") and not answer.get("content", {}).get("application/json", {"schema": True})["schema"]
    ]
    assert bare == []


def test_a_row_with_further_keys_is_closed(described):
    item = described["components"]["schemas"]["TaskToDo"]
    assert {"id", "assignees", "entity_name", "last_comment"} <= set(item["required"])
    assert "episode_ids" in item["properties"].keys() - set(item["required"])
    assert item["additionalProperties"] is False
    assert item["properties"]["id"] == {"type": "string", "format": "uuid"}


def test_a_second_shape_of_a_name_is_refused():
    plugin = MarshmallowPlugin()
    described = Described(APISpec(title="", version="", openapi_version="3.0.2", plugins=[plugin]), plugin.converter)
    first = named("Thing", "One.", keys(id=ID))
    assert described.schema(many(first)) == {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}
    assert described.schema(first) == {"$ref": "#/components/schemas/Thing"}
    with pytest.raises(ValueError, match="Thing"):
        described.schema(named("Thing", "Another.", keys(name=TEXT)))


def test_errors_have_their_schema(described):
    assert set(described["components"]["schemas"]["Error"]["properties"]) == {"error", "message", "data"}


@pytest.mark.parametrize("path, kind", [("/apidocs/", "text/html"), ("/apidocs/page.js", "text/javascript")])
def test_the_page_to_try_it_is_served(application, path, kind):
    answer = application.test_client().get(path)
    assert (answer.status_code, answer.mimetype) == (200, kind)


def test_no_two_schemas_share_a_name(application):
    with application.app_context(), warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        assert document(application)["paths"]


def test_each_operation_has_samples_and_the_raw_description_none(application, described):
    raw = orjson.loads(application.test_client().get("/openapi-raw.json").data)
    for path, operations in described["paths"].items():
        for verb, operation in operations.items():
            shell, python = operation.pop("x-codeSamples")
            assert f'-X {verb.upper()} "$HOST{path}"' in shell["source"]
            compile(python["source"], path, "exec")
    assert raw == described


def test_the_built_manual_is_served_beside_the_description(application, tmp_path, monkeypatch):
    client = application.test_client()
    assert client.get("/docs/openapi.json").json["openapi"] == "3.0.2"
    assert client.get("/docs/index.html").mimetype == "text/html"
    assert client.get("/docs/openapi.py").status_code == 404
    (tmp_path / "install").mkdir()
    (tmp_path / "install" / "index.html").write_text("<h1>Install</h1>")
    monkeypatch.setitem(application.config, "ZOU_DOCS_FOLDER", str(tmp_path))
    assert client.get("/docs/install/index.html").text == "<h1>Install</h1>"
    assert client.get("/docs/../../etc/passwd").status_code == 404
    assert client.get("/docs/%2e%2e/%2e%2e/etc/passwd").status_code == 404


def test_parameters_that_methods_read_themselves_are_described(described):
    def names(path, verb="get"):
        return {parameter["name"] for parameter in described["paths"][path][verb]["parameters"]}

    assert {"project_id", "person_id", "due_date", "page", "limit"} <= names("/data/tasks/open-tasks")
    assert {"name", "date", "project_id", "page", "relations", "fields"} <= names("/data/milestones")
    assert names("/data/milestones/{instance_id}") == {"instance_id", "relations"}
    assert "force" in names("/data/shots/{shot_id}", "delete")
    assert {"representation", "output_type_id"} <= names("/data/entities/{entity_id}/output-files")
    assert "requestBody" not in described["paths"]["/data/entities/{entity_id}/output-files"]["get"]


def test_bodies_that_methods_read_themselves_are_described(described):
    paths = described["paths"]
    upload = paths["/import/csv/persons"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert upload["properties"]["file"] == {"type": "string", "format": "binary"}
    ids = paths["/actions/projects/{project_id}/delete-tasks"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert ids == {"type": "array", "items": {"type": "string", "format": "uuid"}}
    columns = paths["/data/milestones"]["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert set(columns) == {"name", "date", "project_id", "task_type_id"}
