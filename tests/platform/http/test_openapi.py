"""The description of the API: valid, whole, and made of the declarations that requests obey."""

import orjson
import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from zou.platform.http.openapi import PARAMETER, VERBS
from zou.platform.http.resource import route_of


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


def test_errors_have_their_schema(described):
    assert set(described["components"]["schemas"]["Error"]["properties"]) == {"error", "message", "data"}


@pytest.mark.parametrize("path, kind", [("/apidocs/", "text/html"), ("/apidocs/page.js", "text/javascript")])
def test_the_page_to_try_it_is_served(application, path, kind):
    answer = application.test_client().get(path)
    assert (answer.status_code, answer.mimetype) == (200, kind)
