"""The house rules that a program can check. They are listed in docs/development.md."""

import ast
import re

import pytest
from importlinter.cli import lint_imports

from tests.code.sources import ROOT, functions, imported_by, modules, named, parsed
from zou.platform.http import Domain, Resource, permission, returns
from zou.platform.rules import rule

PROGRAM = modules("zou/**/*.py")
TRADE = modules("zou/*/services*", "zou/*/services/**/*.py", "zou/*/queries*", "zou/*/queries/**/*.py")
MAX_MODULE_LINES, MAX_FUNCTION_LINES = 500, 60


def test_imports_point_one_way(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename="setup.cfg", no_cache=True) == 0


@pytest.mark.parametrize("path", modules("zou/**/*.py", "tests/**/*.py", "benchmarks/**/*.py"), ids=named)
def test_a_module_fits_in_a_head(path):
    assert len(path.read_text().splitlines()) <= MAX_MODULE_LINES


@pytest.mark.parametrize("path", PROGRAM, ids=named)
def test_a_function_fits_on_a_page(path):
    long = [node.name for node in functions(path) if node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES]
    assert long == []


@pytest.mark.parametrize("path", TRADE, ids=named)
def test_rules_of_the_trade_know_no_http(path):
    assert not imported_by(path) & {"flask", "flask_restful", "zou.platform.http"}


@pytest.mark.parametrize("path", modules("zou/platform/**/*.py"), ids=named)
def test_the_platform_knows_no_domain(path):
    domains = {f"zou.{folder.name}" for folder in (ROOT / "zou").iterdir() if (folder / "__init__.py").exists()} - {"zou.platform", "zou.config"}
    assert not imported_by(path) & domains


@pytest.mark.parametrize("path", modules("zou/*/services*", "zou/*/services/**/*.py", "zou/*/models*", "zou/*/resources*"), ids=named)
def test_nothing_below_the_route_commits(path):
    calls = [node.func.attr for node in ast.walk(parsed(path)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    assert "commit" not in calls


@pytest.mark.parametrize("path", PROGRAM, ids=named)
def test_nothing_is_left_undone(path):
    assert not re.search(r"NotImplementedError|\bTODO\b|\bFIXME\b|\bXXX\b", path.read_text())


@pytest.mark.parametrize("path", PROGRAM, ids=named)
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(parsed(path))


@pytest.mark.parametrize("path", TRADE + modules("zou/*/rules.py"), ids=named)
def test_public_functions_say_what_comes_back(path):
    public = [node for node in parsed(path).body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    assert [node.name for node in public if not ast.get_docstring(node)] == []


def test_no_module_is_named_after_nothing():
    assert [named(path) for path in PROGRAM if path.stem in {"utils", "helpers", "common", "manager", "misc"}] == []


@rule
def somebody(source, actor):
    """somebody"""
    return True


def test_a_route_without_a_rule_stops_the_program():
    class Undeclared(Resource):
        @returns()
        def get(self):
            """Read."""

    with pytest.raises(TypeError, match="@permission"):
        Domain("x").route("/x", Undeclared).blueprint()


def test_a_route_without_an_answer_stops_the_program():
    class Unanswered(Resource):
        @permission(somebody)
        def get(self):
            """Read."""

    with pytest.raises(TypeError, match="@returns"):
        Domain("x").route("/x", Unanswered).blueprint()


def test_a_route_without_a_sentence_stops_the_program():
    class Unsaid(Resource):
        @permission(somebody)
        @returns()
        def get(self):
            return {}

    with pytest.raises(TypeError, match="docstring"):
        Domain("x").route("/x", Unsaid).blueprint()
