"""Commands are documented, and are called as the contract says."""

import json
from pathlib import Path

import pytest

from zou.__main__ import COMMANDS, main
from zou.platform.cli.page import render

ROOT = Path(__file__).parents[2]
TESTS = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__))
CONTRACT = json.loads((ROOT / "tests" / "contract" / "cli.json").read_text())


def test_the_page_is_in_step_with_the_commands():
    assert (ROOT / "docs" / "commands.md").read_text() == render(main), "run `make docs`"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_bears_its_name_and_says_what_it_does(name):
    command = main.load(name)
    assert command.name == name
    assert command.help


@pytest.mark.parametrize("name", [name for name in COMMANDS if name in CONTRACT])
def test_a_command_takes_what_the_contract_says(name):
    ours = {parameter.name: parameter for parameter in main.load(name).params}
    for expected in CONTRACT[name]:
        parameter = ours[expected["name"]]
        assert set(parameter.opts) >= set(expected.get("flags", []))
        assert parameter.required == expected.get("required", False)
        if "default" in expected:
            assert parameter.default == expected["default"]


@pytest.mark.parametrize("name", sorted(CONTRACT))
def test_a_command_of_the_contract_is_there_and_called_by_a_test(name):
    assert name in COMMANDS
    assert f'"{name}"' in TESTS
