"""Every route of the contract (routes.json, copied here) is served, and is in the description of the API."""

import json
import re
from pathlib import Path

import orjson
import pytest

ROUTES = json.loads((Path(__file__).parent / "routes.json").read_text())
GROUPS = sorted({route["group"] for route in ROUTES})


def shape(method, path):
    """A route without the names of its parameters, which are free."""
    return method.upper(), re.sub(r"<[^>]*>|\{[^}]*\}", "{}", path).rstrip("/") or "/"


@pytest.fixture(scope="module")
def served(application):
    return {shape(method, rule.rule) for rule in application.url_map.iter_rules() for method in rule.methods}


@pytest.fixture(scope="module")
def described(application):
    paths = orjson.loads(application.test_client().get("/openapi.json").data)["paths"]
    return {shape(method, path) for path, operations in paths.items() for method in operations}


@pytest.mark.parametrize("group", GROUPS)
def test_every_route_of_a_group_is_served_and_described(served, described, group):
    wanted = {shape(route["method"], route["path"]) for route in ROUTES if route["group"] == group}
    assert wanted
    assert sorted(wanted - served) == []
    assert sorted(wanted - described) == []


def test_what_is_served_beyond_the_contract_is_described(served, described):
    assert sorted(route for route in served - described if route[0] not in ("HEAD", "OPTIONS")) == []


def test_the_list_of_routes_is_the_contracts():
    contract = Path(__file__).parents[3] / "shared" / "contract" / "routes.json"
    if contract.exists():
        assert json.loads(contract.read_text()) == ROUTES
    assert len(ROUTES) == 813
