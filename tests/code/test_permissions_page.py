"""docs/permissions.md says what the program does, and refusals say the rule."""

import ast

import pytest

from tests.code.sources import ROOT, modules, named, parsed
from zou.app import create_app
from zou.platform.http.permissions import render


def test_the_page_is_in_step_with_the_routes():
    app = create_app({"SECRET_KEY": "a secret of the tests, long enough for HS256"})
    assert (ROOT / "docs" / "permissions.md").read_text() == render(app), "run `make docs`"


@pytest.mark.parametrize("path", modules("zou/**/*.py"), ids=named)
def test_no_refusal_is_without_its_rule_or_reason(path):
    raised = [node.exc for node in ast.walk(parsed(path)) if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)]
    silent = [call.lineno for call in raised if getattr(call.func, "id", None) == "Denied" and not call.args and not call.keywords]
    assert silent == []
