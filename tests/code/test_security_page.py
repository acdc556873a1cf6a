"""docs/security.md names tests that exist."""

import re

from tests.code.sources import ROOT, functions

NAMED = re.compile(r"`((?:\w+/)*test_\w+\.py)?(?:::(test_\w+))?`")


def test_every_test_that_the_page_names_exists():
    module, missing, seen = None, [], 0
    for path, name in NAMED.findall((ROOT / "docs" / "security.md").read_text()):
        module = ROOT / "tests" / path if path else module
        seen += bool(path or name)
        if not module.exists() or (name and name not in {node.name for node in functions(module)}):
            missing.append((path, name))
    assert seen > 30
    assert missing == []
